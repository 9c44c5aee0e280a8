//! Where the databases differ in saying the same query.

use glaze_data::{bound::TimeUnit, store::StoreError};
use glaze_expr::tree::{Arith, Func};

use super::{Kind, SearchIndex};

/// A piece of SQL with what it gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The text; safe to put between operators.
    pub sql: String,
    /// What it gives.
    pub kind: Kind,
    /// Whether it can be null.
    pub nullable: bool,
}

impl Piece {
    /// A piece that may be null.
    pub fn new(sql: impl Into<String>, kind: impl Into<Kind>) -> Piece {
        Piece {
            sql: sql.into(),
            kind: kind.into(),
            nullable: true,
        }
    }
}

/// The leaves of query rendering. No connection, no state.
pub trait QueryDialect: Send + Sync {
    /// `sqlite` or `postgres`.
    fn name(&self) -> &'static str;

    /// Decimals are kept as scaled integers.
    fn scaled_decimals(&self) -> bool;

    /// Children of many parents are fetched by one statement with array parameters (else by one prepared look-up per parent).
    fn batches(&self) -> bool;

    /// Quoted, qualified table name.
    fn table(&self, schema: Option<&str>, table: &str) -> String;

    /// The n-th parameter (from 1), with its type said when the surroundings don't say it.
    fn param(&self, n: usize, cast: Option<Kind>) -> String;

    /// A constant in the text, for DDL. The value is escaped.
    fn text_literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// A column as it stands in expressions: brought to the form that our literals have.
    fn operand(&self, column: &str, kind: Kind) -> String;

    /// An operand as it stands in the list of outputs.
    fn output(&self, sql: &str, kind: Kind) -> String;

    /// `a IS NOT DISTINCT FROM b`
    fn same(&self, a: &str, b: &str) -> String;

    /// `a IS DISTINCT FROM b`
    fn different(&self, a: &str, b: &str) -> String;

    /// The value as text (keys, enum values).
    fn as_text(&self, piece: &Piece) -> String;

    /// As a double.
    fn as_float(&self, piece: &Piece) -> String;

    /// What orders and ranges compare, so that text has the same order on every database: that of its code points.
    fn order_key(&self, piece: &Piece) -> String;

    /// `item` is in the list parameter.
    fn in_list(&self, item: &str, list: &str) -> String;

    /// `item` is in the list column.
    fn in_column(&self, item: &str, list: &Piece) -> String;

    /// Arithmetic on numbers of the same form, or text joined.
    fn arith(&self, op: Arith, a: &Piece, b: &Piece) -> Result<Piece, StoreError>;

    /// A function; text arguments are text already.
    fn call(&self, func: Func, args: &[Piece]) -> Result<Piece, StoreError>;

    /// The text at a path of a JSON column, `path` being a parameter with the list of names.
    fn json_text(&self, json: &str, path: &str) -> String;

    /// Time cut to a unit, as text (`2026-11`, `2026-11-21T06`, …).
    fn cut(&self, piece: &Piece, unit: TimeUnit) -> String;

    /// The text of a rich-text document: its `text` members.
    fn rich_text(&self, json: &str) -> String;

    /// Every word of the search text (a parameter) begins a word of one of the texts.
    fn search(&self, texts: &[String], words: &str) -> String;

    /// A condition that every row which [`QueryDialect::search`] accepts meets, and that an index answers. `alias` stands for the row,
    /// `words` for a parameter with the list of words.
    fn search_sieve(&self, index: &SearchIndex, alias: &str, words: &str) -> String;

    /// Sum, exact for integers and decimals; gives its kind.
    fn sum(&self, piece: &Piece) -> Piece;

    /// Mean.
    fn avg(&self, piece: &Piece) -> Piece;

    /// What locks the rows of a `SELECT` until the end of the transaction.
    fn lock_clause(&self) -> &'static str;

    /// Exact or estimated number of rows of a whole table, when the database keeps one.
    fn estimate(&self, schema: Option<&str>, table: &str) -> Option<String>;
}

/// `"name"`, quotes doubled.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
