//! Where declarations stand.

use std::collections::BTreeMap;

use glaze_model::Origin;

use super::enums::written;
use crate::SourceFile;
use crate::finding::Loc;
use crate::rust::raw::{RawField, RawItem};

/// Places of declarations, fields and values.
pub(super) fn collect(items: &[RawItem], files: &[SourceFile]) -> BTreeMap<String, Origin> {
    let mut out = BTreeMap::new();
    let mut put = |name: String, loc: Loc| {
        let Some(file) = files.get(loc.file as usize) else { return };
        out.entry(name).or_insert_with(|| Origin {
            file: file.path.clone(),
            line: loc.span.start().line as u32,
        });
    };
    for item in items {
        let name = item.name();
        put(name.text.clone(), name.loc);
        let fields: &[RawField] = match item {
            RawItem::Entity(item) | RawItem::Embedded(item) => &item.fields,
            RawItem::Enum(item) | RawItem::Blocks(item) => {
                for variant in &item.variants {
                    put(format!("{}.{}", name.text, written(variant)), variant.name.loc);
                    for field in &variant.fields {
                        put(format!("{}.{}.{}", name.text, written(variant), field.name.text), field.name.loc);
                    }
                }
                &[]
            }
        };
        for field in fields {
            put(format!("{}.{}", name.text, field.name.text), field.name.loc);
        }
    }
    out
}
