//! Conditions in a row. PostgreSQL keeps `(a AND b) AND c` as it was parsed the first time (`n BETWEEN 1 AND 5 AND c`), and drops
//! the parentheses when it reads its own spelling again; both are the same condition.

/// The expression with every AND of ANDs, and every OR of ORs, as one.
pub(super) fn flat(sql: &str) -> String {
    let inner = within(sql);
    let Some((word, operands)) = operands(&inner) else {
        return inner;
    };
    let mut out: Vec<&str> = Vec::with_capacity(operands.len());
    for operand in operands {
        let enclosed = enclosed(operand).and_then(self::operands).filter(|(other, _)| *other == word);
        match enclosed {
            Some((_, more)) => out.extend(more),
            None => out.push(operand),
        }
    }
    out.join(&format!(" {word} "))
}

/// The same within each pair of parentheses.
fn within(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(open) = next(rest, |byte| byte == b'(') {
        let Some(length) = closing(&rest[open + 1..]) else { break };
        out.push_str(&rest[..=open]);
        out.push_str(&flat(&rest[open + 1..open + 1 + length]));
        rest = &rest[open + 1 + length..];
    }
    out + rest
}

/// The operands of the one word that joins the parts of a condition; nothing where both do, or where the word means something else.
fn operands(sql: &str) -> Option<(&'static str, Vec<&str>)> {
    let words = words(sql);
    if words.iter().any(|(_, word)| matches!(*word, "CASE" | "BETWEEN")) {
        return None;
    }
    let joined = |word: &str| words.iter().any(|(_, other)| *other == word);
    let word = match (joined("AND"), joined("OR")) {
        (true, false) => "AND",
        (false, true) => "OR",
        _ => return None,
    };
    let mut out = Vec::new();
    let mut start = 0;
    for (at, _) in words.iter().filter(|(_, other)| *other == word) {
        out.push(sql[start..*at].trim());
        start = at + word.len();
    }
    out.push(sql[start..].trim());
    Some((word, out))
}

/// Words in capitals outside quotes and parentheses, with their places.
fn words(sql: &str) -> Vec<(usize, &str)> {
    let bytes = sql.as_bytes();
    let mut out = Vec::new();
    let (mut at, mut depth) = (0, 0usize);
    while at < bytes.len() {
        match bytes[at] {
            b'\'' | b'"' => at = end_of_quote(bytes, at),
            b'(' => {
                depth += 1;
                at += 1;
            }
            b')' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            byte if is_word(byte) => {
                let length = bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
                if depth == 0 {
                    out.push((at, &sql[at..at + length]));
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    out
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// What is between the parentheses that enclose the whole.
fn enclosed(sql: &str) -> Option<&str> {
    let inner = sql.strip_prefix('(')?;
    let length = closing(inner)?;
    (length + 1 == inner.len()).then(|| &inner[..length])
}

/// Where the parenthesis closes that was opened before this text.
fn closing(sql: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut from = 0;
    while let Some(at) = next(&sql[from..], |byte| matches!(byte, b'(' | b')')) {
        let at = from + at;
        match (sql.as_bytes()[at], depth) {
            (b')', 0) => return Some(at),
            (b')', _) => depth -= 1,
            _ => depth += 1,
        }
        from = at + 1;
    }
    None
}

/// The first such byte outside quotes.
fn next(sql: &str, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let bytes = sql.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' | b'"' => at = end_of_quote(bytes, at),
            byte if wanted(byte) => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// Behind the text or name that begins here. A doubled quote is two of them side by side.
fn end_of_quote(bytes: &[u8], start: usize) -> usize {
    let length = bytes[start + 1..].iter().position(|byte| *byte == bytes[start]);
    length.map_or(bytes.len(), |length| start + length + 2)
}

#[cfg(test)]
mod tests {
    use super::flat;

    #[test]
    fn conditions_stand_in_a_row() {
        for (nested, row) in [
            (
                "((n >= 0) AND (n <= 9)) AND (t <> 'x'::text)",
                "(n >= 0) AND (n <= 9) AND (t <> 'x'::text)",
            ),
            ("(a > 1) OR ((b > 1) OR (c > 1))", "(a > 1) OR (b > 1) OR (c > 1)"),
            (
                "(a > 1) OR ((b > 1) AND ((c > 1) AND (d > 1)))",
                "(a > 1) OR ((b > 1) AND (c > 1) AND (d > 1))",
            ),
            ("((a > 1) OR (b > 1)) AND (c > 1)", "((a > 1) OR (b > 1)) AND (c > 1)"),
            ("(t = '(x AND y)'::text) AND (n > 1)", "(t = '(x AND y)'::text) AND (n > 1)"),
            ("n BETWEEN 1 AND 5 OR d IS NULL", "n BETWEEN 1 AND 5 OR d IS NULL"),
            (
                "CASE WHEN ((a) AND ((b) AND (c))) THEN 1 END",
                "CASE WHEN ((a) AND (b) AND (c)) THEN 1 END",
            ),
            ("f(((a) AND (b)) AND (c))", "f((a) AND (b) AND (c))"),
            ("t = 'it''s ('", "t = 'it''s ('"),
            ("a AND (b", "a AND (b"),
        ] {
            assert_eq!(flat(nested), row);
        }
    }
}
