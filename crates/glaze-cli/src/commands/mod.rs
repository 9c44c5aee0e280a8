//! One file per command.

pub mod check;
pub mod diff;
pub mod key;
pub mod migrate;
pub mod new;
pub mod pull;
pub mod schema;
pub mod seed;
pub mod serve;
