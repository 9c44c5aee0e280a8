//! Small conversions of values that both databases share.

use glaze_model::{Scalar, Value};
use rust_decimal::{Decimal, prelude::FromPrimitive};

use super::{Cell, Kind};

/// A number as an integer multiplied by 10^scale; `None` when it has more digits than that, or does not fit.
pub fn scaled_value(value: &Value, scale: u32) -> Option<i64> {
    let decimal = match value {
        Value::Int(number) => return number.checked_mul(10i64.checked_pow(scale)?),
        Value::Decimal(decimal) => *decimal,
        Value::Float(float) => Decimal::from_f64(*float)?,
        _ => return None,
    };
    let decimal = decimal.normalize();
    if decimal.scale() > scale {
        return None;
    }
    let factor = 10i128.checked_pow(scale - decimal.scale())?;
    i64::try_from(decimal.mantissa().checked_mul(factor)?).ok()
}

/// The words of a search: what stands between anything that is neither letter nor digit, ASCII letters in lower case.
pub fn search_words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

/// The typed value that a cell written as JSON stands for.
pub fn wire_value(json: &[u8], kind: Kind) -> Value {
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(json) else {
        return Value::Null;
    };
    let scalar = scalar_of(kind.cell);
    match json {
        serde_json::Value::Array(items) if kind.list => Value::List(
            items
                .iter()
                .map(|item| Value::from_json(scalar, item).unwrap_or(Value::Null))
                .collect(),
        ),
        serde_json::Value::Null => Value::Null,
        json => match (Value::from_json(scalar, &json), json) {
            (Ok(value), _) => value,
            (Err(_), serde_json::Value::String(text)) => Value::Text(text),
            (Err(_), other) => Value::Json(other),
        },
    }
}

fn scalar_of(cell: Cell) -> Scalar {
    match cell {
        Cell::Bool => Scalar::Bool,
        Cell::Int => Scalar::I64,
        Cell::Float32 => Scalar::F32,
        Cell::Float64 => Scalar::F64,
        Cell::Text | Cell::Enum | Cell::Opaque => Scalar::Text,
        Cell::Uuid => Scalar::Uuid,
        Cell::Date => Scalar::Date,
        Cell::Time => Scalar::Time,
        Cell::DateTime => Scalar::DateTime,
        Cell::Duration => Scalar::Duration,
        Cell::Json => Scalar::Json,
        Cell::Bytes => Scalar::Bytes,
        Cell::Decimal { .. } => Scalar::Decimal,
        Cell::Point => Scalar::Point,
    }
}
