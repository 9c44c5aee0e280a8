//! What the macros need to know of a declaration at compile time: the reader's judgement on its attributes, and its shape.

use glaze_model::{Severity, camel_case, snake_case};
use proc_macro2::Span;

use super::raw::{RawEnum, RawField, RawItem, RawStruct, RawTypeKind, read_enum, read_struct};
use super::read::written;
use super::tokens::ArgValue;
use crate::finding::{Finding, Findings};

/// A mistake, where it is.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// Tokens concerned.
    pub span: Span,
    /// What is wrong, and what to do.
    pub message: String,
}

/// A declaration as the application sees it.
#[derive(Debug, Clone)]
pub enum Shape {
    /// An entity.
    Entity {
        /// `id` is there by itself.
        id: bool,
        /// `created_at` and `updated_at` that are there by themselves.
        times: Vec<&'static str>,
        /// The entity that is extended, when the reference to it is there by itself.
        base: Option<String>,
        /// Fields as written.
        fields: Vec<FieldShape>,
    },
    /// An embedded struct.
    Embedded(Vec<FieldShape>),
    /// A set of blocks.
    Blocks(Vec<VariantShape>),
    /// A plain enum.
    Values(Vec<VariantShape>),
}

/// A field as the application sees it.
#[derive(Debug, Clone)]
pub struct FieldShape {
    /// Name in JSON.
    pub json: String,
    /// Never on the wire.
    pub private: bool,
    /// How its type is written on the wire.
    pub wire: Wire,
}

/// Types that are not simply what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// As its type says.
    Plain,
    /// `i64`: a string where a double would not be exact.
    Integer,
    /// `Option<i64>`
    OptionalInteger,
    /// `Vec<i64>` or a list in an option.
    Integers,
    /// `Many<T>`: there only when included.
    Many,
    /// The other side of a unique reference: there only when included.
    InverseOne,
    /// `Asset`, short for `Ref<Asset>`.
    Asset,
    /// `Option<Asset>`
    OptionalAsset,
}

/// A value of an enum or a kind of block.
#[derive(Debug, Clone)]
pub struct VariantShape {
    /// How it is written.
    pub value: String,
    /// Fields of a block.
    pub fields: Vec<FieldShape>,
}

/// Reads one declaration.
///
/// # Errors
/// All mistakes that can be seen in the declaration alone.
pub fn shape(item: &syn::Item) -> Result<Shape, Vec<Mistake>> {
    let mut findings = Findings::default();
    let raw = match item {
        syn::Item::Struct(item) => read_struct(item, 0, &mut findings),
        syn::Item::Enum(item) => read_enum(item, 0, &mut findings),
        _ => None,
    };
    let errors: Vec<Mistake> = findings
        .list
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(mistake)
        .collect();
    match raw {
        Some(raw) if errors.is_empty() => Ok(shape_of(&raw)),
        _ if errors.is_empty() => Err(vec![Mistake {
            span: Span::call_site(),
            message: "expected a struct or an enum".to_owned(),
        }]),
        _ => Err(errors),
    }
}

/// The plain enums of a schema file and the name of the first declaration that has a macro of its own, which is where code
/// for them can be put. `None` when the text does not read.
pub fn plain_enums(text: &str) -> Option<(Vec<PlainEnum>, String)> {
    let file = crate::SourceFile {
        path: String::new(),
        text: text.to_owned(),
    };
    let mut findings = Findings::default();
    let found = super::split::read_items(&file, 0, &mut findings);
    let first = found
        .items
        .iter()
        .find(|item| !matches!(item, RawItem::Enum(_)))?
        .name()
        .text
        .clone();
    let enums = found.items.iter().filter_map(|item| match item {
        RawItem::Enum(item) => Some(PlainEnum {
            name: item.name.text.clone(),
            values: item
                .variants
                .iter()
                .map(|variant| (variant.name.text.clone(), written(variant)))
                .collect(),
        }),
        _ => None,
    });
    let out = (enums.collect(), first);
    drop(found);
    proc_macro2::extra::invalidate_current_thread_spans();
    Some(out)
}

/// An enum without data.
#[derive(Debug, Clone)]
pub struct PlainEnum {
    /// Name of the type.
    pub name: String,
    /// Names of the values, and how they are written.
    pub values: Vec<(String, String)>,
}

fn mistake(finding: &Finding) -> Mistake {
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    Mistake {
        span: finding.loc.span,
        message: format!("{}{help}", finding.message),
    }
}

fn shape_of(raw: &RawItem) -> Shape {
    match raw {
        RawItem::Entity(item) => entity_shape(item),
        RawItem::Embedded(item) => Shape::Embedded(fields(&item.fields)),
        RawItem::Blocks(item) => Shape::Blocks(variants(item)),
        RawItem::Enum(item) => Shape::Values(variants(item)),
    }
}

fn entity_shape(item: &RawStruct) -> Shape {
    let has = |name: &str| item.fields.iter().any(|field| field.name.text == name);
    let is_false = |key: &str| {
        item.attrs
            .get("entity")
            .and_then(|attr| attr.get(key))
            .is_some_and(|arg| arg.value == ArgValue::Bool(false))
    };
    let extended = item
        .attrs
        .get("extends")
        .and_then(|attr| attr.positional().next()?.word().map(str::to_owned));
    let keyed = item.fields.iter().any(|field| field.attrs.get("id").is_some()) || extended.is_some() || is_false("id");
    let times = if is_false("timestamps") {
        Vec::new()
    } else {
        vec!["created_at", "updated_at"]
    };
    Shape::Entity {
        id: !keyed,
        times: times.into_iter().filter(|name| !has(name)).collect(),
        base: extended.filter(|base| !has(&snake_case(base))),
        fields: fields(&item.fields),
    }
}

fn variants(item: &RawEnum) -> Vec<VariantShape> {
    item.variants
        .iter()
        .map(|variant| VariantShape {
            value: written(variant),
            fields: fields(&variant.fields),
        })
        .collect()
}

fn fields(list: &[RawField]) -> Vec<FieldShape> {
    list.iter()
        .map(|field| FieldShape {
            json: camel_case(&field.name.text),
            private: field.attrs.get("private").is_some(),
            wire: wire(field),
        })
        .collect()
}

fn wire(field: &RawField) -> Wire {
    let RawTypeKind::Named(name, args) = &field.ty.kind else {
        return Wire::Plain;
    };
    let inner = args.first().and_then(|arg| match &arg.kind {
        RawTypeKind::Named(name, args) => Some((name.as_str(), args.len())),
        _ => None,
    });
    match (name.as_str(), inner) {
        ("i64", None) => Wire::Integer,
        ("Option", Some(("i64", 0))) => Wire::OptionalInteger,
        ("Vec", Some(("i64", 0))) => Wire::Integers,
        ("Many", _) => Wire::Many,
        ("Asset", None) => Wire::Asset,
        ("Option", Some(("Asset", 0))) => Wire::OptionalAsset,
        ("Option", Some((_, 0))) if field.attrs.get("inverse").is_some() => Wire::InverseOne,
        _ => Wire::Plain,
    }
}
