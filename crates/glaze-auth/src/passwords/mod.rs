//! Passwords: rules, hashes, and the threads that hash. Ours are Argon2id; those of Better Auth (scrypt) hold too, and are replaced when
//! somebody logs in with one.

mod hash;
mod pool;

pub use pool::{Passwords, Verdict};

use crate::AuthError;

/// Fewest characters.
pub const SHORTEST: usize = 8;
/// Most characters.
pub const LONGEST: usize = 256;

/// Refuses a password that is too short or too long.
///
/// # Errors
/// [`AuthError::Password`] with the limit.
pub fn check(password: &str) -> Result<(), AuthError> {
    match password.chars().take(LONGEST + 1).count() {
        count if count < SHORTEST => Err(AuthError::Password("too_short", SHORTEST)),
        count if count > LONGEST => Err(AuthError::Password("too_long", LONGEST)),
        _ => Ok(()),
    }
}
