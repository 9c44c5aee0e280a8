//! What a read compiles to: statements with parameter slots, and row plans that say how each row becomes JSON.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use glaze_data::bound::Args;
use glaze_model::Value;

use super::{Form, Kind};

/// Where a parameter's value comes from when the statement runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// The n-th literal of the query, in the order of [`super::shape`].
    Literal(u32),
    /// The n-th item of a literal that is a list (a compound key).
    LiteralItem(u32, u32),
    /// A constant of the schema (an expression of a computed field, a path into JSON).
    Fixed(Value),
    /// `me.id`
    Me,
    /// `now`
    Now,
    /// The n-th part of [`Args::key`].
    Key(u32),
    /// Rows passed over.
    Offset,
    /// The n-th part of the parent's key: one value, or on databases that batch an array of those of all parents.
    Parent(u32),
}

/// One parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Where its value comes from.
    pub slot: Slot,
    /// How it is handed over.
    pub form: Form,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Different for each statement of the process: key of the connections' caches of prepared statements.
    pub id: u64,
    /// The text.
    pub sql: String,
    /// Its parameters, in order.
    pub params: Vec<Param>,
}

impl Statement {
    /// With an id of its own.
    pub fn new(sql: String, params: Vec<Param>) -> Statement {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Statement {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            sql,
            params,
        }
    }
}

/// A whole read.
#[derive(Debug)]
pub struct ReadPlan {
    /// Rows of the entity asked for.
    pub root: Node,
    /// One row by key: the answer is an object.
    pub one: bool,
    /// Most rows; one more is fetched.
    pub limit: Option<u64>,
    /// Rows come in the reverse of the stated order.
    pub reversed: bool,
    /// Counts all rows that match.
    pub count: Option<Statement>,
    /// The count is an estimate; when it gives no answer (a negative number) this counts exactly.
    pub exact_count: Option<Statement>,
    /// Whether edges are of use (the page can be continued).
    pub edges: bool,
}

/// One statement and what becomes of its rows.
#[derive(Debug)]
pub struct Node {
    /// The statement.
    pub statement: Statement,
    /// How a row is written.
    pub row: Vec<Member>,
    /// Closes the object (`}`, or `{}` when there are no members).
    pub close: &'static [u8],
    /// Kind of each column, for decoding.
    pub columns: Vec<Kind>,
    /// Columns with the order's values.
    pub order: Vec<usize>,
    /// Columns that hold the parent's key (only on databases that batch).
    pub link: Vec<usize>,
    /// The limit per parent (only on databases that batch).
    pub each: Option<Each>,
    /// The same rows in the order of all terms but the last (only on databases that do not batch).
    pub streamed: Option<Streamed>,
    /// Reads of related rows, referred to by [`Content`].
    pub children: Vec<Child>,
}

/// A page read without its order's last term, the key that only parts ties: an index seldom ends with it, and without it the rows can
/// come straight from an index instead of being sorted. Who runs it puts tied rows into order.
#[derive(Debug)]
pub struct Streamed {
    /// Has the parameters of the node's own statement, and fetches [`SPARE`] rows more.
    pub statement: Statement,
    /// The last term is descending.
    pub desc: bool,
}

/// Rows that may be tied with the last of a page before the node's own statement is the better one.
pub const SPARE: usize = 32;

/// A limit per parent of a batch.
#[derive(Debug)]
pub struct Each {
    /// The node's own statement fetches one row more than this, for all parents together.
    pub most: u64,
    /// Most rows of one parent.
    pub limit: u64,
    /// Run instead when there were more: limits for each parent.
    pub statement: Statement,
}

/// A read of related rows.
#[derive(Debug)]
pub struct Child {
    /// Columns of the parent's row with the values the children are looked up by. Null in any: no children.
    pub parent: Vec<usize>,
    /// Column of the parent and its value, when the child applies to some parents only (polymorphic references).
    pub only: Option<(usize, Vec<u8>)>,
    /// What is read depends on nothing but the data and the values it is looked up by: not on the query, who asks, or the time.
    pub by_key: bool,
    /// The statement and its rows.
    pub node: Node,
}

/// One member of an object.
#[derive(Debug)]
pub struct Member {
    /// `,"title":`, or `{"title":` for the first: written by [`super::json::member`].
    pub name: Box<[u8]>,
    /// Column that must be true, else the member is left out.
    pub guard: Option<usize>,
    /// The value.
    pub content: Content,
}

/// What stands at a member.
#[derive(Debug)]
pub enum Content {
    /// A cell.
    Cell(usize, Kind),
    /// An object of cells.
    Object {
        /// Members with the beginning bytes as in [`Member::name`].
        cells: Vec<(Box<[u8]>, usize, Kind)>,
        /// Null is written when every cell is null.
        nullable: bool,
    },
    /// The one row of a child, or null.
    One(usize),
    /// The one row of the child that applies, or null. Each object begins with `"type"`.
    AnyOne(Vec<usize>),
    /// The rows of a child.
    Many(usize),
    /// The same text for every row.
    Text(Box<[u8]>),
}

impl Node {
    /// Whether the node and all below it depend on the data and the parent's key alone.
    pub fn is_by_key(&self) -> bool {
        let fixed = |param: &Param| matches!(param.slot, Slot::Parent(_) | Slot::Fixed(_));
        self.statement.params.iter().all(fixed) && self.children.iter().all(|child| child.by_key)
    }
}

/// A compiled read with the literals of one query.
#[derive(Debug)]
pub struct PreparedRead {
    /// The plan, shared by all queries of the shape.
    pub plan: Arc<ReadPlan>,
    /// Values of [`Slot::Literal`].
    pub literals: Vec<Value>,
    /// Value of [`Slot::Offset`].
    pub offset: u64,
    /// The same read through a search index, where there can be one.
    pub searched: Option<Searched>,
}

/// A read that searches: its plan for a database that has the search index.
#[derive(Debug)]
pub struct Searched {
    /// Whose index.
    pub entity: glaze_expr::tree::EntityIx,
    /// Position of the words among the literals.
    pub words: usize,
    /// The plan, with the sieve in front of the exact condition.
    pub plan: Arc<ReadPlan>,
}

/// A slot's value.
pub enum Filled<'a> {
    /// A value.
    Value(&'a Value),
    /// `me.id`
    Me(Option<uuid::Uuid>),
    /// `now`
    Now(jiff::Timestamp),
    /// A number of rows.
    Count(u64),
    /// The n-th part of the parents' keys.
    Parent(u32),
}

impl Slot {
    /// Its value for a run.
    pub fn fill<'a>(&'a self, literals: &'a [Value], offset: u64, args: &'a Args) -> Filled<'a> {
        const NULL: &Value = &Value::Null;
        match self {
            Slot::Literal(at) => Filled::Value(literals.get(*at as usize).unwrap_or(NULL)),
            Slot::LiteralItem(at, item) => Filled::Value(match literals.get(*at as usize) {
                Some(Value::List(items)) => items.get(*item as usize).unwrap_or(NULL),
                _ => NULL,
            }),
            Slot::Fixed(value) => Filled::Value(value),
            Slot::Me => Filled::Me(args.me),
            Slot::Now => Filled::Now(args.now),
            Slot::Key(at) => Filled::Value(args.key.get(*at as usize).unwrap_or(NULL)),
            Slot::Offset => Filled::Count(offset),
            Slot::Parent(at) => Filled::Parent(*at),
        }
    }
}
