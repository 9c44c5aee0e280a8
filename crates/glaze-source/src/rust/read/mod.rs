//! From declarations as written to a model: names are resolved, what is implied is added, what cannot be is reported.

mod constraints;
mod defaults;
pub(crate) mod entity;
mod enums;
mod expressions;
mod field;
mod origins;
mod relations;
mod structure;
mod types;
mod validate;

pub(crate) use entity as implicit;
pub(crate) use enums::written;
pub(crate) use expressions::expression;

use std::collections::{HashMap, HashSet};

use glaze_model::{Model, Scalar};

use super::raw::{RawEnum, RawItem, RawStruct};
use super::split::read_items;
use super::tokens::Name;
use crate::finding::Findings;
use crate::{Reading, SourceFile, builtin_model};

/// Reads the schema files of a project as one model.
pub fn read(files: &[SourceFile]) -> Reading {
    read_with(files, builtin_model(), false)
}

/// Reads the built-in schema itself.
pub(crate) fn read_builtin(files: &[SourceFile]) -> Reading {
    read_with(files, Model::default(), true)
}

fn read_with(files: &[SourceFile], known: Model, builtin: bool) -> Reading {
    let reading = read_spanned(files, known, builtin);
    // Tokens keep their text alive for as long as their spans are valid: a process that reads on every save would grow.
    proc_macro2::extra::invalidate_current_thread_spans();
    reading
}

fn read_spanned(files: &[SourceFile], known: Model, builtin: bool) -> Reading {
    let mut findings = Findings::default();
    let (mut items, mut shifts, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
    for (at, file) in files.iter().enumerate() {
        let found = read_items(file, at as u32, &mut findings);
        items.extend(found.items);
        unreadable.extend(found.unreadable);
        shifts.push(found.shift);
    }
    let mut reader = Reader::new(&items, &known, builtin, &mut findings);
    for name in unreadable {
        reader.decls.entry(name).or_insert(Decl::Unreadable);
    }
    reader.lower();
    let model = reader.model;
    let origins = origins::collect(&items, files);
    let model = if findings.has_errors() { None } else { Some(model) };
    Reading {
        model,
        diagnostics: findings.diagnostics(files, &shifts),
        origins,
    }
}

/// What a type name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decl {
    Entity,
    Enum,
    Blocks,
    Embedded,
    /// There, but with errors of its own: what uses it is not judged.
    Unreadable,
}

/// The work of reading one project.
struct Reader<'a> {
    findings: &'a mut Findings,
    builtin: bool,
    decls: HashMap<String, Decl>,
    model: Model,
    known: &'a Model,
    /// As written, by position in `model.entities` (built-in ones have none).
    entities: Vec<&'a RawStruct>,
    enums: Vec<&'a RawEnum>,
    blocks: Vec<&'a RawEnum>,
    embedded: Vec<&'a RawStruct>,
    /// Positions in `model.entities` by name.
    entity_at: HashMap<String, usize>,
    /// Names of fields whose type could not be understood: expressions that use them are not judged.
    broken: HashSet<String>,
}

/// Whether a project may call an entity so.
pub(crate) fn is_free_type_name(name: &str) -> bool {
    let path = glaze_model::plural(&glaze_model::snake_case(name)).replace('_', "-");
    let taken = Scalar::from_name(name).is_some() || TYPE_WORDS.contains(&name) || crate::is_built_in(name);
    name.starts_with(|c: char| c.is_ascii_uppercase()) && is_identifier(name) && !taken && !validate::API_WORDS.contains(&path.as_str())
}

/// Whether a project may call a field so.
pub(crate) fn is_free_field_name(name: &str) -> bool {
    is_identifier(name) && !name.starts_with('_') && !field::RESERVED.contains(&name)
}

/// Whether Rust can write it, raw if need be.
fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !["self", "Self", "super", "crate", "_"].contains(&name)
}

/// Words that mean something in a type.
const TYPE_WORDS: [&str; 7] = ["Option", "Vec", "Ref", "Many", "AnyOf", "Custom", "Box"];

impl<'a> Reader<'a> {
    fn new(items: &'a [RawItem], known: &'a Model, builtin: bool, findings: &'a mut Findings) -> Reader<'a> {
        let mut reader = Reader {
            findings,
            builtin,
            decls: HashMap::new(),
            model: Model::default(),
            known,
            entities: Vec::new(),
            enums: Vec::new(),
            blocks: Vec::new(),
            embedded: Vec::new(),
            entity_at: HashMap::new(),
            broken: HashSet::new(),
        };
        reader.declare_known();
        for item in items {
            reader.declare(item);
        }
        reader
    }

    fn declare_known(&mut self) {
        let known = self.known;
        let visible = known
            .entities
            .iter()
            .filter(|entity| !entity.internal)
            .map(|entity| (&entity.name, Decl::Entity));
        self.decls.extend(visible.map(|(name, decl)| (name.clone(), decl)));
        self.decls.extend(known.enums.iter().map(|item| (item.name.clone(), Decl::Enum)));
    }

    fn declare(&mut self, item: &'a RawItem) {
        if !self.name_is_free(item.name()) {
            return;
        }
        let decl = match item {
            RawItem::Entity(item) => {
                self.entities.push(item);
                Decl::Entity
            }
            RawItem::Embedded(item) => {
                self.embedded.push(item);
                Decl::Embedded
            }
            RawItem::Enum(item) => {
                self.enums.push(item);
                Decl::Enum
            }
            RawItem::Blocks(item) => {
                self.blocks.push(item);
                Decl::Blocks
            }
        };
        self.decls.insert(item.name().text.clone(), decl);
    }

    fn name_is_free(&mut self, name: &Name) -> bool {
        let text = name.text.as_str();
        if Scalar::from_name(text).is_some() || TYPE_WORDS.contains(&text) {
            self.findings
                .error("reserved_name", name.loc, format!("`{text}` is a type of the schema language"))
                .help("choose another name; the table can keep its own with `#[db(table = \"…\")]`");
            return false;
        }
        let built_in = self.known.entity(text).is_some() || self.known.enum_type(text).is_some();
        if built_in {
            let internal = self.known.entity(text).is_some_and(|entity| entity.internal);
            let finding = self.findings.error("reserved_name", name.loc, format!("`{text}` is built in"));
            if internal || text == "Asset" {
                finding.help("choose another name; the table can keep its own with `#[db(table = \"…\")]`");
            } else {
                finding.help(format!(
                    "`#[extends({text})] pub struct Profile {{ … }}` adds fields to it; or choose another name"
                ));
            }
            return false;
        }
        if self.decls.contains_key(text) {
            self.findings
                .error("duplicate_name", name.loc, format!("there are two declarations of `{text}`"));
            return false;
        }
        // Scripts without capital letters have nothing to begin with.
        if text.starts_with(|c: char| c.is_lowercase() || c == '_') {
            self.findings
                .error("naming", name.loc, format!("`{text}` does not begin with a capital letter"))
                .help(format!("write `{}`", heck::ToUpperCamelCase::to_upper_camel_case(text)));
        }
        true
    }

    fn lower(&mut self) {
        self.lower_enums();
        self.lower_blocks();
        self.lower_embedded();
        self.lower_entities();
        self.model.entities.extend(self.known.entities.iter().cloned());
        self.model.enums.extend(self.known.enums.iter().cloned());
        self.entity_at = self
            .model
            .entities
            .iter()
            .enumerate()
            .map(|(at, entity)| (entity.name.clone(), at))
            .collect();
        self.resolve_keys();
        self.resolve_relations();
        self.resolve_structure();
        self.validate();
        self.check_expressions();
    }

    /// The declaration as written of the entity at this position; built-in ones have none.
    fn raw_entity(&self, at: usize) -> Option<&'a RawStruct> {
        self.entities.get(at).copied()
    }
}
