//! The structure of a PostgreSQL database: reading it, spelling it, changing it.

mod apply;
mod canonical;
mod checks;
mod conditions;
mod convert;
mod dialect;
mod effect;
mod error;
mod expression;
mod ident;
mod introspect;
mod journal;
mod lint;
mod literal;
mod lock;
mod locks;
mod normalise;
mod probe;
mod render;
mod scratch;
mod session;
mod types;

pub use apply::PostgresDatabase;
pub use dialect::PostgresDialect;
pub use types::canonical_type;

pub(crate) use error::refused;

/// Schema of tables whose schema is not said.
pub(crate) const DEFAULT_SCHEMA: &str = "public";

/// Settings under which structure is read and changed. They decide how PostgreSQL spells expressions and what a name without a
/// schema means, so that neither depends on who connects.
pub(crate) const SESSION: &str = "SET search_path = public; SET quote_all_identifiers = off; SET DateStyle = 'ISO, YMD'; \
     SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'; \
     SET standard_conforming_strings = on; SET check_function_bodies = off; SET client_min_messages = warning; SET statement_timeout = 0; \
     SET idle_in_transaction_session_timeout = 0";
