//! Random secrets of 256 bits, and the hashes that are kept of them. So much randomness needs no slow hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

/// Characters of 32 bytes in base 64.
const LENGTH: usize = 43;

/// A new secret that begins with `start`.
pub(crate) fn generate(start: &str) -> String {
    let mut bytes = [0u8; 32];
    // `unwrap_err` of the `rand` crate: the process stops when the system has no randomness, as it must.
    rand::RngCore::fill_bytes(&mut OsRng.unwrap_err(), &mut bytes);
    format!("{start}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// SHA-256 of a secret that begins with `start`; `None` when the text can't be one.
pub(crate) fn hash(text: &str, start: &str) -> Option<[u8; 32]> {
    let secret = text.strip_prefix(start)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (secret.len() == LENGTH && secret.bytes().all(plain)).then(|| Sha256::digest(text.as_bytes()).into())
}

/// Bytes as they are stored: lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_well_formed_and_its_own() {
        let (one, other) = (generate("gls_"), generate("gls_"));
        assert_ne!(hash(&one, "gls_").expect("a hash"), hash(&other, "gls_").expect("a hash"));
        assert_eq!(hex(&hash(&one, "gls_").expect("a hash")).len(), 64);
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused_before_any_look_up() {
        for text in ["", "gls_", "gls_short", &generate("glx_"), &format!("{}=", generate("gls_"))] {
            assert!(hash(text, "gls_").is_none(), "{text}");
        }
    }
}
