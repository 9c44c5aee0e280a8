//! The typed tree. Every name is resolved against the model: entities and fields by position, so that nothing downstream
//! looks names up again. Built by the checker (from CEL) and by `glaze-data` (from filters).

use glaze_model::{Scalar, Span, Value};

/// Position of an entity in `Model::entities`.
pub type EntityIx = u32;
/// Position of a field in `Entity::fields`.
pub type FieldIx = u32;

/// A row that an expression can speak of. 0 is the row that is judged; each [`Node::Exists`] introduces the next one for
/// its body.
pub type Var = u16;

/// An expression with its type and where it stood in the source (empty for expressions that were not written as CEL).
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// What it gives.
    pub ty: Type,
    /// Byte range in the CEL text.
    pub span: Span,
}

/// Type of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// The literal `null`.
    Null,
    /// A scalar; numbers of every size compare with each other.
    Scalar(Scalar),
    /// A value of the enum of this name; compares with text.
    Enum(String),
    /// A list of a type.
    List(Box<Type>),
    /// A row of an entity: a reference that was not followed to a field. Compares with `me`, with rows of the same entity and
    /// with null, by key.
    Row(EntityIx),
    /// Polymorphic reference.
    AnyRow,
    /// JSON of unknown shape.
    Json,
    /// `Custom` fields: only null checks and equality with text.
    Opaque,
}

impl Type {
    /// True or false.
    pub const BOOL: Type = Type::Scalar(Scalar::Bool);
}

/// Kinds of expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A constant. Lists (`in [..]`, `_in`) are `Value::List`.
    Literal(Value),
    /// A field of a row.
    Field(FieldRef),
    /// The row as it was before an update (`before.status`); on create every field is null.
    Before(FieldRef),
    /// Something about who asks.
    Me(Me),
    /// `now`: the time of the request, one value for the whole request.
    Now,
    /// `!a`
    Not(Box<Expr>),
    /// All hold. Empty is true.
    And(Vec<Expr>),
    /// One holds. Empty is false.
    Or(Vec<Expr>),
    /// `a < b` and so on.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// `a in b`: `b` is a literal list, a list field, or `me.roles`. An empty list contains nothing.
    In(Box<Expr>, Box<Expr>),
    /// `a + b` and so on; on text `+` joins. Division by zero is null.
    Arith(Arith, Box<Expr>, Box<Expr>),
    /// `-a`
    Neg(Box<Expr>),
    /// A function.
    Call(Func, Vec<Expr>),
    /// `c ? a : b`; a null condition takes `b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Over the rows of a relation.
    Exists(Box<Exists>),
    /// `size(relation)`: how many rows a to-many relation has, optionally only those for which the body holds.
    CountOf(Box<Exists>),
    /// Search: every word of `text` (a run of letters and digits) is the beginning of a word in one of the fields, ignoring the case
    /// of ASCII letters. Of rich text the `text` members count. A text without words matches nothing.
    Search {
        /// Text fields of one row.
        fields: Vec<FieldRef>,
        /// What is looked for.
        text: String,
    },
}

/// `relation.exists(var, body)`, `.all`, and filters through relations.
#[derive(Debug, Clone, PartialEq)]
pub struct Exists {
    /// Row that has the relation.
    pub from: Var,
    /// Entity of that row.
    pub entity: EntityIx,
    /// To-one references to follow first.
    pub hops: Vec<FieldIx>,
    /// The relation field (`Ref`, `Many`, `Inverse` or `AnyOf`) on the entity reached.
    pub field: FieldIx,
    /// Entity of the related rows (for `AnyOf`, the one target meant).
    pub target: EntityIx,
    /// Name of the related row in `body`.
    pub var: Var,
    /// How many must satisfy.
    pub quantifier: Quantifier,
    /// Condition over `var`.
    pub body: Expr,
}

/// How many related rows must satisfy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// All of them (true for none). A row for which the body is null does not satisfy.
    Every,
    /// Not one.
    None,
}

/// A field of a row, possibly through to-one references.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldRef {
    /// The row.
    pub var: Var,
    /// Entity of the row.
    pub entity: EntityIx,
    /// References to follow first, each on the entity reached so far. Null anywhere gives null.
    pub hops: Vec<FieldIx>,
    /// The field on the entity reached.
    pub field: FieldIx,
    /// Which part of it.
    pub part: Part,
}

/// Which part of a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// The value; for a reference with a single-column key, the key.
    Whole,
    /// An inner field of an embedded struct, by position.
    Inner(FieldIx),
    /// The n-th column of a reference to a compound key.
    Key(u32),
    /// Type of a polymorphic reference (the target's `snake_case` name).
    AnyType,
    /// Id of a polymorphic reference, as text.
    AnyId,
    /// A path into a JSON field; the value as text, or null.
    Json(Vec<String>),
}

/// What is known of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Me {
    /// The actor as a row of `User`; null when anonymous. Its value is the id.
    Whole,
    /// `me.id`
    Id,
    /// `me.roles`: list of text, empty when anonymous.
    Roles,
    /// A field of the user's own row or profile, loaded with the session (issue "Identity"); null until then.
    Claim(String),
}

/// Comparisons. `Eq` and `Ne` are null-safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arith {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`; of integers it cuts towards zero, as in CEL.
    Div,
    /// `%`
    Rem,
}

/// Functions. Text functions count Unicode scalar values. Case folding is that of ASCII on both databases unless the
/// adapter can do better the same way in `evaluate`; see the expression reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Func {
    /// `size(text | list)`
    Size,
    /// `text.contains(part)`, exact.
    Contains,
    /// `text.startsWith(part)`
    StartsWith,
    /// `text.endsWith(part)`
    EndsWith,
    /// The same, ignoring case (`_icontains`; CEL: `text.icontains(part)`).
    IContains,
    /// Ignoring case.
    IStartsWith,
    /// Ignoring case.
    IEndsWith,
    /// `text.matches(regex)`; only a literal pattern, only judged in process (rules and checks, not row filters).
    Matches,
    /// `lower(text)`
    Lower,
    /// `upper(text)`
    Upper,
    /// `trim(text)`
    Trim,
    /// `coalesce(a, b, …)`: the first that is not null.
    Coalesce,
    /// `abs(number)`
    Abs,
    /// `round(number, digits)`
    Round,
    /// `list.contains(item)` on a list field (`item in list` gives [`Node::In`]).
    Has,
    /// `year(date)`, …
    Year,
    /// Month, 1–12.
    Month,
    /// Day of the month, 1–31.
    Day,
}

impl Expr {
    /// An expression that was not written as CEL.
    pub fn new(node: Node, ty: Type) -> Expr {
        Expr {
            node,
            ty,
            span: Span::default(),
        }
    }

    /// A constant truth.
    pub fn bool(value: bool) -> Expr {
        Expr::new(Node::Literal(Value::Bool(value)), Type::BOOL)
    }

    /// Whether it is the constant `true`.
    pub fn is_true(&self) -> bool {
        matches!(self.node, Node::Literal(Value::Bool(true)))
    }

    /// Whether it can never hold: the constant `false` or null.
    pub fn is_false(&self) -> bool {
        matches!(self.node, Node::Literal(Value::Bool(false) | Value::Null))
    }

    /// All of them, flattened; constants folded away.
    pub fn and(parts: impl IntoIterator<Item = Expr>) -> Expr {
        let mut all = Vec::new();
        for part in parts {
            match part.node {
                Node::Literal(Value::Bool(true)) => {}
                Node::Literal(Value::Bool(false)) => return Expr::bool(false),
                Node::And(inner) => all.extend(inner),
                _ => all.push(part),
            }
        }
        match all.len() {
            0 => Expr::bool(true),
            1 => all.remove(0),
            _ => Expr::new(Node::And(all), Type::BOOL),
        }
    }

    /// One of them, flattened; constants folded away.
    pub fn or(parts: impl IntoIterator<Item = Expr>) -> Expr {
        let mut any = Vec::new();
        for part in parts {
            match part.node {
                Node::Literal(Value::Bool(true)) => return Expr::bool(true),
                Node::Literal(Value::Bool(false)) => {}
                Node::Or(inner) => any.extend(inner),
                _ => any.push(part),
            }
        }
        match any.len() {
            0 => Expr::bool(false),
            1 => any.remove(0),
            _ => Expr::new(Node::Or(any), Type::BOOL),
        }
    }

    /// Not this one.
    #[allow(clippy::should_implement_trait)]
    pub fn not(self) -> Expr {
        match self.node {
            Node::Literal(Value::Bool(value)) => Expr::bool(!value),
            _ => Expr::new(Node::Not(Box::new(self)), Type::BOOL),
        }
    }
}
