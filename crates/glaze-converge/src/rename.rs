//! A catalog after renames: what everything in it is called then.

use crate::catalog::{Catalog, ObjectName, Table};
use crate::hints::Hints;
use crate::text;

/// The catalog as the database shows it when only the renames have been done.
pub fn renamed(catalog: &Catalog, hints: &Hints) -> Catalog {
    let mut out = catalog.clone();
    for (from, to) in &hints.enums {
        rename_enum(&mut out, from, to);
    }
    for table in &mut out.tables {
        let new = hints.tables.get(&table.name).cloned();
        let name = new.clone().unwrap_or_else(|| table.name.clone());
        if let Some(new) = new {
            rename_table_text(table, &new);
        }
        rename_columns(table, &name, hints);
    }
    for table in &mut out.tables {
        for key in &mut table.foreign_keys {
            if let Some(new) = hints.tables.get(&key.target) {
                key.target = new.clone();
            }
            for column in &mut key.target_columns {
                if let Some(new) = hints.columns.get(&(key.target.clone(), column.clone())) {
                    *column = new.clone();
                }
            }
        }
    }
    rename_dependents(&mut out, hints);
    for owner in out.sequences.iter_mut().filter_map(|item| item.owner.as_mut()) {
        if let Some(new) = hints.tables.get(&owner.table) {
            owner.table = new.clone();
        }
        let column = owner.column.as_ref().map(|column| (owner.table.clone(), column.clone()));
        if let Some(new) = column.and_then(|place| hints.columns.get(&place)) {
            owner.column = Some(new.clone());
        }
    }
    for item in &mut out.comments {
        if let Some(new) = item.on.as_ref().and_then(|on| hints.tables.get(on)) {
            if let Some(on) = &item.on {
                item.target = text::rename(&item.target, &on.name, &new.name);
            }
            item.on = Some(new.clone());
        }
    }
    out
}

fn rename_table_text(table: &mut Table, to: &ObjectName) {
    let from = table.name.name.clone();
    for index in &mut table.indexes {
        if let Some(exotic) = &mut index.exotic {
            *exotic = text::rename(exotic, &from, &to.name);
        }
    }
    table.name = to.clone();
}

fn rename_columns(table: &mut Table, name: &ObjectName, hints: &Hints) {
    let renames: Vec<(String, String)> = table
        .columns
        .iter()
        .filter_map(|column| {
            Some((
                column.name.clone(),
                hints.columns.get(&(name.clone(), column.name.clone()))?.clone(),
            ))
        })
        .collect();
    let new_name = |column: &String| {
        renames
            .iter()
            .find(|(from, _)| from == column)
            .map_or(column.clone(), |(_, to)| to.clone())
    };
    let pairs: Vec<(&str, &str)> = renames.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let new_text = |sql: &String| text::rename_all(sql, &pairs);
    for column in &mut table.columns {
        column.name = new_name(&column.name);
        if let Some(generated) = &mut column.generated {
            generated.expr = new_text(&generated.expr);
        }
    }
    for key in table.primary_key.iter_mut().chain(&mut table.uniques) {
        key.columns = key.columns.iter().map(new_name).collect();
        // What comes after the columns are words of the database.
        key.extra = key.extra.as_ref().map(|extra| {
            let (columns, words) = extra.split_at(extra.rfind(')').unwrap_or_default());
            new_text(&columns.to_owned()) + words
        });
    }
    for key in &mut table.foreign_keys {
        key.columns = key.columns.iter().map(new_name).collect();
    }
    for check in &mut table.checks {
        check.expr = new_text(&check.expr);
    }
    for index in &mut table.indexes {
        for part in &mut index.parts {
            part.text = if part.is_expr { new_text(&part.text) } else { new_name(&part.text) };
        }
        index.filter = index.filter.as_ref().map(new_text);
        index.exotic = index.exotic.as_ref().map(new_text);
    }
}

/// Types are written as the database prints them: with the schema or without, quoted or not, as a list or not.
fn rename_enum(catalog: &mut Catalog, from: &ObjectName, to: &ObjectName) {
    for item in catalog.enums.iter_mut().filter(|item| item.name == *from) {
        item.name = to.clone();
    }
    for column in catalog.tables.iter_mut().flat_map(|table| &mut table.columns) {
        if text::mentions(&column.ty, &from.name) {
            column.ty = text::rename(&column.ty, &from.name, &to.name);
            column.default = column.default.as_ref().map(|default| text::rename(default, &from.name, &to.name));
        }
    }
}

fn rename_dependents(catalog: &mut Catalog, hints: &Hints) {
    for item in &mut catalog.unmodelled {
        let Some(on) = &item.table else { continue };
        if let Some(new) = hints.tables.get(on) {
            item.name = match item.name.strip_prefix(&format!("{on}.")) {
                Some(rest) => format!("{new}.{rest}"),
                None if item.name == on.to_string() => new.to_string(),
                None => std::mem::take(&mut item.name),
            };
        }
    }
    let views = catalog
        .views
        .iter_mut()
        .map(|view| (&mut view.depends_on, Some(&mut view.definition), None));
    let others = catalog.unmodelled.iter_mut().map(|item| {
        // A function's text is what its author wrote: no rename reaches it.
        let written = matches!(item.kind.as_str(), "function" | "procedure");
        (&mut item.depends_on, item.sql.as_mut().filter(|_| !written), item.table.as_mut())
    });
    for (dependencies, sql, table) in views.chain(others) {
        let mut sql = sql;
        let mut on = table;
        if let Some(on) = &mut on
            && let Some(new) = hints.tables.get(*on)
        {
            if let Some(sql) = &mut sql {
                **sql = text::rename(sql, &on.name, &new.name);
            }
            **on = new.clone();
        }
        for dependency in dependencies {
            if let Some(new) = hints.tables.get(&dependency.table) {
                if let Some(sql) = &mut sql {
                    **sql = text::rename(sql, &dependency.table.name, &new.name);
                }
                dependency.table = new.clone();
            }
            let Some(column) = &mut dependency.column else { continue };
            if let Some(new) = hints.columns.get(&(dependency.table.clone(), column.clone())) {
                if let Some(sql) = &mut sql {
                    **sql = text::rename(sql, column, new);
                }
                *column = new.clone();
            }
        }
    }
}
