//! Native enums, and text columns whose check is exactly that of an enum.

use std::collections::HashSet;

use glaze_model::{Constraints, DbHints, EnumType, EnumValue, FieldKind};

use super::{Pull, names};
use crate::catalog::{Check, Column, Table};
use crate::dialect::{ColumnSpec, Stored};

impl Pull<'_> {
    /// Every native enum of the catalog, found again by the type that a column of it has. One without values is no enum of the
    /// schema language: its columns pass it through, and it is carried.
    pub(super) fn enums(&mut self) {
        let default_schema = self.dialect.object_name(None, "").schema;
        for def in self.catalog.enums.iter().filter(|def| !def.values.is_empty()) {
            let item = EnumType {
                id: None,
                name: self.names.enumeration(&def.name.name),
                schema: def.name.schema.clone().filter(|schema| Some(schema) != default_schema.as_ref()),
                db_name: def.name.name.clone(),
                native: true,
                doc: def.comment.clone().unwrap_or_default(),
                values: values(&def.values),
                was: None,
            };
            for stored in [Stored::Enum(&item), Stored::EnumList(&item)] {
                self.enum_types.insert(self.dialect.column_type(&plain(stored)), item.name.clone());
            }
            self.model.enums.push(item);
        }
    }

    /// The kind of a column of an enum type.
    pub(super) fn enum_kind(&self, ty: &str) -> Option<FieldKind> {
        let name = self.enum_types.get(ty)?;
        let item = self.model.enum_type(name)?;
        let single = self.dialect.column_type(&plain(Stored::Enum(item))) == ty;
        Some(if single {
            FieldKind::Enum(name.clone())
        } else {
            FieldKind::EnumList(name.clone())
        })
    }

    /// An enum kept as text, or lists of it, when the table has exactly the check that we would make.
    pub(super) fn checked_enum(&mut self, table: &Table, column: &Column, list: bool) -> Option<FieldKind> {
        let (check, values) = table.checks.iter().find_map(|check: &Check| {
            let found = self.dialect.check_values(&check.expr)?;
            (found.column == column.name && found.list == list && found.values.len() > 1).then_some((check, found.values))
        })?;
        let mut item = EnumType {
            id: None,
            name: String::new(),
            schema: None,
            db_name: String::new(),
            native: false,
            doc: String::new(),
            values: self::values(&values),
            was: None,
        };
        let spec = ColumnSpec {
            column: column.name.clone(),
            nullable: column.nullable,
            ..plain(if list { Stored::EnumList(&item) } else { Stored::Enum(&item) })
        };
        let exact = self.dialect.column_type(&spec) == column.ty && self.dialect.checks(&spec).contains(&check.expr);
        if !exact || values.iter().any(|value| value.len() > 63) {
            return None;
        }
        let entity = self.entity(&table.name)?.name.clone();
        item.name = self.names.enumeration(&format!("{entity}_{}", column.name));
        item.db_name = glaze_model::snake_case(&item.name);
        // Where there are no native enums, nothing needs to be said.
        item.native = !self.dialect.capabilities().native_enums;
        let kind = match list {
            true => FieldKind::EnumList(item.name.clone()),
            false => FieldKind::Enum(item.name.clone()),
        };
        self.model.enums.push(item);
        Some(kind)
    }
}

fn plain(stored: Stored<'_>) -> ColumnSpec<'_> {
    ColumnSpec {
        column: "x".to_owned(),
        stored,
        constraints: Constraints::default(),
        db: DbHints::default(),
        nullable: true,
        reference: false,
    }
}

/// Values with names that Rust can read.
fn values(written: &[String]) -> Vec<EnumValue> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut out = Vec::new();
    for value in written {
        let base = match names::type_name(value) {
            name if name == "Self" => "Self_".to_owned(),
            name => name,
        };
        let numbered = (2..).map(|number| format!("{base}{number}"));
        let name = std::iter::once(base.clone())
            .chain(numbered)
            .find(|name| !taken.contains(name))
            .unwrap_or(base.clone());
        taken.insert(name.clone());
        out.push(EnumValue {
            name,
            value: value.clone(),
            doc: String::new(),
            was: None,
        });
    }
    out
}
