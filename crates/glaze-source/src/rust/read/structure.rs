//! What speaks of fields by name: label, slug, indexes, unique sets.

use glaze_model::{Entity, Expression, Field, FieldKind, Index, IndexPart, Scalar, UniqueSet};

use super::Reader;
use crate::finding::{Loc, did_you_mean};
use crate::rust::tokens::{Arg, Attr};

impl Reader<'_> {
    pub(super) fn resolve_structure(&mut self) {
        for at in 0..self.entities.len() {
            let Some(raw) = self.raw_entity(at) else { continue };
            let entity = self.model.entities[at].clone();
            if let (Some(label), Some(attr)) = (&entity.label, raw.attrs.get("entity")) {
                self.check_label(&entity, label, Self::key_loc(attr, "label"));
            }
            for field in &entity.fields {
                let attr = raw
                    .fields
                    .iter()
                    .find(|raw| raw.name.text == field.name)
                    .and_then(|raw| raw.attrs.get("slug"));
                if let (Some(from), Some(attr)) = (&field.slug_from, attr) {
                    self.check_slug(&entity, field, from, Self::key_loc(attr, "from"));
                }
            }
            let indexes = raw.attrs.all("index").map(|attr| self.index(&entity, attr)).collect();
            let uniques = raw.attrs.all("unique").map(|attr| self.unique_set(&entity, attr)).collect();
            self.model.entities[at].indexes = indexes;
            self.model.entities[at].uniques = uniques;
        }
    }

    fn check_label(&mut self, entity: &Entity, label: &str, loc: Loc) {
        match entity.field(label) {
            None => self.unknown_field(entity, label, loc),
            Some(field) if matches!(field.kind, FieldKind::Many(_) | FieldKind::Inverse(_) | FieldKind::Blocks(_)) => {
                self.findings.error(
                    "wrong_field",
                    loc,
                    format!("`{label}` cannot stand for an entry: it has many values"),
                );
            }
            Some(field) if field.private => {
                self.findings
                    .error("wrong_field", loc, format!("`{label}` cannot stand for an entry: it is private"));
            }
            Some(_) => {}
        }
    }

    fn check_slug(&mut self, entity: &Entity, field: &Field, from: &str, loc: Loc) {
        match entity.field(from) {
            None => self.unknown_field(entity, from, loc),
            Some(source) if source.name == field.name => {
                self.findings.error("wrong_field", loc, "a slug is made from another field");
            }
            Some(source) if !matches!(&source.kind, FieldKind::Scalar(scalar) if scalar.is_text() || scalar.is_integer() || *scalar == Scalar::Date) =>
            {
                self.findings
                    .error("wrong_field", loc, format!("a slug is made from text, and `{from}` is none"));
            }
            Some(_) => {}
        }
    }

    fn unknown_field(&mut self, entity: &Entity, name: &str, loc: Loc) {
        let help = did_you_mean(name, entity.fields.iter().map(|field| field.name.as_str()));
        self.findings
            .error("unknown_field", loc, format!("`{}` has no field `{name}`", entity.name))
            .maybe_help(help);
    }

    fn index(&mut self, entity: &Entity, attr: &Attr) -> Index {
        let mut parts = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for arg in &attr.args {
            match (arg.key.as_ref().map(|key| key.text.as_str()), arg.word()) {
                (Some("expr"), _) => {
                    if let Some(sql) = arg.text() {
                        parts.push(IndexPart::Expr {
                            sql: sql.to_owned(),
                            desc: arg.order == Some(true),
                        });
                    }
                }
                (None, Some("unique")) => {}
                (None, Some(name)) => {
                    self.check_indexed(entity, name, arg, &mut seen);
                    parts.push(IndexPart::Field {
                        name: name.to_owned(),
                        desc: arg.order == Some(true),
                    });
                    seen.push(name);
                }
                _ => {}
            }
        }
        if let (Some(_), Some(arg)) = (attr.get("where"), attr.get("db_where")) {
            self.findings.error(
                "conflicting_attributes",
                arg.loc,
                "there are two conditions, `where` and `db_where`",
            );
        }
        Index {
            name: attr.get_text("name").map(str::to_owned),
            parts,
            unique: attr.flag("unique"),
            method: attr.get_text("method").map(str::to_owned),
            filter: attr.get_text("where").map(|text| Expression(text.to_owned())),
            db_filter: attr.get_text("db_where").map(str::to_owned),
        }
    }

    fn unique_set(&mut self, entity: &Entity, attr: &Attr) -> UniqueSet {
        let mut fields: Vec<&str> = Vec::new();
        for arg in attr.positional() {
            let Some(name) = arg.word() else { continue };
            self.check_indexed(entity, name, arg, &mut fields);
            fields.push(name);
        }
        UniqueSet {
            fields: fields.into_iter().map(str::to_owned).collect(),
        }
    }

    fn check_indexed(&mut self, entity: &Entity, name: &str, arg: &Arg, seen: &mut Vec<&str>) {
        if seen.contains(&name) {
            self.findings.error("duplicate_name", arg.loc, format!("`{name}` is there twice"));
            return;
        }
        match entity.field(name) {
            None => self.unknown_field(entity, name, arg.loc),
            Some(field) if field.columns.is_empty() && !self.broken.contains(name) => {
                self.findings
                    .error("wrong_field", arg.loc, format!("`{name}` has no column in this table"));
            }
            Some(field) if matches!(field.kind, FieldKind::Embedded(_)) => {
                self.findings
                    .error("wrong_field", arg.loc, format!("`{name}` is a group of columns"));
            }
            Some(_) => {}
        }
    }
}
