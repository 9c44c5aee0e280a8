//! Numbers: integers, floats, `numeric`, and booleans among them.

use glaze_converge::dialect::{Conversion, ConversionKind, ConversionNote};

use super::{Family, Way};

/// Integers above this are not exact in a `double precision`.
const EXACT_DOUBLE: i64 = 9_007_199_254_740_992;
/// The same for `real`.
const EXACT_REAL: i64 = 16_777_216;
/// Text that is a number with a point and an exponent.
const NUMBER: &str = r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$";
/// Text that is an integer.
const WHOLE: &str = r"^\s*[-+]?[0-9]+\s*$";

pub(super) fn convert(way: &Way<'_>, from: Family, to: Family) -> Conversion {
    use Family::{Bool, Float, Integer, Numeric};
    let c = &way.column;
    match (from, to) {
        (Bool, Integer(_) | Numeric(_) | Float(_)) => way.widening(Some(format!("{c}::integer::{}", way.to))),
        (Integer(_), Bool) => way.lossy(Some(format!("{c} <> 0")), Some(format!("{c} NOT IN (0, 1)"))),
        (Integer(a), Integer(b)) if a <= b => way.widening(None),
        (Integer(_), Integer(size)) => way.narrowing(None, Some(out_of_range(c, size))),
        (Integer(2), Float(_)) | (Integer(4), Float(8)) | (Float(4), Float(8)) => way.widening(None),
        (Integer(_), Float(size)) => {
            let exact = if size == 4 { EXACT_REAL } else { EXACT_DOUBLE };
            way.lossy(None, Some(format!("abs({c}::numeric) > {exact}")))
        }
        (Float(_), Float(_)) => Conversion {
            fails: Some(format!("abs({c}) > 3.4028235e38 AND abs({c}) < 'Infinity'")),
            ..way.lossy(
                None,
                Some(format!(
                    "CASE WHEN abs({c}) <= 3.4028235e38 THEN {c}::real::double precision <> {c} ELSE false END"
                )),
            )
        },
        (Numeric(_), Numeric(None)) => Conversion::default(),
        (Integer(_), Numeric(None)) => way.widening(None),
        (Float(_), Numeric(None)) => way.lossy(Some(way.cast()), Some(format!("{c}::numeric::{} <> {c}", way.from))),
        (Integer(size), Numeric(Some((precision, scale)))) => integer_to_numeric(way, size, precision, scale),
        (Numeric(limits), Numeric(Some(to))) => numeric(way, limits, to),
        (Float(_), Numeric(Some((precision, scale)))) => rounding(Conversion {
            fails: Some(too_large(&format!("{c}::numeric"), precision, scale)),
            ..way.lossy(Some(way.cast()), Some(format!("round({c}::numeric, {scale})::{} <> {c}", way.from)))
        }),
        (Numeric(_), Float(_)) => way.lossy(Some(way.cast()), Some(format!("{c}::{}::numeric <> {c}", way.to))),
        (Numeric(_) | Float(_), Integer(size)) => rounding(Conversion {
            fails: Some(out_of_range(&format!("round({c}::numeric)"), size)),
            ..way.lossy(Some(way.cast()), Some(format!("trunc({c}::numeric) <> {c}::numeric")))
        }),
        _ => way.impossible(),
    }
}

/// Text that has to be a number.
pub(super) fn from_text(way: &Way<'_>, to: Family) -> Conversion {
    let c = &way.column;
    let pattern = if matches!(to, Family::Integer(_)) { WHOLE } else { NUMBER };
    let guarded = |good: &str| Some(format!("CASE WHEN {c}::text ~ '{pattern}' THEN {good} ELSE {c} IS NOT NULL END"));
    // `007` is no number to whoever wrote it.
    let zeros = format!(r"{c}::text ~ '^\s*[-+]?0[0-9]'");
    let number = format!("{c}::numeric");
    let (fails, changes) = match to {
        Family::Integer(size) => (guarded(&out_of_range(&number, size)), zeros),
        Family::Numeric(Some((precision, scale))) => (
            guarded(&too_large(&number, precision, scale)),
            format!("{zeros} OR CASE WHEN {c}::text ~ '{pattern}' THEN round({number}, {scale}) <> {number} ELSE false END"),
        ),
        Family::Float(8) => (guarded(&format!("abs({number}) > 1.7e308")), zeros),
        Family::Float(_) => (guarded(&format!("abs({number}) > 3.4e38")), zeros),
        _ => (guarded("false"), zeros),
    };
    Conversion {
        changes: Some(changes),
        ..way.narrowing(Some(way.cast()), fails)
    }
}

fn integer_to_numeric(way: &Way<'_>, size: u8, precision: i64, scale: i64) -> Conversion {
    let digits = match size {
        2 => 5,
        4 => 10,
        _ => 19,
    };
    if scale >= 0 && precision - scale >= digits {
        return way.widening(None);
    }
    let number = format!("{}::numeric", way.column);
    Conversion {
        changes: (scale < 0).then(|| format!("round({number}, {scale}) <> {number}")),
        ..way.narrowing(None, Some(too_large(&number, precision, scale)))
    }
}

fn numeric(way: &Way<'_>, from: Option<(i64, i64)>, (precision, scale): (i64, i64)) -> Conversion {
    let c = &way.column;
    if let Some((old_precision, old_scale)) = from
        && scale >= old_scale
        && precision - scale >= old_precision - old_scale
    {
        return Conversion {
            rewrites: scale != old_scale,
            ..Conversion::default()
        };
    }
    let fails = Some(too_large(c, precision, scale));
    if from.is_some_and(|(_, old_scale)| scale >= old_scale) {
        return way.narrowing(None, fails);
    }
    rounding(Conversion {
        fails,
        ..way.lossy(None, Some(format!("round({c}, {scale}) <> {c}")))
    })
}

fn rounding(conversion: Conversion) -> Conversion {
    Conversion {
        kind: ConversionKind::Lossy,
        note: ConversionNote::Rounds,
        ..conversion
    }
}

/// Rounding comes first: 9.96 is too large for `numeric(2,1)`. `NaN` fits everywhere.
fn too_large(number: &str, precision: i64, scale: i64) -> String {
    format!("abs(round({number}, {scale})) >= 1e{} AND {number} <> 'NaN'", precision - scale)
}

fn out_of_range(number: &str, size: u8) -> String {
    let limits = match size {
        2 => "-32768 AND 32767",
        4 => "-2147483648 AND 2147483647",
        _ => "-9223372036854775808 AND 9223372036854775807",
    };
    format!("{number} NOT BETWEEN {limits}")
}
