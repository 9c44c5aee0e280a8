//! Writing JSON straight into the answer's buffer.

/// Which bytes must be escaped inside a JSON string: 0 no, else the letter after the backslash (`u` for the rest).
static ESCAPE: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = b'u';
        at += 1;
    }
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0a] = b'n';
    table[0x0c] = b'f';
    table[0x0d] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

/// Length of the beginning of `bytes` that needs no escape. Eight bytes at a time: most text has nothing to escape.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let mut at = 0;
    for chunk in bytes.chunks_exact(8) {
        let mut word = [0u8; 8];
        word.copy_from_slice(chunk);
        let word = u64::from_ne_bytes(word);
        let zero_in = |x: u64| x.wrapping_sub(ONES) & !x & HIGHS;
        let quotes = zero_in(word ^ (ONES * b'"' as u64));
        let slashes = zero_in(word ^ (ONES * b'\\' as u64));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        if quotes | slashes | controls != 0 {
            break;
        }
        at += 8;
    }
    while at < bytes.len() && ESCAPE[bytes[at] as usize] == 0 {
        at += 1;
    }
    at
}

/// `"…"` with what must be escaped escaped. The bytes are UTF-8.
pub fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut rest = bytes;
    loop {
        let plain = plain_length(rest);
        out.extend_from_slice(&rest[..plain]);
        let Some(&byte) = rest.get(plain) else { break };
        match ESCAPE[byte as usize] {
            b'u' => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(HEX[(byte >> 4) as usize]);
                out.push(HEX[(byte & 15) as usize]);
            }
            letter => out.extend_from_slice(&[b'\\', letter]),
        }
        rest = &rest[plain + 1..];
    }
    out.push(b'"');
}

/// Begins a member of the object that began at `begin`; `name` is the beginning that [`crate::query::plan::Member`] keeps. Those before it
/// may have been left out.
pub fn member(out: &mut Vec<u8>, begin: usize, name: &[u8]) {
    let at = out.len();
    out.extend_from_slice(name);
    if at == begin
        && let Some(first) = out.get_mut(at)
    {
        *first = b'{';
    }
}

/// Ends the object that began at `begin`, of which every member may have been left out.
pub fn close(out: &mut Vec<u8>, begin: usize, close: &[u8]) {
    if out.len() == begin && close.first() != Some(&b'{') {
        out.push(b'{');
    }
    out.extend_from_slice(close);
}

/// `null`
pub fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// `true` or `false`
pub fn bool(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// An integer: a number when a double holds it exactly together with its neighbours, else a string.
pub fn int(out: &mut Vec<u8>, value: i64) {
    const MAX_SAFE: u64 = 9_007_199_254_740_991;
    let mut buffer = itoa::Buffer::new();
    let text = buffer.format(value).as_bytes();
    if value.unsigned_abs() <= MAX_SAFE {
        out.extend_from_slice(text);
    } else {
        out.push(b'"');
        out.extend_from_slice(text);
        out.push(b'"');
    }
}

/// A double in its shortest form that reads back the same; whole numbers without `.0`, not-a-number and infinity as null.
pub fn float64(out: &mut Vec<u8>, value: f64) {
    if !value.is_finite() {
        return null(out);
    }
    let mut buffer = ryu::Buffer::new();
    shortest(out, buffer.format_finite(value + 0.0));
}

/// The same for a 32-bit float.
pub fn float32(out: &mut Vec<u8>, value: f32) {
    if !value.is_finite() {
        return null(out);
    }
    let mut buffer = ryu::Buffer::new();
    shortest(out, buffer.format_finite(value + 0.0));
}

fn shortest(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}

/// A UUID from its sixteen bytes.
pub fn uuid(out: &mut Vec<u8>, bytes: [u8; 16]) {
    let mut buffer = [0u8; 36];
    out.push(b'"');
    out.extend_from_slice(uuid::Uuid::from_bytes(bytes).hyphenated().encode_lower(&mut buffer).as_bytes());
    out.push(b'"');
}

/// Base64, standard alphabet, padded.
pub fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.reserve(bytes.len() / 3 * 4 + 6);
    out.push(b'"');
    for chunk in bytes.chunks(3) {
        let part = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let word = part(0) << 16 | part(1) << 8 | part(2);
        let letter = |shift: u32| ALPHABET[(word >> shift & 63) as usize];
        out.push(letter(18));
        out.push(letter(12));
        out.push(if chunk.len() > 1 { letter(6) } else { b'=' });
        out.push(if chunk.len() > 2 { letter(0) } else { b'=' });
    }
    out.push(b'"');
}

/// JSON text with the space outside strings left out.
pub fn compact(out: &mut Vec<u8>, json: &[u8]) {
    out.reserve(json.len());
    let mut rest = json;
    while let Some(&byte) = rest.first() {
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => rest = &rest[1..],
            b'"' => {
                let mut end = 1;
                while let Some(&inner) = rest.get(end) {
                    end += 1;
                    match inner {
                        b'\\' => end += 1,
                        b'"' => break,
                        _ => {}
                    }
                }
                let end = end.min(rest.len());
                out.extend_from_slice(&rest[..end]);
                rest = &rest[end..];
            }
            _ => {
                let end = rest
                    .iter()
                    .position(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b'"'))
                    .unwrap_or(rest.len());
                out.extend_from_slice(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
}

/// `{"lat":…,"lng":…}`
pub fn point(out: &mut Vec<u8>, lat: f64, lng: f64) {
    out.extend_from_slice(b"{\"lat\":");
    float64(out, lat);
    out.extend_from_slice(b",\"lng\":");
    float64(out, lng);
    out.push(b'}');
}

/// A scaled integer as a decimal string: 1250 with scale 2 is `"12.50"`.
pub fn scaled_decimal(out: &mut Vec<u8>, value: i64, scale: u32) {
    out.push(b'"');
    scaled_digits(out, i128::from(value), scale);
    out.push(b'"');
}

/// The digits alone.
pub fn scaled_digits(out: &mut Vec<u8>, value: i128, scale: u32) {
    if value < 0 {
        out.push(b'-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value.unsigned_abs()).as_bytes();
    let scale = scale as usize;
    if digits.len() <= scale {
        out.push(b'0');
        if scale > 0 {
            out.push(b'.');
        }
        out.resize(out.len() + scale - digits.len(), b'0');
        out.extend_from_slice(digits);
    } else {
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        out.extend_from_slice(whole);
        if scale > 0 {
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn strings_are_those_of_serde_json() {
        for text in [
            "",
            "plain",
            "a \"quoted\" one",
            "line\nbreak\ttab\\slash",
            "\u{1}\u{1f}\u{7f}",
            "äöü € 🙂 and more than eight",
            "12345678\"",
            "\u{8}\u{c}\r",
        ] {
            assert_eq!(
                written(|out| string(out, text.as_bytes())),
                serde_json::to_string(text).expect("text")
            );
        }
    }

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(written(|out| int(out, 9_007_199_254_740_992)), "\"9007199254740992\"");
        assert_eq!(written(|out| int(out, -5)), "-5");
        assert_eq!(written(|out| float64(out, 2.0)), "2");
        assert_eq!(written(|out| float64(out, -0.0)), "0");
        assert_eq!(written(|out| float64(out, 0.1)), "0.1");
        assert_eq!(written(|out| float32(out, 1.1)), "1.1");
        assert_eq!(written(|out| scaled_decimal(out, -5, 2)), "\"-0.05\"");
        assert_eq!(written(|out| scaled_decimal(out, 1250, 2)), "\"12.50\"");
        assert_eq!(written(|out| scaled_decimal(out, 7, 0)), "\"7\"");
    }

    #[test]
    fn space_goes_outside_strings_only() {
        assert_eq!(
            written(|out| compact(out, br#"{"a b": [1, 2, "x \" y"], "c": null}"#)),
            r#"{"a b":[1,2,"x \" y"],"c":null}"#
        );
    }

    #[test]
    fn bytes_are_base64() {
        for (raw, text) in [(&b""[..], "\"\""), (b"a", "\"YQ==\""), (b"ab", "\"YWI=\""), (b"abc", "\"YWJj\"")] {
            assert_eq!(written(|out| bytes(out, raw)), text);
        }
    }
}
