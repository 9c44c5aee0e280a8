//! The files with their declarations, and the changes collected so far.

use std::ops::Range;

use crate::SourceFile;
use crate::edit::EditRefused;
use crate::finding::{Findings, Loc};
use crate::rust::raw::{Layout, RawEnum, RawField, RawItem, RawStruct, RawType, RawTypeKind};
use crate::rust::split::read_items;

/// One change of bytes.
#[derive(Debug)]
struct Splice {
    file: usize,
    range: Range<usize>,
    text: String,
}

/// Files, declarations, changes.
pub(super) struct Tree<'a> {
    files: &'a [SourceFile],
    pub items: Vec<RawItem>,
    shift: Vec<usize>,
    splices: Vec<Splice>,
}

impl<'a> Tree<'a> {
    pub fn read(files: &'a [SourceFile]) -> Result<Tree<'a>, EditRefused> {
        let mut findings = Findings::default();
        let mut tree = Tree {
            files,
            items: Vec::new(),
            shift: Vec::new(),
            splices: Vec::new(),
        };
        for (at, file) in files.iter().enumerate() {
            let found = read_items(file, at as u32, &mut findings);
            tree.items.extend(found.items);
            tree.shift.push(found.shift);
        }
        if findings.has_errors() {
            return Err(EditRefused::WouldNotRead(findings.diagnostics(files, &tree.shift)));
        }
        Ok(tree)
    }

    /// Bytes of a place.
    pub fn range(&self, loc: Loc) -> Range<usize> {
        let range = loc.span.byte_range();
        let shift = self.shift[loc.file as usize];
        range.start + shift..range.end + shift
    }

    /// The text of the file of a place.
    pub fn text(&self, file: u32) -> &'a str {
        &self.files[file as usize].text
    }

    /// What stands at a place.
    pub fn at(&self, loc: Loc) -> &'a str {
        &self.text(loc.file)[self.range(loc)]
    }

    /// Replaces bytes; an empty range inserts.
    pub fn replace(&mut self, file: u32, range: Range<usize>, text: impl Into<String>) {
        self.splices.push(Splice {
            file: file as usize,
            range,
            text: text.into(),
        });
    }

    /// Replaces what stands at a place.
    pub fn replace_at(&mut self, loc: Loc, text: impl Into<String>) {
        let range = self.range(loc);
        self.replace(loc.file, range, text);
    }

    /// Position of the file with this path; the last one when none is named.
    pub fn file(&self, path: Option<&str>) -> Result<u32, EditRefused> {
        let found = match path {
            None => self.files.len().checked_sub(1),
            Some(path) => self.files.iter().position(|file| file.path == path),
        };
        found
            .map(|at| at as u32)
            .ok_or_else(|| EditRefused::NotFound(format!("file `{}`", path.unwrap_or("schema.rs"))))
    }

    pub fn item(&self, name: &str) -> Result<RawItem, EditRefused> {
        let found = self.items.iter().find(|item| item.name().text == name).cloned();
        found.ok_or_else(|| EditRefused::NotFound(format!("declaration `{name}`")))
    }

    /// The entity or embedded struct of this name, or the kind of block (`Section.Hero`).
    pub fn structure(&self, name: &str) -> Result<RawStruct, EditRefused> {
        if let Some((set, kind)) = name.split_once('.') {
            return self.kind(set, kind);
        }
        match self.item(name)? {
            RawItem::Entity(item) | RawItem::Embedded(item) => Ok(item),
            _ => Err(EditRefused::NotFound(format!("entity `{name}`"))),
        }
    }

    fn kind(&self, set: &str, name: &str) -> Result<RawStruct, EditRefused> {
        let not_found = || EditRefused::NotFound(format!("kind `{name}` of `{set}`"));
        let RawItem::Blocks(item) = self.item(set)? else {
            return Err(not_found());
        };
        let kind = item
            .variants
            .into_iter()
            .find(|variant| variant.name.text == name)
            .ok_or_else(not_found)?;
        // Without braces there are no fields; the first one brings them.
        let (open, close) = kind.braces.unwrap_or((kind.name.loc, kind.name.loc));
        Ok(RawStruct {
            layout: Layout {
                whole: kind.whole,
                keyword: kind.name.loc,
                open,
                close,
            },
            name: kind.name,
            attrs: kind.attrs,
            fields: kind.fields,
        })
    }

    pub fn enumeration(&self, name: &str) -> Result<RawEnum, EditRefused> {
        match self.item(name)? {
            RawItem::Enum(item) => Ok(item),
            _ => Err(EditRefused::NotFound(format!("enum `{name}`"))),
        }
    }

    /// Every field of every declaration, with the name of the declaration.
    pub fn fields(&self) -> Vec<(String, RawField)> {
        let mut out = Vec::new();
        for item in &self.items {
            let owner = item.name().text.clone();
            match item {
                RawItem::Entity(item) | RawItem::Embedded(item) => {
                    out.extend(item.fields.iter().map(|field| (owner.clone(), field.clone())))
                }
                RawItem::Enum(item) | RawItem::Blocks(item) => {
                    out.extend(
                        item.variants
                            .iter()
                            .flat_map(|variant| &variant.fields)
                            .map(|field| (owner.clone(), field.clone())),
                    );
                }
            }
        }
        out
    }

    /// The files with all changes made.
    pub fn finish(mut self) -> Result<Vec<SourceFile>, EditRefused> {
        self.splices
            .sort_by_key(|splice| (splice.file, splice.range.start, splice.range.end));
        let mut out = self.files.to_vec();
        for pair in self.splices.windows(2) {
            if pair[0].file == pair[1].file && pair[1].range.start < pair[0].range.end {
                return Err(EditRefused::NotExact("two parts of the edit concern the same text".to_owned()));
            }
        }
        for splice in self.splices.iter().rev() {
            out[splice.file].text.replace_range(splice.range.clone(), &splice.text);
        }
        Ok(out)
    }
}

/// Where the type `name` is mentioned inside a type.
pub(super) fn mentions(ty: &RawType, name: &str, out: &mut Vec<Loc>) {
    match &ty.kind {
        RawTypeKind::Named(found, args) => {
            if found == name && args.is_empty() {
                out.push(ty.loc);
            }
            args.iter().for_each(|arg| mentions(arg, name, out));
        }
        RawTypeKind::Tuple(parts) => parts.iter().for_each(|part| mentions(part, name, out)),
        RawTypeKind::Other => {}
    }
}
