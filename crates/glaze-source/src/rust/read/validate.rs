//! What must hold of the whole: tables, columns and paths that are not taken twice, names that databases can keep.

use std::collections::HashMap;

use glaze_model::{FieldKind, Model};

use super::Reader;
use crate::finding::Loc;

/// First path segments under `/api/` that are not entities.
pub(super) const API_WORDS: [&str; 6] = ["auth", "admin", "docs", "realtime", "graphql", "openapi"];

impl Reader<'_> {
    pub(super) fn validate(&mut self) {
        self.check_tables();
        self.check_paths();
        for at in 0..self.entities.len() {
            self.check_columns(at);
            self.check_written_keys(at);
        }
        for at in 0..self.enums.len() {
            let (name, loc) = (self.model.enums[at].db_name.clone(), self.enums[at].name.loc);
            self.check_length(&name, loc);
        }
        self.check_enum_names();
    }

    fn check_tables(&mut self) {
        let mut tables: HashMap<(Option<String>, String), String> = HashMap::new();
        for entity in &self.known.entities {
            tables.insert((entity.schema.clone(), entity.table.clone()), entity.name.clone());
        }
        for at in 0..self.entities.len() {
            let (entity, loc) = (&self.model.entities[at], self.entities[at].name.loc);
            let key = (entity.schema.clone(), entity.table.clone());
            let (name, table) = (entity.name.clone(), entity.table.clone());
            self.check_length(&table, loc);
            if let Some(other) = tables.insert(key, name.clone()) {
                self.findings
                    .error(
                        "duplicate_table",
                        loc,
                        format!("`{name}` and `{other}` have the same table, `{table}`"),
                    )
                    .help("give one of them another with `#[db(table = \"…\")]`");
            }
        }
        for at in 0..self.entities.len() {
            for index in 0..self.model.entities[at].fields.len() {
                let field = &self.model.entities[at].fields[index];
                let FieldKind::Many(many) = &field.kind else { continue };
                if !many.owner || many.table.is_empty() {
                    continue;
                }
                let (table, key) = (many.table.clone(), (many.schema.clone(), many.table.clone()));
                let columns: Vec<String> = many.from_columns.iter().chain(&many.to_columns).cloned().collect();
                let field_name = field.name.clone();
                let Some(loc) = self.field_loc(at, &field_name) else { continue };
                self.check_length(&table, loc);
                for column in &columns {
                    self.check_length(column, loc);
                }
                if (1..columns.len()).any(|at| columns[..at].contains(&columns[at])) {
                    self.findings.error(
                        "duplicate_column",
                        loc,
                        format!("the join table `{table}` would have two columns of one name"),
                    );
                }
                if let Some(other) = tables.get(&key) {
                    self.findings
                        .error(
                            "duplicate_table",
                            loc,
                            format!("the join table `{table}` is the table of `{other}` already"),
                        )
                        .help("give it another name with `#[db(table = \"…\")]`");
                }
            }
        }
    }

    fn check_paths(&mut self) {
        let mut paths: HashMap<String, String> = self
            .known
            .entities
            .iter()
            .filter(|entity| !entity.internal)
            .map(|entity| (entity.path(), entity.name.clone()))
            .collect();
        for at in 0..self.entities.len() {
            let entity = &self.model.entities[at];
            let (path, name, loc) = (entity.path(), entity.name.clone(), self.entities[at].name.loc);
            if API_WORDS.contains(&path.as_str()) {
                self.findings
                    .error(
                        "reserved_name",
                        loc,
                        format!("`{name}` would be `/api/{path}`, which is something else"),
                    )
                    .help("choose another name; the table can keep its own with `#[db(table = \"…\")]`");
            } else if let Some(other) = paths.insert(path.clone(), name.clone()) {
                self.findings
                    .error("duplicate_name", loc, format!("`{name}` and `{other}` would both be `/api/{path}`"));
            }
        }
    }

    /// Columns that `#[db(key = …)]` and `#[db(foreign_key = …)]` speak of are there.
    fn check_written_keys(&mut self, at: usize) {
        let entity = &self.model.entities[at];
        let columns: Vec<String> = entity.fields.iter().flat_map(|field| all_columns(&self.model, field)).collect();
        let mut wrong: Vec<(&str, String)> = Vec::new();
        if !entity.db_key.is_empty() && !entity.key.is_empty() {
            wrong.push((
                "key",
                "the entity has a key already: `#[entity(id = false)]` leaves it out".to_owned(),
            ));
        }
        let keys = entity.db_key.iter().map(|column| ("key", column));
        let foreign = entity.db_foreign_keys.iter().flat_map(|key| &key.columns);
        for (word, column) in keys.chain(foreign.map(|column| ("foreign_key", column))) {
            if !columns.contains(column) {
                wrong.push((word, format!("there is no column `{column}`")));
            }
        }
        for (word, message) in wrong {
            let raw = self.raw_entity(at);
            let loc = raw.map(|raw| raw.attrs.db(word).map_or(raw.name.loc, |arg| arg.loc));
            if let Some(loc) = loc {
                self.findings.error("wrong_columns", loc, message);
            }
        }
    }

    fn check_columns(&mut self, at: usize) {
        let mut seen: HashMap<String, (String, String, bool)> = HashMap::new();
        let fields: Vec<(String, Vec<String>)> = self.model.entities[at]
            .fields
            .iter()
            .map(|field| (field.name.clone(), all_columns(&self.model, field)))
            .collect();
        for (field, columns) in fields {
            let Some(loc) = self.field_loc(at, &field).or_else(|| self.raw_entity(at).map(|raw| raw.name.loc)) else {
                continue;
            };
            for column in columns {
                self.check_length(&column, loc);
                if column.is_empty() {
                    self.findings.error("invalid_value", loc, "the name of a column is empty");
                }
                let given = self.gives_column(at, &field);
                let taken = seen.insert(column.to_ascii_lowercase(), (field.clone(), column.clone(), given));
                // Names that differ in case alone are one name in some databases; whoever wrote them out knows his.
                let differs = |(_, other, other_given): &(String, String, bool)| *other != column && (given || *other_given);
                if let Some((other, ..)) = taken.filter(|other| !differs(other)) {
                    self.findings
                        .error(
                            "duplicate_column",
                            loc,
                            format!("`{field}` and `{other}` have the same column, `{column}`"),
                        )
                        .help("give one of them another with `#[db(column = \"…\")]`");
                }
            }
        }
    }

    /// Whether the field names its columns itself.
    fn gives_column(&self, at: usize, name: &str) -> bool {
        let raw = self
            .raw_entity(at)
            .and_then(|raw| raw.fields.iter().find(|field| field.name.text == name));
        raw.is_some_and(|raw| raw.attrs.db("column").or(raw.attrs.db("columns")).is_some())
    }

    fn check_enum_names(&mut self) {
        let mut seen: HashMap<(Option<String>, String), String> = HashMap::new();
        for at in 0..self.enums.len() {
            let item = &self.model.enums[at];
            let (name, key) = (item.name.clone(), (item.schema.clone(), item.db_name.clone()));
            if let Some(other) = seen.insert(key, name.clone()) {
                let loc = self.enums[at].name.loc;
                self.findings
                    .error(
                        "duplicate_name",
                        loc,
                        format!("`{name}` and `{other}` would be one type in the database"),
                    )
                    .help("give one of them another with `#[db(type = \"…\")]`");
            }
        }
    }

    fn check_length(&mut self, name: &str, loc: Loc) {
        if name.len() > 63 {
            self.findings
                .error(
                    "name_too_long",
                    loc,
                    format!("`{name}` is longer than the 63 bytes that databases allow"),
                )
                .help("give it a shorter one with `#[db(…)]`");
        }
    }

    fn field_loc(&self, at: usize, name: &str) -> Option<Loc> {
        self.raw_entity(at)?
            .fields
            .iter()
            .find(|field| field.name.text == name)
            .map(|field| field.name.loc)
    }
}

/// Columns of a field, those of embedded structs too.
fn all_columns(model: &Model, field: &glaze_model::Field) -> Vec<String> {
    let FieldKind::Embedded(name) = &field.kind else {
        return field.columns.clone();
    };
    let (Some(prefix), Some(embedded)) = (field.columns.first(), model.embedded_type(name)) else {
        return Vec::new();
    };
    embedded
        .fields
        .iter()
        .flat_map(|inner| &inner.columns)
        .map(|column| format!("{prefix}_{column}"))
        .collect()
}
