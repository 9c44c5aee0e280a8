//! The text of a key.

use rand::{Rng, TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

const START: &str = "glz_";
const PREFIX: usize = 8;
const SECRET: usize = 32;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new key, whole. Shown once and then forgotten.
#[derive(Clone)]
pub struct Token {
    text: String,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token({}…)", self.prefix())
    }
}

impl Token {
    /// Makes one from the system's randomness.
    pub fn generate() -> Token {
        // `unwrap_err` of the `rand` crate: the process stops when the system has no randomness, as it must.
        let mut random = OsRng.unwrap_err();
        let mut draw = |count: usize| -> String { (0..count).map(|_| BASE62[random.random_range(0..BASE62.len())] as char).collect() };
        Token {
            text: format!("{START}{}_{}", draw(PREFIX), draw(SECRET)),
        }
    }

    /// The part by which people recognise a key: `glz_` and eight characters.
    pub fn prefix(&self) -> &str {
        &self.text[..START.len() + PREFIX]
    }

    /// The whole key.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

/// SHA-256 of a well-formed key; `None` when the text can't be a key.
pub fn hash(text: &str) -> Option<[u8; 32]> {
    let (prefix, secret) = text.strip_prefix(START)?.split_once('_')?;
    let plain = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain(prefix, PREFIX) && plain(secret, SECRET)).then(|| Sha256::digest(text.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_well_formed_and_its_own() {
        let (one, other) = (Token::generate(), Token::generate());
        assert_eq!(one.reveal().len(), 4 + 8 + 1 + 32);
        assert!(one.reveal().starts_with(one.prefix()));
        assert!(hash(one.reveal()).is_some());
        assert_ne!(hash(one.reveal()), hash(other.reveal()));
        assert!(
            !format!("{one:?}").contains(&one.reveal()[13..]),
            "the secret is not in the debug form"
        );
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_before_any_look_up() {
        for text in [
            "",
            "glz_",
            "glz_abcdefgh_short",
            "abc_abcdefgh_0123456789abcdef0123456789abcdef",
            "glz_abcdefgh_0123456789abcdef0123456789abcd-f",
        ] {
            assert!(hash(text).is_none(), "{text}");
        }
    }
}
