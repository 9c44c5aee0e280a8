//! Which item a step belongs to, and what the code calls the tables and columns of the database.

use std::collections::{BTreeMap, BTreeSet};

use glaze_model::{Entity, Field, FieldKind, Model, Ownership, snake_case};

use super::Accepting;
use super::key::{ItemKey, Part};
use crate::catalog::{Catalog, IndexPart, ObjectName, Table};
use crate::desired::columns::columns;
use crate::dialect::CatalogDialect;
use crate::hints::{Hints, hints};
use crate::pull::pull_beside;
use crate::step::Step;
use crate::text;

/// The names of one acceptance: between the database, the snapshot and the code.
pub(super) struct Naming<'a> {
    accepting: Accepting<'a>,
    dialect: &'a dyn CatalogDialect,
    /// What somebody renamed in the database, as far as it is known.
    pub drifted: Hints,
    /// What the code renames and no migration has renamed yet.
    pub pending: Hints,
    /// The database as a model of its own, for what the code does not know.
    pulled: Model,
    /// Tables that the code does not know, with the names their entities will have.
    new_entities: BTreeMap<ObjectName, String>,
    /// Columns by table, of both sides.
    columns: BTreeMap<ObjectName, BTreeSet<String>>,
}

/// Whose table it is.
#[derive(Clone, Copy)]
pub(super) enum Owner<'m> {
    /// An entity's own.
    Entity(&'m Entity),
    /// The join table of a many-to-many relation.
    Join(&'m Entity, &'m Field),
}

/// The entities and enums that are there by themselves.
pub(super) fn builtin(code: &Model) -> Model {
    let entities: Vec<Entity> = code
        .entities
        .iter()
        .filter(|entity| entity.ownership == Ownership::System)
        .cloned()
        .collect();
    let used = |name: &str| {
        entities
            .iter()
            .flat_map(|entity| &entity.fields)
            .any(|field| matches!(&field.kind, FieldKind::Enum(used) | FieldKind::EnumList(used) if used == name))
    };
    let enums = code.enums.iter().filter(|item| used(&item.name)).cloned().collect();
    Model {
        entities,
        enums,
        ..Model::default()
    }
}

/// Whose table this is, in a model.
pub(super) fn owner<'m>(model: &'m Model, table: &ObjectName, dialect: &dyn CatalogDialect) -> Option<Owner<'m>> {
    let named = |schema: Option<&str>, name: &str| dialect.object_name(schema, name) == *table;
    for entity in model.entities.iter().filter(|entity| entity.ownership == Ownership::Project) {
        if named(entity.schema.as_deref(), &entity.table) {
            return Some(Owner::Entity(entity));
        }
        for field in &entity.fields {
            if let FieldKind::Many(many) = &field.kind
                && many.owner
                && named(many.schema.as_deref().or(entity.schema.as_deref()), &many.table)
            {
                return Some(Owner::Join(entity, field));
            }
        }
    }
    None
}

/// The fields on the way to a column: `seo`, `title`.
pub(super) fn path_of(model: &Model, entity: &Entity, column: &str) -> Option<Vec<String>> {
    let flat = columns(model, entity);
    let item = flat.iter().find(|item| item.spec.column == column)?;
    Some(item.path.iter().map(|field| field.name.clone()).collect())
}

/// A name that is not taken: itself, or with a number.
pub(super) fn free(base: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{base}{number}"));
    std::iter::once(base.to_owned())
        .chain(numbered)
        .find(|name| !taken(name))
        .unwrap_or_else(|| base.to_owned())
}

impl<'a> Naming<'a> {
    pub fn new(
        accepting: &Accepting<'a>,
        drifted: Hints,
        database: &Catalog,
        before: &Catalog,
        dialect: &'a dyn CatalogDialect,
    ) -> Naming<'a> {
        let pending = hints(accepting.code, Some(accepting.origin), accepting.snapshot, dialect);
        let mut all: BTreeMap<ObjectName, BTreeSet<String>> = BTreeMap::new();
        for table in database.tables.iter().chain(&before.tables) {
            let names = table.columns.iter().map(|column| column.name.clone());
            all.entry(table.name.clone()).or_default().extend(names);
        }
        let mut naming = Naming {
            accepting: *accepting,
            dialect,
            drifted,
            pending,
            pulled: pull_beside(database, dialect, &builtin(accepting.code)).model,
            new_entities: BTreeMap::new(),
            columns: all,
        };
        naming.name_entities();
        naming
    }

    fn name_entities(&mut self) {
        let code = self.accepting.code;
        let mut taken: BTreeSet<String> = type_names(code);
        let new: Vec<(ObjectName, String)> = self
            .pulled
            .entities
            .iter()
            .filter(|entity| entity.ownership == Ownership::Project)
            .map(|entity| {
                let table = self.dialect.object_name(entity.schema.as_deref(), &entity.table);
                (table, entity.name.clone())
            })
            .filter(|(table, _)| self.owner(table).is_none())
            .collect();
        for (table, name) in new {
            let name = free(&name, |name| taken.contains(name));
            taken.insert(name.clone());
            self.new_entities.insert(table, name);
        }
    }

    /// What the database means structurally.
    pub fn dialect(&self) -> &'a dyn CatalogDialect {
        self.dialect
    }

    /// The name of the entity of a table that the code does not know yet.
    pub fn new_entity(&self, table: &ObjectName) -> Option<&str> {
        self.new_entities.get(table).map(String::as_str)
    }

    /// What the code calls a table of the database.
    pub fn code_table(&self, table: &ObjectName) -> ObjectName {
        let old = self
            .drifted
            .tables
            .iter()
            .find(|(_, new)| *new == table)
            .map_or(table, |(old, _)| old);
        self.pending.tables.get(old).unwrap_or(old).clone()
    }

    /// What the code calls a column of the database.
    pub fn code_column(&self, table: &ObjectName, column: &str) -> String {
        let renamed = self.drifted.columns.iter().find(|((on, _), new)| on == table && *new == column);
        let old = renamed.map_or(column, |((_, old), _)| old.as_str());
        let key = (self.code_table(table), old.to_owned());
        self.pending.columns.get(&key).cloned().unwrap_or_else(|| old.to_owned())
    }

    /// Whose table of the database it is, in the code.
    pub fn owner(&self, table: &ObjectName) -> Option<Owner<'a>> {
        owner(self.accepting.code, &self.code_table(table), self.dialect)
    }

    /// The item of a step. Steps between the snapshot and the code have one too.
    pub fn key(&self, step: &Step) -> ItemKey {
        match step {
            Step::SchemaCreate { name } => ItemKey::object("schema", name.as_str()),
            Step::EnumCreate { item } | Step::EnumDrop { item } | Step::EnumReplace { to: item, .. } => self.enumeration(&item.name),
            Step::EnumRename { to, .. } => self.enumeration(to),
            Step::EnumAddValue { name, column, .. }
            | Step::EnumRenameValue { name, column, .. }
            | Step::EnumRemoveValue { name, column, .. } => match column {
                Some(column) => self.column(name, column),
                None => self.enumeration(name),
            },
            Step::TableCreate { table } | Step::TableDrop { table } => self.table(&table.name),
            Step::TableRename { to, .. } => self.table(to),
            Step::TableComment { table, .. } => self.table(table),
            Step::ColumnAdd { table, column, .. } | Step::ColumnDrop { table, column } => self.column(table, &column.name),
            Step::ColumnRename { table, to, .. } => self.column(table, to),
            Step::ColumnNullableSet { table, column }
            | Step::ColumnNullableDrop { table, column, .. }
            | Step::ColumnDefaultSet { table, column, .. }
            | Step::ColumnDefaultDrop { table, column, .. }
            | Step::ColumnComment { table, column, .. } => self.column(table, column),
            Step::ColumnType { table, to, .. }
            | Step::ColumnGenerated { table, to, .. }
            | Step::ColumnIdentity { table, to, .. }
            | Step::ColumnCollation { table, to, .. } => self.column(table, &to.name),
            Step::PrimaryKeySet { table, .. } => self.part(table, Part::Key, String::new()),
            Step::UniqueAdd { table, key } | Step::UniqueDrop { table, key } => self.over(table, &key.columns, Part::Unique),
            Step::FkAdd { table, key } | Step::FkDrop { table, key } => self.over(table, &key.columns, Part::Reference),
            Step::CheckAdd { table, check } | Step::CheckDrop { table, check } => self.check(table, &check.expr),
            Step::IndexCreate { table, index } | Step::IndexDrop { table, index } => {
                let parts: Vec<String> = index.parts.iter().map(|part| self.index_part(table, part)).collect();
                self.part(table, Part::Index, parts.join(", "))
            }
            Step::FkValidate { table, key } => self.over(table, &key.columns, Part::Reference),
            Step::CheckValidate { table, check } => self.check(table, &check.expr),
            // What the schema file does not speak of.
            other => match other.table() {
                Some(table) => self.table(table),
                None => ItemKey::object(other.kind().split('.').next().unwrap_or("object"), other.object()),
            },
        }
    }

    fn table(&self, table: &ObjectName) -> ItemKey {
        match self.owner(table) {
            Some(Owner::Entity(entity)) => ItemKey::entity(&entity.name),
            Some(Owner::Join(entity, field)) => ItemKey::field(&entity.name, &field.name),
            None => match (self.new_entities.get(table), owner(&self.pulled, table, self.dialect)) {
                (Some(name), _) => ItemKey::entity(name),
                (None, Some(Owner::Join(entity, field))) => ItemKey::field(&self.code_name(entity), &field.name),
                _ => ItemKey::object("table", table.to_string()),
            },
        }
    }

    /// What the code calls an entity of the pulled model.
    fn code_name(&self, pulled: &Entity) -> String {
        let table = self.dialect.object_name(pulled.schema.as_deref(), &pulled.table);
        match (self.owner(&table), self.new_entities.get(&table)) {
            (Some(Owner::Entity(entity)), _) => entity.name.clone(),
            (_, Some(name)) => name.clone(),
            _ => pulled.name.clone(),
        }
    }

    /// The entity's name, or what a join table is as a field.
    fn part(&self, table: &ObjectName, part: Part, what: String) -> ItemKey {
        match self.table(table) {
            ItemKey::Entity { entity } => ItemKey::Part { entity, part, what },
            other => other,
        }
    }

    fn column(&self, table: &ObjectName, column: &str) -> ItemKey {
        match self.table(table) {
            ItemKey::Entity { entity } => ItemKey::Field {
                entity,
                field: self.field_name(table, column),
            },
            other => other,
        }
    }

    /// The field of a column as a person names it.
    pub fn field_name(&self, table: &ObjectName, column: &str) -> String {
        let here = self.code_column(table, column);
        if let Some(Owner::Entity(entity)) = self.owner(table)
            && let Some(path) = path_of(self.accepting.code, entity, &here)
        {
            return path.join(".");
        }
        let there = owner(&self.pulled, table, self.dialect);
        if let Some(Owner::Entity(entity)) = there
            && let Some(path) = path_of(&self.pulled, entity, column)
        {
            return path.join(".");
        }
        snake_case(column)
    }

    /// Something over several columns: a matter of the field when they are its own.
    fn over(&self, table: &ObjectName, columns: &[String], part: Part) -> ItemKey {
        let mut names: Vec<String> = columns.iter().map(|column| self.field_name(table, column)).collect();
        names.dedup();
        match names.as_slice() {
            [_] => self.column(table, &columns[0]),
            _ => self.part(table, part, names.join(", ")),
        }
    }

    fn check(&self, table: &ObjectName, expr: &str) -> ItemKey {
        let none = BTreeSet::new();
        let all = self.columns.get(table).unwrap_or(&none);
        let spoken: Vec<&String> = all.iter().filter(|column| text::mentions(expr, column)).collect();
        match spoken.as_slice() {
            [column] => self.column(table, column),
            _ => self.part(table, Part::Check, expr.to_owned()),
        }
    }

    fn index_part(&self, table: &ObjectName, part: &IndexPart) -> String {
        let what = if part.is_expr {
            part.text.clone()
        } else {
            self.field_name(table, &part.text)
        };
        if part.desc { format!("{what} desc") } else { what }
    }

    fn enumeration(&self, name: &ObjectName) -> ItemKey {
        let old = self.drifted.enums.iter().find(|(_, new)| *new == name).map_or(name, |(old, _)| old);
        let here = self.pending.enums.get(old).unwrap_or(old);
        let item = enum_of(self.accepting.code, here, self.dialect);
        ItemKey::object("enum", item.map_or_else(|| name.name.clone(), |item| snake_case(&item.name)))
    }
}

/// The enum of a native type.
pub(super) fn enum_of<'m>(model: &'m Model, name: &ObjectName, dialect: &dyn CatalogDialect) -> Option<&'m glaze_model::EnumType> {
    let named = |item: &&glaze_model::EnumType| item.native && dialect.object_name(item.schema.as_deref(), &item.db_name) == *name;
    model.enums.iter().find(named)
}

/// Every name of a declaration.
pub(super) fn type_names(model: &Model) -> BTreeSet<String> {
    let entities = model.entities.iter().map(|item| item.name.clone());
    let enums = model.enums.iter().map(|item| item.name.clone());
    let blocks = model.blocks.iter().map(|item| item.name.clone());
    let embedded = model.embedded.iter().map(|item| item.name.clone());
    entities.chain(enums).chain(blocks).chain(embedded).collect()
}

/// The table of an entity in a catalog.
pub(super) fn table_of<'c>(catalog: &'c Catalog, entity: &Entity, dialect: &dyn CatalogDialect) -> Option<&'c Table> {
    catalog.table(&dialect.object_name(entity.schema.as_deref(), &entity.table))
}
