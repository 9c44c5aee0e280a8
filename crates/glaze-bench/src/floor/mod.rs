//! Floors: what the machine gives when nothing of a CMS is done.

pub mod bytes;
pub mod sqlite;
