//! Values in few bytes.

use glaze_model::Value;
use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Lists nest no deeper in keys and orders.
const DEPTH: u8 = 4;

pub(super) fn write(values: &[Value], out: &mut Vec<u8>) {
    for value in values {
        write_value(value, out);
    }
}

fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0),
        Value::Bool(false) => out.push(1),
        Value::Bool(true) => out.push(2),
        Value::Int(value) => signed(3, *value, out),
        Value::Float(value) => fixed(4, &value.to_le_bytes(), out),
        Value::Decimal(value) => fixed(5, &value.serialize(), out),
        Value::Text(value) => sized(6, value.as_bytes(), out),
        Value::Uuid(value) => fixed(7, value.as_bytes(), out),
        Value::Date(value) => {
            signed(8, value.year().into(), out);
            out.extend([value.month() as u8, value.day() as u8]);
        }
        Value::Time(value) => {
            out.push(9);
            out.extend([value.hour() as u8, value.minute() as u8, value.second() as u8]);
            unsigned((value.subsec_nanosecond() / 1000) as u64, out);
        }
        Value::DateTime(value) => signed(10, value.as_microsecond(), out),
        Value::Duration(value) => signed(11, *value, out),
        Value::Bytes(value) => sized(12, value, out),
        Value::Json(value) => sized(13, value.to_string().as_bytes(), out),
        Value::Point { lat, lng } => {
            fixed(14, &lat.to_le_bytes(), out);
            out.extend(lng.to_le_bytes());
        }
        Value::List(items) => {
            out.push(15);
            unsigned(items.len() as u64, out);
            write(items, out);
        }
    }
}

fn fixed(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend_from_slice(bytes);
}

fn sized(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    unsigned(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// Small numbers of either sign take few bytes.
fn signed(tag: u8, value: i64, out: &mut Vec<u8>) {
    out.push(tag);
    unsigned(((value << 1) ^ (value >> 63)) as u64, out);
}

fn unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn read(mut bytes: &[u8]) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(read_value(&mut bytes, DEPTH)?);
    }
    Some(values)
}

fn read_value(bytes: &mut &[u8], depth: u8) -> Option<Value> {
    Some(match take(bytes, 1)?[0] {
        0 => Value::Null,
        1 => Value::Bool(false),
        2 => Value::Bool(true),
        3 => Value::Int(read_signed(bytes)?),
        4 => Value::Float(f64::from_le_bytes(array(bytes)?)),
        5 => Value::Decimal(Decimal::deserialize(array(bytes)?)),
        6 => Value::Text(String::from_utf8(read_sized(bytes)?.to_vec()).ok()?),
        7 => Value::Uuid(Uuid::from_bytes(array(bytes)?)),
        8 => {
            let year = i16::try_from(read_signed(bytes)?).ok()?;
            let [month, day] = array(bytes)?;
            Value::Date(civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?)
        }
        9 => {
            let [hour, minute, second] = array::<3>(bytes)?;
            let nanos = i32::try_from(read_unsigned(bytes)?.checked_mul(1000)?).ok()?;
            let part = |value: u8| i8::try_from(value).ok();
            Value::Time(civil::Time::new(part(hour)?, part(minute)?, part(second)?, nanos).ok()?)
        }
        10 => Value::DateTime(Timestamp::from_microsecond(read_signed(bytes)?).ok()?),
        11 => Value::Duration(read_signed(bytes)?),
        12 => Value::Bytes(read_sized(bytes)?.to_vec()),
        13 => Value::Json(serde_json::from_slice(read_sized(bytes)?).ok()?),
        14 => Value::Point {
            lat: f64::from_le_bytes(array(bytes)?),
            lng: f64::from_le_bytes(array(bytes)?),
        },
        15 => {
            let count = usize::try_from(read_unsigned(bytes)?).ok()?;
            // Every item takes a byte at least.
            if depth == 0 || count > bytes.len() {
                return None;
            }
            Value::List((0..count).map(|_| read_value(bytes, depth - 1)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn take<'b>(bytes: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (head, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(head)
}

fn array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    take(bytes, N)?.try_into().ok()
}

fn read_sized<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let count = usize::try_from(read_unsigned(bytes)?).ok()?;
    take(bytes, count)
}

fn read_signed(bytes: &mut &[u8]) -> Option<i64> {
    let value = read_unsigned(bytes)?;
    Some((value >> 1) as i64 ^ -((value & 1) as i64))
}

fn read_unsigned(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use glaze_model::Scalar;

    use super::*;

    #[test]
    fn what_is_packed_is_read_again() {
        let parse = |scalar, text| Value::parse(scalar, text).expect(text);
        let values = vec![
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::Int(-1),
            Value::Float(-0.5),
            parse(Scalar::Decimal, "-12.50"),
            Value::Text("häuser".to_owned()),
            parse(Scalar::Uuid, "018f0000-0000-7000-8000-000000000001"),
            Value::Date(civil::date(-44, 3, 15)),
            parse(Scalar::Time, "23:59:59.999999"),
            parse(Scalar::DateTime, "2026-11-21T06:52:00.123456Z"),
            Value::Duration(i64::MAX),
            Value::Bytes(vec![0, 255]),
            Value::Json(serde_json::json!({"a": [1]})),
            Value::Point { lat: 1.5, lng: -2.5 },
            Value::List(vec![Value::Int(1), Value::List(vec![Value::Null])]),
        ];
        let mut bytes = Vec::new();
        write(&values, &mut bytes);
        assert_eq!(read(&bytes), Some(values));
    }
}
