//! Expressions of the schema file: a subset of CEL with one typed, spanned tree and three back ends (check, evaluate, and,
//! in `glaze-sql`, SQL). The same tree serves as the *predicate* of queries: filters from a client and policies from the
//! schema become one tree, so that they can only mean one thing.
//!
//! Null semantics, the same everywhere:
//! - `==` and `!=` are null-safe (`null == null` is true, `x != 'a'` is true for a null `x`);
//! - every other operation on null is null; `&&`, `||` and `!` follow three-valued logic;
//! - a rule or filter whose result is null denies.
//!
//! This crate must not know SQL text or HTTP.

pub mod tree;
