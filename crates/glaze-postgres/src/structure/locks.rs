//! What steps hold up in PostgreSQL, and what they write anew.

use glaze_converge::{
    catalog::Column,
    dialect::Blocking,
    migrations::words::{Word, words},
    step::Step,
};

use super::convert::convert;

/// Functions (and types with arguments) whose value is the same for all rows of a statement, as far as defaults use them.
const STABLE: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "timezone",
    "date_trunc",
    "to_char",
    "to_date",
    "to_timestamp",
    "make_date",
    "make_interval",
    "make_timestamp",
    "make_timestamptz",
    "coalesce",
    "nullif",
    "lower",
    "upper",
    "md5",
    "length",
    "concat",
    "format",
    "jsonb_build_object",
    "jsonb_build_array",
    "json_build_object",
    "json_build_array",
    "to_json",
    "to_jsonb",
    "to_tsvector",
    "current_setting",
    "current_schema",
    "current_database",
    "numeric",
    "decimal",
    "varchar",
    "varying",
    "char",
    "character",
    "bpchar",
    "bit",
    "timestamp",
    "timestamptz",
    "time",
    "interval",
    "row",
    "any",
    "and",
    "or",
    "not",
    "in",
    "date",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "point",
    "box",
    "decode",
    "encode",
    "extract",
    "round",
    "abs",
    "array_fill",
];

/// What a step holds up; none when it is done at once.
pub(super) fn blocking(step: &Step) -> Option<Blocking> {
    match step {
        Step::ColumnType { from, to, using, .. } => {
            let conversion = convert(from, to);
            (conversion.rewrites || conversion.using != *using).then_some(Blocking::Rewrite)
        }
        Step::EnumReplace { uses, .. } => (!uses.is_empty()).then_some(Blocking::Rewrite),
        Step::DomainAlter { from, to, uses } => (from.base != to.base && !uses.is_empty()).then_some(Blocking::Rewrite),
        Step::TableOptions { from, to, .. } => {
            let unlogged = |options: &[String]| options.iter().any(|option| option == "UNLOGGED");
            (unlogged(from) != unlogged(to)).then_some(Blocking::Rewrite)
        }
        Step::ColumnAdd { column, fill, .. } => added(column, fill.is_some()),
        Step::ColumnGenerated { to, .. } => to.generated.is_some().then_some(Blocking::StoredGenerated),
        Step::ColumnNullableDrop { fill, .. } => Some(if fill.is_some() {
            Blocking::Backfill
        } else {
            Blocking::NotNullScan
        }),
        Step::PrimaryKeySet { to: Some(_), .. } | Step::UniqueAdd { .. } => Some(Blocking::UniqueBuild),
        Step::IndexCreate { .. } => Some(Blocking::IndexBuild),
        Step::FkAdd { key, .. } => (!key.not_valid).then_some(Blocking::ForeignKeyScan),
        Step::CheckAdd { check, .. } => (!check.not_valid).then_some(Blocking::CheckScan),
        _ => None,
    }
}

fn added(column: &Column, filled: bool) -> Option<Blocking> {
    if column.identity.is_some() {
        Some(Blocking::Identity)
    } else if column.generated.is_some() {
        Some(Blocking::StoredGenerated)
    } else if column.default.as_deref().is_some_and(is_volatile) {
        Some(Blocking::VolatileDefault)
    } else {
        filled.then_some(Blocking::Backfill)
    }
}

/// Whether a default may differ from row to row: it calls a function that is not known to be the same for all of them.
pub(super) fn is_volatile(default: &str) -> bool {
    words(default).windows(2).any(|pair| {
        let stable = |name: &str| STABLE.contains(&name.to_ascii_lowercase().as_str());
        pair[1] == Word::Sign('(') && pair[0].name().is_some_and(|name| !stable(name))
    })
}

#[cfg(test)]
mod tests {
    use super::is_volatile;

    #[test]
    fn defaults_that_differ_from_row_to_row_are_known() {
        for (default, volatile) in [
            ("now()", false),
            ("'x(1)'::text", false),
            ("'a'::character varying(20)", false),
            ("(now() AT TIME ZONE 'UTC'::text)", false),
            ("CURRENT_TIMESTAMP", false),
            ("ARRAY['a'::text]", false),
            ("(1 + 2)", false),
            ("random()", true),
            ("gen_random_uuid()", true),
            ("public.next_code ()", true),
            ("clock_timestamp()", true),
            ("nextval('a_seq'::regclass)", true),
            ("lower(md5((random())::text))", true),
        ] {
            assert_eq!(is_volatile(default), volatile, "{default}");
        }
    }
}
