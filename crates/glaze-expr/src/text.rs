//! Letter case, the same in process and in SQLite (whose adapter registers these functions).
//!
//! Every character is mapped to one character by Unicode's simple mapping, without regard to its neighbours or to a language. PostgreSQL's
//! `lower()` under a UTF-8 collation of the C library does the same; characters whose only mapping is to several (`ß` to upper case) stay.

/// `lower(text)`
pub fn lower(text: &str) -> String {
    text.chars().map(lower_char).collect()
}

/// `upper(text)`
pub fn upper(text: &str) -> String {
    text.chars().map(upper_char).collect()
}

/// What `trim(text)` takes away at both ends: space, tab, line feed and carriage return.
pub const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// `trim(text)`
pub fn trim(text: &str) -> &str {
    text.trim_matches(BLANK)
}

fn lower_char(c: char) -> char {
    match c {
        // The one character whose full mapping has two characters; its simple mapping is the plain letter.
        'İ' => 'i',
        _ => single(c, c.to_lowercase()),
    }
}

fn upper_char(c: char) -> char {
    single(c, c.to_uppercase())
}

fn single(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_becomes_one() {
        for (text, low, high) in [
            ("Straße", "straße", "STRAßE"),
            ("ΣΑΣ", "σασ", "ΣΑΣ"),
            ("İI", "ii", "İI"),
            ("ǆ", "ǆ", "Ǆ"),
            ("Ärger ﬁ", "ärger ﬁ", "ÄRGER ﬁ"),
        ] {
            assert_eq!(lower(text), low);
            assert_eq!(upper(text), high);
            assert_eq!(lower(text).chars().count(), text.chars().count());
        }
        assert_eq!(trim(" \t\u{a0}x\r\n "), "\u{a0}x");
    }
}
