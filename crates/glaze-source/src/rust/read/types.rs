//! Types of fields.

use glaze_model::{AnyOf, FieldKind, Inverse, Many, OnDelete, Ref, Scalar};

use super::{Decl, Reader};
use crate::finding::similar;
use crate::rust::raw::{RawField, RawType, RawTypeKind};

/// A type that was understood.
pub(super) struct Typed {
    pub kind: FieldKind,
    pub nullable: bool,
}

/// Types people write from habit, and what they are here.
const HABITS: [(&str, &str); 22] = [
    ("i8", "i16"),
    ("u8", "i16"),
    ("u16", "i32"),
    ("u32", "i64"),
    ("u64", "i64"),
    ("usize", "i64"),
    ("isize", "i64"),
    ("i128", "Decimal"),
    ("u128", "Decimal"),
    ("str", "String"),
    ("Str", "String"),
    ("Int", "i32"),
    ("Float", "f64"),
    ("Boolean", "bool"),
    ("Bool", "bool"),
    ("Value", "Json"),
    ("JsonValue", "Json"),
    ("NaiveDate", "Date"),
    ("NaiveDateTime", "DateTime"),
    ("Timestamp", "DateTime"),
    ("Image", "Asset"),
    ("File", "Asset"),
];

impl Reader<'_> {
    /// What a field holds; reports what cannot be.
    pub(super) fn resolve_type(&mut self, raw: &RawField) -> Option<Typed> {
        let inverse = raw
            .attrs
            .get("inverse")
            .and_then(|attr| attr.positional().next()?.word().map(str::to_owned));
        match &raw.ty.kind {
            RawTypeKind::Named(name, args) if name == "Option" => {
                let inner = self.only_arg(&raw.ty, args, "Option")?;
                if let RawTypeKind::Named(name, _) = &inner.kind
                    && (name == "Option" || name == "Many")
                {
                    let what = if name == "Many" {
                        "a `Many` can be empty by itself"
                    } else {
                        "nothing is inside nothing"
                    };
                    self.findings
                        .error("invalid_type", raw.ty.loc, format!("`Option<{name}<…>>` makes no sense: {what}"))
                        .help(format!("write `{name}<…>`"));
                    return None;
                }
                let kind = self.resolve_inner(inner, inverse, true)?;
                Some(Typed { kind, nullable: true })
            }
            _ => Some(Typed {
                kind: self.resolve_inner(&raw.ty, inverse, false)?,
                nullable: false,
            }),
        }
    }

    fn only_arg<'t>(&mut self, ty: &RawType, args: &'t [RawType], name: &str) -> Option<&'t RawType> {
        match args {
            [one] => Some(one),
            _ => {
                self.findings
                    .error("invalid_type", ty.loc, format!("`{name}` takes one type"))
                    .help(format!("write `{name}<Type>`"));
                None
            }
        }
    }

    fn resolve_inner(&mut self, ty: &RawType, inverse: Option<String>, optional: bool) -> Option<FieldKind> {
        let RawTypeKind::Named(name, args) = &ty.kind else {
            self.findings
                .error("invalid_type", ty.loc, "this is not a type of the schema language")
                .help("use a scalar, an enum, `Option<…>`, `Vec<…>`, `Ref<…>`, `Many<…>` or `AnyOf<(…)>`");
            return None;
        };
        match (name.as_str(), args.as_slice()) {
            ("Ref", args) => {
                let target = self.only_arg(ty, args, "Ref")?;
                let target = self.entity_name(target)?;
                Some(FieldKind::Ref(Ref {
                    target,
                    on_delete: OnDelete::default(),
                }))
            }
            ("Many", args) => {
                let target = self.only_arg(ty, args, "Many")?;
                let target = self.entity_name(target)?;
                Some(match inverse {
                    Some(field) => FieldKind::Inverse(Inverse { target, field, one: false }),
                    None => FieldKind::Many(Many {
                        target,
                        schema: None,
                        table: String::new(),
                        from_columns: Vec::new(),
                        to_columns: Vec::new(),
                        owner: true,
                    }),
                })
            }
            ("AnyOf", args) => {
                let targets = self.only_arg(ty, args, "AnyOf")?;
                self.any_of(targets)
            }
            ("Vec", args) => {
                let item = self.only_arg(ty, args, "Vec")?;
                self.list_of(item)
            }
            ("Custom", []) => Some(FieldKind::Custom),
            (name, []) => self.plain(name, ty, inverse, optional),
            (name, _) => {
                self.findings
                    .error("invalid_type", ty.loc, format!("`{name}` takes no types in angle brackets"))
                    .maybe_help(similar(name, ["Option", "Vec", "Ref", "Many", "AnyOf"]).map(|known| format!("did you mean `{known}`?")));
                None
            }
        }
    }

    fn plain(&mut self, name: &str, ty: &RawType, inverse: Option<String>, optional: bool) -> Option<FieldKind> {
        if let Some(scalar) = Scalar::from_name(name) {
            return Some(FieldKind::Scalar(scalar));
        }
        match self.decls.get(name) {
            Some(Decl::Unreadable) => None,
            Some(Decl::Enum) => Some(FieldKind::Enum(name.to_owned())),
            Some(Decl::Embedded) => Some(FieldKind::Embedded(name.to_owned())),
            Some(Decl::Blocks) => {
                self.findings
                    .error(
                        "invalid_type",
                        ty.loc,
                        format!("`{name}` is a set of blocks, and blocks come in lists"),
                    )
                    .help(format!("write `Vec<{name}>`"));
                None
            }
            Some(Decl::Entity) => match inverse {
                Some(field) if optional => Some(FieldKind::Inverse(Inverse {
                    target: name.to_owned(),
                    field,
                    one: true,
                })),
                Some(_) => {
                    self.findings
                        .error("invalid_type", ty.loc, "the other side of a reference may not be there")
                        .help(format!("write `Option<{name}>`, or `Many<{name}>` when there can be several"));
                    None
                }
                None if name == "Asset" => Some(FieldKind::Ref(Ref {
                    target: name.to_owned(),
                    on_delete: OnDelete::default(),
                })),
                None => {
                    self.findings
                        .error("invalid_type", ty.loc, format!("`{name}` is an entity: a field refers to it"))
                        .help(format!("write `Ref<{name}>` for one, `Many<{name}>` for several"));
                    None
                }
            },
            None => {
                self.unknown_type(name, ty);
                None
            }
        }
    }

    fn unknown_type(&mut self, name: &str, ty: &RawType) {
        let habit = HABITS.iter().find(|(other, _)| *other == name).map(|(_, ours)| *ours);
        let scalars = Scalar::ALL.iter().map(|(name, _)| *name);
        let known: Vec<&str> = scalars
            .chain(super::TYPE_WORDS[..6].iter().copied())
            .chain(self.decls.keys().map(String::as_str))
            .collect();
        let mut sorted = known;
        sorted.sort_unstable();
        let meant = habit
            .or_else(|| similar(name, sorted))
            .map(|known| format!("did you mean `{known}`?"));
        self.findings
            .error("unknown_type", ty.loc, format!("unknown type `{name}`"))
            .maybe_help(meant);
    }

    fn list_of(&mut self, item: &RawType) -> Option<FieldKind> {
        let RawTypeKind::Named(name, args) = &item.kind else {
            self.findings
                .error("invalid_type", item.loc, "this is not a type that a list can have");
            return None;
        };
        if !args.is_empty() {
            self.findings
                .error("invalid_type", item.loc, format!("a list of `{name}<…>` is not possible"))
                .help("`Vec` takes a scalar, an enum, an embedded struct or a set of blocks; `Many<Entity>` refers to several entries");
            return None;
        }
        if let Some(scalar) = Scalar::from_name(name) {
            if matches!(scalar, Scalar::Json | Scalar::RichText | Scalar::Point | Scalar::Bytes) {
                self.findings
                    .error("invalid_type", item.loc, format!("a list of `{name}` is not possible"))
                    .help("one `Json` field holds lists of any shape");
                return None;
            }
            return Some(FieldKind::List(scalar));
        }
        match self.decls.get(name) {
            Some(Decl::Unreadable) => None,
            Some(Decl::Enum) => Some(FieldKind::EnumList(name.clone())),
            Some(Decl::Embedded) => Some(FieldKind::EmbeddedList(name.clone())),
            Some(Decl::Blocks) => Some(FieldKind::Blocks(name.clone())),
            Some(Decl::Entity) => {
                self.findings
                    .error(
                        "invalid_type",
                        item.loc,
                        format!("`{name}` is an entity: a list of them is a relation"),
                    )
                    .help(format!("write `Many<{name}>`"));
                None
            }
            None => {
                self.unknown_type(name, item);
                None
            }
        }
    }

    /// The name of an entity inside `Ref<…>` and friends.
    fn entity_name(&mut self, ty: &RawType) -> Option<String> {
        match &ty.kind {
            RawTypeKind::Named(name, args) if args.is_empty() => match self.decls.get(name) {
                Some(Decl::Entity) => Some(name.clone()),
                Some(Decl::Unreadable) => None,
                Some(_) => {
                    self.findings.error(
                        "invalid_type",
                        ty.loc,
                        format!("`{name}` is not an entity: nothing can refer to it"),
                    );
                    None
                }
                None => {
                    let mut entities: Vec<&str> = self
                        .decls
                        .iter()
                        .filter(|(_, decl)| **decl == Decl::Entity)
                        .map(|(name, _)| name.as_str())
                        .collect();
                    entities.sort_unstable();
                    let meant = similar(name, entities).map(|known| format!("did you mean `{known}`?"));
                    self.findings
                        .error("unknown_type", ty.loc, format!("there is no entity `{name}`"))
                        .maybe_help(meant);
                    None
                }
            },
            _ => {
                self.findings.error("invalid_type", ty.loc, "here stands the name of an entity");
                None
            }
        }
    }

    fn any_of(&mut self, ty: &RawType) -> Option<FieldKind> {
        let parts = match &ty.kind {
            RawTypeKind::Tuple(parts) => parts.as_slice(),
            RawTypeKind::Named(..) => std::slice::from_ref(ty),
            RawTypeKind::Other => {
                self.findings
                    .error("invalid_type", ty.loc, "`AnyOf` takes several entities in parentheses")
                    .help("write `AnyOf<(Post, Page)>`");
                return None;
            }
        };
        let targets: Option<Vec<String>> = parts.iter().map(|part| self.entity_name(part)).collect();
        let targets = targets?;
        if targets.is_empty() {
            self.findings.error("invalid_type", ty.loc, "`AnyOf` needs at least one entity");
            return None;
        }
        if let Some(at) = (1..targets.len()).find(|at| targets[..*at].contains(&targets[*at])) {
            self.findings
                .error("duplicate_name", parts[at].loc, format!("`{}` is there twice", targets[at]));
            return None;
        }
        Some(FieldKind::AnyOf(AnyOf { targets }))
    }
}
