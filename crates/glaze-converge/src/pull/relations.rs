//! Foreign keys as references, join tables as relations, and the other sides of both.

use glaze_model::{Entity, Field, FieldKind, Inverse, Many, Ownership, plural, singular, snake_case};

use super::Pull;
use super::names::{FieldNames, words};
use crate::catalog::{Catalog, Column, ForeignKey, ObjectName, Table};

/// A table that does nothing but join two others.
#[derive(Debug, Clone)]
pub(super) struct Join {
    pub table: ObjectName,
    /// In the order of the key.
    pub sides: [ForeignKey; 2],
}

/// Tables whose whole key is two foreign keys to other tables' keys, with nothing besides, and to which nothing refers.
pub(super) fn join_tables(catalog: &Catalog, keyed: &dyn Fn(&Table) -> bool) -> Vec<Join> {
    let joins = catalog.tables.iter().filter_map(|table| join(catalog, table));
    let sides = |join: &Join| join.sides.iter().all(|side| catalog.table(&side.target).is_some_and(keyed));
    joins.filter(sides).collect()
}

fn join(catalog: &Catalog, table: &Table) -> Option<Join> {
    let [one, two] = table.foreign_keys.as_slice() else { return None };
    let key = table.primary_key.as_ref()?;
    let (first, second) = if key.columns.first() == one.columns.first() {
        (one, two)
    } else {
        (two, one)
    };
    let whole: Vec<&String> = first.columns.iter().chain(&second.columns).collect();
    let bare = |column: &Column| {
        let plain = Column {
            name: column.name.clone(),
            ty: column.ty.clone(),
            collation: column.collation.clone(),
            ..Column::default()
        };
        *column == plain
    };
    let simple = key.columns.iter().eq(whole.iter().copied())
        && table.columns.len() == whole.len()
        && table.columns.iter().all(bare)
        && table.uniques.is_empty()
        && table.checks.is_empty()
        && table.comment.is_none()
        && table.partition_by.is_none()
        && !whole.iter().any(|column| column.contains(','));
    let referred = catalog
        .tables
        .iter()
        .flat_map(|other| &other.foreign_keys)
        .any(|key| key.target == table.name);
    let points_at_key = |key: &ForeignKey| {
        catalog.table(&key.target).is_some_and(|target| {
            let same_type = |(here, there): (&String, &String)| {
                let ty = |table: &Table, column: &str| table.column(column).map(|column| (column.ty.clone(), column.collation.clone()));
                ty(table, here) == ty(target, there)
            };
            target.name != table.name
                && target
                    .primary_key
                    .as_ref()
                    .is_some_and(|primary| primary.columns == key.target_columns)
                && key.columns.iter().zip(&key.target_columns).all(same_type)
        })
    };
    let is_join = simple && !referred && points_at_key(first) && points_at_key(second);
    is_join.then(|| Join {
        table: table.name.clone(),
        sides: [first.clone(), second.clone()],
    })
}

impl<'a> Pull<'a> {
    /// A `Many` on both sides of every join table.
    pub(super) fn many(&mut self) {
        for join in self.joins.clone() {
            let [first, second] = &join.sides;
            let (Some(from), Some(to)) = (self.own(&first.target), self.own(&second.target)) else {
                continue;
            };
            let default_schema = self.dialect.object_name(None, "").schema;
            let here = self.model.entities[from].schema.clone();
            let schema = join.table.schema.clone().filter(|schema| Some(schema) != default_schema.as_ref());
            let schema = schema
                .or_else(|| here.clone())
                .filter(|schema| Some(schema) != here.as_ref())
                .or(here);
            let many = |target: usize, there: &ForeignKey, back: &ForeignKey, owner: bool| {
                FieldKind::Many(Many {
                    target: self.model.entities[target].name.clone(),
                    schema: schema.clone(),
                    table: join.table.name.clone(),
                    from_columns: back.columns.clone(),
                    to_columns: there.columns.clone(),
                    owner,
                })
            };
            let (forth, back) = (many(to, second, first, true), many(from, first, second, false));
            let oneself = from == to;
            self.add(
                from,
                forth,
                &side_names(&self.model.entities[to].name, second, &join.table, oneself),
                false,
            );
            self.add(
                to,
                back,
                &side_names(&self.model.entities[from].name, first, &join.table, oneself),
                false,
            );
        }
    }

    /// The other side of every `Ref`.
    pub(super) fn inverses(&mut self) {
        let mut wanted: Vec<(usize, String, String, bool)> = Vec::new();
        for entity in &self.model.entities {
            for field in &entity.fields {
                let FieldKind::Ref(reference) = &field.kind else { continue };
                let own = |other: &Entity| other.name == reference.target && other.ownership == Ownership::Project;
                let Some(target) = self.model.entities.iter().position(own) else {
                    continue;
                };
                let one = field.unique || entity.key == [field.name.as_str()];
                wanted.push((target, entity.name.clone(), field.name.clone(), one));
            }
        }
        for (target, source, field, one) in &wanted {
            let several = wanted
                .iter()
                .filter(|(other, from, _, _)| other == target && from == source)
                .count()
                > 1;
            let base = if *one { snake_case(source) } else { plural(&snake_case(source)) };
            let by = format!("{base}_by_{}", field.strip_prefix("by_").unwrap_or(field));
            let names = if several { vec![by] } else { vec![base, by] };
            let kind = FieldKind::Inverse(Inverse {
                target: source.clone(),
                field: field.clone(),
                one: *one,
            });
            self.add(*target, kind, &names, *one);
        }
    }

    /// Adds a relation without a column, before the implicit times.
    fn add(&mut self, at: usize, kind: FieldKind, names: &[String], nullable: bool) {
        let entity = &mut self.model.entities[at];
        let mut taken = FieldNames::of(entity.fields.iter().map(|field| field.name.as_str()));
        let mut field = Field::new(&taken.choose(names), kind);
        field.columns = Vec::new();
        field.nullable = nullable;
        let place = entity
            .fields
            .iter()
            .rposition(|field| !field.implicit || field.name == "id")
            .map_or(0, |last| last + 1);
        entity.fields.insert(place, field);
    }
}

/// What one side of a join table could be called.
fn side_names(target: &str, key: &ForeignKey, table: &ObjectName, oneself: bool) -> Vec<String> {
    let by_target = plural(&snake_case(target));
    let by_column = key.columns.first().map(|column| {
        let plain = words(column);
        plural(plain.strip_suffix("_id").unwrap_or(&plain))
    });
    let by_table = format!("{by_target}_by_{}", singular(&words(&table.name)));
    match (oneself, by_column) {
        (true, Some(by_column)) => vec![by_column, by_target, by_table],
        (_, by_column) => vec![Some(by_target), by_column, Some(by_table)].into_iter().flatten().collect(),
    }
}
