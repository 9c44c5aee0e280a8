//! One entity as a table, one many-to-many relation as a join table.

use glaze_model::{DefaultValue, Entity, FieldKind, IndexPart as ModelPart, Many, Model, OnDelete};

use super::Desired;
use super::columns::{FlatColumn, columns};
use crate::catalog::{Check, Column, Deferrable, ForeignKey, Generated, Index, IndexPart, Key, ObjectName, Table};
use crate::dialect::{CatalogDialect, ColumnSpec};
use crate::names::derived;

/// Names are given where constraints are dropped by name; elsewhere constraints are anonymous.
struct Namer<'a> {
    table: &'a str,
    named: bool,
    max: usize,
}

impl Namer<'_> {
    fn constraint(&self, columns: &[String], suffix: &str) -> Option<String> {
        self.named.then(|| derived(self.table, columns, suffix, self.max))
    }
}

pub(super) fn table(model: &Model, entity: &Entity, dialect: &dyn CatalogDialect, out: &mut Desired, problems: &mut Vec<String>) -> Table {
    let name = dialect.object_name(entity.schema.as_deref(), &entity.table);
    let flat = columns(model, entity);
    let capabilities = dialect.capabilities();
    let namer = Namer {
        table: &name.name,
        named: capabilities.add_foreign_keys,
        max: dialect.max_name(),
    };
    let mut table = Table {
        comment: (capabilities.comments && !entity.doc.is_empty()).then(|| entity.doc.clone()),
        options: dialect.table_options(),
        ..Table::default()
    };
    for item in &flat {
        table.columns.push(column(model, entity, item, dialect, problems));
        let key = (name.clone(), item.spec.column.clone());
        if let Some(fill) = fill(item, dialect) {
            out.fills.insert(key.clone(), fill);
        }
        if let Some(of) = item.enum_type() {
            out.enum_columns.insert(key, of.name.clone());
        }
        for expr in dialect.checks(&item.spec) {
            let columns = std::slice::from_ref(&item.spec.column);
            table.checks.push(Check {
                name: namer.constraint(columns, "check"),
                expr,
                not_valid: false,
            });
        }
    }
    let mut key_columns: Vec<String> = model.key_columns(entity).into_iter().map(str::to_owned).collect();
    if key_columns.is_empty() {
        key_columns.clone_from(&entity.db_key);
    }
    if !key_columns.is_empty() {
        table.primary_key = Some(Key {
            name: namer.constraint(&[], "pkey"),
            columns: key_columns,
            ..Key::default()
        });
    }
    uniques(entity, &flat, dialect, &mut table, &name);
    foreign_keys(model, entity, dialect, &namer, &mut table);
    written_foreign_keys(entity, dialect, &namer, &mut table);
    number_foreign_keys(&mut table, dialect.max_name());
    for expr in &entity.db_checks {
        table.checks.push(Check {
            name: namer.constraint(&[], "check"),
            expr: expr.clone(),
            not_valid: false,
        });
    }
    for index in &entity.indexes {
        table
            .indexes
            .push(self::index(model, entity, &flat, index, dialect, &name, problems));
    }
    number_checks(&mut table);
    table.name = name;
    table
}

fn column(model: &Model, entity: &Entity, item: &FlatColumn<'_>, dialect: &dyn CatalogDialect, problems: &mut Vec<String>) -> Column {
    let spec = &item.spec;
    let place = || {
        format!(
            "{}.{}",
            entity.name,
            item.path.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(".")
        )
    };
    let mut generated = spec.db.generated.as_ref().map(|hint| Generated {
        expr: hint.sql.clone(),
        stored: hint.stored,
    });
    let mut nullable = spec.nullable;
    if let Some(computed) = item.computed {
        // The value is null wherever the expression is, whatever the field says.
        nullable = true;
        match dialect.expression(model, &entity.name, &computed.expr) {
            Ok(expr) => generated = Some(Generated { expr, stored: true }),
            Err(reason) => problems.push(format!("{}: the computed value cannot be stored: {reason}", place())),
        }
    }
    let default = match item.default {
        Some(DefaultValue::Literal(value)) if !value.is_null() => {
            let literal = dialect.literal(spec, value);
            if literal.is_none() {
                problems.push(format!("{}: the default cannot be said in SQL", place()));
            }
            literal
        }
        Some(DefaultValue::Sql(sql)) => Some(sql.clone()),
        _ => None,
    };
    let doc = &item.field().doc;
    Column {
        name: spec.column.clone(),
        ty: dialect.column_type(spec),
        nullable,
        default: default.filter(|_| generated.is_none()),
        generated,
        identity: spec.db.identity,
        sequence: None,
        collation: spec.db.collate.clone(),
        comment: (dialect.capabilities().comments && !doc.is_empty()).then(|| doc.clone()),
        on_null: None,
    }
}

/// Values that the application gives, for rows that are there already.
fn fill(item: &FlatColumn<'_>, dialect: &dyn CatalogDialect) -> Option<String> {
    match item.default {
        Some(DefaultValue::Now) => dialect.now(&item.spec),
        Some(DefaultValue::Uuid) => dialect.uuid(&item.spec),
        Some(_) => None,
        // The implicit times are what `now` would have given.
        None if item.field().implicit && item.field().name != "id" => dialect.now(&item.spec),
        None => None,
    }
}

fn uniques(entity: &Entity, flat: &[FlatColumn<'_>], dialect: &dyn CatalogDialect, table: &mut Table, name: &ObjectName) {
    let key = |columns: Vec<String>, deferrable: Option<&str>| Key {
        name: Some(derived(&name.name, &columns, "key", dialect.max_name())),
        deferrable: self::deferrable(deferrable),
        columns,
        ..Key::default()
    };
    let mut seen: Vec<*const glaze_model::Field> = Vec::new();
    for item in flat {
        let field = item.field();
        if field.unique && !seen.contains(&std::ptr::from_ref(field)) {
            let path: Vec<&str> = item.path.iter().map(|field| field.name.as_str()).collect();
            // On a reference the word speaks of the foreign key.
            let own = field.db.deferrable.as_deref().filter(|_| !field.is_relation());
            table.uniques.push(key(columns_at(flat, &path), own));
            // A struct embedded twice has its inner fields twice.
            if item.path.len() == 1 {
                seen.push(field);
            }
        }
    }
    for set in &entity.uniques {
        let columns: Vec<String> = set.fields.iter().flat_map(|field| named_columns(flat, field)).collect();
        if !columns.is_empty() {
            table.uniques.push(key(columns, None));
        }
    }
    let mut kept: Vec<Key> = Vec::new();
    for unique in std::mem::take(&mut table.uniques) {
        if !kept.iter().any(|other| other.columns == unique.columns) {
            kept.push(unique);
        }
    }
    table.uniques = kept;
}

/// Columns of the field at this path.
fn columns_at(flat: &[FlatColumn<'_>], path: &[&str]) -> Vec<String> {
    let at = |item: &FlatColumn<'_>| item.path.len() >= path.len() && item.path.iter().zip(path).all(|(field, name)| field.name == *name);
    flat.iter().filter(|item| at(item)).map(|item| item.spec.column.clone()).collect()
}

/// Columns of a field named as in the source, `seo.title` for an inner one.
fn named_columns(flat: &[FlatColumn<'_>], name: &str) -> Vec<String> {
    columns_at(flat, &name.split('.').collect::<Vec<_>>())
}

fn foreign_keys(model: &Model, entity: &Entity, dialect: &dyn CatalogDialect, namer: &Namer<'_>, table: &mut Table) {
    for item in columns(model, entity) {
        let field = item.field();
        let FieldKind::Ref(reference) = &field.kind else { continue };
        let Some(target) = model.entity(&reference.target).filter(|_| !field.db.no_fk) else {
            continue;
        };
        let here: Vec<String> = {
            let prefix = item.spec.column.strip_suffix(field.columns.first().map_or("", String::as_str));
            let Some(prefix) = prefix else { continue };
            field.columns.iter().map(|column| format!("{prefix}{column}")).collect()
        };
        if here.first() != Some(&item.spec.column) {
            continue;
        }
        table.foreign_keys.push(ForeignKey {
            name: namer.constraint(&here, "fkey"),
            columns: here,
            target: dialect.object_name(target.schema.as_deref(), &target.table),
            target_columns: model.referenced_columns(field),
            on_delete: reference.on_delete,
            on_update: field.db.on_update.unwrap_or(OnDelete::NoAction),
            deferrable: deferrable(field.db.deferrable.as_deref()),
            not_valid: false,
            match_full: false,
        });
    }
    if let Some(target) = entity.extends.as_deref().and_then(|name| model.entity(name)) {
        let here: Vec<String> = model.key_columns(entity).into_iter().map(str::to_owned).collect();
        let there: Vec<String> = model.key_columns(target).into_iter().map(str::to_owned).collect();
        if here.len() == there.len() && !table.foreign_keys.iter().any(|key| key.columns == here) {
            let target = dialect.object_name(target.schema.as_deref(), &target.table);
            table
                .foreign_keys
                .push(cascade(namer.constraint(&here, "fkey"), here, target, there));
        }
    }
}

/// Those that the schema file says in SQL.
fn written_foreign_keys(entity: &Entity, dialect: &dyn CatalogDialect, namer: &Namer<'_>, table: &mut Table) {
    for key in &entity.db_foreign_keys {
        table.foreign_keys.push(ForeignKey {
            name: namer.constraint(&key.columns, "fkey"),
            columns: key.columns.clone(),
            target: dialect.object_name(key.schema.as_deref(), &key.table),
            target_columns: key.target_columns.clone(),
            on_delete: key.on_delete,
            on_update: key.on_update,
            deferrable: deferrable(key.deferrable.as_deref()),
            not_valid: false,
            match_full: false,
        });
    }
}

fn cascade(name: Option<String>, columns: Vec<String>, target: ObjectName, target_columns: Vec<String>) -> ForeignKey {
    ForeignKey {
        name,
        columns,
        target,
        target_columns,
        on_delete: OnDelete::Cascade,
        on_update: OnDelete::NoAction,
        deferrable: None,
        not_valid: false,
        match_full: false,
    }
}

fn deferrable(hint: Option<&str>) -> Option<Deferrable> {
    match hint {
        Some("deferred") => Some(Deferrable::Deferred),
        Some("immediate") => Some(Deferrable::Immediate),
        _ => None,
    }
}

fn index(
    model: &Model,
    entity: &Entity,
    flat: &[FlatColumn<'_>],
    index: &glaze_model::Index,
    dialect: &dyn CatalogDialect,
    table: &ObjectName,
    problems: &mut Vec<String>,
) -> Index {
    let mut parts = Vec::new();
    for part in &index.parts {
        match part {
            ModelPart::Field { name, desc } => {
                parts.extend(named_columns(flat, name).into_iter().map(|text| IndexPart {
                    text,
                    is_expr: false,
                    desc: *desc,
                }));
            }
            // A column alone stands for itself: one of the columns of a compound reference has no other name.
            ModelPart::Expr { sql, desc } => {
                let is_expr = !flat.iter().any(|item| item.spec.column == *sql);
                parts.push(IndexPart {
                    text: sql.clone(),
                    is_expr,
                    desc: *desc,
                });
            }
        }
    }
    let filter = match (&index.filter, &index.db_filter) {
        (Some(filter), _) => match dialect.expression(model, &entity.name, filter) {
            Ok(sql) => Some(sql),
            Err(reason) => {
                problems.push(format!(
                    "{}: the condition of an index cannot be said in SQL: {reason}",
                    entity.name
                ));
                None
            }
        },
        (None, sql) => sql.clone(),
    };
    let words: Vec<String> = parts
        .iter()
        .map(|part| if part.is_expr { "expr".to_owned() } else { part.text.clone() })
        .collect();
    Index {
        name: index
            .name
            .clone()
            .unwrap_or_else(|| derived(&table.name, &words, "idx", dialect.max_name())),
        parts,
        unique: index.unique,
        method: index.method.clone().unwrap_or_else(|| "btree".to_owned()),
        filter,
        exotic: None,
        invalid: false,
    }
}

/// Checks of one table have names of their own.
fn number_checks(table: &mut Table) {
    let mut taken: Vec<String> = Vec::new();
    for name in table.checks.iter_mut().filter_map(|check| check.name.as_mut()) {
        *name = crate::names::free(name, 63, |candidate| taken.iter().any(|other| other == candidate));
        taken.push(name.clone());
    }
}

/// Two foreign keys may begin at the same columns.
fn number_foreign_keys(table: &mut Table, max: usize) {
    let mut taken: Vec<String> = Vec::new();
    for name in table.foreign_keys.iter_mut().filter_map(|key| key.name.as_mut()) {
        *name = crate::names::free(name, max, |candidate| taken.iter().any(|other| other == candidate));
        taken.push(name.clone());
    }
}

/// A join table: both keys, together the primary key; rows go with either side; an index for the way back.
pub(super) fn join(model: &Model, entity: &Entity, many: &Many, dialect: &dyn CatalogDialect) -> Table {
    let name = dialect.object_name(many.schema.as_deref().or(entity.schema.as_deref()), &many.table);
    let namer = Namer {
        table: &name.name,
        named: dialect.capabilities().add_foreign_keys,
        max: dialect.max_name(),
    };
    let mut table = Table {
        options: dialect.table_options(),
        ..Table::default()
    };
    for (side, columns) in [(Some(entity), &many.from_columns), (model.entity(&many.target), &many.to_columns)] {
        let Some(side) = side else { continue };
        let flat = self::columns(model, side);
        let keys: Vec<String> = model.key_columns(side).into_iter().map(str::to_owned).collect();
        for (column, key) in columns.iter().zip(&keys) {
            let Some(there) = flat.iter().find(|item| item.spec.column == *key) else {
                continue;
            };
            let mut spec = ColumnSpec {
                column: column.clone(),
                nullable: false,
                reference: true,
                ..there.spec.clone()
            };
            spec.db.identity = None;
            spec.db.generated = None;
            table.columns.push(Column {
                name: column.clone(),
                ty: dialect.column_type(&spec),
                collation: spec.db.collate.clone(),
                ..Column::default()
            });
        }
        let target = dialect.object_name(side.schema.as_deref(), &side.table);
        table
            .foreign_keys
            .push(cascade(namer.constraint(columns, "fkey"), columns.clone(), target, keys));
    }
    let all: Vec<String> = many.from_columns.iter().chain(&many.to_columns).cloned().collect();
    table.primary_key = Some(Key {
        name: namer.constraint(&[], "pkey"),
        columns: all,
        ..Key::default()
    });
    table.indexes.push(Index {
        name: derived(&name.name, &many.to_columns, "idx", dialect.max_name()),
        parts: many
            .to_columns
            .iter()
            .map(|text| IndexPart {
                text: text.clone(),
                is_expr: false,
                desc: false,
            })
            .collect(),
        unique: false,
        method: "btree".to_owned(),
        filter: None,
        exotic: None,
        invalid: false,
    });
    table.name = name;
    table
}
