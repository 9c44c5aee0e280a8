//! A column's values in another type.

use super::Assessor;
use super::Risk;
use super::finding::Finding;
use super::rows::literal;
use crate::catalog::{Column, EnumDef, ObjectName};
use crate::dialect::{Conversion, ConversionKind, ConversionNote};

/// Hazards of `from` becoming `to`, by `using` where that was answered or computed.
pub(super) fn findings(assessor: &Assessor<'_>, table: &ObjectName, from: &Column, to: &Column, using: Option<&str>) -> Vec<Finding> {
    let mut conversion = assessor.dialect.convert(from, to);
    let what = format!("{table}.{} from {} to {}", to.name, from.ty, to.ty);
    if let Some(own) = using.filter(|using| conversion.using.as_deref() != Some(*using)) {
        return own_conversion(assessor, table, to, &what, own);
    }
    if let Some(item) = enum_of(assessor, &to.ty)
        && conversion.kind != ConversionKind::Impossible
    {
        into_enum(assessor, &mut conversion, to, item);
    }
    let probe = |condition: &Option<String>| {
        condition
            .as_ref()
            .and_then(|condition| assessor.rows.found(table, condition, &[&to.name]))
    };
    let fails = Finding {
        risk: Risk::Destructive,
        always: conversion.kind == ConversionKind::Narrowing,
        ..Finding::fails(
            "narrowing",
            format!("{what}: fails where a value does not fit; nothing is cut, so change those values first"),
            probe(&conversion.fails),
        )
    };
    let changes = Finding {
        always: conversion.kind == ConversionKind::Lossy,
        ..changed(&conversion, &what, probe(&conversion.changes))
    };
    match conversion.kind {
        ConversionKind::Impossible => vec![Finding {
            risk: Risk::Destructive,
            always: true,
            ..Finding::fails(
                "no_conversion",
                format!("{what}: nothing says how values become another; give an expression (using)"),
                probe(&conversion.fails),
            )
        }],
        ConversionKind::Widening if conversion.fails.is_none() && conversion.changes.is_none() => Vec::new(),
        ConversionKind::Widening => [
            conversion.fails.is_some().then_some(fails),
            conversion.changes.is_some().then_some(changes),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ConversionKind::Narrowing => std::iter::once(fails)
            .chain(conversion.changes.is_some().then_some(changes))
            .collect(),
        ConversionKind::Lossy => std::iter::once(changes)
            .chain(conversion.fails.is_some().then_some(fails))
            .collect(),
    }
}

fn changed(conversion: &Conversion, what: &str, probe: Option<super::probe::Probe>) -> Finding {
    match conversion.note {
        ConversionNote::Rounds => Finding::lost(
            "scale_reduced",
            format!("{what}: digits are rounded away, and the database says nothing"),
            probe,
        ),
        ConversionNote::Plain | ConversionNote::SessionZone => {
            Finding::lost("lossy_conversion", format!("{what}: values become others"), probe)
        }
    }
}

/// Whatever the expression does, it was somebody's decision; it is tried on the rows.
fn own_conversion(assessor: &Assessor<'_>, table: &ObjectName, to: &Column, what: &str, using: &str) -> Vec<Finding> {
    let column = assessor.dialect.quote(&to.name);
    let from = assessor.rows.before(table);
    let finding = Finding::lost(
        "own_conversion",
        format!("{what}: values become what {using} makes of them"),
        assessor.rows.found(table, &format!("{column} IS NOT NULL"), &[&to.name]),
    );
    let trial = from.map(|from| format!("SELECT count(item) FROM (SELECT {using} AS item FROM {from}) AS tried"));
    vec![Finding { trial, ..finding }]
}

fn enum_of<'a>(assessor: &Assessor<'a>, ty: &str) -> Option<&'a EnumDef> {
    let plain = ty.replace('"', "");
    let plan = assessor.plan;
    plan.to
        .enums
        .iter()
        .find(|item| item.name.name == plain || item.name.to_string() == plain)
}

/// The values of an enum are known, even of one that is not there yet.
fn into_enum(assessor: &Assessor<'_>, conversion: &mut Conversion, to: &Column, item: &EnumDef) {
    let values: Vec<String> = item.values.iter().map(|value| literal(value)).collect();
    let column = assessor.dialect.quote(&to.name);
    conversion.fails = Some(format!("CAST({column} AS text) NOT IN ({})", values.join(", ")));
    conversion.changes = None;
}
