//! One field.

use glaze_model::{
    Computed, DbHints, DefaultValue, Effect, Expression, Field, FieldKind, GeneratedHint, IdentityHint, OnDelete, Rule, Scalar, camel_case,
    snake_case,
};

use super::Reader;
use crate::finding::{Loc, similar};
use crate::rust::raw::{Attrs, RawField};
use crate::rust::tokens::{Arg, Attr};

/// What the field is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Entity,
    Embedded,
    Block,
}

/// Names that expressions and the API use for something else.
pub(super) const RESERVED: [&str; 5] = ["me", "before", "now", "null", "in"];

impl Reader<'_> {
    /// Reads the fields of a declaration; a second field of the same name is reported and left out.
    pub(super) fn lower_fields(&mut self, raws: &[RawField], owner: Owner) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::with_capacity(raws.len());
        for raw in raws {
            if fields.iter().any(|field| field.name == raw.name.text) {
                self.findings
                    .error("duplicate_name", raw.name.loc, format!("there are two fields `{}`", raw.name.text));
                continue;
            }
            let field = self.lower_field(raw, owner);
            if let Some(other) = fields.iter().find(|other| other.json == field.json) {
                let message = format!("`{}` and `{}` have the same name in JSON, `{}`", other.name, field.name, field.json);
                self.findings.error("duplicate_name", raw.name.loc, message);
            }
            fields.push(field);
        }
        fields
    }

    fn lower_field(&mut self, raw: &RawField, owner: Owner) -> Field {
        self.check_field_name(raw, owner);
        let typed = self.resolve_type(raw);
        let understood = typed.is_some();
        let (kind, nullable) = typed.map_or((FieldKind::Custom, false), |typed| (typed.kind, typed.nullable));
        let mut field = Field::new(&raw.name.text, kind);
        field.json = camel_case(&raw.name.text);
        field.nullable = nullable;
        field.doc = raw.attrs.doc.clone();
        field.was = raw.attrs.text("was");
        if !understood {
            self.broken.insert(field.name.clone());
            return field;
        }
        self.check_places(raw, owner, &field);
        field.columns = self.plain_columns(raw, owner, &field);
        field.private = raw.attrs.get("private").is_some();
        field.unique = raw.attrs.get("unique").is_some();
        field.help = raw.attrs.get("field").and_then(|attr| attr.get_text("help")).map(str::to_owned);
        field.db = self.db_hints(raw, &field);
        field.slug_from = raw.attrs.get("slug").and_then(|attr| attr.get_text("from")).map(str::to_owned);
        if let Some(attr) = raw.attrs.get("slug")
            && field.slug_from.is_none()
        {
            self.findings
                .error("malformed_attribute", attr.loc, "`#[slug]` wants the field it is made from")
                .help("write `#[slug(from = title)]`");
        }
        field.computed = raw.attrs.get("computed").and_then(computed);
        if field.is_virtual() {
            field.columns.clear();
        }
        field.rules = self.rules(&raw.attrs, &["read", "create", "update"]);
        self.set_on_delete(raw, &mut field);
        field.constraints = self.constraints(raw, &field);
        field.default = self.default_value(raw, &field);
        field
    }

    fn check_field_name(&mut self, raw: &RawField, owner: Owner) {
        let name = raw.name.text.as_str();
        if RESERVED.contains(&name) || (owner == Owner::Block && name == "type") {
            self.findings
                .error(
                    "reserved_name",
                    raw.name.loc,
                    format!("a field cannot be called `{name}`: the word has a meaning of its own"),
                )
                .help("choose another name; the column can keep its own with `#[db(column = \"…\")]`");
        } else if name.starts_with('_') {
            self.findings
                .error(
                    "reserved_name",
                    raw.name.loc,
                    "the name of a field does not begin with an underscore",
                )
                .help("such names are operators in the API; the column can keep its own with `#[db(column = \"…\")]`");
        } else if name.chars().any(char::is_uppercase) {
            self.findings
                .warning(
                    "naming",
                    raw.name.loc,
                    format!("the names of fields are in `snake_case`: `{}`", snake_case(name)),
                )
                .help("in JSON it becomes `camelCase` by itself");
        }
    }

    /// Attributes that mean something only on fields of entities, or only on some kinds of field.
    fn check_places(&mut self, raw: &RawField, owner: Owner, field: &Field) {
        for attr in &raw.attrs.list {
            let name = attr.name.text.as_str();
            let entity_only = matches!(
                name,
                "id" | "unique" | "slug" | "inverse" | "computed" | "can" | "cannot" | "private"
            );
            if owner != Owner::Entity && (entity_only || (name == "db" && owner == Owner::Block)) {
                self.findings.error(
                    "misplaced_attribute",
                    attr.loc,
                    format!("`#[{name}]` has a meaning on the fields of entities only"),
                );
                continue;
            }
            let fits = match name {
                "id" => matches!(field.kind, FieldKind::Scalar(_) | FieldKind::Ref(_) | FieldKind::Enum(_)),
                "unique" => matches!(
                    field.kind,
                    FieldKind::Scalar(_) | FieldKind::Ref(_) | FieldKind::Enum(_) | FieldKind::Custom | FieldKind::AnyOf(_)
                ),
                "slug" => matches!(field.kind, FieldKind::Scalar(Scalar::Slug | Scalar::String | Scalar::Text)),
                "inverse" => matches!(field.kind, FieldKind::Inverse(_)),
                "on_delete" => matches!(field.kind, FieldKind::Ref(_)),
                "computed" => matches!(field.kind, FieldKind::Scalar(_) | FieldKind::Enum(_)),
                _ => true,
            };
            if !fits {
                let wants = match name {
                    "id" => "a key is a scalar, an enum or a reference",
                    "slug" => "a slug is a `Slug` or a `String`",
                    "inverse" => "it belongs on `Many<T>`, or on `Option<T>` when the reference is unique",
                    "on_delete" => "it belongs on `Ref<T>`",
                    "computed" => "a computed field is a scalar",
                    _ => "the database cannot compare it",
                };
                self.findings
                    .error(
                        "misplaced_attribute",
                        attr.loc,
                        format!("`#[{name}]` has no meaning on a field of this type"),
                    )
                    .help(wants);
            }
        }
        if let Some(attr) = raw.attrs.get("id")
            && field.nullable
        {
            self.findings
                .error("invalid_type", attr.loc, "a key is never null")
                .help("leave `Option` out");
        }
        let conflicts = [("computed", "default"), ("computed", "slug"), ("computed", "id")];
        for (one, other) in conflicts {
            if let (Some(_), Some(attr)) = (raw.attrs.get(one), raw.attrs.get(other)) {
                self.findings.error(
                    "conflicting_attributes",
                    attr.loc,
                    format!("`#[{one}]` and `#[{other}]` exclude each other"),
                );
            }
        }
    }

    /// Columns of everything but relations, which wait for the keys of their targets.
    fn plain_columns(&mut self, raw: &RawField, owner: Owner, field: &Field) -> Vec<String> {
        let given = raw.attrs.db("column");
        if owner == Owner::Block {
            return Vec::new();
        }
        match field.kind {
            FieldKind::Ref(_) => Vec::new(),
            FieldKind::Many(_) | FieldKind::Inverse(_) => {
                if let Some(arg) = given {
                    self.findings
                        .error("misplaced_attribute", arg.loc, "this field has no column of its own");
                }
                Vec::new()
            }
            FieldKind::AnyOf(_) => match raw.attrs.db("columns") {
                Some(arg) => match split_names(arg.text().unwrap_or_default()) {
                    names if names.len() == 2 => names,
                    _ => {
                        self.findings
                            .error(
                                "malformed_attribute",
                                arg.loc,
                                "an `AnyOf` has two columns, for the type and for the id",
                            )
                            .help("write `columns = \"subject_type, subject_id\"`");
                        Vec::new()
                    }
                },
                None => crate::rust::names::any_columns(&field.name),
            },
            _ => vec![given.and_then(Arg::text).map_or_else(|| field.name.clone(), str::to_owned)],
        }
    }

    fn db_hints(&mut self, raw: &RawField, field: &Field) -> DbHints {
        let attrs = &raw.attrs;
        let relation = field.is_relation();
        for key in ["table", "schema", "from_columns", "to_columns"] {
            if let Some(arg) = attrs.db(key)
                && !matches!(field.kind, FieldKind::Many(_))
            {
                self.findings.error(
                    "misplaced_attribute",
                    arg.loc,
                    format!("`{key}` speaks of a join table; it belongs on `Many<T>`"),
                );
            }
        }
        for key in ["fk", "references", "on_update"] {
            if let Some(arg) = attrs.db(key)
                && !matches!(field.kind, FieldKind::Ref(_))
            {
                self.findings.error(
                    "misplaced_attribute",
                    arg.loc,
                    format!("`{key}` speaks of a foreign key; it belongs on `Ref<T>`"),
                );
            }
        }
        for key in ["type", "collate", "generated", "identity", "default"] {
            if let Some(arg) = attrs.db(key)
                && relation
                && !matches!((key, &field.kind), ("default" | "type", FieldKind::Ref(_)))
            {
                self.findings
                    .error("misplaced_attribute", arg.loc, format!("`{key}` has no meaning on a relation"));
            }
        }
        let ty = attrs.db_text("type");
        if field.kind == FieldKind::Custom && ty.is_none() {
            self.findings
                .error(
                    "missing_attribute",
                    raw.ty.loc,
                    "`Custom` passes a type of the database through: which one?",
                )
                .help("write `#[db(type = \"…\")]` above the field");
        }
        let fk = attrs.db("fk");
        DbHints {
            ty,
            collate: attrs.db_text("collate"),
            generated: self.generated(attrs),
            identity: attrs.db_text("identity").and_then(|word| identity(&word)),
            no_fk: fk.is_some_and(|arg| arg.value == crate::rust::tokens::ArgValue::Bool(false)),
            references: attrs.db_text("references").map(|text| split_names(&text)).unwrap_or_default(),
            on_update: attrs.db_text("on_update").and_then(|word| on_delete(&word)),
            deferrable: attrs.db_text("deferrable"),
        }
    }

    fn generated(&mut self, attrs: &Attrs) -> Option<GeneratedHint> {
        let stored = attrs.db("stored");
        let Some(sql) = attrs.db_text("generated") else {
            if let Some(arg) = stored {
                self.findings
                    .error("malformed_attribute", arg.loc, "`stored` goes with `generated = \"…\"`");
            }
            return None;
        };
        let stored = stored.is_none_or(|arg| arg.value != crate::rust::tokens::ArgValue::Bool(false));
        Some(GeneratedHint { sql, stored })
    }

    /// `#[can(…)]` and `#[cannot(…)]` on an entity or a field, in the order of the file.
    pub(super) fn rules(&mut self, attrs: &Attrs, actions: &[&str]) -> Vec<Rule> {
        let mut rules = Vec::new();
        for attr in &attrs.list {
            let effect = match attr.name.text.as_str() {
                "can" => Effect::Allow,
                "cannot" => Effect::Deny,
                _ => continue,
            };
            let mut args = attr.positional();
            let (Some(action), when) = (args.next(), args.next()) else {
                continue;
            };
            let Some(word) = action.word() else {
                self.findings
                    .error("malformed_attribute", action.loc, "an action is a name without quotes")
                    .help(format!("write `#[{}(read, \"…\")]`", effect.attribute()));
                continue;
            };
            if !actions.contains(&word) {
                let meant = similar(word, actions.iter().copied()).map(|known| format!("did you mean `{known}`?"));
                self.findings
                    .error("unknown_action", action.loc, format!("unknown action `{word}`"))
                    .maybe_help(meant.or_else(|| Some(format!("known: {}", crate::finding::list(actions)))));
                continue;
            }
            let when = match when {
                None => None,
                Some(arg) => match arg.text() {
                    Some(text) => Some(Expression(text.to_owned())),
                    None => {
                        self.findings
                            .error("malformed_attribute", arg.loc, "a condition is a text in quotes")
                            .help(format!(
                                "each action has an attribute of its own: `#[{0}(read)] #[{0}(create)]`",
                                effect.attribute()
                            ));
                        continue;
                    }
                },
            };
            rules.push(Rule {
                action: word.to_owned(),
                effect,
                when,
            });
        }
        rules
    }

    fn set_on_delete(&mut self, raw: &RawField, field: &mut Field) {
        let Some(attr) = raw.attrs.get("on_delete") else { return };
        let Some(action) = attr.positional().next().and_then(Arg::word_or_text).and_then(on_delete) else {
            return;
        };
        let FieldKind::Ref(reference) = &mut field.kind else { return };
        if action == OnDelete::SetNull && !field.nullable {
            self.findings
                .error(
                    "conflicting_attributes",
                    attr.loc,
                    "the reference cannot become null: its field is not an `Option`",
                )
                .help("write `Option<Ref<…>>`, or another `on_delete`");
        }
        reference.on_delete = action;
    }

    /// The place of one of an attribute's parts, for messages.
    pub(super) fn key_loc(attr: &Attr, key: &str) -> Loc {
        attr.get(key).map_or(attr.loc, |arg| arg.value_loc)
    }
}

/// A default in SQL.
pub(super) fn sql_default(attrs: &Attrs) -> Option<DefaultValue> {
    attrs.db_text("default").map(DefaultValue::Sql)
}

/// `a, b` as names.
pub(super) fn split_names(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn computed(attr: &Attr) -> Option<Computed> {
    let expr = attr.positional().find_map(Arg::text)?;
    Some(Computed {
        expr: Expression(expr.to_owned()),
        stored: attr.flag("stored"),
    })
}

fn identity(word: &str) -> Option<IdentityHint> {
    Some(match word {
        "always" => IdentityHint::Always,
        "by_default" => IdentityHint::ByDefault,
        "serial" => IdentityHint::Serial,
        "rowid" => IdentityHint::RowId,
        "autoincrement" => IdentityHint::AutoIncrement,
        _ => return None,
    })
}

fn on_delete(word: &str) -> Option<OnDelete> {
    Some(match word {
        "restrict" => OnDelete::Restrict,
        "cascade" => OnDelete::Cascade,
        "set_null" => OnDelete::SetNull,
        "no_action" => OnDelete::NoAction,
        "set_default" => OnDelete::SetDefault,
        _ => return None,
    })
}
