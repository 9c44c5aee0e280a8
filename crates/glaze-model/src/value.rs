//! Values, and how they are written in JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Scalar;

/// One value, typed.
///
/// As part of a model it is serialised with its type (`{"int": 3}`); on the wire it is written by [`Value::to_json`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Integers of every size.
    Int(i64),
    /// Floats; never NaN or infinite.
    Float(f64),
    /// Exact decimals.
    Decimal(Decimal),
    /// Text of every kind, and enum values as written.
    Text(String),
    /// UUID.
    Uuid(Uuid),
    /// Calendar date.
    Date(civil::Date),
    /// Time of day, microseconds.
    Time(civil::Time),
    /// Point in time, microseconds, UTC.
    DateTime(Timestamp),
    /// Length of time in microseconds.
    Duration(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// JSON and rich text.
    Json(serde_json::Value),
    /// Latitude and longitude in degrees.
    Point {
        /// −90 … 90.
        lat: f64,
        /// −180 … 180.
        lng: f64,
    },
    /// A list of one type.
    List(Vec<Value>),
}

/// Why a JSON value is not one of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueError {
    /// Stable code (`wrong_type`, `out_of_range`, `invalid_format`).
    pub code: &'static str,
    /// What was expected.
    pub message: String,
}

impl ValueError {
    fn wrong_type(expected: &str) -> ValueError {
        ValueError {
            code: "wrong_type",
            message: format!("expected {expected}"),
        }
    }
    fn format(expected: &str) -> ValueError {
        ValueError {
            code: "invalid_format",
            message: format!("expected {expected}"),
        }
    }
    fn range(expected: &str) -> ValueError {
        ValueError {
            code: "out_of_range",
            message: format!("expected {expected}"),
        }
    }
}

impl Value {
    /// Nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Reads a JSON value as `scalar`. `null` gives [`Value::Null`]; whether that is allowed is the field's business.
    ///
    /// # Errors
    /// When the JSON value is not of that type, not in its range or not in its format.
    pub fn from_json(scalar: Scalar, json: &serde_json::Value) -> Result<Value, ValueError> {
        use serde_json::Value as Json;
        match (scalar, json) {
            (Scalar::Json, json) => Ok(Value::Json(json.clone())),
            (_, Json::Null) => Ok(Value::Null),
            (Scalar::Bool, Json::Bool(value)) => Ok(Value::Bool(*value)),
            (Scalar::Bool, _) => Err(ValueError::wrong_type("true or false")),
            (Scalar::I16 | Scalar::I32 | Scalar::I64, Json::Number(number)) => match number.as_i64() {
                Some(value) => integer(scalar, value),
                None => match number.as_f64() {
                    Some(float) if float.fract() == 0.0 && float.abs() < 9.0e15 => integer(scalar, float as i64),
                    _ => Err(ValueError::wrong_type("a whole number")),
                },
            },
            (Scalar::I16 | Scalar::I32 | Scalar::I64, Json::String(text)) => Value::parse(scalar, text),
            (Scalar::I16 | Scalar::I32 | Scalar::I64, _) => Err(ValueError::wrong_type("a whole number")),
            (Scalar::F32 | Scalar::F64, Json::Number(number)) => {
                float(scalar, number.as_f64().ok_or_else(|| ValueError::range("a finite number"))?)
            }
            (Scalar::F32 | Scalar::F64, _) => Err(ValueError::wrong_type("a number")),
            (Scalar::Decimal | Scalar::Money, Json::Number(number)) => Value::parse(scalar, &number.to_string()),
            (Scalar::RichText, Json::Object(map)) if map.get("type").and_then(Json::as_str) == Some("doc") => Ok(Value::Json(json.clone())),
            (Scalar::RichText, Json::String(text)) => Ok(Value::Json(paragraphs(text))),
            (Scalar::RichText, _) => Err(ValueError::wrong_type(
                "a ProseMirror document ({\"type\": \"doc\", …}) or plain text",
            )),
            (Scalar::Point, Json::Object(map)) => {
                let part = |name: &str| map.get(name).and_then(Json::as_f64);
                match (part("lat"), part("lng"), map.len()) {
                    (Some(lat), Some(lng), 2) if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng) => {
                        Ok(Value::Point { lat, lng })
                    }
                    (Some(_), Some(_), 2) => Err(ValueError::range("lat from -90 to 90 and lng from -180 to 180")),
                    _ => Err(ValueError::wrong_type("{\"lat\": number, \"lng\": number}")),
                }
            }
            (Scalar::Point, _) => Err(ValueError::wrong_type("{\"lat\": number, \"lng\": number}")),
            (_, Json::String(text)) => Value::parse(scalar, text),
            (scalar, _) => Err(ValueError::wrong_type(expected(scalar))),
        }
    }

    /// Reads text (a query parameter, a key in a path, a default in a schema) as `scalar`.
    ///
    /// # Errors
    /// When the text is not in the type's format or range.
    pub fn parse(scalar: Scalar, text: &str) -> Result<Value, ValueError> {
        let bad = || ValueError::format(expected(scalar));
        match scalar {
            Scalar::Bool => match text {
                "true" | "1" => Ok(Value::Bool(true)),
                "false" | "0" => Ok(Value::Bool(false)),
                _ => Err(bad()),
            },
            Scalar::I16 | Scalar::I32 | Scalar::I64 => integer(scalar, text.parse().map_err(|_| bad())?),
            Scalar::F32 | Scalar::F64 => float(scalar, text.parse().map_err(|_| bad())?),
            Scalar::Decimal | Scalar::Money => {
                let parsed = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
                parsed.map(Value::Decimal).map_err(|_| bad())
            }
            Scalar::Uuid => Uuid::parse_str(text).map(Value::Uuid).map_err(|_| bad()),
            Scalar::Date => text.parse().map(Value::Date).map_err(|_| bad()),
            Scalar::Time => text
                .parse::<civil::Time>()
                .map(|time| Value::Time(micro_time(time)))
                .map_err(|_| bad()),
            Scalar::DateTime => parse_timestamp(text).map(Value::DateTime).ok_or_else(bad),
            Scalar::Duration => parse_duration(text).map(Value::Duration).ok_or_else(bad),
            Scalar::Bytes => STANDARD.decode(text).map(Value::Bytes).map_err(|_| bad()),
            Scalar::Json => serde_json::from_str(text).map(Value::Json).map_err(|_| bad()),
            Scalar::RichText | Scalar::Point => {
                let json = serde_json::from_str(text).map_err(|_| bad())?;
                Value::from_json(scalar, &json)
            }
            Scalar::Email if !is_email(text) => Err(bad()),
            Scalar::Url if !is_url(text) => Err(bad()),
            Scalar::Slug if !is_slug(text) => Err(bad()),
            Scalar::Color => color(text).map(Value::Text).ok_or_else(bad),
            _ if text.contains('\0') => Err(ValueError::format("text without the character U+0000")),
            _ => Ok(Value::Text(text.to_owned())),
        }
    }

    /// How the value is written on the wire.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) if value.unsigned_abs() <= MAX_SAFE_INTEGER => Json::from(*value),
            Value::Int(value) => Json::String(value.to_string()),
            Value::Float(value) => Json::from(*value),
            Value::Json(value) => value.clone(),
            Value::Point { lat, lng } => serde_json::json!({"lat": lat, "lng": lng}),
            Value::List(items) => Json::Array(items.iter().map(Value::to_json).collect()),
            other => Json::String(other.to_string()),
        }
    }
}

/// Largest integer that a double holds exactly together with its neighbours: 2^53 − 1 (ECMA-262, `Number.MAX_SAFE_INTEGER`).
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

impl std::fmt::Display for Value {
    /// Text form: what [`Value::parse`] reads.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => write!(f, "{value}"),
            Value::Decimal(value) => write!(f, "{value}"),
            Value::Text(value) => f.write_str(value),
            Value::Uuid(value) => write!(f, "{value}"),
            Value::Date(value) => write!(f, "{value}"),
            Value::Time(value) => write!(f, "{value}"),
            Value::DateTime(value) => write!(f, "{value}"),
            Value::Duration(micros) => f.write_str(&format_duration(*micros)),
            Value::Bytes(value) => f.write_str(&STANDARD.encode(value)),
            Value::Json(value) => write!(f, "{value}"),
            Value::Point { .. } | Value::List(_) => write!(f, "{}", self.to_json()),
        }
    }
}

fn integer(scalar: Scalar, value: i64) -> Result<Value, ValueError> {
    match scalar {
        Scalar::I16 if i16::try_from(value).is_err() => Err(ValueError::range("a whole number from -32768 to 32767")),
        Scalar::I32 if i32::try_from(value).is_err() => Err(ValueError::range("a whole number from -2147483648 to 2147483647")),
        _ => Ok(Value::Int(value)),
    }
}

fn float(scalar: Scalar, value: f64) -> Result<Value, ValueError> {
    let value = if scalar == Scalar::F32 { f64::from(value as f32) } else { value };
    // Negative zero is zero: the databases disagree on whether to keep the sign.
    if value.is_finite() {
        Ok(Value::Float(value + 0.0))
    } else {
        Err(ValueError::range("a finite number"))
    }
}

fn expected(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "true or false",
        Scalar::I16 | Scalar::I32 | Scalar::I64 => "a whole number",
        Scalar::F32 | Scalar::F64 => "a number",
        Scalar::Decimal | Scalar::Money => "a decimal number as a string, like \"12.50\"",
        Scalar::Uuid => "a UUID",
        Scalar::Date => "a date like 2026-11-21",
        Scalar::Time => "a time like 06:52:00",
        Scalar::DateTime => "a time like 2026-11-21T06:52:00Z",
        Scalar::Duration => "an ISO 8601 duration like PT1H30M",
        Scalar::Bytes => "base64",
        Scalar::Json => "JSON",
        Scalar::RichText => "a ProseMirror document or plain text",
        Scalar::Email => "an e-mail address",
        Scalar::Url => "an http or https URL",
        Scalar::Slug => "lower-case letters, digits and single hyphens",
        Scalar::Color => "a colour like #1e90ff",
        Scalar::Point => "{\"lat\": number, \"lng\": number}",
        Scalar::String | Scalar::Text => "text",
    }
}

/// RFC 3339 with any offset; a date and time without an offset counts as UTC. Cut to microseconds.
fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let exact = text.parse::<Timestamp>().ok().or_else(|| {
        let local = text.parse::<civil::DateTime>().ok()?;
        local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    Timestamp::from_microsecond(exact.as_microsecond()).ok()
}

fn micro_time(time: civil::Time) -> civil::Time {
    let micros = time.subsec_nanosecond() / 1000;
    civil::time(time.hour(), time.minute(), time.second(), micros * 1000)
}

/// ISO 8601 duration with weeks, days and smaller units, in microseconds. Years and months have no fixed length and are refused.
pub fn parse_duration(text: &str) -> Option<i64> {
    let span: jiff::Span = text.parse().ok()?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let parts = [
        (days, 86_400_000_000),
        (i64::from(span.get_hours()), 3_600_000_000),
        (span.get_minutes(), 60_000_000),
        (span.get_seconds(), 1_000_000),
        (span.get_milliseconds(), 1_000),
        (span.get_microseconds(), 1),
    ];
    let whole = parts
        .iter()
        .try_fold(0i64, |sum, (count, unit)| sum.checked_add(count.checked_mul(*unit)?))?;
    whole.checked_add(span.get_nanoseconds() / 1000)
}

/// Microseconds as an ISO 8601 duration in hours, minutes and seconds: `PT1H30M`, `PT0S`, `-PT0.5S`.
pub fn format_duration(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let total = micros.unsigned_abs();
    let (seconds, fraction) = (total / 1_000_000, total % 1_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{sign}PT");
    if hours > 0 {
        text += &format!("{hours}H");
    }
    if minutes > 0 {
        text += &format!("{minutes}M");
    }
    if fraction > 0 {
        text += format!("{seconds}.{fraction:06}").trim_end_matches('0');
        text.push('S');
    } else if seconds > 0 || total == 0 {
        text += &format!("{seconds}S");
    }
    text
}

/// Plain text as a ProseMirror document: one paragraph a line.
fn paragraphs(text: &str) -> serde_json::Value {
    let content: Vec<_> = text
        .lines()
        .map(|line| match line {
            "" => serde_json::json!({"type": "paragraph"}),
            line => serde_json::json!({"type": "paragraph", "content": [{"type": "text", "text": line}]}),
        })
        .collect();
    serde_json::json!({"type": "doc", "content": content})
}

/// One `@` with something plain on both sides, and a domain: deliverability is what verification mails are for.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c))
    };
    text.len() <= 254 && plain(local) && plain(domain) && !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..")
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with(['/', '?', '#', ':'])
            && !text
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c))
    })
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

fn color(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    let whole = matches!(digits.len(), 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_again() {
        for (scalar, text) in [
            (Scalar::I64, "9007199254740993"),
            (Scalar::Decimal, "12.50"),
            (Scalar::Date, "2026-11-21"),
            (Scalar::Time, "06:52:00.5"),
            (Scalar::DateTime, "2026-11-21T06:52:00.123456Z"),
            (Scalar::Duration, "PT36H1.5S"),
            (Scalar::Bytes, "AAEC"),
            (Scalar::Color, "#1e90ff"),
        ] {
            let value = Value::parse(scalar, text).expect(text);
            assert_eq!(value.to_string(), text);
            assert_eq!(Value::from_json(scalar, &value.to_json()), Ok(value));
        }
    }

    #[test]
    fn an_offset_becomes_utc() {
        let value = Value::parse(Scalar::DateTime, "2026-11-21T08:00:00+02:00").expect("a time");
        assert_eq!(value.to_string(), "2026-11-21T06:00:00Z");
    }

    #[test]
    fn wrong_values_are_refused() {
        for (scalar, json) in [
            (Scalar::I16, json!(40000)),
            (Scalar::I32, json!(1.5)),
            (Scalar::Bool, json!("yes")),
            (Scalar::Email, json!("ann@")),
            (Scalar::Email, json!("a b@c.de")),
            (Scalar::Url, json!("javascript:alert(1)")),
            (Scalar::Slug, json!("Not a slug")),
            (Scalar::Color, json!("red")),
            (Scalar::Point, json!({"lat": 91, "lng": 0})),
            (Scalar::Duration, json!("P1M")),
            (Scalar::String, json!("nul\u{0}")),
            (Scalar::RichText, json!({"type": "script"})),
        ] {
            assert!(Value::from_json(scalar, &json).is_err(), "{scalar:?} {json}");
        }
    }
}
