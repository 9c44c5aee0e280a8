//! Cells: SQLite's values to JSON bytes and to typed values, and typed values to parameters.

use std::rc::Rc;

use glaze_data::store::StoreError;
use glaze_model::Value;
use glaze_sql::query::{Cell, Form, Kind, calendar, json, scaled_value, wire_value};
use rusqlite::types::{ToSqlOutput, Value as Native, ValueRef};
use rust_decimal::Decimal;

use super::times;
use glaze_data::validate::canonical::json_text as json_text_of;

/// Writes a cell as JSON. Any storage class that is met in the column is written as well as can be.
pub fn write(out: &mut Vec<u8>, value: ValueRef<'_>, kind: Kind) {
    match value {
        ValueRef::Null => json::null(out),
        ValueRef::Integer(number) => integer(out, number, kind),
        ValueRef::Text(text) => write_text(out, text, kind),
        ValueRef::Real(number) => real(out, number, kind),
        ValueRef::Blob(bytes) => blob(out, bytes, kind),
    }
}

fn integer(out: &mut Vec<u8>, number: i64, kind: Kind) {
    match kind.cell {
        Cell::Bool => json::bool(out, number != 0),
        Cell::Decimal {
            scale: Some(scale),
            scaled: true,
        } => json::scaled_decimal(out, number, scale),
        Cell::Decimal { scale, .. } => {
            let scale = scale.unwrap_or(0);
            out.push(b'"');
            json::scaled_digits(out, i128::from(number) * 10i128.pow(scale.min(18)), scale);
            out.push(b'"');
        }
        Cell::Duration => {
            out.push(b'"');
            calendar::duration(out, number);
            out.push(b'"');
        }
        Cell::Float32 | Cell::Float64 => json::float64(out, number as f64),
        Cell::DateTime | Cell::Date => match times::from_number(number as f64) {
            Some(micros) => quoted_time(out, micros, kind.cell),
            None => json::int(out, number),
        },
        Cell::Text | Cell::Enum | Cell::Opaque => quoted(out, |out| out.extend_from_slice(number.to_string().as_bytes())),
        _ => json::int(out, number),
    }
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

fn quoted_time(out: &mut Vec<u8>, micros: i64, cell: Cell) {
    quoted(out, |out| match cell {
        Cell::Date => calendar::date(out, micros.div_euclid(calendar::DAY)),
        _ => calendar::date_time(out, micros),
    });
}

fn real(out: &mut Vec<u8>, number: f64, kind: Kind) {
    match kind.cell {
        Cell::Float32 => json::float32(out, number as f32),
        Cell::Decimal {
            scale: Some(scale),
            scaled: true,
        } => {
            let shown = number / 10f64.powi(scale as i32);
            quoted(out, |out| out.extend_from_slice(format!("{shown:.*}", scale as usize).as_bytes()));
        }
        Cell::Decimal { scale: Some(scale), .. } => {
            quoted(out, |out| out.extend_from_slice(decimal_of(number, scale).as_bytes()));
        }
        Cell::Decimal { scale: None, .. } | Cell::Text | Cell::Enum | Cell::Opaque => quoted(out, |out| json::float64(out, number)),
        Cell::DateTime | Cell::Date => match times::from_number(number) {
            Some(micros) => quoted_time(out, micros, kind.cell),
            None => json::float64(out, number),
        },
        _ => json::float64(out, number),
    }
}

/// A double that stands for a decimal: its shortest digits, rounded half away from zero as a person would.
fn decimal_of(number: f64, scale: u32) -> String {
    use rust_decimal::{RoundingStrategy, prelude::FromPrimitive};
    match Decimal::from_f64(number) {
        Some(decimal) => {
            let mut rounded = decimal.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
            rounded.rescale(scale);
            rounded.to_string()
        }
        None => format!("{number:.*}", scale as usize),
    }
}

fn write_string(out: &mut Vec<u8>, text: &[u8]) {
    match std::str::from_utf8(text) {
        Ok(_) => json::string(out, text),
        Err(_) => json::string(out, String::from_utf8_lossy(text).as_bytes()),
    }
}

fn write_text(out: &mut Vec<u8>, text: &[u8], kind: Kind) {
    match kind.cell {
        _ if kind.list => json_text(out, text, kind.foreign),
        Cell::Text | Cell::Enum | Cell::Opaque => write_string(out, text),
        Cell::Uuid if !kind.foreign => write_string(out, text),
        Cell::Uuid => write_string(out, &text.to_ascii_lowercase()),
        Cell::Json | Cell::Point => json_text(out, text, kind.foreign),
        Cell::DateTime if !kind.foreign && text.len() == 27 && text[26] == b'Z' => quoted(out, |out| {
            out.extend_from_slice(calendar::trim_fraction(&text[..26]));
            out.push(b'Z');
        }),
        Cell::DateTime | Cell::Date if text.len() != 10 || kind.cell == Cell::DateTime => match times::from_text(text) {
            Some(micros) => quoted_time(out, micros, kind.cell),
            None => write_string(out, text),
        },
        Cell::Time => write_string(out, calendar::trim_fraction(text)),
        Cell::Int => match std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()) {
            Some(number) => json::int(out, number),
            None => write_string(out, text),
        },
        Cell::Decimal { scale, scaled } => text_decimal(out, text, scale, scaled),
        _ => write_string(out, text),
    }
}

fn text_decimal(out: &mut Vec<u8>, text: &[u8], scale: Option<u32>, scaled: bool) {
    let parsed = std::str::from_utf8(text).ok();
    match (parsed, scale) {
        (Some(text), Some(scale)) if scaled => match text.parse::<i128>() {
            Ok(number) => quoted(out, |out| json::scaled_digits(out, number, scale)),
            Err(_) => write_string(out, text.as_bytes()),
        },
        (Some(text), Some(scale)) => match text.parse::<Decimal>() {
            Ok(mut decimal) => {
                decimal.rescale(scale);
                quoted(out, |out| out.extend_from_slice(decimal.to_string().as_bytes()));
            }
            Err(_) => write_string(out, text.as_bytes()),
        },
        _ => write_string(out, text),
    }
}

/// Our own columns hold canonical JSON; in others anything may lie.
fn json_text(out: &mut Vec<u8>, text: &[u8], foreign: bool) {
    if !foreign {
        out.extend_from_slice(text);
        return;
    }
    match serde_json::from_slice::<&serde_json::value::RawValue>(text) {
        Ok(_) => json::compact(out, text),
        Err(_) => write_string(out, text),
    }
}

fn blob(out: &mut Vec<u8>, bytes: &[u8], kind: Kind) {
    match kind.cell {
        Cell::Uuid if bytes.len() == 16 => {
            let mut raw = [0; 16];
            raw.copy_from_slice(bytes);
            json::uuid(out, raw);
        }
        Cell::Text | Cell::Enum if std::str::from_utf8(bytes).is_ok() => json::string(out, bytes),
        _ => json::bytes(out, bytes),
    }
}

/// A cell as a typed value.
pub fn value(value: ValueRef<'_>, kind: Kind) -> Value {
    let text_of = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    match (value, kind.cell) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Text(text), _) if kind.list => wire_value(text, kind),
        (ValueRef::Integer(number), Cell::Bool) => Value::Bool(number != 0),
        (ValueRef::Integer(number), Cell::Duration) => Value::Duration(number),
        (
            ValueRef::Integer(number),
            Cell::Decimal {
                scale: Some(scale),
                scaled: true,
            },
        ) => Value::Decimal(Decimal::new(number, scale)),
        (ValueRef::Integer(number), Cell::Float32 | Cell::Float64) => Value::Float(number as f64),
        (ValueRef::Real(number), Cell::Float32 | Cell::Float64) => Value::Float(number),
        (ValueRef::Text(text), Cell::Json) => serde_json::from_slice(text)
            .map(Value::Json)
            .unwrap_or_else(|_| Value::Json(serde_json::Value::String(text_of(text)))),
        (ValueRef::Integer(number), Cell::Int) => Value::Int(number),
        (ValueRef::Blob(bytes), Cell::Bytes) => Value::Bytes(bytes.to_vec()),
        (ValueRef::Text(text), Cell::Text | Cell::Enum | Cell::Opaque) => Value::Text(text_of(text)),
        (other, _) => {
            let mut out = Vec::new();
            write(&mut out, other, kind);
            wire_value(&out, kind)
        }
    }
}

/// A value as a parameter.
///
/// # Errors
/// When the form can't hold it.
pub fn bind(value: &Value, form: Form) -> Result<ToSqlOutput<'_>, StoreError> {
    if value.is_null() {
        return Ok(ToSqlOutput::Borrowed(ValueRef::Null));
    }
    match form {
        Form::Plain => Ok(plain(value)),
        Form::Scaled(scale) => Ok(scaled(value, scale)),
        Form::Float => Ok(ToSqlOutput::Owned(Native::Real(float(value)))),
        Form::Text => Ok(ToSqlOutput::Owned(Native::Text(as_text(value)))),
        Form::Json | Form::Words => Ok(ToSqlOutput::Owned(Native::Text(value.to_json().to_string()))),
        Form::Item => Ok(match value.to_json() {
            serde_json::Value::String(text) => ToSqlOutput::Owned(Native::Text(text)),
            _ => plain(value),
        }),
        Form::Items(kind) => {
            let Value::List(items) = value else {
                return Err(StoreError::Other("a list was expected".to_owned()));
            };
            let mut all = Vec::with_capacity(items.len());
            for item in items {
                let bound = if kind.is_item_text() {
                    ToSqlOutput::Owned(Native::Text(as_text(item)))
                } else {
                    column(item, kind.item())?
                };
                all.push(owned(bound));
            }
            Ok(ToSqlOutput::from_rc(Rc::new(all), c"rarray"))
        }
        Form::Column(kind) => column(value, kind),
    }
}

trait ItemKind {
    fn is_item_text(&self) -> bool;
}

impl ItemKind for Kind {
    fn is_item_text(&self) -> bool {
        matches!(self.cell, Cell::Text | Cell::Enum)
    }
}

fn owned(bound: ToSqlOutput<'_>) -> Native {
    match bound {
        ToSqlOutput::Owned(value) => value,
        ToSqlOutput::Borrowed(value) => Native::try_from(value).unwrap_or(Native::Null),
        _ => Native::Null,
    }
}

/// A value for a column of this kind: what is stored, and what a key is compared with.
///
/// # Errors
/// When the column can't hold it.
pub fn column(value: &Value, kind: Kind) -> Result<ToSqlOutput<'_>, StoreError> {
    Ok(match (value, kind.cell) {
        (Value::Null, _) => ToSqlOutput::Borrowed(ValueRef::Null),
        (Value::List(_), _) => ToSqlOutput::Owned(Native::Text(json_text_of(&value.to_json()))),
        (
            value,
            Cell::Decimal {
                scale: Some(scale),
                scaled: true,
            },
        ) => match scaled_value(value, scale) {
            Some(number) => ToSqlOutput::Owned(Native::Integer(number)),
            None => scaled(value, scale),
        },
        (value, Cell::Decimal { .. }) => ToSqlOutput::Owned(Native::Real(float(value))),
        (value, Cell::Float32 | Cell::Float64) => ToSqlOutput::Owned(Native::Real(float(value))),
        (Value::DateTime(at), Cell::DateTime) if kind.foreign => ToSqlOutput::Owned(Native::Text(times::foreign(*at))),
        (Value::Int(_), Cell::Text | Cell::Enum | Cell::Opaque) => ToSqlOutput::Owned(Native::Text(value.to_string())),
        _ => plain(value),
    })
}

fn plain(value: &Value) -> ToSqlOutput<'_> {
    let text = |text: String| ToSqlOutput::Owned(Native::Text(text));
    match value {
        Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
        Value::Bool(value) => ToSqlOutput::Owned(Native::Integer(i64::from(*value))),
        Value::Int(number) | Value::Duration(number) => ToSqlOutput::Owned(Native::Integer(*number)),
        Value::Float(number) => ToSqlOutput::Owned(Native::Real(*number)),
        Value::Decimal(_) => ToSqlOutput::Owned(Native::Real(float(value))),
        Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        Value::Uuid(uuid) => text(uuid.hyphenated().to_string()),
        Value::Date(date) => text(date.to_string()),
        Value::Time(time) => text(calendar::sortable_time(*time)),
        Value::DateTime(at) => text(calendar::sortable_date_time(*at)),
        Value::Json(value) => text(json_text_of(value)),
        Value::Point { lat, lng } => {
            let mut out = Vec::new();
            json::point(&mut out, *lat, *lng);
            text(String::from_utf8_lossy(&out).into_owned())
        }
        Value::List(_) => text(json_text_of(&value.to_json())),
    }
}

/// As the columns that hold such values as text spell them.
fn as_text(value: &Value) -> String {
    match value {
        Value::Time(time) => calendar::sortable_time(*time),
        Value::DateTime(at) => calendar::sortable_date_time(*at),
        other => other.to_string(),
    }
}

fn float(value: &Value) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    match value {
        Value::Int(number) => *number as f64,
        Value::Float(number) => *number,
        Value::Decimal(decimal) => decimal.to_f64().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// A number among scaled integers. One with more digits lies between two of them, as a double.
fn scaled(value: &Value, scale: u32) -> ToSqlOutput<'static> {
    match scaled_value(value, scale) {
        Some(number) => ToSqlOutput::Owned(Native::Integer(number)),
        None => ToSqlOutput::Owned(Native::Real(float(value) * 10f64.powi(scale as i32))),
    }
}
