//! Enums, blocks and embedded structs.

use glaze_model::{BlockKind, BlockSet, Embedded, EnumType, EnumValue, Field, FieldKind, snake_case};

use super::Reader;
use super::field::Owner;
use crate::rust::raw::{RawField, RawVariant};
use crate::rust::tokens::ArgValue;

impl Reader<'_> {
    pub(super) fn lower_enums(&mut self) {
        for raw in self.enums.clone() {
            let mut values: Vec<EnumValue> = Vec::new();
            for variant in &raw.variants {
                let value = written(variant);
                self.check_variant(
                    variant,
                    &value,
                    values.iter().map(|other| (other.name.as_str(), other.value.as_str())).collect(),
                );
                values.push(EnumValue {
                    name: variant.name.text.clone(),
                    value,
                    doc: variant.attrs.doc.clone(),
                    was: variant.attrs.text("was"),
                });
            }
            if values.is_empty() {
                self.findings
                    .error("empty", raw.name.loc, format!("enum `{}` has no values", raw.name.text));
            }
            self.model.enums.push(EnumType {
                id: None,
                name: raw.name.text.clone(),
                schema: raw.attrs.db_text("schema"),
                db_name: raw.attrs.db_text("type").unwrap_or_else(|| snake_case(&raw.name.text)),
                native: raw.attrs.db("native").is_none_or(|arg| arg.value != ArgValue::Bool(false)),
                doc: raw.attrs.doc.clone(),
                values,
                was: raw.attrs.text("was"),
            });
        }
    }

    fn check_variant(&mut self, variant: &RawVariant, value: &str, others: Vec<(&str, &str)>) {
        let name = &variant.name;
        if others.iter().any(|(other, _)| *other == name.text) {
            self.findings
                .error("duplicate_name", name.loc, format!("`{}` is there twice", name.text));
        } else if others.iter().any(|(_, other)| *other == value) {
            self.findings
                .error("duplicate_name", name.loc, format!("two values are written `{value}`"));
        }
        if value.len() > 63 {
            self.findings.error(
                "name_too_long",
                name.loc,
                format!("`{value}` is longer than the 63 bytes that databases allow"),
            );
        }
        if name.text.starts_with(|c: char| c.is_lowercase()) {
            self.findings
                .error("naming", name.loc, format!("`{}` does not begin with a capital letter", name.text))
                .help(format!(
                    "write `{}`",
                    heck::ToUpperCamelCase::to_upper_camel_case(name.text.as_str())
                ));
        }
    }

    pub(super) fn lower_blocks(&mut self) {
        for raw in self.blocks.clone() {
            let mut kinds: Vec<BlockKind> = Vec::new();
            for variant in &raw.variants {
                let value = written(variant);
                self.check_variant(
                    variant,
                    &value,
                    kinds.iter().map(|other| (other.name.as_str(), other.value.as_str())).collect(),
                );
                let fields = self.lower_fields(&variant.fields, Owner::Block);
                self.check_nested(&variant.fields, &fields, true);
                kinds.push(BlockKind {
                    name: variant.name.text.clone(),
                    value,
                    doc: variant.attrs.doc.clone(),
                    fields,
                });
            }
            if kinds.is_empty() {
                self.findings
                    .error("empty", raw.name.loc, format!("`{}` has no kinds of block", raw.name.text));
            }
            self.model.blocks.push(BlockSet {
                name: raw.name.text.clone(),
                doc: raw.attrs.doc.clone(),
                kinds,
            });
        }
    }

    pub(super) fn lower_embedded(&mut self) {
        for raw in self.embedded.clone() {
            let fields = self.lower_fields(&raw.fields, Owner::Embedded);
            self.check_nested(&raw.fields, &fields, false);
            if fields.is_empty() {
                self.findings
                    .error("empty", raw.name.loc, format!("`{}` has no fields", raw.name.text));
            }
            self.model.embedded.push(Embedded {
                name: raw.name.text.clone(),
                doc: raw.attrs.doc.clone(),
                fields,
            });
        }
    }

    /// What cannot be inside blocks and embedded structs.
    fn check_nested(&mut self, raws: &[RawField], fields: &[Field], block: bool) {
        for (raw, field) in raws.iter().zip(fields) {
            let fits = match &field.kind {
                FieldKind::Many(_) | FieldKind::Inverse(_) | FieldKind::AnyOf(_) | FieldKind::Blocks(_) => false,
                FieldKind::Embedded(_) | FieldKind::EmbeddedList(_) => block,
                FieldKind::Custom => !block,
                _ => true,
            };
            if !fits {
                let whole = if block { "a block" } else { "an embedded struct" };
                self.findings
                    .error("invalid_type", raw.ty.loc, format!("a field of this type cannot be inside {whole}"))
                    .help("make it a field of the entity");
            }
        }
    }
}

/// How a value is written in the database and in JSON.
pub(crate) fn written(variant: &RawVariant) -> String {
    variant.attrs.db_text("value").unwrap_or_else(|| snake_case(&variant.name.text))
}
