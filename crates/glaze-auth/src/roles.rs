//! Names of roles.

use crate::AuthError;

/// Refuses what could not be written as a role in a policy.
pub(crate) fn check(roles: &[String]) -> Result<(), AuthError> {
    match roles.iter().find(|role| !is_role(role)) {
        Some(role) => Err(AuthError::Refused(format!(
            "`{role}` is not a role: use lower-case letters, digits, `_` and `-`"
        ))),
        None => Ok(()),
    }
}

fn is_role(role: &str) -> bool {
    !role.is_empty()
        && role.len() <= 64
        && role
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
}
