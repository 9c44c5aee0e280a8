//! The operators and which type takes which.

use glaze_expr::tree::{Compare, Func, Type};
use glaze_model::Scalar;

/// An operator of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Op {
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
    In,
    Nin,
    Null,
    Nnull,
    Contains,
    Icontains,
    StartsWith,
    IstartsWith,
    EndsWith,
    IendsWith,
    Between,
    Nbetween,
    Empty,
    Nempty,
}

use Op::*;

impl Op {
    /// Every operator with its word and what it means, in the order of the reference.
    pub const ALL: [(&'static str, Op, &'static str); 20] = [
        ("_eq", Eq, "equal; `null` equals `null`"),
        ("_neq", Neq, "not equal; null is not equal to any value"),
        ("_lt", Lt, "less"),
        ("_lte", Lte, "less or equal"),
        ("_gt", Gt, "greater"),
        ("_gte", Gte, "greater or equal"),
        ("_in", In, "one of a list; an empty list matches nothing"),
        ("_nin", Nin, "none of a list; null matches"),
        ("_null", Null, "`true`: has no value; `false`: has one"),
        ("_nnull", Nnull, "`true`: has a value; `false`: has none"),
        ("_contains", Contains, "text: contains exactly this; list: has this item"),
        ("_icontains", Icontains, "contains, ignoring case"),
        ("_starts_with", StartsWith, "begins with exactly this"),
        ("_istarts_with", IstartsWith, "begins with, ignoring case"),
        ("_ends_with", EndsWith, "ends with exactly this"),
        ("_iends_with", IendsWith, "ends with, ignoring case"),
        ("_between", Between, "from the first to the second value, both included"),
        ("_nbetween", Nbetween, "outside of that"),
        (
            "_empty",
            Empty,
            "null, an empty text, an empty list; a to-many relation without rows",
        ),
        ("_nempty", Nempty, "not that"),
    ];

    /// The word.
    pub fn word(self) -> &'static str {
        Op::ALL.iter().find(|(_, op, _)| *op == self).map_or("", |(word, ..)| word)
    }

    /// The operator of this word.
    pub fn of(word: &str) -> Option<Op> {
        Op::ALL.iter().find(|(known, ..)| *known == word).map(|(_, op, _)| *op)
    }

    /// The comparison it is, if it is one.
    pub(super) fn compare(self) -> Option<Compare> {
        Some(match self {
            Eq => Compare::Eq,
            Neq => Compare::Ne,
            Lt => Compare::Lt,
            Lte => Compare::Le,
            Gt => Compare::Gt,
            Gte => Compare::Ge,
            _ => return None,
        })
    }

    /// The text function it is, if it is one.
    pub(super) fn text(self) -> Option<Func> {
        Some(match self {
            Contains => Func::Contains,
            Icontains => Func::IContains,
            StartsWith => Func::StartsWith,
            IstartsWith => Func::IStartsWith,
            EndsWith => Func::EndsWith,
            IendsWith => Func::IEndsWith,
            _ => return None,
        })
    }
}

const TEXT: &[Op] = &[
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
    In,
    Nin,
    Null,
    Nnull,
    Contains,
    Icontains,
    StartsWith,
    IstartsWith,
    EndsWith,
    IendsWith,
    Between,
    Nbetween,
    Empty,
    Nempty,
];
const ORDERED: &[Op] = &[Eq, Neq, Lt, Lte, Gt, Gte, In, Nin, Null, Nnull, Between, Nbetween];
const EXACT: &[Op] = &[Eq, Neq, In, Nin, Null, Nnull];
const JSON_TEXT: &[Op] = &[
    Eq,
    Neq,
    In,
    Nin,
    Null,
    Nnull,
    Contains,
    Icontains,
    StartsWith,
    IstartsWith,
    EndsWith,
    IendsWith,
];
const LIST: &[Op] = &[Contains, Null, Nnull, Empty, Nempty];
const HOLDER: &[Op] = &[Null, Nnull, Empty, Nempty];
const PRESENCE: &[Op] = &[Null, Nnull];
const TO_MANY: &[Op] = &[Eq, In, Empty, Nempty];

/// Operators for a plain value of this type.
pub fn for_type(ty: &Type) -> &'static [Op] {
    match ty {
        Type::Scalar(scalar) if scalar.is_text() => TEXT,
        Type::Scalar(Scalar::Bool) => EXACT,
        Type::Scalar(Scalar::Json | Scalar::RichText | Scalar::Point | Scalar::Bytes) => PRESENCE,
        Type::Scalar(_) => ORDERED,
        Type::Enum(_) | Type::Row(_) => EXACT,
        Type::List(item) => match **item {
            Type::Row(_) => TO_MANY,
            _ => LIST,
        },
        Type::Json => PRESENCE,
        Type::Opaque => EXACT,
        Type::AnyRow | Type::Null => PRESENCE,
    }
}

/// Operators for a value at a path inside JSON.
pub fn for_json_path() -> &'static [Op] {
    JSON_TEXT
}

/// Operators for lists of blocks or embedded structs.
pub fn for_json_list() -> &'static [Op] {
    HOLDER
}
