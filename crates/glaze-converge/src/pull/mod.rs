//! From a catalog to a model: what `glaze pull` writes for a database that somebody else made.
//!
//! The law: what the model asks for, with what is carried, is what is there. So a field says by `#[db(…)]` whatever it would
//! say otherwise by itself, and what cannot be said at all is listed.

mod checks;
mod columns;
mod defaults;
mod enums;
mod keys;
mod names;
mod references;
mod relations;
mod types;

use std::collections::HashMap;

use glaze_model::{Entity, Model, Ownership};

use crate::catalog::{Catalog, ObjectName, Table};
use crate::dialect::CatalogDialect;

pub use types::{ReadType, standard_type};

/// What a database became.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pulled {
    /// The project's own entities and enums; built-in ones are not in it.
    pub model: Model,
    /// What is in the database and not in the model, and stays there: `trigger public.posts.t`.
    pub unmodelled: Vec<String>,
    /// What a person should know about choices that were made.
    pub notes: Vec<String>,
}

/// The model of a catalog.
pub fn pull(catalog: &Catalog, dialect: &dyn CatalogDialect) -> Pulled {
    pull_beside(catalog, dialect, &Model::default())
}

/// The model of a catalog in which Glaze has tables already: what refers to one of its own entities is a reference to it. The
/// built-in entities come last in the model, as they do when a schema file is read.
pub fn pull_beside(catalog: &Catalog, dialect: &dyn CatalogDialect, builtin: &Model) -> Pulled {
    // In the spelling in which it will be compared.
    let mut catalog = catalog.clone();
    dialect.normalise(&mut catalog);
    let catalog = &catalog;
    let mut pull = Pull {
        catalog,
        dialect,
        model: Model::default(),
        notes: Vec::new(),
        entity_of: HashMap::new(),
        joins: Vec::new(),
        enum_types: HashMap::new(),
        names: names::Names::default(),
    };
    let is_enum = |ty: &str| {
        catalog
            .enums
            .iter()
            .any(|item| ty.trim_matches('"').ends_with(item.name.name.as_str()))
    };
    pull.joins = relations::join_tables(catalog, &|table| references::has_key(table, dialect, &is_enum));
    pull.name_entities(builtin);
    pull.enums();
    for table in &catalog.tables {
        if pull.own(&table.name).is_some() {
            pull.fields(table);
        }
    }
    pull.many();
    pull.inverses();
    pull.reconcile();
    pull.implied();
    // Built-in enums last.
    pull.model.enums.rotate_left(builtin.enums.len());
    Pulled {
        unmodelled: pull.unmodelled(),
        model: pull.model,
        notes: pull.notes,
    }
}

/// The work of one pull.
struct Pull<'a> {
    catalog: &'a Catalog,
    dialect: &'a dyn CatalogDialect,
    model: Model,
    notes: Vec<String>,
    /// Position in `model.entities`.
    entity_of: HashMap<ObjectName, usize>,
    joins: Vec<relations::Join>,
    /// Column type → name of the enum.
    enum_types: HashMap<String, String>,
    names: names::Names,
}

impl Pull<'_> {
    /// An entity for every table that is not a join table.
    fn name_entities(&mut self, builtin: &Model) {
        let default_schema = self.dialect.object_name(None, "").schema;
        for table in &self.catalog.tables {
            if self.joins.iter().any(|join| join.table == table.name) || self.is_system(&table.name) {
                continue;
            }
            let name = self.names.entity(&table.name, &default_schema);
            self.entity_of.insert(table.name.clone(), self.model.entities.len());
            self.model.entities.push(Entity {
                id: None,
                name,
                schema: table.name.schema.clone().filter(|schema| Some(schema) != default_schema.as_ref()),
                table: table.name.name.clone(),
                doc: table.comment.clone().unwrap_or_default(),
                label: None,
                icon: None,
                ownership: Ownership::Project,
                internal: false,
                key: Vec::new(),
                fields: Vec::new(),
                indexes: Vec::new(),
                uniques: Vec::new(),
                rules: Vec::new(),
                validations: Vec::new(),
                db_checks: Vec::new(),
                db_key: Vec::new(),
                db_foreign_keys: Vec::new(),
                extends: None,
                was: None,
            });
        }
        for entity in &builtin.entities {
            let table = self.dialect.object_name(entity.schema.as_deref(), &entity.table);
            self.entity_of.insert(table, self.model.entities.len());
            self.model.entities.push(entity.clone());
        }
        self.model.enums.clone_from(&builtin.enums);
    }

    /// Tables of Glaze itself: in its schema, or with its prefix.
    fn is_system(&self, table: &ObjectName) -> bool {
        let system = self.dialect.object_name(Some("glaze"), "");
        match &system.schema {
            Some(_) => system.schema == table.schema,
            None => table.name.starts_with(&system.name),
        }
    }

    /// The entity of a table of the project.
    fn entity(&mut self, table: &ObjectName) -> Option<&mut Entity> {
        let at = self.own(table)?;
        self.model.entities.get_mut(at)
    }

    /// Position of the entity of a table of the project.
    fn own(&self, table: &ObjectName) -> Option<usize> {
        let at = *self.entity_of.get(table)?;
        (self.model.entities[at].ownership == Ownership::Project).then_some(at)
    }

    /// The table of an entity.
    fn table(&self, at: usize) -> Option<&Table> {
        let (name, _) = self.entity_of.iter().find(|(_, place)| **place == at)?;
        self.own(name)?;
        self.catalog.table(name)
    }

    /// What stays in the database without being in the model.
    fn unmodelled(&self) -> Vec<String> {
        let catalog = self.catalog;
        let mut out = Vec::new();
        for view in &catalog.views {
            out.push(format!(
                "{} {}",
                if view.materialized { "materialized view" } else { "view" },
                view.name
            ));
        }
        out.extend(catalog.unmodelled.iter().map(|item| format!("{} {}", item.kind, item.name)));
        out.extend(catalog.domains.iter().map(|domain| format!("domain {}", domain.name)));
        out.extend(catalog.sequences.iter().map(|sequence| format!("sequence {}", sequence.name)));
        for table in &catalog.tables {
            let special = table.indexes.iter().filter(|index| index.exotic.is_some() || index.invalid);
            out.extend(special.map(|index| format!("index {}.{}", table.name, index.name)));
            out.extend(
                table
                    .partition_by
                    .iter()
                    .map(|by| format!("partitioning of {} by {by}", table.name)),
            );
        }
        out
    }
}
