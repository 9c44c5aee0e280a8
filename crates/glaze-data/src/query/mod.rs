//! Questions in the words of `api.md`, read against the model: names are positions and values are typed, but no policy has spoken
//! yet. [`crate::bind`] makes something of them that a database may be asked.
//!
//! Two steps: [`tree`] makes one JSON tree of the parameters (GraphQL brings its own), the rest says what the members mean. Every
//! problem of a request is reported, not the first only. Private fields are unknown here, whoever asks.

mod aggregate;
pub(crate) mod error;
mod fields;
mod filter;
mod operand;
mod page;
mod path;
mod reader;
mod relation;
mod select;
mod tree;
pub mod words;

use std::borrow::Cow;

use glaze_expr::tree::{Compare, EntityIx, FieldIx, Func, Part, Quantifier, Type};
use glaze_model::Value;
use serde_json::{Map, Value as Json};

pub use aggregate::{AGGREGATE_WORDS, AggregateQuery, Computation, GroupBy, parse_aggregate};
pub use error::{ParamError, QueryError, nearest};
pub use words::Op;

use crate::{
    bound::Count,
    limits::Limits,
    schema::{EntityInfo, Schema},
};
use reader::Reader;

/// The words a list understands.
pub const LIST_WORDS: &[&str] = &[
    "filter", "sort", "fields", "include", "limit", "offset", "after", "before", "count", "search",
];
/// The words a single entry understands.
pub const ONE_WORDS: &[&str] = &["fields", "include"];
/// The words a change or removal of many understands, besides what the operation itself reads.
pub const BULK_WORDS: &[&str] = &["filter", "search"];

/// Name and value of a parameter, decoded.
pub type Param<'a> = (Cow<'a, str>, Cow<'a, str>);

/// A question about the rows of one entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Whose rows.
    pub entity: EntityIx,
    /// Condition.
    pub filter: Option<Filter>,
    /// Text to look for.
    pub search: Option<String>,
    /// Order, before the key is added.
    pub sort: Vec<Sort>,
    /// What of each row.
    pub selection: Selection,
    /// Which part of the rows.
    pub page: Page,
    /// Counting.
    pub count: Count,
}

impl Query {
    /// Everything of an entity as it comes without parameters.
    pub fn all(entity: EntityIx, limits: &Limits) -> Query {
        Query {
            entity,
            filter: None,
            search: None,
            sort: Vec::new(),
            selection: Selection::default(),
            page: Page::Offset {
                limit: limits.page,
                offset: 0,
            },
            count: Count::None,
        }
    }
}

/// Which part of the rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// From an offset.
    Offset {
        /// Most rows.
        limit: u64,
        /// Rows passed over.
        offset: u64,
    },
    /// From a cursor.
    Cursor {
        /// Most rows.
        limit: u64,
        /// The cursor.
        cursor: String,
        /// Towards the front.
        before: bool,
    },
}

/// What of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Everything that may be read.
    pub all: bool,
    /// Fields asked for, in order.
    pub fields: Vec<Chosen>,
    /// Relations whose rows stand in the answer.
    pub include: Vec<Include>,
}

impl Default for Selection {
    fn default() -> Selection {
        Selection {
            all: true,
            fields: Vec::new(),
            include: Vec::new(),
        }
    }
}

/// One field that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The field.
    pub field: FieldIx,
    /// Inner fields of an embedded struct; empty is all of them.
    pub inner: Vec<FieldIx>,
}

/// A relation whose rows stand in the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Include {
    /// The relation.
    pub field: FieldIx,
    /// What of the related rows: one, or for a polymorphic reference one per target meant, with its position among the targets.
    pub nested: Vec<(u32, Nested)>,
}

/// What of related rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested {
    /// Entity of the rows.
    pub entity: EntityIx,
    /// What of each.
    pub selection: Selection,
    /// Condition.
    pub filter: Option<Filter>,
    /// Order, before the key is added.
    pub sort: Vec<Sort>,
    /// Most rows for each parent; `None` is the limit when not said.
    pub limit: Option<u64>,
}

impl Nested {
    /// Related rows as they come without parameters.
    pub(crate) fn of(entity: EntityIx) -> Nested {
        Nested {
            entity,
            selection: Selection::default(),
            filter: None,
            sort: Vec::new(),
            limit: None,
        }
    }
}

/// One key of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    /// By what.
    pub path: FieldPath,
    /// Descending.
    pub desc: bool,
}

/// A field of the row or of a row that references lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPath {
    /// References to follow.
    pub hops: Vec<FieldIx>,
    /// The field and which part of it.
    pub at: Target,
    /// As the client writes it: `author.name`.
    pub json: String,
}

/// A part of a field that has one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The field.
    pub field: FieldIx,
    /// Which part of it.
    pub part: Part,
    /// Type of the value.
    pub ty: Type,
    /// May be null.
    pub nullable: bool,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of them.
    And(Vec<Filter>),
    /// One of them.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// About a value of the row.
    Test(Target, Test),
    /// About related rows.
    Related {
        /// The relation.
        field: FieldIx,
        /// Entity of the related rows.
        target: EntityIx,
        /// How many of them.
        quantifier: Quantifier,
        /// Condition on them.
        filter: Box<Filter>,
    },
}

/// A test of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Compares.
    Compare(Compare, Value),
    /// One of these.
    In(Vec<Value>),
    /// None of these; null passes.
    NotIn(Vec<Value>),
    /// Has no value.
    Null,
    /// Has a value.
    NotNull,
    /// A text function with this argument.
    Text(Func, String),
    /// Both ends included.
    Between(Value, Value),
    /// Outside.
    NotBetween(Value, Value),
    /// A list that has this item.
    Has(Value),
    /// Null, an empty text or an empty list.
    Empty,
    /// Not that.
    NotEmpty,
}

/// Reads the parameters of a list.
///
/// # Errors
/// Everything that is wrong with them.
pub fn parse(schema: &Schema, entity: &EntityInfo, params: &[Param<'_>], limits: &Limits) -> Result<Query, Vec<ParamError>> {
    parse_words(schema, entity, params, LIST_WORDS, limits)
}

/// Reads the parameters of a single entry: `fields` and `include`.
///
/// # Errors
/// Everything that is wrong with them.
pub fn parse_one(schema: &Schema, entity: &EntityInfo, params: &[Param<'_>], limits: &Limits) -> Result<Query, Vec<ParamError>> {
    parse_words(schema, entity, params, ONE_WORDS, limits)
}

/// Reads parameters of which only `words` are known.
///
/// # Errors
/// Everything that is wrong with them.
pub fn parse_words(
    schema: &Schema,
    entity: &EntityInfo,
    params: &[Param<'_>],
    words: &[&str],
    limits: &Limits,
) -> Result<Query, Vec<ParamError>> {
    let mut errors = Vec::new();
    let tree = tree::read(params, words, limits, &mut errors);
    let mut reader = Reader::new(schema, limits, errors);
    let query = reader.query(entity, &tree);
    reader.finish(query)
}

/// Reads a question from a JSON object with the members of [`LIST_WORDS`].
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_json(schema: &Schema, entity: &EntityInfo, json: &Map<String, Json>, limits: &Limits) -> Result<Query, Vec<ParamError>> {
    let mut reader = Reader::new(schema, limits, Vec::new());
    for name in json.keys().filter(|name| !LIST_WORDS.contains(&name.as_str())) {
        let message = error::unknown("parameter", name, LIST_WORDS.iter().copied());
        reader.errors.push(ParamError::new(name.as_str(), "unknown_parameter", message));
    }
    let query = reader.query(entity, json);
    reader.finish(query)
}

/// Reads a filter alone.
///
/// # Errors
/// Everything that is wrong with it.
pub fn filter_from_json(schema: &Schema, entity: &EntityInfo, json: &Json, limits: &Limits) -> Result<Filter, Vec<ParamError>> {
    let mut reader = Reader::new(schema, limits, Vec::new());
    let filter = reader.filter(entity, json);
    reader.finish(filter)
}

/// A query string to its parameters: split at `&` and `=`, `+` is a space, percent-decoded.
///
/// # Errors
/// When the text is not UTF-8 once decoded.
pub fn split(raw: &str) -> Result<Vec<Param<'_>>, ParamError> {
    let decode = |text| -> Result<Cow<'_, str>, ParamError> { tree::decode(text) };
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}
