//! Enums: native types, and values that a check lists.

use std::collections::BTreeMap;

use glaze_model::{Edit, EnumType, EnumValue, Field, FieldKind, Model, snake_case};

use super::drift::Drift;
use super::key::ItemKey;
use super::naming::{Owner, enum_of, free, owner, type_names};
use super::work::Work;
use crate::catalog::{ObjectName, Table};
use crate::desired::columns::columns;
use crate::diff::Question;
use crate::hints::Answers;
use crate::step::Step;

/// One value gone and one new: likely a rename, unless somebody has said what it is.
pub(super) fn questions(drift: &Drift<'_>, answers: &Answers) -> Vec<(Question, ItemKey)> {
    let mut out = Vec::new();
    for item in &drift.items {
        for step in &item.steps {
            let Some((place, old, new)) = changed_values(drift, &item.steps, step) else {
                continue;
            };
            let gone: Vec<&String> = old.iter().filter(|value| !new.contains(value)).collect();
            let come: Vec<&String> = new.iter().filter(|value| !old.contains(value)).collect();
            let ([from], [to]) = (gone.as_slice(), come.as_slice()) else {
                continue;
            };
            let from = format!("{place}.{from}");
            let question = Question {
                kind: "rename".to_owned(),
                to: format!("{place}.{to}"),
                from,
            };
            let known = Answers::find(&answers.renames, &question.from).is_some();
            if !known && !out.iter().any(|(other, _)| *other == question) {
                out.push((question, item.key.clone()));
            }
        }
    }
    out
}

/// What the values of an enum were and are, with the place that they are called by in answers.
fn changed_values(drift: &Drift<'_>, steps: &[Step], step: &Step) -> Option<(String, Vec<String>, Vec<String>)> {
    match step {
        Step::EnumReplace { to, .. } => {
            let old = drift.before.enums.iter().find(|item| item.name == to.name)?;
            Some((to.name.to_string(), old.values.clone(), to.values.clone()))
        }
        Step::CheckDrop { table, check } => {
            let dialect = drift.naming.dialect();
            let was = dialect.check_values(&check.expr)?;
            let new = steps.iter().find_map(|other| match other {
                Step::CheckAdd { table: on, check } if on == table => dialect
                    .check_values(&check.expr)
                    .filter(|found| found.column == was.column && found.list == was.list)
                    .map(|found| found.values),
                _ => None,
            })?;
            Some((format!("{table}.{}", was.column), was.values, new))
        }
        _ => None,
    }
}

impl Work<'_> {
    /// A native type that is called otherwise now.
    pub fn rename_enum(&mut self, to: &ObjectName) -> Result<(), String> {
        let from = self
            .naming
            .drifted
            .enums
            .iter()
            .find(|(_, new)| *new == to)
            .map_or(to, |(old, _)| old);
        let from = self.naming.pending.enums.get(from).unwrap_or(from);
        let Some(item) = enum_of(&self.model, from, self.dialect).cloned() else {
            return Err(format!("no enum has the type `{from}`"));
        };
        let name = self.pulled_enum(to).map(|item| item.name.clone()).unwrap_or_default();
        if item.db_name == snake_case(&item.name) && snake_case(&name) == to.name && !type_names(&self.model).contains(&name) {
            return self.edit(Edit::RenameEnum { name: item.name, to: name });
        }
        self.edit(Edit::ChangeEnum {
            name: item.name.clone(),
            to: EnumType {
                db_name: to.name.clone(),
                ..item
            },
        })
    }

    fn pulled_enum(&self, name: &ObjectName) -> Option<&EnumType> {
        enum_of(&self.pulled, name, self.dialect)
    }

    pub fn add_enum(&mut self, name: &ObjectName) -> Result<(), String> {
        if enum_of(&self.model, name, self.dialect).is_some() {
            return self.enum_values(name);
        }
        let Some(item) = self.pulled_enum(name).cloned() else {
            return Err(format!("the type `{name}` is gone"));
        };
        let taken = type_names(&self.model);
        let item = EnumType {
            name: free(&item.name, |name| taken.contains(name)),
            ..item
        };
        self.edit(Edit::AddEnum { item, file: None })
    }

    pub fn remove_enum(&mut self, name: &ObjectName) -> Result<(), String> {
        let Some(item) = enum_of(&self.model, name, self.dialect) else {
            return Ok(());
        };
        let name = item.name.clone();
        if let Some(place) = user_of(&self.model, &name) {
            return Err(format!("`{place}` still has the type `{name}`"));
        }
        self.edit(Edit::RemoveEnum { name })
    }

    /// The values of a native type.
    pub fn enum_values(&mut self, name: &ObjectName) -> Result<(), String> {
        let here = self.pending.enums.get(name).unwrap_or(name).clone();
        let (Some(item), Some(goal)) = (
            enum_of(&self.model, &here, self.dialect).cloned(),
            self.goal.enums.iter().find(|item| item.name == here),
        ) else {
            return Err(format!("no enum has the type `{name}`"));
        };
        let values = goal.values.clone();
        let spelled = self.pulled_enum(&here).map(|item| item.values.clone()).unwrap_or_default();
        let renames = self.accepting.answers.renames_in(&name.to_string());
        self.set_values(&item, &values, &spelled, &renames)
    }

    /// Values that a check lists: the enum changes where all its columns did.
    pub fn checked_values(&mut self, field: &Field, pulled: &Field, goal: &Table) -> Result<(), String> {
        let (FieldKind::Enum(name) | FieldKind::EnumList(name), FieldKind::Enum(there) | FieldKind::EnumList(there)) =
            (&field.kind, &pulled.kind)
        else {
            return Ok(());
        };
        let (Some(item), Some(there)) = (self.model.enum_type(name).cloned(), self.pulled.enum_type(there).cloned()) else {
            return Ok(());
        };
        let native = self.dialect.capabilities().native_enums && there.native;
        if native || same_values(&item, &there) || !self.all_columns_have(name, &there) {
            return Ok(());
        }
        let values: Vec<String> = there.values.iter().map(|value| value.value.clone()).collect();
        let column = field.columns.first().map_or("", String::as_str);
        let renames = self.accepting.answers.renames_in(&format!("{}.{column}", goal.name));
        self.set_values(&item, &values, &there.values, &renames)
    }

    /// Whether every column that holds values of the enum lists these in the goal.
    fn all_columns_have(&self, name: &str, there: &EnumType) -> bool {
        self.model.entities.iter().all(|entity| {
            let table = self.dialect.object_name(entity.schema.as_deref(), &entity.table);
            columns(&self.model, entity)
                .iter()
                .filter(|item| item.enum_type().is_some_and(|item| item.name == name))
                .all(|item| {
                    let Some(Owner::Entity(pulled)) = owner(&self.pulled, &table, self.dialect) else {
                        return false;
                    };
                    let flat = columns(&self.pulled, pulled);
                    let same = flat.iter().find(|other| other.spec.column == item.spec.column);
                    same.and_then(|other| other.enum_type())
                        .is_some_and(|other| same_values(other, there))
                })
        })
    }

    /// Brings an enum to these values in this order.
    fn set_values(
        &mut self,
        item: &EnumType,
        values: &[String],
        spelled: &[EnumValue],
        renames: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        let name = item.name.clone();
        for (old, new) in renames {
            let present = self.model.enum_type(&name).map(|item| item.values.clone()).unwrap_or_default();
            let found = present.iter().find(|value| value.value == *old);
            if let Some(value) = found
                && values.contains(new)
                && !present.iter().any(|value| value.value == *new)
            {
                self.rename_value(&name, value.clone(), new, spelled)?;
            }
        }
        let present = self.model.enum_type(&name).map(|item| item.values.clone()).unwrap_or_default();
        for value in present.iter().filter(|value| !values.contains(&value.value)) {
            self.edit(Edit::RemoveEnumValue {
                name: name.clone(),
                value: value.name.clone(),
            })?;
        }
        let mut after: Option<String> = None;
        for (at, value) in values.iter().enumerate() {
            let present = self.model.enum_type(&name).map(|item| item.values.clone()).unwrap_or_default();
            match present.iter().position(|other| other.value == *value) {
                Some(place) if place == at => after = Some(present[place].name.clone()),
                Some(place) => {
                    let moved = present[place].name.clone();
                    self.edit(Edit::MoveEnumValue {
                        name: name.clone(),
                        value: moved.clone(),
                        after: after.clone(),
                    })?;
                    after = Some(moved);
                }
                None => {
                    let taken = |name: &str| present.iter().any(|other| other.name == name);
                    let new = EnumValue {
                        name: free(&spelling(spelled, value), taken),
                        value: value.clone(),
                        doc: String::new(),
                        was: None,
                    };
                    self.add_value(&name, new.clone(), after.as_deref(), &present)?;
                    after = Some(new.name);
                }
            }
        }
        Ok(())
    }

    fn add_value(&mut self, name: &str, value: EnumValue, after: Option<&str>, present: &[EnumValue]) -> Result<(), String> {
        let added = value.name.clone();
        self.edit(Edit::AddEnumValue {
            name: name.to_owned(),
            value,
            after: after.map(str::to_owned),
        })?;
        // Without a neighbour a value is put at the end.
        if after.is_none() && !present.is_empty() {
            self.edit(Edit::MoveEnumValue {
                name: name.to_owned(),
                value: added,
                after: None,
            })?;
        }
        Ok(())
    }

    fn rename_value(&mut self, name: &str, value: EnumValue, new: &str, spelled: &[EnumValue]) -> Result<(), String> {
        let to = spelling(spelled, new);
        if snake_case(&value.name) == value.value && snake_case(&to) == new {
            return self.edit(Edit::RenameEnumValue {
                name: name.to_owned(),
                value: value.name,
                to,
            });
        }
        self.edit(Edit::ChangeEnumValue {
            name: name.to_owned(),
            value: value.name.clone(),
            to: EnumValue {
                value: new.to_owned(),
                was: Some(value.was.clone().unwrap_or_else(|| value.value.clone())),
                ..value
            },
        })
    }

    /// A pulled field with the code's enum of the same type or values, or with a name that is free for a new one.
    pub fn known_enum(&self, field: Field) -> Field {
        let (FieldKind::Enum(name) | FieldKind::EnumList(name)) = &field.kind else {
            return field;
        };
        let Some(there) = self.pulled.enum_type(name) else { return field };
        let native = self.dialect.capabilities().native_enums;
        let known = match native && there.native {
            true => {
                let ty = self.dialect.object_name(there.schema.as_deref(), &there.db_name);
                enum_of(&self.model, &ty, self.dialect)
            }
            false => self
                .model
                .enums
                .iter()
                .find(|item| (!native || !item.native) && same_values(item, there) && user_of(&self.model, &item.name).is_some()),
        };
        let name = match known {
            Some(item) => item.name.clone(),
            None => self.new_enum_name(name),
        };
        let kind = match &field.kind {
            FieldKind::EnumList(_) => FieldKind::EnumList(name),
            _ => FieldKind::Enum(name),
        };
        Field { kind, ..field }
    }

    fn new_enum_name(&self, pulled: &str) -> String {
        let taken = type_names(&self.model);
        free(pulled, |name| taken.contains(name))
    }

    /// The enum that the code lacks for this field, under the name that the field gives it.
    fn missing_enum(&self, field: &Field) -> Option<EnumType> {
        let (FieldKind::Enum(name) | FieldKind::EnumList(name)) = &field.kind else {
            return None;
        };
        if self.model.enum_type(name).is_some() {
            return None;
        }
        let there = self.pulled.enums.iter().find(|item| self.new_enum_name(&item.name) == *name)?;
        let db_name = if there.db_name == snake_case(&there.name) && !there.native {
            snake_case(name)
        } else {
            there.db_name.clone()
        };
        Some(EnumType {
            name: name.clone(),
            db_name,
            ..there.clone()
        })
    }

    /// The model in which the field could be tried.
    pub fn trial(&self, field: Field) -> (Model, Field) {
        let mut model = self.model.clone();
        model.enums.extend(self.missing_enum(&field));
        (model, field)
    }

    /// Adds the enum that the field needs.
    pub fn with_enum(&mut self, field: Field) -> Result<Field, String> {
        let field = match &field.kind {
            FieldKind::Enum(name) | FieldKind::EnumList(name) if self.model.enum_type(name).is_none() => self.known_enum(field),
            _ => field,
        };
        if let Some(item) = self.missing_enum(&field) {
            self.edit(Edit::AddEnum { item, file: None })?;
        }
        Ok(field)
    }
}

fn spelling(spelled: &[EnumValue], value: &str) -> String {
    spelled
        .iter()
        .find(|other| other.value == value)
        .map_or_else(|| "Value".to_owned(), |other| other.name.clone())
}

fn same_values(a: &EnumType, b: &EnumType) -> bool {
    a.values
        .iter()
        .map(|value| &value.value)
        .eq(b.values.iter().map(|value| &value.value))
}

/// A field that holds values of the enum.
fn user_of(model: &Model, name: &str) -> Option<String> {
    let uses = |field: &Field| matches!(&field.kind, FieldKind::Enum(used) | FieldKind::EnumList(used) if used == name);
    let inside = model
        .entities
        .iter()
        .flat_map(|entity| entity.fields.iter().map(move |field| (&entity.name, field)));
    let inside = inside.chain(
        model
            .embedded
            .iter()
            .flat_map(|item| item.fields.iter().map(move |field| (&item.name, field))),
    );
    let inside = inside.chain(model.blocks.iter().flat_map(|set| {
        set.kinds
            .iter()
            .flat_map(move |kind| kind.fields.iter().map(move |field| (&set.name, field)))
    }));
    inside
        .into_iter()
        .find(|(_, field)| uses(field))
        .map(|(owner, field)| format!("{owner}.{}", field.name))
}
