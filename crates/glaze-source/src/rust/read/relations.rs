//! What relations need of each other: key columns, join tables, other sides.

use std::collections::HashMap;

use glaze_model::{Field, FieldKind, Many};

use super::Reader;
use super::field::split_names;
use crate::finding::{Loc, did_you_mean};
use crate::rust::names;
use crate::rust::raw::RawField;

impl Reader<'_> {
    fn raw_field(&self, entity: usize, name: &str) -> Option<&RawField> {
        self.raw_entity(entity)?.fields.iter().find(|field| field.name.text == name)
    }

    /// Columns of every reference, keys first: the columns of a reference depend on the key that it points at.
    pub(super) fn resolve_keys(&mut self) {
        let mut state = vec![0u8; self.model.entities.len()];
        for at in 0..self.model.entities.len() {
            self.resolve_key(at, &mut state);
        }
        for at in 0..self.model.entities.len() {
            for index in 0..self.model.entities[at].fields.len() {
                self.resolve_ref(at, index);
            }
        }
        self.resolve_embedded_refs();
    }

    fn resolve_key(&mut self, at: usize, state: &mut [u8]) {
        if state[at] != 0 {
            return;
        }
        state[at] = 1;
        for name in self.model.entities[at].key.clone() {
            let Some(index) = self.model.entities[at].fields.iter().position(|field| field.name == name) else {
                continue;
            };
            let FieldKind::Ref(reference) = &self.model.entities[at].fields[index].kind else {
                continue;
            };
            let Some(target) = self.entity_at.get(&reference.target).copied() else {
                continue;
            };
            if state[target] == 1 {
                if let Some(loc) = self.raw_field(at, &name).map(|field| field.name.loc) {
                    self.findings.error(
                        "cyclic_key",
                        loc,
                        "the key refers to an entity whose key, in the end, refers back to this one",
                    );
                }
                continue;
            }
            self.resolve_key(target, state);
            self.resolve_ref(at, index);
        }
        state[at] = 2;
    }

    fn resolve_ref(&mut self, at: usize, index: usize) {
        let field = &self.model.entities[at].fields[index];
        if !field.columns.is_empty() || !matches!(field.kind, FieldKind::Ref(_)) {
            return;
        }
        let raw = self.raw_field(at, &field.name).cloned();
        let columns = self.ref_columns(&field.clone(), raw.as_ref());
        self.model.entities[at].fields[index].columns = columns;
    }

    fn resolve_embedded_refs(&mut self) {
        for at in 0..self.model.embedded.len() {
            for index in 0..self.model.embedded[at].fields.len() {
                let field = self.model.embedded[at].fields[index].clone();
                if matches!(field.kind, FieldKind::Ref(_)) {
                    let raw = self
                        .embedded
                        .get(at)
                        .and_then(|raw| raw.fields.iter().find(|raw| raw.name.text == field.name))
                        .cloned();
                    self.model.embedded[at].fields[index].columns = self.ref_columns(&field, raw.as_ref());
                }
            }
        }
    }

    fn ref_columns(&mut self, field: &Field, raw: Option<&RawField>) -> Vec<String> {
        let FieldKind::Ref(reference) = &field.kind else {
            return Vec::new();
        };
        let Some(target) = self.entity_at.get(&reference.target).and_then(|at| self.model.entities.get(*at)) else {
            return Vec::new();
        };
        let pointed = names::pointed_columns(&self.model, field, target);
        if target.key.is_empty() && field.db.references.is_empty() {
            if let Some(raw) = raw {
                let message = format!("`{}` has no key to refer to", reference.target);
                self.findings
                    .error("no_key", raw.ty.loc, message)
                    .help("name unique columns with `#[db(references = \"…\")]`");
            }
            return Vec::new();
        }
        let given = raw.and_then(|raw| raw.attrs.db("columns").or(raw.attrs.db("column")));
        if let Some(arg) = given {
            let names = split_names(arg.text().unwrap_or_default());
            if names.len() != pointed.len() {
                let message = format!(
                    "`{}` has a key of {} columns, here are {}",
                    reference.target,
                    pointed.len(),
                    names.len()
                );
                self.findings
                    .error("wrong_columns", arg.loc, message)
                    .help(format!("its columns are {}", pointed.join(", ")));
            }
            return names;
        }
        names::ref_columns(&field.name, &pointed)
    }

    /// Join tables and other sides.
    pub(super) fn resolve_relations(&mut self) {
        // Join table → who declared it first.
        let mut joins: HashMap<(Option<String>, String), (usize, usize)> = HashMap::new();
        for at in 0..self.entities.len() {
            for index in 0..self.model.entities[at].fields.len() {
                match self.model.entities[at].fields[index].kind.clone() {
                    FieldKind::Many(many) => self.resolve_many(at, index, many, &mut joins),
                    FieldKind::AnyOf(any) => self.check_any(at, index, &any.targets),
                    _ => {}
                }
            }
        }
        for at in 0..self.entities.len() {
            for index in 0..self.model.entities[at].fields.len() {
                if let FieldKind::Inverse(_) = &self.model.entities[at].fields[index].kind {
                    self.resolve_inverse(at, index);
                }
            }
        }
    }

    fn check_any(&mut self, at: usize, index: usize, targets: &[String]) {
        for target in targets {
            let Some(entity) = self.entity_at.get(target).map(|at| &self.model.entities[*at]) else {
                continue;
            };
            if self.model.key_columns(entity).len() != 1 {
                let name = self.model.entities[at].fields[index].name.clone();
                if let Some(loc) = self.raw_field(at, &name).map(|raw| raw.ty.loc) {
                    self.findings.error(
                        "invalid_type",
                        loc,
                        format!("`{target}` has not one key column, so `AnyOf` cannot refer to it"),
                    );
                }
            }
        }
    }

    fn resolve_many(&mut self, at: usize, index: usize, many: Many, joins: &mut HashMap<(Option<String>, String), (usize, usize)>) {
        let entity = &self.model.entities[at];
        let field_name = entity.fields[index].name.clone();
        let Some(raw) = self.raw_field(at, &field_name).cloned() else {
            return;
        };
        let Some(target_at) = self.entity_at.get(&many.target).copied() else {
            return;
        };
        let target = &self.model.entities[target_at];
        if entity.key.is_empty() || target.key.is_empty() {
            self.findings.error("no_key", raw.ty.loc, "a join table needs a key on both sides");
            return;
        }
        let implied = names::join_names(&self.model, entity, &field_name, target);
        let (mut from, mut to) = (implied.from, implied.to);
        let (from_count, to_count) = (from.len(), to.len());
        let schema = raw.attrs.db_text("schema").or(implied.schema);
        let table = raw.attrs.db_text("table").unwrap_or(implied.table);
        let first = joins.get(&(schema.clone(), table.clone())).copied();
        let first_many = first.and_then(|(at, index)| match &self.model.entities[at].fields[index].kind {
            FieldKind::Many(many) => Some((at, many.clone())),
            _ => None,
        });
        if let Some((first_at, first)) = &first_many {
            if *first_at != target_at || self.entity_at.get(&first.target) != Some(&at) {
                let message = format!("the join table `{table}` is that of another relation already");
                self.findings
                    .error("duplicate_table", raw.name.loc, message)
                    .help("give it a name of its own with `#[db(table = \"…\")]`");
                return;
            }
            (from, to) = (first.to_columns.clone(), first.from_columns.clone());
        }
        if let Some(names) = self.given_columns(&raw, "from_columns", from_count) {
            from = names;
        }
        if let Some(names) = self.given_columns(&raw, "to_columns", to_count) {
            to = names;
        }
        if let Some((_, first)) = &first_many
            && (from != first.to_columns || to != first.from_columns)
        {
            self.findings.error(
                "wrong_columns",
                raw.name.loc,
                "the two sides of this join table name different columns",
            );
        }
        joins.entry((schema.clone(), table.clone())).or_insert((at, index));
        let owner = first_many.is_none();
        self.model.entities[at].fields[index].kind = FieldKind::Many(Many {
            schema,
            table,
            from_columns: from,
            to_columns: to,
            owner,
            ..many
        });
    }

    fn given_columns(&mut self, raw: &RawField, key: &str, wanted: usize) -> Option<Vec<String>> {
        let arg = raw.attrs.db(key)?;
        let names = split_names(arg.text().unwrap_or_default());
        if names.len() != wanted {
            self.findings.error(
                "wrong_columns",
                arg.loc,
                format!("`{key}` has {} columns, the key has {wanted}", names.len()),
            );
        }
        Some(names)
    }

    fn resolve_inverse(&mut self, at: usize, index: usize) {
        let field = &self.model.entities[at].fields[index];
        let FieldKind::Inverse(inverse) = field.kind.clone() else { return };
        let here = self.model.entities[at].name.clone();
        let loc = self.inverse_loc(at, &field.name.clone());
        let Some(target) = self.entity_at.get(&inverse.target).map(|at| &self.model.entities[*at]) else {
            return;
        };
        let Some(other) = target.field(&inverse.field) else {
            let candidates: Vec<&str> = target
                .fields
                .iter()
                .filter(|field| points_at(field, &here))
                .map(|field| field.name.as_str())
                .collect();
            let known: Vec<&str> = if candidates.is_empty() {
                target.fields.iter().map(|field| field.name.as_str()).collect()
            } else {
                candidates
            };
            let help = did_you_mean(&inverse.field, known);
            if let Some(loc) = loc {
                self.findings
                    .error(
                        "unknown_field",
                        loc,
                        format!("`{}` has no field `{}`", inverse.target, inverse.field),
                    )
                    .maybe_help(help);
            }
            return;
        };
        if let FieldKind::Many(many) = &other.kind
            && many.target == here
            && !inverse.one
        {
            let kind = FieldKind::Many(Many {
                target: inverse.target.clone(),
                schema: many.schema.clone(),
                table: many.table.clone(),
                from_columns: many.to_columns.clone(),
                to_columns: many.from_columns.clone(),
                owner: false,
            });
            self.model.entities[at].fields[index].kind = kind;
            return;
        }
        let message = if !points_at(other, &here) || matches!(other.kind, FieldKind::Many(_)) {
            format!("`{}.{}` does not refer to `{here}`", inverse.target, inverse.field)
        } else if inverse.one && !other.unique && target.key != [other.name.as_str()] {
            format!(
                "`{}.{}` is not unique, so there can be several: write `Many<{}>`",
                inverse.target, inverse.field, inverse.target
            )
        } else {
            return;
        };
        if let Some(loc) = loc {
            self.findings.error("wrong_inverse", loc, message);
        }
    }

    fn inverse_loc(&self, at: usize, name: &str) -> Option<Loc> {
        let raw = self.raw_field(at, name)?;
        raw.attrs
            .get("inverse")
            .map(|attr| attr.args.first().map_or(attr.loc, |arg| arg.loc))
    }
}

/// Whether the field is a relation to this entity.
fn points_at(field: &Field, entity: &str) -> bool {
    match &field.kind {
        FieldKind::Ref(reference) => reference.target == entity,
        FieldKind::AnyOf(any) => any.targets.iter().any(|target| target == entity),
        FieldKind::Many(many) => many.target == entity,
        _ => false,
    }
}
