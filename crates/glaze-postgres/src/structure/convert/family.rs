//! Types in the spelling of `format_type`, as far as conversions tell them apart.

/// Families of types in which values move more or less freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// With the number of bytes.
    Integer(u8),
    /// With the number of bytes.
    Float(u8),
    /// Precision and scale, `None` without limits.
    Numeric(Option<(i64, i64)>),
    /// `text`, `varchar`, `citext`; with the longest length.
    Text(Option<i64>),
    /// `character(n)`: padded with spaces that do not count.
    Char(i64),
    Bool,
    Date,
    /// With a time zone or not; digits of the second.
    Timestamp(bool, i64),
    /// With a time zone or not; digits of the second.
    Time(bool, i64),
    /// Binary or not.
    Json(bool),
    Uuid,
    Bytes,
    /// `bit(n)`, `bit varying(n)`: varying or not, with the length.
    Bits(bool, Option<i64>),
    List,
    /// A type of PostgreSQL's own that converts to text and to nothing else by itself.
    Builtin,
    /// An enum, a domain, a type of an extension: goes through text.
    Named,
}

/// Digits of a second where the type does not say.
const MOST_DIGITS: i64 = 6;

/// Types of PostgreSQL's own without a family of theirs.
const BUILTIN: &[&str] = &[
    "interval",
    "money",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "tsvector",
    "tsquery",
    "xml",
    "oid",
    "name",
    "\"char\"",
    "pg_lsn",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
];

/// The family of a type.
pub(super) fn family(ty: &str) -> Family {
    if ty.ends_with("[]") {
        return Family::List;
    }
    let (name, args) = match ty.split_once('(') {
        Some((name, rest)) => (
            format!("{name}{}", rest.split_once(')').map_or("", |(_, tail)| tail)),
            rest.split(')').next().unwrap_or_default(),
        ),
        None => (ty.to_owned(), ""),
    };
    let numbers: Vec<i64> = args.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    let first = numbers.first().copied();
    let digits = first.unwrap_or(MOST_DIGITS);
    match name.as_str() {
        "smallint" => Family::Integer(2),
        "integer" => Family::Integer(4),
        "bigint" => Family::Integer(8),
        "real" => Family::Float(4),
        "double precision" => Family::Float(8),
        "numeric" => Family::Numeric(first.map(|precision| (precision, numbers.get(1).copied().unwrap_or_default()))),
        "text" | "citext" | "public.citext" => Family::Text(None),
        "character varying" => Family::Text(first),
        "character" | "bpchar" => first.map_or(Family::Text(None), Family::Char),
        "boolean" => Family::Bool,
        "date" => Family::Date,
        "timestamp with time zone" => Family::Timestamp(true, digits),
        "timestamp without time zone" => Family::Timestamp(false, digits),
        "time with time zone" => Family::Time(true, digits),
        "time without time zone" => Family::Time(false, digits),
        "jsonb" => Family::Json(true),
        "json" => Family::Json(false),
        "uuid" => Family::Uuid,
        "bytea" => Family::Bytes,
        "bit" => Family::Bits(false, first),
        "bit varying" => Family::Bits(true, first),
        name if BUILTIN.contains(&name) || name.starts_with("interval") => Family::Builtin,
        _ => Family::Named,
    }
}

impl Family {
    /// The longest text that a value of the family has, where there is one.
    pub(super) fn longest(self) -> Option<i64> {
        match self {
            Family::Integer(2) => Some(6),
            Family::Integer(4) => Some(11),
            Family::Integer(_) => Some(20),
            Family::Numeric(Some((precision, scale))) if scale >= 0 => Some(precision.max(scale + 1) + 2),
            Family::Bool => Some(5),
            Family::Uuid => Some(36),
            Family::Text(limit) => limit,
            Family::Char(limit) => Some(limit),
            _ => None,
        }
    }
}
