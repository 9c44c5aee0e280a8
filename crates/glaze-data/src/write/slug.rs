//! Slugs from titles.

/// Lower-case words of letters and digits joined by hyphens, at most `max` characters, cut at a word where there is one.
pub fn slugify(text: &str, max: usize) -> String {
    let plain = deunicode::deunicode(text);
    let mut slug = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            '\'' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    cut(slug.trim_end_matches('-'), max).to_owned()
}

fn cut(slug: &str, max: usize) -> &str {
    if slug.len() <= max {
        return slug;
    }
    let head = &slug[..max];
    let whole = match slug.as_bytes().get(max) {
        Some(b'-') | None => head,
        Some(_) => head.rfind('-').filter(|at| *at >= max / 2).map_or(head, |at| &head[..at]),
    };
    whole.trim_end_matches('-')
}

/// The slug with a number, within `max` characters: `hello-world-2`.
pub fn numbered(slug: &str, number: u64, max: usize) -> String {
    let suffix = format!("-{number}");
    let head = &slug[..slug.len().min(max.saturating_sub(suffix.len()))];
    format!("{}{suffix}", head.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_script_become_slugs() {
        for (text, slug) in [
            ("Hello, World!", "hello-world"),
            ("  Größe & Maß  ", "grosse-mass"),
            ("It's 5 o'clock", "its-5-oclock"),
            ("北京", "bei-jing"),
            ("---", ""),
            ("🙂", "slight-smile"),
        ] {
            assert_eq!(slugify(text, 100), slug, "{text}");
        }
    }

    #[test]
    fn long_ones_are_cut_at_a_word() {
        assert_eq!(slugify("one two three four", 9), "one-two");
        assert_eq!(slugify("one two three", 7), "one-two");
        assert_eq!(slugify("incomprehensibilities", 5), "incom");
        assert_eq!(numbered("one-two", 12, 7), "one-12");
    }
}
