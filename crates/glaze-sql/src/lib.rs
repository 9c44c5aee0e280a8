//! What SQL databases share: rendering of queries and DDL.

pub mod ddl;
pub mod query;
pub mod write;
