//! API keys: `glz_<prefix>_<secret>`. The whole key is shown once, when it is made; kept are its SHA-256 and its prefix. A secret
//! of 190 random bits needs no slow hash.

mod store;
mod token;
mod verify;

pub use store::{ApiKey, NewKey, NewKeyShown, create, list, revoke};
pub use token::{Token, hash};
pub use verify::Verifier;
