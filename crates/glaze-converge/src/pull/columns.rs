//! Columns as fields.

use std::collections::{HashMap, HashSet};

use glaze_model::{Constraints, DbHints, DefaultValue, Entity, Field, FieldKind, GeneratedHint, Ref, Scalar, Value, singular};

use super::names::{FieldNames, words};
use super::references::{Reference, deferrable_word};
use super::{Pull, ReadType};
use crate::catalog::{Column, Table};
use crate::dialect::{ColumnSpec, Stored};
use glaze_model::OnDelete;

/// The times that Glaze keeps by itself.
const TIMES: [&str; 2] = ["created_at", "updated_at"];

/// Texts that are short by their nature, whatever their type allows.
const SHORT: [&str; 12] = [
    "name", "title", "label", "code", "slug", "email", "phone", "city", "country", "state", "url", "username",
];

impl Pull<'_> {
    /// Fields, key, indexes and the rest of one table.
    pub(super) fn fields(&mut self, table: &Table) {
        let (references, written) = self.references(table);
        let referring: HashSet<&str> = references.iter().flat_map(|reference| reference.columns()).collect();
        let implicit = self.implicit(table, &referring);
        let mut names = FieldNames::default();
        let mut built: HashMap<String, Field> = HashMap::new();
        for column in table.columns.iter().filter(|column| !referring.contains(column.name.as_str())) {
            let field = match implicit.get(column.name.as_str()) {
                Some(field) => {
                    names.choose(std::slice::from_ref(&field.name));
                    field.clone()
                }
                None => {
                    let name = names.choose(&self.column_names(table, column, &implicit));
                    self.plain_field(table, column, &name)
                }
            };
            built.insert(column.name.clone(), field);
        }
        for reference in &references {
            let Some(target) = self
                .entity_of
                .get(&reference.key.target)
                .map(|at| self.model.entities[*at].name.clone())
            else {
                continue;
            };
            let name = names.choose(&reference.names(&target));
            built.insert(reference.key.columns[0].clone(), reference_field(table, reference, &name, target));
        }
        let (fields, key) = ordered(table, &mut built);
        let label = label(&fields);
        let has_key = self.has_key(table);
        if let Some(entity) = self.entity(&table.name) {
            match (has_key, &table.primary_key) {
                (false, Some(key)) => entity.db_key.clone_from(&key.columns),
                _ => entity.key = key,
            }
            entity.fields = fields;
            entity.label = label;
            entity.db_foreign_keys = written;
        }
        self.keys(table);
        self.indexes(table);
    }

    /// The fields that need not be written because the table has them exactly as we would make them.
    fn implicit(&self, table: &Table, referring: &HashSet<&str>) -> HashMap<&'static str, Field> {
        let mut out = HashMap::new();
        let exact = |name: &str, scalar: Scalar| {
            let field = Field::new(name, FieldKind::Scalar(scalar));
            let spec = scalar_spec(&field, scalar);
            table.column(name).is_some_and(|column| {
                *column
                    == Column {
                        name: name.to_owned(),
                        ty: self.dialect.column_type(&spec),
                        ..Column::default()
                    }
                    && !referring.contains(name)
                    && self
                        .dialect
                        .checks(&spec)
                        .iter()
                        .all(|wanted| table.checks.iter().any(|check| check.expr == *wanted))
            })
        };
        let only_key = table.primary_key.as_ref().is_some_and(|key| key.columns == ["id"]);
        if only_key && exact("id", Scalar::Uuid) {
            let id = Field {
                implicit: true,
                default: Some(DefaultValue::Uuid),
                ..Field::new("id", FieldKind::Scalar(Scalar::Uuid))
            };
            out.insert("id", id);
        }
        let keyed = |name: &str| {
            table
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns.iter().any(|column| column == name))
        };
        if TIMES.iter().all(|name| exact(name, Scalar::DateTime) && !keyed(name)) {
            for name in TIMES {
                let field = Field::new(name, FieldKind::Scalar(Scalar::DateTime));
                out.insert(
                    name,
                    Field {
                        implicit: true,
                        default: Some(DefaultValue::Now),
                        ..field
                    },
                );
            }
        }
        out
    }

    /// What a column could be called: a single key `<entity>_id` is `id`.
    fn column_names(&self, table: &Table, column: &Column, implicit: &HashMap<&'static str, Field>) -> Vec<String> {
        let plain = words(&column.name);
        let one = singular(&words(&table.name.name));
        let only_key = table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.as_str()]);
        let has_id = table.columns.iter().any(|other| words(&other.name) == "id");
        match only_key && !has_id && plain == format!("{one}_id") {
            true => vec!["id".to_owned(), plain],
            // The names of the times are Glaze's where it keeps them.
            false if TIMES.contains(&plain.as_str()) && column.name != plain && !implicit.is_empty() => vec![format!("{plain}_value")],
            false => vec![plain],
        }
    }

    fn plain_field(&mut self, table: &Table, column: &Column, name: &str) -> Field {
        let read = self.dialect.read_type(&column.ty);
        let kind = self.kind(table, column, read);
        let mut field = Field::new(name, kind);
        field.columns = vec![column.name.clone()];
        field.nullable = column.nullable;
        field.doc = column.comment.clone().unwrap_or_default();
        field.db.collate.clone_from(&column.collation);
        field.db.generated = column.generated.as_ref().map(|generated| GeneratedHint {
            sql: generated.expr.clone(),
            stored: generated.stored,
        });
        field.db.identity = column.identity;
        if let (Some(read), FieldKind::Scalar(scalar)) = (read, &field.kind) {
            field.constraints = limits(read, *scalar);
        }
        field
    }

    fn kind(&mut self, table: &Table, column: &Column, read: Option<ReadType>) -> FieldKind {
        if let Some(kind) = self.enum_kind(&column.ty) {
            return kind;
        }
        let Some(read) = read else { return FieldKind::Custom };
        if read.scalar.is_text()
            && let Some(kind) = self.checked_enum(table, column, read.list)
        {
            return kind;
        }
        if read.list {
            let possible = !matches!(read.scalar, Scalar::Json | Scalar::RichText | Scalar::Point | Scalar::Bytes);
            // Lists are of short texts.
            let item = if read.scalar == Scalar::Text { Scalar::String } else { read.scalar };
            return if possible { FieldKind::List(item) } else { FieldKind::Custom };
        }
        let short = || SHORT.contains(&words(&column.name).as_str()) || is_keyed(table, &column.name);
        match read.scalar {
            Scalar::Text if short() => FieldKind::Scalar(Scalar::String),
            scalar => FieldKind::Scalar(scalar),
        }
    }
}

fn scalar_spec(field: &Field, scalar: Scalar) -> ColumnSpec<'static> {
    ColumnSpec {
        column: field.columns[0].clone(),
        stored: Stored::Scalar(scalar),
        constraints: Constraints::default(),
        db: DbHints::default(),
        nullable: false,
        reference: false,
    }
}

fn limits(read: ReadType, scalar: Scalar) -> Constraints {
    let mut constraints = Constraints::default();
    if scalar.is_text() {
        constraints.max = read.max.filter(|max| *max > 0).map(|max| Value::Int(i64::from(max)));
    }
    if let Some((precision, scale)) = read.digits
        && Some((precision, scale)) != scalar.default_precision()
        && (1..=1000).contains(&precision)
        && scale <= precision
    {
        (constraints.precision, constraints.scale) = (Some(precision), Some(scale));
    }
    constraints
}

/// The column is part of a key, a unique key or an index.
fn is_keyed(table: &Table, column: &str) -> bool {
    let has = |columns: &[String]| columns.iter().any(|name| name == column);
    table.primary_key.iter().chain(&table.uniques).any(|key| has(&key.columns))
        || table
            .indexes
            .iter()
            .any(|index| index.method == "btree" && index.parts.iter().any(|part| !part.is_expr && part.text == column))
}

fn reference_field(table: &Table, reference: &Reference<'_>, name: &str, target: String) -> Field {
    let key = reference.key;
    let column = table.column(&key.columns[0]);
    let mut field = Field::new(
        name,
        FieldKind::Ref(Ref {
            target,
            on_delete: key.on_delete,
        }),
    );
    field.columns.clone_from(&key.columns);
    field.nullable = column.is_some_and(|column| column.nullable);
    field.doc = column.and_then(|column| column.comment.clone()).unwrap_or_default();
    field.db.references.clone_from(&reference.pointed);
    field.db.on_update = (key.on_update != OnDelete::NoAction).then_some(key.on_update);
    field.db.deferrable = key.deferrable.map(deferrable_word);
    field
}

/// Fields in the order of the schema file: the key in its own order, the rest as in the table, the implicit times last.
fn ordered(table: &Table, built: &mut HashMap<String, Field>) -> (Vec<Field>, Vec<String>) {
    let mut fields: Vec<Field> = Vec::new();
    let key_columns = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    fields.extend(key_columns.iter().filter_map(|column| built.remove(column)));
    let key = fields.iter().map(|field| field.name.clone()).collect();
    let rest: Vec<Field> = table.columns.iter().filter_map(|column| built.remove(&column.name)).collect();
    let (times, plain): (Vec<Field>, Vec<Field>) = rest.into_iter().partition(|field| field.implicit);
    fields.extend(plain);
    fields.extend(
        TIMES
            .iter()
            .filter_map(|name| times.iter().find(|field| field.name == *name).cloned()),
    );
    (fields, key)
}

/// The field that stands for an entry.
fn label(fields: &[Field]) -> Option<String> {
    let text = |field: &&Field| matches!(field.kind, FieldKind::Scalar(Scalar::String | Scalar::Text));
    let named = |wanted: &str| fields.iter().filter(text).find(|field| field.name == wanted);
    let ending = |wanted: &str| fields.iter().filter(text).find(|field| field.name.ends_with(wanted));
    let found = ["name", "last_name", "title", "label"].iter().find_map(|wanted| named(wanted));
    found
        .or_else(|| ending("_name"))
        .or_else(|| ending("_title"))
        .map(|field| field.name.clone())
}

impl Pull<'_> {
    /// Makes every field say exactly what its column is, and finds out which checks are the fields' own.
    pub(super) fn reconcile(&mut self) {
        // A reference takes its type from the key that it points at: those first.
        for relations in [false, true, true, true] {
            for at in 0..self.model.entities.len() {
                for index in 0..self.model.entities[at].fields.len() {
                    let field = &self.model.entities[at].fields[index];
                    if field.is_relation() == relations
                        && !field.implicit
                        && let Some(ty) = self.native_type(at, field)
                    {
                        self.model.entities[at].fields[index].db.ty = Some(ty);
                    }
                }
            }
        }
        for at in 0..self.model.entities.len() {
            self.defaults(at);
            self.checks(at);
        }
    }

    /// The native type, where the field by itself would have another.
    fn native_type(&self, at: usize, field: &Field) -> Option<String> {
        let table = self.table(at)?;
        let flat = crate::desired::columns::field_columns(&self.model, field);
        let column = |name: &str| table.column(name);
        let differs = flat
            .iter()
            .any(|item| column(&item.spec.column).is_some_and(|column| self.dialect.column_type(&item.spec) != column.ty));
        // What our own type would check and the table doesn't.
        let unchecked = flat.iter().any(|item| {
            let missing = |wanted: &String| !table.checks.iter().any(|check| check.expr == *wanted);
            field.db.ty.is_none() && self.dialect.checks(&item.spec).iter().any(missing)
        });
        let custom = field.kind == FieldKind::Custom && field.db.ty.is_none();
        let unresolved = flat.len() < field.columns.len() && matches!(field.kind, FieldKind::Ref(_));
        if !(differs || unchecked || custom || unresolved) {
            return None;
        }
        column(field.columns.first()?).map(|column| column.ty.clone())
    }

    /// Columns that the model cannot say right are named.
    pub(super) fn implied(&mut self) {
        let mut notes = Vec::new();
        for entity in &self.model.entities {
            let Some(table) = self.table_of(entity) else { continue };
            for item in crate::desired::columns::columns(&self.model, entity) {
                let Some(column) = table.column(&item.spec.column) else { continue };
                if self.dialect.column_type(&item.spec) != column.ty {
                    notes.push(format!(
                        "the type of {}.{} ({}) cannot be said in the schema",
                        table.name, column.name, column.ty
                    ));
                }
            }
        }
        self.notes.extend(notes);
    }

    fn table_of(&self, entity: &Entity) -> Option<&Table> {
        let name = self.dialect.object_name(entity.schema.as_deref(), &entity.table);
        self.catalog.table(&name)
    }
}
