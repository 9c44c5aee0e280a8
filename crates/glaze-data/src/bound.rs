//! Bound reads and writes: names resolved to positions in the model, values typed, policies joined in. What adapters are
//! given. A value of these types made outside `bind` would bypass the policies: only this crate makes them.

use glaze_expr::tree::{EntityIx, Expr, FieldIx, FieldRef};
use glaze_model::Value;

/// Literal values in expressions that are known only when the statement runs.
///
/// They stand in trees as `Me::Id`, `Now` (see `glaze_expr::tree::Node`), and, for a key from the path, as
/// [`Page::key`]; everything else is a literal, bound as a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Args {
    /// `me.id`
    pub me: Option<uuid::Uuid>,
    /// `now`, in UTC, cut to microseconds.
    pub now: jiff::Timestamp,
    /// Values of the key, in key order, when the read is of one entry.
    pub key: Vec<Value>,
}

/// Rows of one entity as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundRead {
    /// Whose rows.
    pub entity: EntityIx,
    /// The policy and the client's filter and search, joined. Variable 0 is the row.
    pub filter: Expr,
    /// What is written for each row, in order.
    pub select: Vec<Selected>,
    /// Total order: the key always comes last.
    pub order: Vec<Order>,
    /// Which part of the rows.
    pub page: Page,
    /// Whether and how to count all rows that match `filter`.
    pub count: Count,
}

/// Which part of the ordered rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// The one row whose key is [`Args::key`]. The answer's body is the object, or empty when there is none.
    Key,
    /// Rows from an offset. One row more than `limit` is fetched to know whether there is a next page.
    Offset {
        /// Most rows.
        limit: u64,
        /// Rows passed over.
        offset: u64,
    },
    /// Rows after (or before) the row with these order values, one per [`BoundRead::order`].
    Seek {
        /// Most rows.
        limit: u64,
        /// Order values of the row to start from.
        from: Vec<Value>,
        /// Towards the front; the rows still come out in the stated order.
        before: bool,
    },
    /// Every row of each parent (an included relation), with an optional limit per parent.
    PerParent {
        /// Most rows for each parent.
        limit: Option<u64>,
    },
}

/// Counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Count {
    /// Not asked for.
    None,
    /// Exactly.
    Exact,
    /// By the planner's estimate where the database has one, else exactly.
    Estimated,
}

/// One member of the answer's objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// Name in JSON.
    pub json: String,
    /// What stands there.
    pub output: Output,
    /// Where it does not hold for a row, the member is left out (rules on fields); `None` is always true.
    pub guard: Option<Expr>,
}

/// What stands at a name.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// The field as stored. For references the key (an object for a compound key), for `AnyOf` `{"type", "id"}`.
    Field(FieldIx),
    /// A computed value.
    Value(Expr),
    /// An embedded struct: an object of inner fields (by position); null when the field is nullable and every inner column is null.
    Embedded {
        /// The embedded field.
        field: FieldIx,
        /// Inner fields and their JSON names.
        inner: Vec<(FieldIx, String)>,
    },
    /// At most one related row: through a `Ref`, or an `Inverse` with `one`. Null when there is none or it may not be read.
    One {
        /// The relation.
        field: FieldIx,
        /// What of the related row; its `page` is `PerParent`.
        read: Box<BoundRead>,
    },
    /// A polymorphic reference, one read per possible target.
    AnyOne {
        /// The `AnyOf` field.
        field: FieldIx,
        /// Per target: its position in `AnyOf::targets` and what of it. Each object begins with `"type"`.
        reads: Vec<(u32, BoundRead)>,
    },
    /// A list of related rows: `Many` or `Inverse`.
    Many {
        /// The relation.
        field: FieldIx,
        /// What of each; its `page` is `PerParent`.
        read: Box<BoundRead>,
    },
}

/// One key of the order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What is compared: a field of the row, or of a row reached by to-one references (null when that may not be read: see `guard`).
    pub by: FieldRef,
    /// Descending.
    pub desc: bool,
    /// Condition over the row reached (variable 0 there) without which the value counts as null: the read policy of the entity reached.
    pub guard: Option<Expr>,
    /// Whether the value can be null. Nulls come last ascending and first descending, on every database.
    pub nullable: bool,
}

/// Aggregates over rows.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundAggregate {
    /// Whose rows.
    pub entity: EntityIx,
    /// Policy and filter.
    pub filter: Expr,
    /// Grouping; empty gives one row. JSON name and field; times may be cut to a unit.
    pub group: Vec<(String, FieldRef, Option<TimeUnit>)>,
    /// What is computed, with JSON names.
    pub values: Vec<(String, Aggregate)>,
    /// Order over the output names.
    pub order: Vec<(String, bool)>,
    /// Most groups.
    pub limit: u64,
    /// Groups passed over.
    pub offset: u64,
}

/// To which unit a time is cut for grouping, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TimeUnit {
    Year,
    Month,
    Day,
    Hour,
}

/// One aggregate.
#[derive(Debug, Clone, PartialEq)]
pub enum Aggregate {
    /// Rows.
    Count,
    /// Rows where the field is not null.
    CountOf(FieldRef),
    /// Different values.
    CountDistinct(FieldRef),
    /// Sum: integers and decimals exact (a decimal string when not an integer that fits), floats as doubles; null for no rows.
    Sum(FieldRef),
    /// Mean: decimals to 6 digits after the point as a string; integers and floats as a double.
    Avg(FieldRef),
    /// Smallest.
    Min(FieldRef),
    /// Largest.
    Max(FieldRef),
}

/// Rows as typed values, for judging in process (policies on a single record, rules, hooks, nested writes).
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Whose rows.
    pub entity: EntityIx,
    /// Condition; for one row it compares the key with literals.
    pub filter: Expr,
    /// Which fields; each gives one value (see [`Record`]).
    pub fields: Vec<FieldIx>,
    /// Lock the rows until the end of the transaction.
    pub lock: bool,
    /// Most rows.
    pub limit: Option<u64>,
}

/// Values of a row, aligned with a list of fields. A reference to a compound key and an embedded struct are
/// `Value::List` of their parts (null as a whole when every part is null); `AnyOf` is `Value::List([type, id])`.
pub type Record = Vec<Value>;

impl Args {
    /// For statements that know neither who asks nor when: those of join tables.
    pub fn none() -> Args {
        Args {
            me: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            key: Vec::new(),
        }
    }
}

/// New rows of one entity. Every row has the same fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// Whose rows.
    pub entity: EntityIx,
    /// Fields written; fields not named get the database's default.
    pub fields: Vec<FieldIx>,
    /// The rows.
    pub rows: Vec<Record>,
    /// Rows of join tables to add for the first (and only) row: relation field and target keys. In the same statement where the database can.
    pub links: Vec<(FieldIx, Vec<Vec<Value>>)>,
}

/// A change of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Whose rows.
    pub entity: EntityIx,
    /// Which rows.
    pub filter: Expr,
    /// Field and new value.
    pub set: Vec<(FieldIx, Value)>,
}

/// Removal of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// Whose rows.
    pub entity: EntityIx,
    /// Which rows.
    pub filter: Expr,
}

/// A change to a join table for one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Entity and its `Many` field.
    pub entity: EntityIx,
    /// The relation.
    pub field: FieldIx,
    /// Key of the row on this side.
    pub from: Vec<Value>,
    /// Keys of target rows.
    pub to: Vec<Vec<Value>>,
}
