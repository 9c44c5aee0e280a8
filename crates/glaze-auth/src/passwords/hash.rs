//! Making and verifying one hash. Takes tens of milliseconds and megabytes: only threads of the pool call this.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

use crate::secret::hex;

/// Parameters that OWASP recommends for Argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Option<Argon2<'static>> {
    Some(Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(19 * 1024, 2, 1, None).ok()?,
    ))
}

/// The same password, however the keyboard writes its letters. Better Auth does the same.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// The hash to be kept.
pub(super) fn make(password: &str) -> Option<String> {
    Some(argon2()?.hash_password(normal(password).as_bytes()).ok()?.to_string())
}

/// Whether the password is that of the hash. A hash that is no hash is of no password.
pub(super) fn holds(password: &str, hash: &str) -> bool {
    let password = normal(password);
    match PasswordHash::new(hash) {
        Ok(parsed) => argon2().is_some_and(|argon2| argon2.verify_password(password.as_bytes(), &parsed).is_ok()),
        Err(_) => better_auth(&password, hash).unwrap_or(false),
    }
}

/// Whether a hash is of another kind or weaker than ours are now.
pub(super) fn is_old(hash: &str) -> bool {
    !hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
}

/// Better Auth: `salt:key`, both hexadecimal; the salt is used as the text that it is.
fn better_auth(password: &str, hash: &str) -> Option<bool> {
    let (salt, key) = hash.split_once(':')?;
    let params = scrypt::Params::new(14, 16, 1).ok()?;
    let mut made = [0u8; 64];
    scrypt::scrypt(password.as_bytes(), salt.as_bytes(), &params, &mut made).ok()?;
    Some(hex(&made).as_bytes().ct_eq(key.to_ascii_lowercase().as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by Node's `scrypt` as Better Auth calls it.
    const SCRYPT: &str = "00112233445566778899aabbccddeeff:213bc5b8819a0968457ba865d1fe4d70f449c5e59e01aba9f16c4e522c3731b187b3ae9c1de34fb5d535477c4a8c76d42cb454a804740b9dad8ca612e9831ad1";

    #[test]
    fn a_hash_holds_for_its_password_only() {
        let hash = make("correct horse").expect("a hash");
        assert!(holds("correct horse", &hash) && !holds("correct horsf", &hash));
        assert!(!is_old(&hash), "{hash}");
    }

    #[test]
    fn a_hash_of_better_auth_holds_and_is_old() {
        assert!(holds("pässword correct", SCRYPT) && holds("pa\u{308}ssword correct", SCRYPT));
        assert!(!holds("pässword wrong", SCRYPT));
        assert!(is_old(SCRYPT));
    }

    #[test]
    fn what_is_no_hash_is_of_no_password() {
        for hash in ["", ":", "x", "$argon2id$", "$argon2id$v=19$m=1,t=0,p=0$$", "$plain$x"] {
            assert!(!holds("", hash) && !holds("x", hash), "{hash}");
        }
    }
}
