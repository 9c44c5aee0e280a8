//! Entity tags: a hash of the representation the reader sees, so that they say nothing about what is left out of it.

/// A strong entity tag with its quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ETag([u8; 24]);

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The tag of a body: 132 bits of BLAKE3.
pub fn etag(body: &[u8]) -> ETag {
    let hash = blake3::hash(body);
    let mut text = *b"\"......................\"";
    let mut bits = 0u32;
    let mut held = 0;
    let mut bytes = hash.as_bytes().iter();
    for digit in &mut text[1..23] {
        while held < 6 {
            bits = bits << 8 | u32::from(bytes.next().copied().unwrap_or_default());
            held += 8;
        }
        held -= 6;
        *digit = DIGITS[(bits >> held & 63) as usize];
    }
    ETag(text)
}

impl ETag {
    /// As it is written in a header.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// As bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether a list of tags (`"a", W/"b"`, or `*`) has this one. `weak` accepts weak tags too, as `If-None-Match` does.
    pub fn is_in(&self, list: &str, weak: bool) -> bool {
        list.split(',').map(str::trim).any(|tag| {
            let tag = match tag.strip_prefix("W/") {
                Some(tag) if weak => tag,
                Some(_) => return false,
                None => tag,
            };
            tag == "*" || tag == self.as_str()
        })
    }
}

impl std::fmt::Debug for ETag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_of_the_body() {
        let tag = etag(b"one");
        assert_eq!(tag, etag(b"one"));
        assert_ne!(tag, etag(b"two"));
        assert!(tag.as_str().starts_with('"') && tag.as_str().ends_with('"') && tag.as_str().len() == 24);
    }

    #[test]
    fn lists_of_tags_are_searched() {
        let tag = etag(b"one");
        let weak = format!("\"x\", W/{}", tag.as_str());
        assert!(tag.is_in(&weak, true));
        assert!(!tag.is_in(&weak, false));
        assert!(tag.is_in("*", false));
        assert!(tag.is_in(&format!("\"x\",{}", tag.as_str()), false));
        assert!(!tag.is_in("", true));
    }
}
