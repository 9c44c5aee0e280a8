//! Numbers: integers, floats, scaled integers, booleans and durations.

use glaze_converge::dialect::{Conversion, ConversionKind, ConversionNote};

use super::super::types::{ColumnType, IntegerSize};
use super::{as_is, factor, guarded, impossible, widening};

/// Integers above this are not exact in a float.
const EXACT: i64 = 9_007_199_254_740_992;

pub(super) fn convert(c: &str, from: &ColumnType, to: &ColumnType) -> Conversion {
    use ColumnType as T;
    match (from, to) {
        (T::Integer(_) | T::Bool | T::Duration, T::Integer(size)) => integer(c, from, *size),
        (T::Integer(_), T::Bool) => guarded(c, &format!("{c} IN (0, 1)"), c),
        (T::Integer(_), T::Duration) | (T::Integer(_) | T::Bool, T::Numeric) | (T::Real, T::Numeric) => as_is(),
        (T::Integer(_) | T::Bool, T::Real) => to_float(c, &format!("CAST({c} AS REAL)"), EXACT),
        (T::Numeric, T::Real) => Conversion {
            changes: Some(format!("typeof({c}) = 'integer' AND {c} NOT BETWEEN -{EXACT} AND {EXACT}")),
            ..as_is()
        },
        (T::Real | T::Numeric, T::Integer(size)) => rounding(Conversion {
            changes: Some(format!("{c} <> round({c})")),
            ..guarded(
                c,
                &format!("{} AND round({c}) BETWEEN {}", number(c), range(*size)),
                &format!("CAST(round({c}) AS INTEGER)"),
            )
        }),
        (T::Integer(size), T::Decimal(precision, scale)) => integer_to_decimal(c, *size, (*precision, *scale)),
        (T::Decimal(precision, scale), T::Integer(size)) => decimal_to_integer(c, (*precision, *scale), *size),
        (T::Decimal(precision, scale), T::Decimal(new_precision, new_scale)) => {
            decimal(c, (*precision, *scale), (*new_precision, *new_scale))
        }
        (T::Decimal(_, scale), T::Real | T::Numeric) => to_float(c, &format!("CAST({c} AS REAL) / {}", factor(*scale)), EXACT),
        (T::Real | T::Numeric, T::Decimal(precision, scale)) => float_to_decimal(c, (*precision, *scale)),
        _ => impossible(c),
    }
}

/// The column holds a number, whatever its type says.
fn number(c: &str) -> String {
    format!("typeof({c}) IN ('integer', 'real')")
}

fn range(size: IntegerSize) -> &'static str {
    match size {
        IntegerSize::Small => "-32768 AND 32767",
        IntegerSize::Medium => "-2147483648 AND 2147483647",
        // The largest float below two to the power of 63.
        IntegerSize::Big => "-9223372036854774784 AND 9223372036854774784",
    }
}

fn digits(size: IntegerSize) -> u32 {
    match size {
        IntegerSize::Small => 5,
        IntegerSize::Medium => 10,
        IntegerSize::Big => 19,
    }
}

/// The largest scaled integer of a precision.
fn most(precision: u32) -> i64 {
    10i64.checked_pow(precision).map_or(i64::MAX, |limit| limit - 1)
}

fn integer(c: &str, from: &ColumnType, size: IntegerSize) -> Conversion {
    let fits = match from {
        ColumnType::Bool => true,
        ColumnType::Integer(before) => *before <= size,
        _ => size == IntegerSize::Big,
    };
    if fits {
        as_is()
    } else {
        guarded(c, &format!("{c} BETWEEN {}", range(size)), c)
    }
}

fn to_float(c: &str, value: &str, exact: i64) -> Conversion {
    Conversion {
        kind: ConversionKind::Lossy,
        changes: Some(format!("{c} NOT BETWEEN -{exact} AND {exact}")),
        ..guarded(c, &number(c), value)
    }
}

fn integer_to_decimal(c: &str, size: IntegerSize, (precision, scale): (u32, u32)) -> Conversion {
    let by = factor(scale);
    let most = most(precision) / by;
    let kind = if precision.saturating_sub(scale) >= digits(size) && precision < 19 {
        ConversionKind::Widening
    } else {
        ConversionKind::Narrowing
    };
    Conversion {
        kind,
        ..guarded(
            c,
            &format!("typeof({c}) = 'integer' AND {c} BETWEEN -{most} AND {most}"),
            &format!("{c} * {by}"),
        )
    }
}

fn decimal_to_integer(c: &str, (precision, scale): (u32, u32), size: IntegerSize) -> Conversion {
    let value = rounded(c, scale);
    let fits = precision.saturating_sub(scale) < digits(size) || (scale == 0 && size == IntegerSize::Big);
    let whole = match fits {
        true => widening(value),
        false => guarded(c, &format!("({value}) BETWEEN {}", range(size)), &value),
    };
    match scale {
        0 if fits => as_is(),
        0 => whole,
        scale => rounding(Conversion {
            changes: Some(format!("{c} % {} <> 0", factor(scale))),
            ..whole
        }),
    }
}

fn decimal(c: &str, (precision, scale): (u32, u32), (new_precision, new_scale): (u32, u32)) -> Conversion {
    let limit = most(new_precision);
    if new_scale >= scale {
        let by = factor(new_scale - scale);
        let fits = new_precision.saturating_sub(new_scale) >= precision.saturating_sub(scale) && new_precision < 19;
        let good = format!("{c} BETWEEN -{m} AND {m}", m = limit / by);
        return match (fits, by) {
            (true, 1) => as_is(),
            (true, by) => widening(format!("{c} * {by}")),
            (false, 1) => guarded(c, &good, c),
            (false, by) => guarded(c, &good, &format!("{c} * {by}")),
        };
    }
    let digits = scale - new_scale;
    let value = rounded(c, digits);
    rounding(Conversion {
        changes: Some(format!("{c} % {} <> 0", factor(digits))),
        ..guarded(c, &format!("({value}) BETWEEN -{limit} AND {limit}"), &value)
    })
}

fn float_to_decimal(c: &str, (precision, scale): (u32, u32)) -> Conversion {
    let scaled = format!("{c} * {}", factor(scale));
    // Beyond what a float holds exactly, the digits would be made up.
    let most = most(precision).min(EXACT);
    rounding(Conversion {
        changes: Some(format!("abs({scaled} - round({scaled})) > 1e-6")),
        ..guarded(
            c,
            &format!("{} AND round({scaled}) BETWEEN -{most} AND {most}", number(c)),
            &format!("CAST(round({scaled}) AS INTEGER)"),
        )
    })
}

fn rounding(conversion: Conversion) -> Conversion {
    Conversion {
        kind: ConversionKind::Lossy,
        note: ConversionNote::Rounds,
        ..conversion
    }
}

/// Half away from zero, as databases round.
fn rounded(c: &str, digits: u32) -> String {
    match digits {
        0 => c.to_owned(),
        digits => {
            let (factor, half) = (factor(digits), factor(digits) / 2);
            format!("CASE WHEN {c} >= 0 THEN ({c} + {half}) / {factor} ELSE ({c} - {half}) / {factor} END")
        }
    }
}
