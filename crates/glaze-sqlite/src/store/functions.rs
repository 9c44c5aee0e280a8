//! Functions that statements use and SQLite does not have.

use std::cmp::Ordering;

use glaze_sql::query::calendar;
use rusqlite::{
    Connection, Error, Result,
    functions::{Aggregate, Context, FunctionFlags},
    types::{ToSqlOutput, Value as Native, ValueRef},
};

use super::times;

const PURE: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Registers all of them on a connection.
///
/// # Errors
/// When SQLite refuses.
pub fn register(conn: &Connection) -> Result<()> {
    text_function(conn, "glaze_lower", glaze_expr::text::lower)?;
    text_function(conn, "glaze_upper", glaze_expr::text::upper)?;
    text_function(conn, "glaze_trim", |text| glaze_expr::text::trim(text).to_owned())?;
    text_function(conn, "glaze_rich_text", rich_text)?;
    time_function(conn, "glaze_date_time", sortable)?;
    time_function(conn, "glaze_date", |micros| {
        sortable(micros).get(..10).unwrap_or_default().to_owned()
    })?;
    time_function(conn, "glaze_time", |micros| {
        sortable(micros).get(11..26).unwrap_or_default().to_owned()
    })?;
    conn.create_scalar_function("glaze_json_text", 2, PURE, json_text)?;
    conn.create_scalar_function("glaze_search", -1, PURE, search)?;
    conn.create_scalar_function("glaze_time_add", 2, PURE, |context| {
        let (Some(at), Ok(add)) = (micros_of(context.get_raw(0)), context.get::<i64>(1)) else {
            return Ok(None);
        };
        Ok(at.checked_add(add).map(sortable))
    })?;
    conn.create_scalar_function("glaze_time_between", 2, PURE, |context| {
        let (left, right) = (micros_of(context.get_raw(0)), micros_of(context.get_raw(1)));
        Ok(left.zip(right).and_then(|(left, right)| left.checked_sub(right)))
    })?;
    conn.create_scalar_function("glaze_round", 3, PURE, round_scaled)?;
    conn.create_scalar_function("regexp", 2, PURE, regexp)?;
    conn.create_aggregate_function("glaze_sum", 1, PURE, Sum)?;
    conn.create_aggregate_function("glaze_avg", 2, PURE, Mean)
}

fn text_function(conn: &Connection, name: &str, function: impl Fn(&str) -> String + Send + 'static) -> Result<()> {
    conn.create_scalar_function(name, 1, PURE, move |context| {
        Ok(match context.get_raw(0) {
            ValueRef::Text(text) => Some(function(&String::from_utf8_lossy(text))),
            _ => None,
        })
    })
}

fn time_function(conn: &Connection, name: &str, function: impl Fn(i64) -> String + Send + 'static) -> Result<()> {
    conn.create_scalar_function(name, 1, PURE, move |context| Ok(micros_of(context.get_raw(0)).map(&function)))
}

fn micros_of(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Text(text) => times::from_text(text).or_else(|| time_of_day(text)),
        ValueRef::Integer(number) => times::from_number(number as f64),
        ValueRef::Real(number) => times::from_number(number),
        _ => None,
    }
}

fn time_of_day(text: &[u8]) -> Option<i64> {
    let time: jiff::civil::Time = std::str::from_utf8(text).ok()?.trim().parse().ok()?;
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    Some(seconds * 1_000_000 + i64::from(time.subsec_nanosecond() / 1000))
}

fn sortable(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros)
        .map(calendar::sortable_date_time)
        .unwrap_or_default()
}

/// The `text` members of a rich-text document, with spaces between.
pub(super) fn rich_text(json: &str) -> String {
    fn gather(value: &serde_json::Value, out: &mut String) {
        match value {
            serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, out)),
            serde_json::Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        serde_json::Value::String(text) if name == "text" => {
                            out.push_str(text);
                            out.push(' ');
                        }
                        other => gather(other, out),
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = String::new();
    if let Ok(value) = serde_json::from_str(json) {
        gather(&value, &mut out);
    }
    out
}

/// What stands at a path (a JSON array of names and positions), as text: strings bare, null as nothing.
fn json_text(context: &Context<'_>) -> Result<Option<String>> {
    let (ValueRef::Text(json), ValueRef::Text(path)) = (context.get_raw(0), context.get_raw(1)) else {
        return Ok(None);
    };
    let (Ok(json), Ok(path)) = (
        serde_json::from_slice::<serde_json::Value>(json),
        serde_json::from_slice::<Vec<String>>(path),
    ) else {
        return Ok(None);
    };
    let mut at = &json;
    for name in &path {
        let next = match at {
            serde_json::Value::Array(items) => name.parse::<usize>().ok().and_then(|position| items.get(position)),
            other => other.get(name),
        };
        match next {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(match at {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    })
}

/// `glaze_search(words, text, …)`: every word begins a word of one of the texts.
fn search(context: &Context<'_>) -> Result<bool> {
    let words: Vec<String> = match context.get_raw(0) {
        ValueRef::Text(words) => serde_json::from_slice(words).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut missing: Vec<&str> = words.iter().map(String::as_str).collect();
    for at in 1..context.len() {
        let ValueRef::Text(text) = context.get_raw(at) else { continue };
        let text = String::from_utf8_lossy(text);
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            missing.retain(|wanted| !begins_with(word, wanted));
            if missing.is_empty() {
                return Ok(!words.is_empty());
            }
        }
    }
    Ok(false)
}

fn begins_with(word: &str, wanted: &str) -> bool {
    word.len() >= wanted.len() && word.as_bytes()[..wanted.len()].eq_ignore_ascii_case(wanted.as_bytes())
}

/// Scaled integer rounded to so many digits, half away from zero.
fn round_scaled(context: &Context<'_>) -> Result<Option<i64>> {
    let (Some(number), Some(scale)) = (context.get::<Option<i64>>(0)?, context.get::<Option<i64>>(1)?) else {
        return Ok(None);
    };
    let digits = context.get::<Option<i64>>(2)?.unwrap_or(0);
    let cut = scale - digits;
    if cut <= 0 {
        return Ok(Some(number));
    }
    let unit = 10i128.pow(cut.min(30) as u32);
    let rounded = (i128::from(number) + i128::from(number.signum()) * unit / 2) / unit * unit;
    Ok(i64::try_from(rounded).ok())
}

fn regexp(context: &Context<'_>) -> Result<Option<bool>> {
    let (ValueRef::Text(pattern), ValueRef::Text(text)) = (context.get_raw(0), context.get_raw(1)) else {
        return Ok(None);
    };
    let pattern = String::from_utf8_lossy(pattern).into_owned();
    let compiled = context.get_or_create_aux(0, |_| -> std::result::Result<_, Box<dyn std::error::Error + Send + Sync>> {
        Ok(regex::Regex::new(&pattern)?)
    })?;
    Ok(Some(compiled.is_match(&String::from_utf8_lossy(text))))
}

/// What was added up: integers exactly, and doubles.
#[derive(Default)]
struct Total {
    whole: i128,
    float: f64,
    floats: bool,
    count: i64,
}

impl Total {
    fn add(&mut self, value: ValueRef<'_>) {
        match value {
            ValueRef::Integer(number) => {
                self.whole += i128::from(number);
                self.float += number as f64;
            }
            ValueRef::Real(number) => {
                self.floats = true;
                self.float += number;
            }
            ValueRef::Text(text) => {
                self.floats = true;
                self.float += std::str::from_utf8(text)
                    .ok()
                    .and_then(|text| text.trim().parse::<f64>().ok())
                    .unwrap_or(0.0);
            }
            ValueRef::Null | ValueRef::Blob(_) => return,
        }
        self.count += 1;
    }
}

/// An exact sum. One too large for an integer is given as its digits.
struct Sum;

impl Aggregate<Total, Option<ToSqlOutput<'static>>> for Sum {
    fn init(&self, _: &mut Context<'_>) -> Result<Total> {
        Ok(Total::default())
    }

    fn step(&self, context: &mut Context<'_>, total: &mut Total) -> Result<()> {
        total.add(context.get_raw(0));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, total: Option<Total>) -> Result<Option<ToSqlOutput<'static>>> {
        Ok(total.filter(|total| total.count > 0).map(|total| {
            ToSqlOutput::Owned(match i64::try_from(total.whole) {
                _ if total.floats => Native::Real(total.float),
                Ok(whole) => Native::Integer(whole),
                Err(_) => Native::Text(total.whole.to_string()),
            })
        }))
    }
}

/// `glaze_avg(value, scale)`: with a scale (of integers that stand for decimals) an integer of scale 6, half away from zero; with −1 a double.
struct Mean;

impl Aggregate<(Total, i64), Option<ToSqlOutput<'static>>> for Mean {
    fn init(&self, _: &mut Context<'_>) -> Result<(Total, i64)> {
        Ok((Total::default(), -1))
    }

    fn step(&self, context: &mut Context<'_>, (total, scale): &mut (Total, i64)) -> Result<()> {
        *scale = context.get(1)?;
        total.add(context.get_raw(0));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, total: Option<(Total, i64)>) -> Result<Option<ToSqlOutput<'static>>> {
        let Some((total, scale)) = total.filter(|(total, _)| total.count > 0) else {
            return Ok(None);
        };
        let native = match scale {
            0.. if !total.floats => Native::Integer(mean_of_scaled(total.whole, i128::from(total.count), scale)?),
            _ if total.floats => Native::Real(total.float / total.count as f64),
            _ => Native::Real(total.whole as f64 / total.count as f64),
        };
        Ok(Some(ToSqlOutput::Owned(native)))
    }
}

fn mean_of_scaled(sum: i128, count: i128, scale: i64) -> Result<i64> {
    let (sum, count) = match scale.cmp(&6) {
        Ordering::Greater => (sum, count * 10i128.pow((scale - 6).min(18) as u32)),
        _ => (sum * 10i128.pow((6 - scale) as u32), count),
    };
    let rounded = (2 * sum + sum.signum() * count) / (2 * count);
    i64::try_from(rounded).map_err(|_| Error::UserFunctionError("a mean that is too large".into()))
}
