//! To text and from it.

use glaze_converge::dialect::{Conversion, ConversionKind, ConversionNote};

use super::super::types::{ColumnType, IntegerSize};
use super::{factor, guarded, impossible, widening};

pub(super) fn to_text(c: &str, from: &ColumnType, most: Option<u32>) -> Conversion {
    use ColumnType as T;
    let text = match from {
        T::Text(_) | T::Uuid | T::Date | T::Time | T::DateTime | T::Json | T::List(_) | T::Point => None,
        T::Bool => Some(format!(
            "CASE {c} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE CAST({c} AS TEXT) END"
        )),
        T::Decimal(_, 0) => Some(format!("CAST({c} AS TEXT)")),
        T::Decimal(_, scale) => {
            let factor = factor(*scale);
            let sign = format!("CASE WHEN {c} < 0 THEN '-' ELSE '' END");
            Some(format!(
                "{sign} || (abs({c}) / {factor}) || '.' || printf('%0{scale}d', abs({c}) % {factor})"
            ))
        }
        // As few digits as give the number back.
        T::Real | T::Numeric => Some(format!(
            "CASE WHEN typeof({c}) <> 'real' OR CAST(CAST({c} AS TEXT) AS REAL) = {c} THEN CAST({c} AS TEXT) ELSE printf('%!.17g', {c}) END"
        )),
        T::Integer(_) | T::Duration => Some(format!("CAST({c} AS TEXT)")),
        T::Blob => return impossible(c),
    };
    let shown = text.clone().unwrap_or_else(|| c.to_owned());
    let fits = match (from, most) {
        (_, None) => true,
        (T::Text(Some(before)), Some(most)) => *before <= most,
        (T::Uuid, Some(most)) => most >= 36,
        (T::Integer(size), Some(most)) => most >= longest(*size),
        _ => false,
    };
    let conversion = match (fits, most) {
        (false, Some(most)) => guarded(c, &format!("length({shown}) <= {most}"), &shown),
        (_, _) => text.map_or_else(Conversion::default, widening),
    };
    // A list becomes the text of its JSON: nobody's words.
    match from {
        T::List(_) => Conversion {
            kind: ConversionKind::Lossy,
            changes: Some(format!("{c} IS NOT NULL")),
            ..conversion
        },
        _ => conversion,
    }
}

fn longest(size: IntegerSize) -> u32 {
    match size {
        IntegerSize::Small => 6,
        IntegerSize::Medium => 11,
        IntegerSize::Big => 20,
    }
}

pub(super) fn from_text(c: &str, to: &ColumnType) -> Conversion {
    use ColumnType as T;
    match to {
        T::Integer(size) => whole(c, *size),
        T::Duration => whole(c, IntegerSize::Big),
        T::Real | T::Numeric => guarded(c, &is_number(c), &format!("CAST({c} AS REAL)")),
        T::Decimal(precision, scale) => decimal(c, *precision, *scale),
        T::Bool => guarded(
            c,
            &format!("lower({c}) IN ('true', 'false', '1', '0')"),
            &format!("lower({c}) IN ('true', '1')"),
        ),
        T::Uuid => guarded(c, &is_uuid(c), &format!("lower({c})")),
        T::Date => guarded(c, &format!("date({c}) = {c}"), c),
        T::Time => time(c),
        T::DateTime => datetime(c),
        T::Json => guarded(c, &format!("json_valid({c})"), &format!("json({c})")),
        T::Point => guarded(
            c,
            &format!("json_valid({c}) AND json_type({c}, '$.lat') IS NOT NULL AND json_type({c}, '$.lng') IS NOT NULL"),
            &format!("json({c})"),
        ),
        T::List(item) if item == "text" => widening(format!("CASE WHEN {c} IS NULL THEN NULL ELSE json_array({c}) END")),
        T::List(_) | T::Blob | T::Text(_) => impossible(c),
    }
}

fn whole(c: &str, size: IntegerSize) -> Conversion {
    let good = format!("CAST(CAST({c} AS INTEGER) AS TEXT) = trim({c})");
    let range = match size {
        IntegerSize::Small => Some("-32768 AND 32767"),
        IntegerSize::Medium => Some("-2147483648 AND 2147483647"),
        IntegerSize::Big => None,
    };
    let range = range.map_or(String::new(), |range| format!(" AND CAST({c} AS INTEGER) BETWEEN {range}"));
    guarded(c, &format!("{good}{range}"), &format!("CAST({c} AS INTEGER)"))
}

/// A number as JSON writes it: SQLite's own cast takes `1.2.3` for `1.2` and `e` for nought.
fn is_number(c: &str) -> String {
    format!("json_valid(trim({c})) AND json_type(trim({c})) IN ('integer', 'real') AND abs(CAST({c} AS REAL)) < 1.79e308")
}

fn decimal(c: &str, precision: u32, scale: u32) -> Conversion {
    let scaled = format!("CAST({c} AS REAL) * {}", factor(scale));
    // More digits than a float holds exactly would be made up.
    let most = 10i64
        .checked_pow(precision)
        .map_or(i64::MAX, |limit| limit - 1)
        .min(9_007_199_254_740_992);
    let good = format!("{} AND abs(round({scaled})) <= {most}", is_number(c));
    Conversion {
        changes: Some(format!("{good} AND abs({scaled} - round({scaled})) > 1e-6")),
        note: ConversionNote::Rounds,
        ..guarded(c, &good, &format!("CAST(round({scaled}) AS INTEGER)"))
    }
}

fn is_uuid(c: &str) -> String {
    format!(
        "length({c}) = 36 AND substr({c}, 9, 1) || substr({c}, 14, 1) || substr({c}, 19, 1) || substr({c}, 24, 1) = '----' \
         AND length(replace({c}, '-', '')) = 32 AND lower(replace({c}, '-', '')) NOT GLOB '*[^0-9a-f]*'"
    )
}

/// Microseconds are kept where they are written; SQLite itself knows only milliseconds.
fn time(c: &str) -> Conversion {
    let exact = format!("{c} GLOB '??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]'");
    let good = format!(
        "{c} GLOB '[0-2][0-9]:[0-5][0-9]*' AND {c} NOT GLOB '*[^0-9:.]*' AND time({c}) IS NOT NULL AND (length({c}) <= 12 OR {exact})"
    );
    let value = format!("CASE WHEN {exact} THEN {c} ELSE strftime('%H:%M:%f', {c}) || '000' END");
    guarded(c, &good, &value)
}

fn datetime(c: &str) -> Conversion {
    let six = "[0-9][0-9][0-9][0-9][0-9][0-9]";
    let exact = format!("({c} GLOB '????-??-??[ T]??:??:??.{six}' OR {c} GLOB '????-??-??[ T]??:??:??.{six}Z')");
    // Not `now`, not a Julian day, not the thirtieth of February, and no more digits than are kept.
    let good = format!(
        "{c} GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]*' AND date(substr({c}, 1, 10)) = substr({c}, 1, 10) \
         AND datetime({c}) IS NOT NULL AND ({exact} OR {c} NOT GLOB '*.[0-9][0-9][0-9][0-9]*')"
    );
    let value = format!(
        "CASE WHEN {exact} THEN substr({c}, 1, 10) || 'T' || substr({c}, 12, 15) || 'Z' ELSE strftime('%Y-%m-%dT%H:%M:%f', {c}) || '000Z' END"
    );
    guarded(c, &good, &value)
}
