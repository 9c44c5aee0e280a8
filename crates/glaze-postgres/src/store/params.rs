//! Typed values as parameters, in PostgreSQL's binary form, for the type that the server expects.

use std::error::Error as StdError;

use bytes::{BufMut, BytesMut};
use glaze_model::Value;
use glaze_sql::query::{Filled, Form, calendar};
use rust_decimal::{
    Decimal,
    prelude::{FromPrimitive, ToPrimitive},
};
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

/// Why a value can't be handed over as the type that is wanted.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(String);

type Written = Result<IsNull, Box<dyn StdError + Sync + Send>>;

/// One parameter of a statement.
#[derive(Debug)]
pub enum Bound<'a> {
    /// A value.
    Value(&'a Value, Form),
    /// A value of its own.
    Owned(Value, Form),
    /// Raw cells of a type, as an array: keys of parents.
    Cells(Vec<&'a [u8]>, Type),
}

impl<'a> Bound<'a> {
    /// From a filled slot.
    pub fn filled(filled: Filled<'a>, form: Form) -> Bound<'a> {
        match filled {
            Filled::Value(value) => Bound::Value(value, form),
            Filled::Me(me) => Bound::Owned(me.map_or(Value::Null, Value::Uuid), form),
            Filled::Now(now) => Bound::Owned(Value::DateTime(now), form),
            Filled::Count(count) => Bound::Owned(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)), form),
            Filled::Parent(_) => Bound::Owned(Value::Null, form),
        }
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Written {
        match self {
            Bound::Value(value, form) => encode(value, *form, ty, out),
            Bound::Owned(value, form) => encode(value, *form, ty, out),
            Bound::Cells(cells, from) => encode_cells(cells, from, ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn unfit(message: impl Into<String>) -> Box<dyn StdError + Sync + Send> {
    Box::new(Unfit(message.into()))
}

/// Writes a value as `ty`.
///
/// # Errors
/// When the type can't hold it.
pub fn encode(value: &Value, form: Form, ty: &Type, out: &mut BytesMut) -> Written {
    if value.is_null() {
        return Ok(IsNull::Yes);
    }
    match (form, value) {
        (Form::Words, Value::List(words)) => {
            let patterns: Vec<_> = words.iter().map(|word| Value::Text(word_pattern(&word.to_string()))).collect();
            encode_list(&patterns, ty, out)
        }
        (_, Value::List(items)) if matches!(ty.kind(), Kind::Array(_)) => encode_list(items, ty, out),
        _ => encode_one(value, ty, out),
    }
}

/// The regular expression for a word that begins with `word`, ignoring the case of ASCII letters. A word has nothing to escape.
fn word_pattern(word: &str) -> String {
    let mut pattern = "(^|[^[:alnum:]])".to_owned();
    for letter in word.chars() {
        if letter.is_ascii_alphabetic() {
            pattern.extend(['[', letter.to_ascii_lowercase(), letter.to_ascii_uppercase(), ']']);
        } else {
            pattern.push(letter);
        }
    }
    pattern
}

fn encode_list(items: &[Value], ty: &Type, out: &mut BytesMut) -> Written {
    let Kind::Array(item_type) = ty.kind() else {
        return Err(unfit(format!("a list where {ty} is expected")));
    };
    array_header(out, items.len(), items.iter().any(Value::is_null), item_type);
    for item in items {
        sized(out, |out| encode(item, Form::Plain, item_type, out))?;
    }
    Ok(IsNull::No)
}

fn array_header(out: &mut BytesMut, length: usize, nulls: bool, item: &Type) {
    out.put_i32(i32::from(length > 0));
    out.put_i32(i32::from(nulls));
    out.put_u32(item.oid());
    if length > 0 {
        out.put_i32(length as i32);
        out.put_i32(1);
    }
}

/// Writes an item after its length.
fn sized(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut) -> Written) -> Result<(), Box<dyn StdError + Sync + Send>> {
    let at = out.len();
    out.put_i32(-1);
    if let IsNull::No = write(out)? {
        let length = (out.len() - at - 4) as i32;
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

fn encode_one(value: &Value, ty: &Type, out: &mut BytesMut) -> Written {
    let wrong = || unfit(format!("{value} where {ty} is expected"));
    match *ty {
        Type::BOOL => match value {
            Value::Bool(value) => out.put_u8(u8::from(*value)),
            _ => return Err(wrong()),
        },
        Type::INT2 => out.put_i16(whole(value).and_then(|number| i16::try_from(number).ok()).ok_or_else(wrong)?),
        Type::INT4 => out.put_i32(whole(value).and_then(|number| i32::try_from(number).ok()).ok_or_else(wrong)?),
        Type::OID => out.put_u32(whole(value).and_then(|number| u32::try_from(number).ok()).ok_or_else(wrong)?),
        Type::INT8 => out.put_i64(whole(value).ok_or_else(wrong)?),
        Type::FLOAT4 => out.put_f32(float(value).ok_or_else(wrong)? as f32),
        Type::FLOAT8 => out.put_f64(float(value).ok_or_else(wrong)?),
        Type::NUMERIC => numeric(decimal(value).ok_or_else(wrong)?, out),
        Type::UUID => match value {
            Value::Uuid(uuid) => out.put_slice(uuid.as_bytes()),
            Value::Text(text) => out.put_slice(uuid::Uuid::parse_str(text).map_err(|_| wrong())?.as_bytes()),
            _ => return Err(wrong()),
        },
        Type::DATE => out.put_i32(days(value).and_then(|days| i32::try_from(days).ok()).ok_or_else(wrong)?),
        Type::TIME => match value {
            Value::Time(time) => out.put_i64(time_of_day(*time)),
            _ => return Err(wrong()),
        },
        Type::TIMESTAMP | Type::TIMESTAMPTZ => out.put_i64(instant(value).ok_or_else(wrong)?),
        Type::INTERVAL => match value {
            Value::Duration(micros) => {
                out.put_i64(*micros);
                out.put_i64(0);
            }
            _ => return Err(wrong()),
        },
        Type::BYTEA => match value {
            Value::Bytes(bytes) => out.put_slice(bytes),
            _ => return Err(wrong()),
        },
        Type::POINT => match value {
            Value::Point { lat, lng } => {
                out.put_f64(*lng);
                out.put_f64(*lat);
            }
            _ => return Err(wrong()),
        },
        Type::JSONB => {
            out.put_u8(1);
            out.put_slice(value.to_json().to_string().as_bytes());
        }
        Type::JSON => out.put_slice(value.to_json().to_string().as_bytes()),
        _ => return encode_other(value, ty, out),
    }
    Ok(IsNull::No)
}

fn encode_other(value: &Value, ty: &Type, out: &mut BytesMut) -> Written {
    match ty.kind() {
        Kind::Domain(inner) => encode_one(value, inner, out),
        Kind::Enum(_) => {
            out.put_slice(value.to_string().as_bytes());
            Ok(IsNull::No)
        }
        _ if is_text(ty) => {
            match value {
                Value::Text(text) => out.put_slice(text.as_bytes()),
                other => out.put_slice(other.to_string().as_bytes()),
            }
            Ok(IsNull::No)
        }
        _ => Err(unfit(format!("a value where {ty} is expected"))),
    }
}

/// Types whose binary form is their text.
pub fn is_text(ty: &Type) -> bool {
    matches!(
        *ty,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::XML | Type::CHAR
    ) || ty.name() == "citext"
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Decimal(decimal) if decimal.fract().is_zero() => decimal.to_i64(),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => Some(*number as i64),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        Value::Decimal(decimal) => decimal.to_f64(),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(decimal) => Some(*decimal),
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::Float(number) => Decimal::from_f64(*number),
        _ => None,
    }
}

fn days(value: &Value) -> Option<i64> {
    let date = match value {
        Value::Date(date) => *date,
        Value::DateTime(at) => jiff::tz::TimeZone::UTC.to_datetime(*at).date(),
        _ => return None,
    };
    let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(midnight.as_second().div_euclid(86_400) - calendar::EPOCH_2000_DAYS)
}

fn instant(value: &Value) -> Option<i64> {
    let since_1970 = match value {
        Value::DateTime(at) => at.as_microsecond(),
        Value::Date(date) => date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond(),
        _ => return None,
    };
    Some(since_1970 - calendar::EPOCH_2000_DAYS * calendar::DAY)
}

fn time_of_day(time: jiff::civil::Time) -> i64 {
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    seconds * 1_000_000 + i64::from(time.subsec_nanosecond() / 1000)
}

/// Base-10000 digits, weight of the first, sign, digits after the point.
fn numeric(decimal: Decimal, out: &mut BytesMut) {
    let scale = decimal.scale();
    let mut mantissa = decimal.mantissa().unsigned_abs();
    // Groups of four digits are counted from the point, so the fraction is filled up to whole groups.
    let fraction_groups = scale.div_ceil(4);
    let mut groups = Vec::with_capacity(10);
    let filler = fraction_groups * 4 - scale;
    if filler > 0 && mantissa > 0 {
        let unit = 10u128.pow(4 - filler);
        groups.push((mantissa % unit * 10u128.pow(filler)) as i16);
        mantissa /= unit;
    }
    while mantissa > 0 {
        groups.push((mantissa % 10_000) as i16);
        mantissa /= 10_000;
    }
    let weight = groups.len() as i32 - fraction_groups as i32 - 1;
    let zeros = groups.iter().take_while(|group| **group == 0).count();
    let digits = &groups[zeros..];
    out.put_i16(digits.len() as i16);
    out.put_i16(if digits.is_empty() { 0 } else { weight as i16 });
    out.put_u16(if decimal.is_sign_negative() && !decimal.is_zero() {
        0x4000
    } else {
        0
    });
    out.put_i16(scale as i16);
    for group in digits.iter().rev() {
        out.put_i16(*group);
    }
}

/// Keys of parents as an array. They have the type of the parent's column, which may be narrower than that of the child's, or text
/// (polymorphic references): what does not read as a key finds nothing.
fn encode_cells(cells: &[&[u8]], from: &Type, ty: &Type, out: &mut BytesMut) -> Written {
    let Kind::Array(item) = ty.kind() else {
        return Err(unfit(format!("keys where {ty} is expected")));
    };
    array_header(out, cells.len(), true, item);
    for cell in cells {
        sized(out, |out| {
            if is_text(from) && !is_text(item) {
                let text = Value::Text(String::from_utf8_lossy(cell).into_owned());
                return Ok(encode_one(&text, item, out).unwrap_or(IsNull::Yes));
            }
            match (*item == Type::INT8 || *item == Type::INT4 || *item == Type::INT2, integer(cell)) {
                (true, Some(number)) => encode_one(&Value::Int(number), item, out),
                _ => {
                    out.put_slice(cell);
                    Ok(IsNull::No)
                }
            }
        })?;
    }
    Ok(IsNull::No)
}

/// A big-endian integer of 2, 4 or 8 bytes.
pub fn integer(cell: &[u8]) -> Option<i64> {
    match cell.len() {
        2 => Some(i64::from(i16::from_be_bytes(cell.try_into().ok()?))),
        4 => Some(i64::from(i32::from_be_bytes(cell.try_into().ok()?))),
        8 => Some(i64::from_be_bytes(cell.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerics_are_in_groups_of_four_digits() {
        for (text, digits, weight, sign, scale) in [
            ("12.50", vec![12i16, 5000], 0i16, 0u16, 2i16),
            ("-0.0001", vec![1], -1, 0x4000, 4),
            ("0", vec![], 0, 0, 0),
            ("10000", vec![1], 1, 0, 0),
            ("123456789.123", vec![1, 2345, 6789, 1230], 2, 0, 3),
        ] {
            let mut out = BytesMut::new();
            numeric(text.parse().expect("a decimal"), &mut out);
            let mut expected = BytesMut::new();
            expected.put_i16(digits.len() as i16);
            expected.put_i16(weight);
            expected.put_u16(sign);
            expected.put_i16(scale);
            digits.iter().for_each(|digit| expected.put_i16(*digit));
            assert_eq!(out, expected, "{text}");
        }
    }
}
