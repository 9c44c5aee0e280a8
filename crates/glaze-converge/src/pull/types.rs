//! Native types in the model's terms.

use glaze_model::Scalar;

/// What a native type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadType {
    /// The scalar.
    pub scalar: Scalar,
    /// A list of it.
    pub list: bool,
    /// Longest text.
    pub max: Option<u32>,
    /// Digits of a decimal: all, and after the point.
    pub digits: Option<(u32, u32)>,
}

impl ReadType {
    /// One scalar without limits.
    pub fn of(scalar: Scalar) -> ReadType {
        ReadType {
            scalar,
            list: false,
            max: None,
            digits: None,
        }
    }
}

/// Types in the words that most databases share, as far as they mean something to us; a tag after a colon
/// (`integer:decimal(12,2)`) is Glaze's own and says it exactly.
pub fn standard_type(ty: &str) -> Option<ReadType> {
    let lower = ty.trim().to_ascii_lowercase();
    if let Some((_, tag)) = lower.split_once(':') {
        return tagged(tag.trim());
    }
    let (name, args) = split(&lower);
    let first = args.first().copied();
    let text = |max: Option<u32>| {
        Some(ReadType {
            max,
            ..ReadType::of(Scalar::String)
        })
    };
    let plain = |scalar| Some(ReadType::of(scalar));
    match name.as_str() {
        "varchar" | "nvarchar" | "char" | "nchar" | "character" | "varying character" | "character varying" | "native character" => {
            text(first)
        }
        "text" | "ntext" | "clob" | "longtext" | "mediumtext" => plain(Scalar::Text),
        "tinytext" => text(Some(255)),
        "bool" | "boolean" | "bit" => plain(Scalar::Bool),
        "tinyint" if first == Some(1) => plain(Scalar::Bool),
        "tinyint" | "smallint" | "int2" => plain(Scalar::I16),
        "int" | "mediumint" | "int4" => plain(Scalar::I32),
        "integer" | "bigint" | "int8" | "unsigned big int" => plain(Scalar::I64),
        "real" | "double" | "double precision" | "float" => plain(Scalar::F64),
        "numeric" | "decimal" | "money" => Some(ReadType {
            digits: first.map(|precision| (precision, args.get(1).copied().unwrap_or_default())),
            ..ReadType::of(Scalar::Decimal)
        }),
        "date" => plain(Scalar::Date),
        "time" => plain(Scalar::Time),
        "datetime" | "timestamp" | "timestamptz" | "timestamp with time zone" | "timestamp without time zone" => plain(Scalar::DateTime),
        "blob" | "binary" | "varbinary" | "longblob" | "bytea" => plain(Scalar::Bytes),
        "json" | "jsonb" => plain(Scalar::Json),
        "uuid" | "guid" | "uniqueidentifier" => plain(Scalar::Uuid),
        _ => None,
    }
}

fn tagged(tag: &str) -> Option<ReadType> {
    if let Some(inner) = tag.strip_prefix("list(").and_then(|rest| rest.strip_suffix(')')) {
        return Some(ReadType {
            list: true,
            ..tagged(inner)?
        });
    }
    let (name, args) = split(tag);
    let scalar = match name.as_str() {
        "bool" => Scalar::Bool,
        "i16" => Scalar::I16,
        "i32" => Scalar::I32,
        "i64" => Scalar::I64,
        "f32" => Scalar::F32,
        "f64" => Scalar::F64,
        "varchar" | "string" => Scalar::String,
        "text" => Scalar::Text,
        "uuid" => Scalar::Uuid,
        "date" => Scalar::Date,
        "time" => Scalar::Time,
        "datetime" => Scalar::DateTime,
        "duration" => Scalar::Duration,
        "json" => Scalar::Json,
        "bytes" => Scalar::Bytes,
        "decimal" => Scalar::Decimal,
        "point" => Scalar::Point,
        _ => return None,
    };
    let max = args.first().copied().filter(|_| scalar == Scalar::String);
    let digits = match (scalar, args.as_slice()) {
        (Scalar::Decimal, [precision, scale]) => Some((*precision, *scale)),
        _ => None,
    };
    Some(ReadType {
        scalar,
        list: false,
        max,
        digits,
    })
}

/// `numeric(10, 2)` → `numeric`, 10 and 2.
fn split(ty: &str) -> (String, Vec<u32>) {
    let (name, rest) = ty.split_once('(').unwrap_or((ty, ""));
    let args = rest
        .split(')')
        .next()
        .unwrap_or_default()
        .split(',')
        .filter_map(|number| number.trim().parse().ok())
        .collect();
    (name.split_whitespace().collect::<Vec<_>>().join(" "), args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_are_understood() {
        for (ty, scalar) in [
            ("NVARCHAR(160)", Some(Scalar::String)),
            ("INTEGER", Some(Scalar::I64)),
            ("NUMERIC(10,2)", Some(Scalar::Decimal)),
            ("DATETIME", Some(Scalar::DateTime)),
            ("integer:bool", Some(Scalar::Bool)),
            ("integer:decimal(12,2)", Some(Scalar::Decimal)),
            ("text:list(i32)", Some(Scalar::I32)),
            ("GEOMETRY", None),
            ("", None),
        ] {
            assert_eq!(standard_type(ty).map(|read| read.scalar), scalar, "{ty}");
        }
        assert_eq!(standard_type("NUMERIC(10,2)").and_then(|read| read.digits), Some((10, 2)));
    }
}
