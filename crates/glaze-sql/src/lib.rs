//! What SQL databases share: rendering of queries and DDL.
