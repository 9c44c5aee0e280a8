//! The tree as parsed: names not resolved yet. It prints back to text ([`crate::print`]) and to JSON ([`crate::json`]).

use glaze_model::Span;

use crate::tree::{Arith, Compare};

/// Trees may not be higher than this, so that no walk over one can exhaust the stack.
pub const MAX_DEPTH: u16 = 64;

/// A parsed expression. Two are equal when they say the same, wherever they stood.
#[derive(Debug, Clone)]
pub struct Ast {
    /// What it says.
    pub kind: Kind,
    /// Byte range in the text.
    pub span: Span,
    height: u16,
}

impl PartialEq for Ast {
    fn eq(&self, other: &Ast) -> bool {
        self.kind == other.kind
    }
}

/// Kinds of parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `3`
    Int(i64),
    /// `1.5`; finite.
    Float(f64),
    /// `'text'`
    Text(String),
    /// `[a, b]`
    List(Vec<Ast>),
    /// A name.
    Name(String),
    /// `base.name`
    Member(Box<Ast>, Name),
    /// `base[key]`
    Index(Box<Ast>, Box<Ast>),
    /// `!a`
    Not(Box<Ast>),
    /// `-a`
    Neg(Box<Ast>),
    /// `a && b && c`
    And(Vec<Ast>),
    /// `a || b || c`
    Or(Vec<Ast>),
    /// `a == b`
    Compare(Compare, Box<Ast>, Box<Ast>),
    /// `a in b`
    In(Box<Ast>, Box<Ast>),
    /// `a + b`
    Arith(Arith, Box<Ast>, Box<Ast>),
    /// `c ? a : b`
    If(Box<Ast>, Box<Ast>, Box<Ast>),
    /// `f(a, b)` or, with a receiver, `x.f(a, b)`.
    Call {
        /// What it is called on.
        on: Option<Box<Ast>>,
        /// The function.
        name: Name,
        /// Its arguments.
        args: Vec<Ast>,
    },
    /// `relation.exists(row, body)`
    Macro {
        /// Which one.
        kind: Macro,
        /// The relation.
        over: Box<Ast>,
        /// Name of each row in the body.
        row: Name,
        /// The condition.
        body: Box<Ast>,
    },
}

/// A name with its place. Two are equal when the texts are.
#[derive(Debug, Clone)]
pub struct Name {
    /// The text.
    pub text: String,
    /// Byte range.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.text == other.text
    }
}

/// The macros: calls whose first argument names a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Macro {
    /// One of the rows satisfies.
    Exists,
    /// All of the rows satisfy.
    All,
    /// Those rows that satisfy; only to be counted with `size`.
    Filter,
}

impl Macro {
    /// Every macro with its name.
    pub const ALL: [(&'static str, Macro); 3] = [("exists", Macro::Exists), ("all", Macro::All), ("filter", Macro::Filter)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Macro::ALL.iter().find(|(_, item)| *item == self).map_or("", |(name, _)| name)
    }
}

impl Ast {
    /// A node; `And` in `And` and `Or` in `Or` at the first place are flattened, as the parser does.
    pub fn new(kind: Kind, span: Span) -> Ast {
        let kind = match kind {
            Kind::And(items) => Kind::And(flatten(items, |kind| match kind {
                Kind::And(inner) => Ok(inner),
                other => Err(other),
            })),
            Kind::Or(items) => Kind::Or(flatten(items, |kind| match kind {
                Kind::Or(inner) => Ok(inner),
                other => Err(other),
            })),
            other => other,
        };
        let height = 1 + kind.children().into_iter().map(|child| child.height).max().unwrap_or(0);
        Ast { kind, span, height }
    }

    /// How many nodes lie on the longest way to a leaf.
    pub fn height(&self) -> u16 {
        self.height
    }
}

/// Takes the items of a first item of the same kind: `(a && b) && c` is `a && b && c`.
fn flatten(items: Vec<Ast>, same: impl Fn(Kind) -> Result<Vec<Ast>, Kind>) -> Vec<Ast> {
    let mut items = items.into_iter();
    let Some(first) = items.next() else { return Vec::new() };
    let mut flat = match same(first.kind) {
        Ok(inner) => inner,
        Err(kind) => vec![Ast {
            kind,
            span: first.span,
            height: first.height,
        }],
    };
    flat.extend(items);
    flat
}

impl Kind {
    /// The parts, in the order of the text.
    pub fn children(&self) -> Vec<&Ast> {
        match self {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) | Kind::Name(_) => Vec::new(),
            Kind::List(items) | Kind::And(items) | Kind::Or(items) => items.iter().collect(),
            Kind::Member(base, _) => vec![base],
            Kind::Not(inner) | Kind::Neg(inner) => vec![inner],
            Kind::Index(a, b) | Kind::Compare(_, a, b) | Kind::In(a, b) | Kind::Arith(_, a, b) => vec![a, b],
            Kind::If(a, b, c) => vec![a, b, c],
            Kind::Call { on, args, .. } => on.iter().map(Box::as_ref).chain(args).collect(),
            Kind::Macro { over, body, .. } => vec![over, body],
        }
    }
}
