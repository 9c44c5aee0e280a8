//! Expressions of the schema file: a subset of CEL with one typed, spanned tree and three back ends (check, evaluate, and,
//! in `glaze-sql`, SQL). The same tree serves as the *predicate* of queries: filters from a client and policies from the
//! schema become one tree, so that they can only mean one thing.
//!
//! Null semantics, the same everywhere:
//! - `==` and `!=` are null-safe (`null == null` is true, `x != 'a'` is true for a null `x`);
//! - but what is made from `me` equals nothing when nobody asks: `author == me` is false for a row without an author. Only the literal
//!   `me == null` asks for that;
//! - `in` is never null: null is in no list;
//! - every other operation on null is null; `&&`, `||` and `!` follow three-valued logic;
//! - a rule or filter whose result is null, or an error, denies.
//!
//! This crate must not know SQL text or HTTP.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod ast;
pub mod check;
mod error;
pub mod evaluate;
mod fold;
mod functions;
pub mod json;
mod lex;
mod parse;
pub mod print;
mod rename;
pub mod text;
pub mod tree;
mod unparse;
mod visit;

pub use check::{
    Allow, Expected, check, check_ast, check_computed, check_index_filter, check_rule, check_validation, check_with, combine, field_type,
    may_be_null,
};
pub use error::ExprError;
pub use evaluate::{Env, EvalError, evaluate, holds, order, same};
pub use fold::{Asker, fold};
pub use functions::{FUNCTIONS, Form, FunctionDoc, reference};
pub use parse::{MAX_LENGTH, parse};
pub use print::print;
pub use rename::{Mention, mentions, rename_enum_value, rename_field};
pub use unparse::unparse;
pub use visit::{Needs, children, map, map_fields, max_var, needs, rebase};
