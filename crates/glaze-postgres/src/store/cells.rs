//! Cells in PostgreSQL's binary form to JSON bytes.

use glaze_model::Value;
use glaze_sql::query::{Cell, Kind, calendar, json, wire_value};
use tokio_postgres::types::{FromSql, Kind as TypeKind, Type};

use super::params::is_text;

/// The raw bytes of a cell.
pub struct Raw<'a>(pub Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Raw<'a>, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Raw(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Raw<'a>, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Raw(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// How a column is written: its native type and what it stands for, resolved once per prepared statement.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Writer {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    /// A decimal string with so many digits after the point, or its own number of them.
    Numeric(Option<u32>),
    /// A numeric that is a whole number.
    NumericWhole,
    /// A numeric as a JSON number.
    NumericFloat,
    /// A float or an integer that stands for a decimal.
    AsDecimal(Box<Writer>, Option<u32>),
    Text,
    Uuid,
    Date,
    Time,
    /// With or without time zone: UTC either way.
    Timestamp,
    /// A timestamp of which only the date counts.
    DateOfTimestamp,
    Interval,
    Jsonb,
    Json,
    Bytea,
    Point,
    Array(Box<Writer>),
}

impl Writer {
    /// For a column of type `ty` that stands for `kind`.
    pub fn of(ty: &Type, kind: Kind) -> Writer {
        match ty.kind() {
            TypeKind::Array(item) => return Writer::Array(Box::new(Writer::of(item, kind.item()))),
            TypeKind::Domain(inner) => return Writer::of(inner, kind),
            _ => {}
        }
        let native = match *ty {
            Type::BOOL => Writer::Bool,
            Type::INT2 => Writer::Int2,
            Type::INT4 => Writer::Int4,
            Type::INT8 => Writer::Int8,
            Type::OID => Writer::Oid,
            Type::FLOAT4 => Writer::Float4,
            Type::FLOAT8 => Writer::Float8,
            Type::NUMERIC => match kind.cell {
                Cell::Decimal { scale, .. } => Writer::Numeric(scale),
                Cell::Int => Writer::NumericWhole,
                Cell::Float32 | Cell::Float64 => Writer::NumericFloat,
                _ => Writer::Numeric(None),
            },
            Type::UUID => Writer::Uuid,
            Type::DATE => Writer::Date,
            Type::TIME => Writer::Time,
            Type::TIMESTAMP | Type::TIMESTAMPTZ if kind.cell == Cell::Date => Writer::DateOfTimestamp,
            Type::TIMESTAMP | Type::TIMESTAMPTZ => Writer::Timestamp,
            Type::INTERVAL => Writer::Interval,
            Type::JSONB => Writer::Jsonb,
            Type::JSON => Writer::Json,
            Type::BYTEA => Writer::Bytea,
            Type::POINT => Writer::Point,
            _ => Writer::Text,
        };
        match (kind.cell, &native) {
            (Cell::Decimal { scale, .. }, Writer::Int2 | Writer::Int4 | Writer::Int8 | Writer::Float4 | Writer::Float8) => {
                Writer::AsDecimal(Box::new(native), scale)
            }
            _ => native,
        }
    }
}

fn array<const N: usize>(raw: &[u8]) -> Option<[u8; N]> {
    raw.get(..N)?.try_into().ok()
}

/// Writes a cell. Bytes that are not of the type (which the server never sends) become null.
pub fn write(out: &mut Vec<u8>, raw: Option<&[u8]>, writer: &Writer) {
    let Some(raw) = raw else { return json::null(out) };
    let begin = out.len();
    if try_write(out, raw, writer).is_none() {
        out.truncate(begin);
        json::null(out);
    }
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

fn try_write(out: &mut Vec<u8>, raw: &[u8], writer: &Writer) -> Option<()> {
    match writer {
        Writer::Text => json::string(out, raw),
        Writer::Uuid => json::uuid(out, array(raw)?),
        Writer::Bool => json::bool(out, *raw.first()? != 0),
        Writer::Int2 => json::int(out, i64::from(i16::from_be_bytes(array(raw)?))),
        Writer::Int4 => json::int(out, i64::from(i32::from_be_bytes(array(raw)?))),
        Writer::Int8 => json::int(out, i64::from_be_bytes(array(raw)?)),
        Writer::Oid => json::int(out, i64::from(u32::from_be_bytes(array(raw)?))),
        Writer::Float4 => json::float32(out, f32::from_be_bytes(array(raw)?)),
        Writer::Float8 => json::float64(out, f64::from_be_bytes(array(raw)?)),
        Writer::Numeric(scale) => {
            out.push(b'"');
            numeric(out, raw, *scale)?;
            out.push(b'"');
        }
        Writer::NumericWhole => whole(out, raw)?,
        Writer::NumericFloat => {
            let mut digits = Vec::new();
            numeric(&mut digits, raw, None)?;
            json::float64(out, std::str::from_utf8(&digits).ok()?.parse().ok()?);
        }
        Writer::AsDecimal(native, scale) => as_decimal(out, raw, native, *scale)?,
        Writer::Date => match i32::from_be_bytes(array(raw)?) {
            i32::MAX => out.extend_from_slice(b"\"infinity\""),
            i32::MIN => out.extend_from_slice(b"\"-infinity\""),
            days => quoted(out, |out| calendar::date(out, i64::from(days) + calendar::EPOCH_2000_DAYS)),
        },
        Writer::Time => {
            let micros = i64::from_be_bytes(array(raw)?);
            quoted(out, |out| calendar::time(out, micros));
        }
        Writer::Timestamp | Writer::DateOfTimestamp => timestamp(out, i64::from_be_bytes(array(raw)?), *writer == Writer::DateOfTimestamp),
        Writer::Interval => {
            let micros = interval(raw)?;
            quoted(out, |out| calendar::duration(out, micros));
        }
        Writer::Jsonb => json::compact(out, raw.get(1..)?),
        Writer::Json => json::compact(out, raw),
        Writer::Bytea => json::bytes(out, raw),
        Writer::Point => json::point(out, f64::from_be_bytes(array(raw.get(8..)?)?), f64::from_be_bytes(array(raw)?)),
        Writer::Array(item) => items(out, raw, item)?,
    }
    Some(())
}

fn timestamp(out: &mut Vec<u8>, since_2000: i64, date_only: bool) {
    match since_2000 {
        i64::MAX => out.extend_from_slice(b"\"infinity\""),
        i64::MIN => out.extend_from_slice(b"\"-infinity\""),
        _ => {
            let micros = since_2000 + calendar::EPOCH_2000_DAYS * calendar::DAY;
            quoted(out, |out| match date_only {
                true => calendar::date(out, micros.div_euclid(calendar::DAY)),
                false => calendar::date_time(out, micros),
            });
        }
    }
}

/// Months count thirty days.
fn interval(raw: &[u8]) -> Option<i64> {
    let micros = i64::from_be_bytes(array(raw)?);
    let days = i64::from(i32::from_be_bytes(array(raw.get(8..)?)?));
    let months = i64::from(i32::from_be_bytes(array(raw.get(12..)?)?));
    micros.checked_add((days + months * 30).checked_mul(calendar::DAY)?)
}

/// Decimal digits of a numeric: `scale` of them after the point, or as many as it has. Not-a-number and infinities fail.
fn numeric(out: &mut Vec<u8>, raw: &[u8], scale: Option<u32>) -> Option<()> {
    let field = |at: usize| Some(i16::from_be_bytes(array(raw.get(at..)?)?));
    let (count, weight, sign, own) = (field(0)? as usize, i32::from(field(2)?), field(4)? as u16, field(6)?);
    let digit = |group: i32| -> i16 {
        let at = weight - group;
        if at < 0 || at as usize >= count {
            0
        } else {
            field(8 + at as usize * 2).unwrap_or(0)
        }
    };
    match sign {
        0x4000 => out.push(b'-'),
        0 => {}
        _ => return None,
    }
    let mut buffer = itoa(digit(weight.max(0)));
    if weight < 0 {
        buffer = itoa(0);
    }
    out.extend_from_slice(&buffer);
    for group in (0..weight.max(0)).rev() {
        four(out, digit(group));
    }
    let scale = scale.unwrap_or(own as u32) as usize;
    if scale > 0 {
        out.push(b'.');
        let begin = out.len();
        for group in 1..=scale.div_ceil(4) {
            four(out, digit(-(group as i32)));
        }
        out.truncate(begin + scale);
    }
    Some(())
}

fn itoa(number: i16) -> Vec<u8> {
    number.to_string().into_bytes()
}

fn four(out: &mut Vec<u8>, group: i16) {
    let digit = |unit: i16| b'0' + (group / unit % 10) as u8;
    out.extend_from_slice(&[digit(1000), digit(100), digit(10), digit(1)]);
}

/// A whole number of any size: a JSON number when a double holds it exactly, else a string.
fn whole(out: &mut Vec<u8>, raw: &[u8]) -> Option<()> {
    let mut digits = Vec::new();
    numeric(&mut digits, raw, Some(0))?;
    match std::str::from_utf8(&digits).ok()?.parse::<i64>() {
        Ok(number) => json::int(out, number),
        Err(_) => json::string(out, &digits),
    }
    Some(())
}

fn as_decimal(out: &mut Vec<u8>, raw: &[u8], native: &Writer, scale: Option<u32>) -> Option<()> {
    let mut digits = Vec::new();
    try_write(&mut digits, raw, native)?;
    let text = std::str::from_utf8(&digits).ok()?.trim_matches('"');
    let parsed = rust_decimal::Decimal::from_str_exact(text).or_else(|_| rust_decimal::Decimal::from_scientific(text));
    let mut decimal = parsed.ok()?;
    if let Some(scale) = scale {
        decimal = decimal.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        decimal.rescale(scale);
    }
    quoted(out, |out| out.extend_from_slice(decimal.to_string().as_bytes()));
    Some(())
}

/// An array as a JSON array; nested ones as nested arrays.
fn items(out: &mut Vec<u8>, raw: &[u8], item: &Writer) -> Option<()> {
    let word = |at: usize| Some(i32::from_be_bytes(array(raw.get(at..)?)?));
    let dimensions = word(0)? as usize;
    if dimensions == 0 {
        out.extend_from_slice(b"[]");
        return Some(());
    }
    let mut lengths = Vec::with_capacity(dimensions);
    for dimension in 0..dimensions {
        lengths.push(word(12 + dimension * 8)? as usize);
    }
    let mut rest = raw.get(12 + dimensions * 8..)?;
    dimension(out, &mut rest, &lengths, item)
}

fn dimension(out: &mut Vec<u8>, rest: &mut &[u8], lengths: &[usize], item: &Writer) -> Option<()> {
    out.push(b'[');
    for at in 0..*lengths.first()? {
        if at > 0 {
            out.push(b',');
        }
        if lengths.len() > 1 {
            dimension(out, rest, &lengths[1..], item)?;
            continue;
        }
        let length = i32::from_be_bytes(array(rest)?);
        *rest = &rest[4..];
        if length < 0 {
            json::null(out);
            continue;
        }
        let cell = rest.get(..length as usize)?;
        write(out, Some(cell), item);
        *rest = &rest[length as usize..];
    }
    out.push(b']');
    Some(())
}

/// A cell as a typed value.
pub fn value(raw: Option<&[u8]>, writer: &Writer, kind: Kind) -> Value {
    match (raw, writer) {
        (None, _) => Value::Null,
        (Some(raw), Writer::Text) if matches!(kind.cell, Cell::Text | Cell::Enum | Cell::Opaque) => {
            Value::Text(String::from_utf8_lossy(raw).into_owned())
        }
        (Some(raw), writer) => {
            let mut out = Vec::new();
            write(&mut out, Some(raw), writer);
            wire_value(&out, kind)
        }
    }
}

/// A key in a form that is the same whatever the width of its type.
pub fn key_bytes(raw: &[u8], ty: &Type, out: &mut Vec<u8>) {
    match super::params::integer(raw) {
        Some(number) if !is_text(ty) && matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8) => out.extend_from_slice(&number.to_be_bytes()),
        _ => out.extend_from_slice(raw),
    }
    out.push(0xff);
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BytesMut;
    use glaze_sql::query::Form;

    #[test]
    fn numerics_read_as_they_were_written() {
        for (text, scale, shown) in [
            ("12.5", Some(2), "\"12.50\""),
            ("-0.0001", Some(4), "\"-0.0001\""),
            ("0", Some(2), "\"0.00\""),
            ("123456789.123", None, "\"123456789.123\""),
            ("10000", Some(0), "\"10000\""),
            ("100000000.5", Some(1), "\"100000000.5\""),
        ] {
            let mut raw = BytesMut::new();
            let value = Value::Decimal(text.parse().expect("a decimal"));
            super::super::params::encode(&value, Form::Plain, &Type::NUMERIC, &mut raw).expect("encodes");
            let mut out = Vec::new();
            write(&mut out, Some(&raw), &Writer::Numeric(scale));
            assert_eq!(String::from_utf8(out).expect("UTF-8"), shown);
        }
    }

    #[test]
    fn arrays_are_written_with_their_nulls() {
        let mut raw = BytesMut::new();
        let value = Value::List(vec![Value::Int(1), Value::Null, Value::Int(3)]);
        super::super::params::encode(&value, Form::Plain, &Type::INT4_ARRAY, &mut raw).expect("encodes");
        let mut out = Vec::new();
        write(&mut out, Some(&raw), &Writer::of(&Type::INT4_ARRAY, Kind::list_of(Cell::Int)));
        assert_eq!(out, b"[1,null,3]");
    }
}
