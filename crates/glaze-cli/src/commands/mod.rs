//! One file per command.

pub mod apply;
pub mod can;
pub mod check;
pub mod convergence;
pub mod diff;
pub mod key;
pub mod migrate;
pub mod new;
pub mod pull;
pub mod schema;
pub mod seed;
pub mod serve;
pub mod upkeep;
pub mod user;
