//! Dates and times as bytes, without going through a calendar type.

/// Days from 1970-01-01 to 2000-01-01, the epoch of PostgreSQL.
pub const EPOCH_2000_DAYS: i64 = 10_957;
/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// Year, month and day of a day counted from 1970-01-01 (proleptic Gregorian calendar).
pub fn civil(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_index + 2) / 5 + 1) as u32;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn two(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&[b'0' + (value / 10 % 10) as u8, b'0' + (value % 10) as u8]);
}

/// `2026-11-21`
pub fn date(out: &mut Vec<u8>, days: i64) {
    let (year, month, day) = civil(days);
    if (0..=9999).contains(&year) {
        two(out, (year / 100) as u32);
        two(out, (year % 100) as u32);
    } else {
        let sign = if year < 0 { "-" } else { "" };
        out.extend_from_slice(format!("{sign}{:06}", year.unsigned_abs()).as_bytes());
    }
    out.push(b'-');
    two(out, month);
    out.push(b'-');
    two(out, day);
}

/// `06:52:00.5`: trailing zeros of the fraction left out.
pub fn time(out: &mut Vec<u8>, micros: i64) {
    let seconds = micros / 1_000_000;
    two(out, (seconds / 3600) as u32);
    out.push(b':');
    two(out, (seconds / 60 % 60) as u32);
    out.push(b':');
    two(out, (seconds % 60) as u32);
    fraction(out, micros % 1_000_000);
}

fn fraction(out: &mut Vec<u8>, micros: i64) {
    if micros == 0 {
        return;
    }
    let mut digits = [b'0'; 7];
    digits[0] = b'.';
    let mut rest = micros;
    for digit in digits[1..].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let end = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |at| at + 1);
    out.extend_from_slice(&digits[..end]);
}

/// `2026-11-21T06:52:00Z` from microseconds since 1970.
pub fn date_time(out: &mut Vec<u8>, micros: i64) {
    date(out, micros.div_euclid(DAY));
    out.push(b'T');
    time(out, micros.rem_euclid(DAY));
    out.push(b'Z');
}

/// ISO 8601 duration from microseconds.
pub fn duration(out: &mut Vec<u8>, micros: i64) {
    out.extend_from_slice(glaze_model::format_duration(micros).as_bytes());
}

/// Time text as we store it in text columns (`06:52:00.500000`), so that text order is time order.
pub fn sortable_time(time: jiff::civil::Time) -> String {
    format!(
        "{:02}:{:02}:{:02}.{:06}",
        time.hour(),
        time.minute(),
        time.second(),
        time.subsec_nanosecond() / 1000
    )
}

/// The same for points in time: `2026-11-21T06:52:00.000000Z`.
pub fn sortable_date_time(at: jiff::Timestamp) -> String {
    let local = jiff::tz::TimeZone::UTC.to_datetime(at);
    format!("{}T{}Z", local.date(), sortable_time(local.time()))
}

/// Leaves out trailing zeros of a fraction at the end of time text (`06:52:00.500000` → `06:52:00.5`).
pub fn trim_fraction(text: &[u8]) -> &[u8] {
    match text.iter().position(|byte| *byte == b'.') {
        Some(point) => {
            let end = text.iter().rposition(|byte| *byte != b'0').map_or(text.len(), |at| at + 1);
            &text[..if end == point + 1 { point } else { end }]
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_agrees_with_jiff() {
        for micros in [
            0,
            1,
            -1,
            1_795_243_920_123_400,
            -62_135_596_800_000_000,
            951_782_400_000_000,
            253_402_207_199_999_999,
        ] {
            let mut out = Vec::new();
            date_time(&mut out, micros);
            let expected = jiff::Timestamp::from_microsecond(micros).map(|at| at.to_string());
            assert_eq!(String::from_utf8(out).ok(), expected.ok(), "{micros}");
        }
    }

    #[test]
    fn stored_text_is_trimmed() {
        assert_eq!(trim_fraction(b"06:52:00.500000"), b"06:52:00.5");
        assert_eq!(trim_fraction(b"06:52:00.000000"), b"06:52:00");
        assert_eq!(trim_fraction(b"06:50:00"), b"06:50:00");
    }
}
