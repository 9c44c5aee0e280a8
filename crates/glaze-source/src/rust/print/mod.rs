//! A model as an idiomatic schema file: only what differs from what is implied is written.

mod field;
mod literal;

use glaze_model::{
    BlockKind, BlockSet, Embedded, Entity, EnumType, Field, FieldKind, Index, IndexPart, Model, Ownership, Rule, column_list, plural,
    snake_case,
};

use super::read::implicit::{base_field, id_field, time_fields};
use crate::is_built_in;
pub(crate) use field::{Written, attributes, field_lines, id_attribute, type_text};
pub(crate) use literal::{ident, text_literal, word_or_text};

/// How wide a kind of block may be on one line.
const BLOCK_WIDTH: usize = 60;

/// The whole file.
pub fn print(model: &Model) -> String {
    let whole = with_built_in(model);
    let mut printer = Printer {
        model: &whole,
        out: "use glaze::schema::*;\n".to_owned(),
        enums: 0,
        blocks: 0,
        embedded: 0,
        seen: Vec::new(),
    };
    for entity in model.entities.iter().filter(|entity| entity.ownership != Ownership::System) {
        printer.out.push('\n');
        printer.out.push_str(&entity_text(&whole, entity));
        printer.seen.extend(entity.fields.iter().filter_map(named_type));
        printer.types(false);
    }
    printer.types(true);
    printer.out
}

/// The model together with the built-in entities that its references may need.
fn with_built_in(model: &Model) -> Model {
    let mut whole = model.clone();
    for entity in crate::builtin_model().entities {
        if whole.entity(&entity.name).is_none() {
            whole.entities.push(entity);
        }
    }
    whole
}

/// Keeps the order of each sort of declaration, with each type as near as that allows after the entity that first uses it.
struct Printer<'a> {
    model: &'a Model,
    out: String,
    enums: usize,
    blocks: usize,
    embedded: usize,
    seen: Vec<&'a str>,
}

impl<'a> Printer<'a> {
    fn types(&mut self, all: bool) {
        let model = self.model;
        while let Some(item) = model.enums.get(self.enums)
            && (all || self.wanted(&item.name) || is_built_in(&item.name))
        {
            self.enums += 1;
            if !is_built_in(&item.name) {
                self.push(&enum_text(item));
            }
        }
        while let Some(item) = model.blocks.get(self.blocks)
            && (all || self.wanted(&item.name))
        {
            self.blocks += 1;
            self.push(&blocks_text(model, item));
        }
        while let Some(item) = model.embedded.get(self.embedded)
            && (all || self.wanted(&item.name))
        {
            self.embedded += 1;
            self.push(&embedded_text(model, item));
        }
    }

    fn wanted(&self, name: &str) -> bool {
        self.seen.contains(&name)
    }

    fn push(&mut self, text: &str) {
        self.out.push('\n');
        self.out.push_str(text);
    }
}

fn named_type(field: &Field) -> Option<&str> {
    match &field.kind {
        FieldKind::Enum(name)
        | FieldKind::EnumList(name)
        | FieldKind::Embedded(name)
        | FieldKind::EmbeddedList(name)
        | FieldKind::Blocks(name) => Some(name),
        _ => None,
    }
}

/// Lines of a doc comment; one that a comment would not keep (control characters, space at its end) is an attribute.
pub(crate) fn doc_lines(doc: &str, indent: &str) -> String {
    if doc.is_empty() {
        return String::new();
    }
    let lines = doc.split('\n').map(|line| line.trim_end_matches('\r'));
    lines
        .map(|line| {
            if line.is_empty() {
                format!("{indent}///\n")
            } else if literal::is_awkward(line) || line.ends_with(char::is_whitespace) {
                format!("{indent}#[doc = {}]\n", text_literal(&format!(" {line}")))
            } else {
                format!("{indent}/// {line}\n")
            }
        })
        .collect()
}

/// One entity.
pub(crate) fn entity_text(model: &Model, entity: &Entity) -> String {
    let mut out = doc_lines(&entity.doc, "");
    for line in entity_attributes(entity) {
        out.push_str(&line);
        out.push('\n');
    }
    out.push_str(&format!("pub struct {} {{\n", entity.name));
    for field in entity.fields.iter().filter(|field| !is_implied(entity, field)) {
        out.push_str(&field_lines(model, Some(entity), field, "    "));
    }
    out.push_str("}\n");
    out
}

/// Whether Glaze keeps both times of the entity.
fn has_times(entity: &Entity) -> bool {
    time_fields().iter().all(|time| {
        entity
            .field(&time.name)
            .is_some_and(|field| field.implicit && field.kind == time.kind)
    })
}

/// Whether reading would add exactly this field in exactly this place.
pub(crate) fn is_implied(entity: &Entity, field: &Field) -> bool {
    let at = entity.fields.iter().position(|other| other.name == field.name).unwrap_or_default();
    if let Some(base) = &entity.extends {
        let implied = base_field(base, entity.key != [snake_case(base)]);
        if field.name == implied.name {
            let columns = [format!("{}_id", field.name)];
            return at == 0
                && field.columns == columns
                && Field {
                    columns: Vec::new(),
                    ..field.clone()
                } == implied;
        }
    }
    if *field == id_field() {
        return at == 0 && entity.key == ["id"] && entity.extends.is_none();
    }
    let times = time_fields();
    let Some(which) = times.iter().position(|time| time == field) else {
        return false;
    };
    // Missing times are added at the end, in their order.
    has_times(entity) && entity.fields[at + 1..].iter().all(|after| which == 0 && *after == times[1])
}

fn entity_attributes(entity: &Entity) -> Vec<String> {
    let mut lines = Vec::new();
    let mut args = Vec::new();
    args.extend(entity.label.as_ref().map(|label| format!("label = {label}")));
    args.extend(entity.icon.as_ref().map(|icon| format!("icon = {}", text_literal(icon))));
    args.extend((!has_times(entity)).then(|| "timestamps = false".to_owned()));
    args.extend(entity.key.is_empty().then(|| "id = false".to_owned()));
    args.extend((entity.ownership == Ownership::External).then(|| "external".to_owned()));
    match (&entity.extends, args.is_empty()) {
        (None, true) => lines.push("#[entity]".to_owned()),
        (_, false) => lines.push(format!("#[entity({})]", args.join(", "))),
        (Some(_), true) => {}
    }
    lines.extend(entity.extends.as_ref().map(|base| format!("#[extends({base})]")));
    lines.extend(entity.was.as_ref().map(|was| format!("#[was({})]", text_literal(was))));
    let mut db = Vec::new();
    db.extend((entity.table != plural(&snake_case(&entity.name))).then(|| format!("table = {}", text_literal(&entity.table))));
    db.extend(entity.schema.as_ref().map(|schema| format!("schema = {}", text_literal(schema))));
    lines.extend((!db.is_empty()).then(|| format!("#[db({})]", db.join(", "))));
    lines.extend(entity.rules.iter().map(|rule| rule_attribute(rule).to_string()));
    lines.extend(entity.uniques.iter().map(|set| format!("#[unique({})]", set.fields.join(", "))));
    lines.extend(entity.indexes.iter().map(index_text));
    lines.extend(
        entity
            .validations
            .iter()
            .map(|rule| format!("#[rule({}, {})]", text_literal(&rule.holds.0), text_literal(&rule.message))),
    );
    lines.extend(
        entity
            .db_checks
            .iter()
            .map(|check| format!("#[db(check = {})]", text_literal(check))),
    );
    lines.extend((!entity.db_key.is_empty()).then(|| format!("#[db(key = {})]", text_literal(&column_list(&entity.db_key)))));
    let foreign = entity.db_foreign_keys.iter();
    lines.extend(foreign.map(|key| format!("#[db(foreign_key = {})]", text_literal(&key.to_string()))));
    lines
}

/// `#[can(…)]`, `#[cannot(…)]`
pub(crate) fn rule_attribute(rule: &Rule) -> Written {
    let out = Written::new(rule.effect.attribute()).arg(rule.action.as_str());
    match &rule.when {
        None => out,
        Some(when) => out.arg(text_literal(&when.0)),
    }
}

/// `#[index(…)]`
pub(crate) fn index_text(index: &Index) -> String {
    let order = |desc: &bool| if *desc { " desc" } else { "" };
    let mut args: Vec<String> = index
        .parts
        .iter()
        .map(|part| match part {
            IndexPart::Field { name, desc } => format!("{name}{}", order(desc)),
            IndexPart::Expr { sql, desc } => format!("expr = {}{}", text_literal(sql), order(desc)),
        })
        .collect();
    args.extend(index.unique.then(|| "unique".to_owned()));
    args.extend(index.method.as_ref().map(|method| format!("method = {}", word_or_text(method))));
    args.extend(index.filter.as_ref().map(|filter| format!("where = {}", text_literal(&filter.0))));
    args.extend(
        index
            .db_filter
            .as_ref()
            .map(|filter| format!("db_where = {}", text_literal(filter))),
    );
    args.extend(index.name.as_ref().map(|name| format!("name = {}", text_literal(name))));
    format!("#[index({})]", args.join(", "))
}

/// `#[db(…)]` of an enum.
pub(crate) fn enum_storage(item: &EnumType) -> Option<Written> {
    let mut args = Vec::new();
    args.extend((item.db_name != snake_case(&item.name)).then(|| (Some("type"), text_literal(&item.db_name))));
    args.extend(item.schema.as_ref().map(|schema| (Some("schema"), text_literal(schema))));
    args.extend((!item.native).then(|| (Some("native"), "false".to_owned())));
    (!args.is_empty()).then_some(Written { name: "db", args })
}

/// One enum.
pub(crate) fn enum_text(item: &EnumType) -> String {
    let mut out = doc_lines(&item.doc, "");
    out.extend(item.was.as_ref().map(|was| format!("#[was({})]\n", text_literal(was))));
    out.extend(enum_storage(item).map(|db| format!("{db}\n")));
    out.push_str(&format!("pub enum {} {{\n", item.name));
    for value in &item.values {
        out.push_str(&doc_lines(&value.doc, "    "));
        out.extend(value.was.as_ref().map(|was| format!("    #[was({})]\n", text_literal(was))));
        out.push_str(&written_value(&value.name, &value.value));
        out.push_str(&format!("    {},\n", value.name));
    }
    out.push_str("}\n");
    out
}

pub(crate) fn written_value(name: &str, value: &str) -> String {
    if snake_case(name) == value {
        String::new()
    } else {
        format!("    #[db(value = {})]\n", text_literal(value))
    }
}

pub(crate) fn blocks_text(model: &Model, item: &BlockSet) -> String {
    let mut out = doc_lines(&item.doc, "");
    out.push_str(&format!("#[blocks]\npub enum {} {{\n", item.name));
    for kind in &item.kinds {
        out.push_str(&doc_lines(&kind.doc, "    "));
        out.push_str(&written_value(&kind.name, &kind.value));
        out.push_str(&block_text(model, kind));
    }
    out.push_str("}\n");
    out
}

pub(crate) fn block_text(model: &Model, kind: &BlockKind) -> String {
    if kind.fields.is_empty() {
        return format!("    {},\n", kind.name);
    }
    let lines: String = kind
        .fields
        .iter()
        .map(|field| field_lines(model, None, field, "        ").replacen("pub ", "", 1))
        .collect();
    let plain = lines.lines().count() == kind.fields.len();
    let inline = format!(
        "    {} {{ {} }},\n",
        kind.name,
        lines.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(',')
    );
    if plain && inline.len() <= BLOCK_WIDTH {
        inline
    } else {
        format!("    {} {{\n{lines}    }},\n", kind.name)
    }
}

pub(crate) fn embedded_text(model: &Model, item: &Embedded) -> String {
    let mut out = doc_lines(&item.doc, "");
    out.push_str(&format!("#[embedded]\npub struct {} {{\n", item.name));
    out.extend(item.fields.iter().map(|field| field_lines(model, None, field, "    ")));
    out.push_str("}\n");
    out
}
