//! Entities: their own attributes, and the fields that are there by themselves.

use glaze_model::{
    DbForeignKey, DefaultValue, Entity, Expression, Field, FieldKind, OnDelete, Ownership, Ref, Scalar, Validation, parse_column_list,
    plural, snake_case,
};

use super::Reader;
use super::field::Owner;
use crate::finding::did_you_mean;
use crate::rust::raw::RawStruct;
use crate::rust::tokens::{Arg, ArgValue, Attr};

impl Reader<'_> {
    pub(super) fn lower_entities(&mut self) {
        for raw in self.entities.clone() {
            let entity = self.lower_entity(raw);
            self.model.entities.push(entity);
        }
    }

    fn lower_entity(&mut self, raw: &RawStruct) -> Entity {
        let attrs = &raw.attrs;
        let flag = |key: &str| attrs.get("entity").is_some_and(|attr| attr.flag(key));
        let is_false = |key: &str| {
            attrs
                .get("entity")
                .and_then(|attr| attr.get(key))
                .is_some_and(|arg| arg.value == ArgValue::Bool(false))
        };
        let name = raw.name.text.clone();
        let mut fields = self.lower_fields(&raw.fields, Owner::Entity);
        let extends = self.extended(attrs.get("extends"));
        let mut key = written_key(raw);
        if let Some(base) = &extends {
            self.add_base(base, &mut key, &mut fields);
        }
        let keyless = is_false("id");
        if key.is_empty() && !keyless {
            self.add_id(raw, &mut key, &mut fields);
        }
        if keyless && !key.is_empty() {
            self.findings.error(
                "conflicting_attributes",
                raw.name.loc,
                "`id = false` says that there is no key, and `#[id]` names one",
            );
        }
        if !is_false("timestamps") {
            self.add_times(raw, &mut fields);
        }
        let internal = flag("internal");
        if internal && !self.builtin {
            self.findings
                .error("unknown_key", raw.name.loc, "`internal` is for built-in entities only");
        }
        let db_key = self.db_items(raw, "key", parse_column_list).into_iter().flatten().collect();
        let db_foreign_keys = self.db_items(raw, "foreign_key", DbForeignKey::parse);
        Entity {
            id: None,
            schema: attrs.db_text("schema"),
            table: attrs.db_text("table").unwrap_or_else(|| plural(&snake_case(&name))),
            doc: attrs.doc.clone(),
            label: attrs.get("entity").and_then(|attr| attr.get_text("label")).map(str::to_owned),
            icon: attrs.get("entity").and_then(|attr| attr.get_text("icon")).map(str::to_owned),
            ownership: match (self.builtin, flag("external")) {
                (true, _) => Ownership::System,
                (_, true) => Ownership::External,
                _ => Ownership::Project,
            },
            internal,
            key,
            fields,
            indexes: Vec::new(),
            uniques: Vec::new(),
            rules: self.rules(attrs, &["read", "create", "update", "delete"]),
            validations: attrs.all("rule").filter_map(validation).collect(),
            db_checks: db_texts(attrs.all("db"), "check")
                .filter_map(Arg::text)
                .map(str::to_owned)
                .collect(),
            db_key,
            db_foreign_keys,
            extends,
            was: attrs.text("was"),
            name,
        }
    }

    /// Items of `#[db(…)]` that are little languages of their own.
    fn db_items<T>(&mut self, raw: &RawStruct, key: &'static str, parse: fn(&str) -> Result<T, String>) -> Vec<T> {
        let mut out = Vec::new();
        for arg in db_texts(raw.attrs.all("db"), key) {
            match parse(arg.text().unwrap_or_default()) {
                Ok(item) => out.push(item),
                Err(message) => {
                    self.findings.error("malformed_attribute", arg.loc, format!("`{key}`: {message}"));
                }
            }
        }
        out
    }

    fn extended(&mut self, attr: Option<&Attr>) -> Option<String> {
        let arg = attr?.positional().next()?;
        let base = arg.word()?;
        let bases: Vec<&str> = self
            .known
            .entities
            .iter()
            .filter(|entity| !entity.internal)
            .map(|entity| entity.name.as_str())
            .collect();
        if bases.contains(&base) {
            return Some(base.to_owned());
        }
        self.findings
            .error("unknown_entity", arg.loc, format!("`{base}` is not a built-in entity"))
            .maybe_help(did_you_mean(base, bases));
        None
    }

    /// The reference to the entry that is extended: the key, unless the project has chosen one.
    fn add_base(&mut self, base: &str, key: &mut Vec<String>, fields: &mut Vec<Field>) {
        let name = snake_case(base);
        if !fields.iter().any(|field| field.name == name) {
            // As the key it is unique anyway.
            fields.insert(0, base_field(base, !key.is_empty()));
        }
        if key.is_empty() {
            key.push(name);
        }
    }

    fn add_id(&mut self, raw: &RawStruct, key: &mut Vec<String>, fields: &mut Vec<Field>) {
        key.push("id".to_owned());
        if let Some(written) = raw.fields.iter().find(|field| field.name.text == "id") {
            self.findings
                .error("missing_attribute", written.name.loc, "`id` is there by itself, a `Uuid`")
                .help("leave the field out, or mark it with `#[id]` to make it the key");
            return;
        }
        fields.insert(0, id_field());
    }

    /// Times that the project declares itself stay where they are and are kept by Glaze all the same.
    fn add_times(&mut self, raw: &RawStruct, fields: &mut Vec<Field>) {
        for implied in time_fields() {
            let Some(field) = fields.iter_mut().find(|field| field.name == implied.name) else {
                fields.push(implied);
                continue;
            };
            if field.kind != implied.kind || field.computed.is_some() {
                if let Some(written) = raw.fields.iter().find(|field| field.name.text == implied.name) {
                    self.findings
                        .error(
                            "reserved_name",
                            written.name.loc,
                            format!("`{}` is kept by Glaze and is a `DateTime`", implied.name),
                        )
                        .help("`#[entity(timestamps = false)]` leaves the times to you");
                }
                continue;
            }
            field.implicit = true;
            if field.default.is_none() {
                field.default = implied.default;
            }
        }
    }
}

/// Fields marked with `#[id]`, in the order of their numbers, then of the fields.
fn written_key(raw: &RawStruct) -> Vec<String> {
    let marked = raw.fields.iter().filter_map(|field| {
        let number = field.attrs.get("id")?.positional().next().map(|arg| match &arg.value {
            ArgValue::Number(number) => number.parse::<u32>().unwrap_or(u32::MAX),
            _ => u32::MAX,
        });
        Some((number.unwrap_or(u32::MAX), field.name.text.clone()))
    });
    let mut marked: Vec<(u32, String)> = marked.collect();
    marked.sort_by_key(|(number, _)| *number);
    marked.dedup_by(|a, b| a.1 == b.1);
    marked.into_iter().map(|(_, name)| name).collect()
}

/// The implicit key.
pub(crate) fn id_field() -> Field {
    Field {
        implicit: true,
        default: Some(DefaultValue::Uuid),
        ..Field::new("id", FieldKind::Scalar(Scalar::Uuid))
    }
}

/// The implicit times.
pub(crate) fn time_fields() -> [Field; 2] {
    ["created_at", "updated_at"].map(|name| Field {
        implicit: true,
        default: Some(DefaultValue::Now),
        ..Field::new(name, FieldKind::Scalar(Scalar::DateTime))
    })
}

/// The implicit reference of `#[extends(…)]`; its columns come with the other references'.
pub(crate) fn base_field(base: &str, unique: bool) -> Field {
    let kind = FieldKind::Ref(Ref {
        target: base.to_owned(),
        on_delete: OnDelete::Cascade,
    });
    Field {
        unique,
        columns: Vec::new(),
        ..Field::new(&snake_case(base), kind)
    }
}

fn validation(attr: &Attr) -> Option<Validation> {
    let mut texts = attr.positional().filter_map(Arg::text);
    Some(Validation {
        holds: Expression(texts.next()?.to_owned()),
        message: texts.next()?.to_owned(),
    })
}

/// What `#[db(key = …)]` says, as often as it is there.
fn db_texts<'a>(attrs: impl Iterator<Item = &'a Attr>, key: &'static str) -> impl Iterator<Item = &'a Arg> {
    attrs
        .flat_map(|attr| &attr.args)
        .filter(move |arg| arg.key.as_ref().is_some_and(|name| name.text == key))
}
