//! References inside values: members of embedded structs, of lists of them, and of blocks. Polymorphic ones can't be there.

use glaze_model::{Field, FieldKind, Value};
use serde_json::{Map, Value as Json};

use super::{
    WriteContext,
    references::{Wanted, reference_is},
};
use crate::validate::{Path, read_value};

/// Where a value lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In columns of its own: the database may have a foreign key on them.
    Columns,
    /// In a JSON document, of which the database knows nothing.
    Document,
}

impl WriteContext {
    /// The references inside a value of a field that is not a reference itself.
    pub(super) fn wanted_inside(&self, field: &Field, value: &Value, all: &mut Vec<Wanted>) {
        self.inside(field, value, &field.json, Place::Columns, all);
    }

    fn inside(&self, field: &Field, value: &Value, path: &str, place: Place, all: &mut Vec<Wanted>) {
        let model = self.schema.model();
        let embedded = |name: &str| model.embedded_type(name).map(|item| item.fields.as_slice()).unwrap_or_default();
        match (&field.kind, value) {
            (FieldKind::Embedded(name), Value::List(parts)) => {
                for (inner, part) in embedded(name).iter().zip(parts) {
                    self.member(inner, part, &format!("{path}.{}", inner.json), place, all);
                }
            }
            (FieldKind::EmbeddedList(name), Value::Json(Json::Array(items))) => {
                for (at, item) in items.iter().enumerate() {
                    self.members(embedded(name), item.as_object(), &format!("{path}[{at}]"), all);
                }
            }
            (FieldKind::Blocks(name), Value::Json(Json::Array(items))) => {
                let kinds = model.block_set(name).map(|item| item.kinds.as_slice()).unwrap_or_default();
                for (at, item) in items.iter().enumerate() {
                    let ty = item.get("type").and_then(Json::as_str);
                    let fields = kinds
                        .iter()
                        .find(|kind| Some(kind.value.as_str()) == ty)
                        .map(|kind| kind.fields.as_slice());
                    self.members(fields.unwrap_or_default(), item.as_object(), &format!("{path}[{at}]"), all);
                }
            }
            _ => {}
        }
    }

    /// Members of an object in a document.
    fn members(&self, fields: &[Field], object: Option<&Map<String, Json>>, path: &str, all: &mut Vec<Wanted>) {
        use FieldKind::{Blocks, Embedded, EmbeddedList, Ref};
        let Some(object) = object else { return };
        for field in fields {
            let refers = matches!(field.kind, Ref(_) | Embedded(_) | EmbeddedList(_) | Blocks(_));
            if let Some(json) = object.get(&field.json).filter(|_| refers)
                && let Some(value) = read_value(self.schema.model(), field, json, &Path::Root, &mut Vec::new())
            {
                self.member(field, &value, &format!("{path}.{}", field.json), Place::Document, all);
            }
        }
    }

    fn member(&self, field: &Field, value: &Value, path: &str, place: Place, all: &mut Vec<Wanted>) {
        match (&field.kind, value) {
            (_, Value::Null) => {}
            (FieldKind::Ref(reference), value) if field.db.references.is_empty() => {
                if let Some(target) = self.schema.entity_by_name(&reference.target) {
                    all.push(Wanted {
                        path: path.to_owned(),
                        target: target.ix,
                        is: reference_is(target.ix, &target.key, value),
                        guarded: place == Place::Columns && !field.db.no_fk,
                    });
                }
            }
            _ => self.inside(field, value, path, place, all),
        }
    }
}
