//! Sessions: `gls_<256 random bits>`, kept as SHA-256. One lives for 30 days after it was last used, counted in days; it carries the roles
//! its user had when it began, because a change of roles ends it.

mod begin;
pub(crate) mod table;
mod verify;

pub use begin::{Begun, Device, Proof, begin};
pub use table::{Session, end, end_all, list};
pub use verify::{LoggedIn, Sessions};

use jiff::SignedDuration;

/// How a token begins.
pub const START: &str = "gls_";
/// How long a session lives without being used.
pub const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How exactly its use is noted.
pub(crate) const RENEWED: SignedDuration = SignedDuration::from_hours(24);
