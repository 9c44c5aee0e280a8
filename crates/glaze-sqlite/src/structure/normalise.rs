//! One spelling for what SQLite does not tell apart.

use glaze_converge::catalog::{Catalog, Key, Table};
use glaze_converge::text::tidy;
use glaze_model::IdentityHint;

/// Brings a catalog into the spelling in which it is compared.
pub fn normalise(catalog: &mut Catalog) {
    catalog.enums.clear();
    catalog.schemas.clear();
    for table in &mut catalog.tables {
        normalise_table(table);
    }
}

fn normalise_table(table: &mut Table) {
    let key: Vec<String> = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    let without_rowid = table.options.iter().any(|option| option == "WITHOUT ROWID");
    for column in &mut table.columns {
        if key.contains(&column.name) {
            column.nullable = false;
        }
        let declared = column.ty.split(':').next().unwrap_or_default();
        let row_id = key == [column.name.clone()] && declared.eq_ignore_ascii_case("INTEGER") && !without_rowid;
        column.identity = match column.identity {
            Some(IdentityHint::AutoIncrement) if row_id => Some(IdentityHint::AutoIncrement),
            _ => row_id.then_some(IdentityHint::RowId),
        };
        column.default = column
            .default
            .take()
            .map(|default| tidy(&default))
            .filter(|default| !default.eq_ignore_ascii_case("NULL"));
        if let Some(generated) = &mut column.generated {
            generated.expr = tidy(&generated.expr);
        }
        if column
            .collation
            .as_deref()
            .is_some_and(|collation| collation.eq_ignore_ascii_case("BINARY"))
        {
            column.collation = None;
        }
    }
    if let Some(key) = &mut table.primary_key {
        key.name = None;
    }
    for check in &mut table.checks {
        check.expr = tidy(&check.expr);
    }
    for key in &mut table.foreign_keys {
        key.match_full = false;
    }
    plain_unique_indexes(table);
    for index in &mut table.indexes {
        index.method = "btree".to_owned();
        index.filter = index.filter.take().map(|filter| tidy(&filter));
        for part in index.parts.iter_mut().filter(|part| part.is_expr) {
            part.text = tidy(&part.text);
        }
    }
}

/// A unique index over plain columns is a unique key.
fn plain_unique_indexes(table: &mut Table) {
    let plain = |index: &glaze_converge::catalog::Index| {
        index.unique && index.filter.is_none() && index.exotic.is_none() && index.parts.iter().all(|part| !part.is_expr && !part.desc)
    };
    let (unique, others): (Vec<_>, Vec<_>) = std::mem::take(&mut table.indexes).into_iter().partition(plain);
    table.indexes = others;
    for index in unique {
        let columns = index.parts.into_iter().map(|part| part.text).collect();
        table.uniques.push(Key {
            name: Some(index.name),
            columns,
            ..Key::default()
        });
    }
}
