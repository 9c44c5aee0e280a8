//! Places inside string literals: what the text of an expression calls byte 7 is somewhere else in the file.

use glaze_model::Span;

/// Where the bytes of a literal's value stand in its source, quotes included.
pub(crate) struct Places {
    /// Source position of every byte of the value, and of its end.
    at: Vec<usize>,
}

impl Places {
    /// For this source of a literal, which has this value. `None` when the two cannot be brought together.
    pub fn of(source: &str, value: &str) -> Option<Places> {
        let at = match source.strip_prefix('r') {
            Some(rest) => {
                let hashes = rest.len() - rest.trim_start_matches('#').len();
                let start = 2 + hashes;
                let end = source.len().checked_sub(1 + hashes)?;
                plain(source.get(start..end)?, start)
            }
            None => escaped(source)?,
        };
        (at.len() == value.len() + 1).then_some(Places { at })
    }

    /// A range of the value as a range of the source.
    pub fn span(&self, span: Span) -> Option<Span> {
        Some(Span {
            start: *self.at.get(span.start)?,
            end: *self.at.get(span.end)?,
        })
    }

    /// Whether the value stands in the source letter by letter.
    pub fn is_plain(&self) -> bool {
        self.at.windows(2).all(|pair| pair[1] == pair[0] + 1)
    }
}

fn plain(content: &str, start: usize) -> Vec<usize> {
    (0..=content.len()).map(|at| start + at).collect()
}

fn escaped(source: &str) -> Option<Vec<usize>> {
    let content = source.strip_prefix('"')?.strip_suffix('"')?;
    let mut at = Vec::with_capacity(content.len() + 1);
    let mut chars = content.char_indices().peekable();
    while let Some((index, c)) = chars.next() {
        let here = index + 1;
        if c != '\\' {
            at.extend((0..c.len_utf8()).map(|byte| here + byte));
            continue;
        }
        let bytes = match chars.next()?.1 {
            'x' => {
                chars.next()?;
                chars.next()?;
                1
            }
            'u' => {
                let digits: String = chars
                    .by_ref()
                    .map(|(_, c)| c)
                    .take_while(|c| *c != '}')
                    .filter(|c| *c != '{' && *c != '_')
                    .collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?.len_utf8()
            }
            '\n' | '\r' => {
                while chars.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
                0
            }
            _ => 1,
        };
        at.extend(std::iter::repeat_n(here, bytes));
    }
    at.push(source.len() - 1);
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_source() {
        for (source, value, part, expected) in [
            (r#""abc def""#, "abc def", "def", "def"),
            (r##"r#"a "b" c"#"##, "a \"b\" c", "\"b\"", "\"b\""),
            (r#"r"a\d""#, r"a\d", r"\d", r"\d"),
            (r#""é \"x\" y""#, "é \"x\" y", "y", "y"),
            (r#""\u{1F600}\x41 z""#, "\u{1F600}A z", "z", "z"),
            ("\"a \\\n    b\"", "a b", "b", "b"),
        ] {
            let places = Places::of(source, value).expect(source);
            let start = value.find(part).expect("it is there");
            let span = places
                .span(Span {
                    start,
                    end: start + part.len(),
                })
                .expect(source);
            assert_eq!(&source[span.start..span.end], expected, "{source}");
        }
        assert!(Places::of("\"abc\"", "abcd").is_none());
    }
}
