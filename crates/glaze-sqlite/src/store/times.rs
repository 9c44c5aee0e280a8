//! Times as other programs keep them in SQLite: text with a space, dates alone, seconds since 1970, Julian days.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Microseconds since 1970 from text.
pub fn from_text(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_microsecond());
    }
    let local = text.parse::<civil::DateTime>().ok().or_else(|| {
        let date = text.parse::<civil::Date>().ok()?;
        Some(date.at(0, 0, 0, 0))
    })?;
    TimeZone::UTC.to_timestamp(local).ok().map(|at| at.as_microsecond())
}

/// Microseconds since 1970 from a number: a Julian day when it can be one of these centuries, else seconds or milliseconds.
pub fn from_number(number: f64) -> Option<i64> {
    const JULIAN_1970: f64 = 2_440_587.5;
    let seconds = if number.fract() != 0.0 && (1_721_425.0..5_373_485.0).contains(&number) {
        (number - JULIAN_1970) * 86_400.0
    } else if number.abs() > 1e11 {
        number / 1000.0
    } else {
        number
    };
    let micros = (seconds * 1e6).round();
    (micros.abs() < 2.5e17).then_some(micros as i64)
}

/// A point in time as foreign columns have it: `2009-01-01 00:00:00`.
pub fn foreign(at: Timestamp) -> String {
    let local = TimeZone::UTC.to_datetime(at);
    let whole = format!("{} {:02}:{:02}:{:02}", local.date(), local.hour(), local.minute(), local.second());
    match local.subsec_nanosecond() / 1000 {
        0 => whole,
        micros => format!("{whole}.{micros:06}").trim_end_matches('0').to_owned(),
    }
}
