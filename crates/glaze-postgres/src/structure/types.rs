//! Types: what a field is stored as, in the spelling of `format_type`.

use glaze_converge::{
    dialect::{ColumnSpec, Stored},
    pull::ReadType,
};
use glaze_model::{EnumType, Scalar, Value};

use super::{DEFAULT_SCHEMA, ident::quote_ident};

/// Type of a column.
pub(super) fn column_type(spec: &ColumnSpec<'_>) -> String {
    if let Some(ty) = &spec.db.ty {
        return canonical_type(ty);
    }
    match spec.stored {
        Stored::Scalar(Scalar::String) => match &spec.constraints.max {
            Some(Value::Int(max)) if (1..=MAX_VARCHAR).contains(max) => format!("character varying({max})"),
            _ => "text".to_owned(),
        },
        Stored::Scalar(scalar) => scalar_type(scalar, spec),
        Stored::List(scalar) => format!("{}[]", scalar_type(scalar, spec)),
        Stored::Enum(item) => enum_type(item),
        Stored::EnumList(item) => format!("{}[]", enum_type(item)),
        Stored::JsonList => "jsonb".to_owned(),
        Stored::Custom => "text".to_owned(),
    }
}

/// Most characters that `varchar(n)` can be declared with.
const MAX_VARCHAR: i64 = 10_485_760;

fn scalar_type(scalar: Scalar, spec: &ColumnSpec<'_>) -> String {
    let name = match scalar {
        Scalar::Bool => "boolean",
        Scalar::I16 => "smallint",
        Scalar::I32 => "integer",
        Scalar::I64 => "bigint",
        Scalar::F32 => "real",
        Scalar::F64 => "double precision",
        Scalar::String | Scalar::Text | Scalar::Email | Scalar::Url | Scalar::Slug | Scalar::Color => "text",
        Scalar::Uuid => "uuid",
        Scalar::Date => "date",
        Scalar::Time => "time without time zone",
        Scalar::DateTime => "timestamp with time zone",
        Scalar::Duration => "interval",
        Scalar::Json | Scalar::RichText => "jsonb",
        Scalar::Bytes => "bytea",
        Scalar::Point => "point",
        Scalar::Decimal | Scalar::Money => {
            let (precision, scale) = scalar.default_precision().unwrap_or((19, 4));
            let constraints = &spec.constraints;
            return format!(
                "numeric({},{})",
                constraints.precision.unwrap_or(precision),
                constraints.scale.unwrap_or(scale)
            );
        }
    };
    name.to_owned()
}

fn enum_type(item: &EnumType) -> String {
    if !item.native {
        return "text".to_owned();
    }
    match item.schema.as_deref() {
        None | Some(DEFAULT_SCHEMA) => quote_ident(&item.db_name),
        Some(schema) => format!("{}.{}", quote_ident(schema), quote_ident(&item.db_name)),
    }
}

/// A type as people write it (`varchar(40)`, `TIMESTAMPTZ`, `int[]`) in the spelling of `format_type`.
pub fn canonical_type(written: &str) -> String {
    let text = lower_outside_quotes(written.trim());
    let mut base = text.as_str();
    let mut dimensions = 0;
    while let Some(inner) = base.strip_suffix(']') {
        let Some(open) = inner.rfind('[') else { break };
        base = base[..open].trim_end();
        dimensions += 1;
    }
    // `format_type` shows one dimension whatever was declared.
    let list = if dimensions > 0 { "[]" } else { "" };
    let (name, args, tail) = split_args(base);
    let name = name.strip_prefix("pg_catalog.").unwrap_or(&name);
    let name = name.strip_prefix("public.").unwrap_or(name);
    let args = args.map_or(String::new(), |args| {
        format!("({})", args.split(',').map(str::trim).collect::<Vec<_>>().join(","))
    });
    let spelled = match (name, tail.as_str()) {
        ("int" | "int4" | "integer", "") => "integer".to_owned(),
        ("int2" | "smallint", "") => "smallint".to_owned(),
        ("int8" | "bigint", "") => "bigint".to_owned(),
        ("float4" | "real", "") => "real".to_owned(),
        ("float8" | "float" | "double precision", "") => "double precision".to_owned(),
        ("bool" | "boolean", "") => "boolean".to_owned(),
        ("varchar" | "character varying" | "char varying", "") => format!("character varying{args}"),
        ("char" | "character", "") => format!("character{}", if args.is_empty() { "(1)" } else { &args }),
        ("varbit" | "bit varying", "") => format!("bit varying{args}"),
        ("bit", "") => format!("bit{}", if args.is_empty() { "(1)" } else { &args }),
        ("numeric" | "decimal" | "dec", "") if !args.is_empty() && !args.contains(',') => {
            format!("numeric{},0)", args.trim_end_matches(')'))
        }
        ("numeric" | "decimal" | "dec", "") => format!("numeric{args}"),
        ("timestamptz", "") | ("timestamp", "with time zone") => format!("timestamp{args} with time zone"),
        ("timestamp", "" | "without time zone") => format!("timestamp{args} without time zone"),
        ("timetz", "") | ("time", "with time zone") => format!("time{args} with time zone"),
        ("time", "" | "without time zone") => format!("time{args} without time zone"),
        (name, "") => format!("{name}{args}"),
        (name, tail) => format!("{name}{args} {tail}"),
    };
    format!("{spelled}{list}")
}

/// What a type holds, in the model's terms. Domains, ranges, vectors and whatever else passes through as text.
pub(super) fn read_type(ty: &str) -> Option<ReadType> {
    if let Some(item) = ty.strip_suffix("[]") {
        return Some(ReadType {
            list: true,
            ..read_type(item)?
        });
    }
    let (name, args, tail) = split_args(ty);
    let numbers: Vec<u32> = args
        .iter()
        .flat_map(|args| args.split(','))
        .filter_map(|number| number.trim().parse().ok())
        .collect();
    let first = numbers.first().copied();
    let scalar = match (name.as_str(), tail.as_str()) {
        ("boolean", "") => Scalar::Bool,
        ("smallint", "") => Scalar::I16,
        ("integer", "") => Scalar::I32,
        ("bigint", "") => Scalar::I64,
        ("real", "") => Scalar::F32,
        ("double precision", "") => Scalar::F64,
        ("character varying" | "character" | "citext", "") => {
            return Some(ReadType {
                max: first,
                ..ReadType::of(Scalar::String)
            });
        }
        ("text", "") => Scalar::Text,
        ("uuid", "") => Scalar::Uuid,
        ("date", "") => Scalar::Date,
        ("time", "without time zone") => Scalar::Time,
        ("timestamp", "with time zone" | "without time zone") => Scalar::DateTime,
        ("interval", "") => Scalar::Duration,
        ("json" | "jsonb", "") => Scalar::Json,
        ("bytea", "") => Scalar::Bytes,
        ("point", "") => Scalar::Point,
        ("numeric", "") => {
            let digits = first.map(|precision| (precision, numbers.get(1).copied().unwrap_or_default()));
            return Some(ReadType {
                digits,
                ..ReadType::of(Scalar::Decimal)
            });
        }
        _ => return None,
    };
    Some(ReadType::of(scalar))
}

/// `timestamp(3) with time zone` → `timestamp`, `3`, `with time zone`.
fn split_args(base: &str) -> (String, Option<String>, String) {
    if let Some((name, rest)) = base.split_once('(')
        && let Some((args, tail)) = rest.split_once(')')
    {
        return (words(name), Some(args.to_owned()), words(tail));
    }
    let base = words(base);
    for kind in ["timestamp", "time"] {
        if let Some(tail) = base.strip_prefix(kind)
            && tail.starts_with(' ')
        {
            return (kind.to_owned(), None, tail.trim().to_owned());
        }
    }
    (base, None, String::new())
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lower_outside_quotes(text: &str) -> String {
    let mut quoted = false;
    text.chars()
        .map(|c| {
            if c == '"' {
                quoted = !quoted;
            }
            if quoted { c } else { c.to_ascii_lowercase() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_become_the_name_that_introspection_reports() {
        for (written, spelled) in [
            ("INT", "integer"),
            ("varchar(40)", "character varying(40)"),
            ("numeric( 10 , 2 )", "numeric(10,2)"),
            ("decimal(10)", "numeric(10,0)"),
            ("timestamptz", "timestamp with time zone"),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("timestamp(3) without time zone", "timestamp(3) without time zone"),
            ("TIMESTAMP", "timestamp without time zone"),
            ("char", "character(1)"),
            ("int4[]", "integer[]"),
            ("text[][]", "text[]"),
            ("time with time zone[]", "time with time zone[]"),
            ("public.year", "year"),
            ("\"MyType\"", "\"MyType\""),
            ("vector(1536)", "vector(1536)"),
            ("geometry(Point, 4326)", "geometry(point,4326)"),
        ] {
            assert_eq!(canonical_type(written), spelled, "{written}");
            assert_eq!(canonical_type(spelled), spelled);
        }
    }
}
