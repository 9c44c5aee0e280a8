//! To text and from it.

use glaze_converge::dialect::Conversion;

use super::{Family, Way};

/// Any value as text. The assignment refuses what is too long, except for spaces at the end, which the standard lets it cut.
pub(super) fn to_text(way: &Way<'_>, from: Family, to: Family) -> Conversion {
    let c = &way.column;
    let is_text = matches!(from, Family::Text(_));
    let using = (!matches!(from, Family::Text(_) | Family::Char(_))).then(|| format!("{c}::text"));
    match to {
        Family::Text(None) => Conversion {
            rewrites: !is_text,
            ..way.widening(using)
        },
        Family::Text(Some(limit)) if from.longest().is_some_and(|longest| longest <= limit) => Conversion {
            rewrites: !is_text,
            ..way.widening(using)
        },
        Family::Char(limit) if matches!(from, Family::Char(before) if before <= limit) => way.widening(using),
        Family::Text(Some(limit)) | Family::Char(limit) => {
            let text = format!("{c}::text");
            let bare = format!("rtrim({text}, ' ')");
            let padded = match to {
                Family::Char(_) => format!("{text} <> {bare}"),
                _ => format!("char_length({text}) > {limit} AND char_length({bare}) <= {limit}"),
            };
            Conversion {
                changes: is_text.then_some(padded),
                ..way.narrowing(using, Some(format!("char_length({bare}) > {limit}")))
            }
        }
        _ => way.impossible(),
    }
}

/// Text that has to be something else.
pub(super) fn from_text(way: &Way<'_>, to: Family) -> Conversion {
    let c = &way.column;
    let misfit = way.misfit(&format!("{c}::text"));
    let conversion = way.narrowing(Some(way.cast()), Some(misfit.clone()));
    let words = format!("{c}::text ~* '(now|today|tomorrow|yesterday|allballs)'");
    match to {
        // Such words become the moment of the conversion; a time that a date has no place for, or a zone, goes without a word.
        Family::Timestamp(true, _) => Way::by_zone(Conversion {
            changes: Some(words),
            ..conversion
        }),
        Family::Date => Conversion {
            changes: Some(format!("NOT ({misfit}) AND ({words} OR {c}::text ~ ':')")),
            ..conversion
        },
        Family::Timestamp(false, _) | Family::Time(..) => {
            let zone = format!(r"{c}::text ~* ':.*([0-9][+-][0-9]{{1,2}}(:?[0-9]{{2}})?|z)\s*$'");
            Conversion {
                changes: Some(format!("NOT ({misfit}) AND ({words} OR {zone})")),
                ..conversion
            }
        }
        _ => conversion,
    }
}
