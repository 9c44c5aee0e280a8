//! Declarations as written: names, types and attributes with their places, nothing resolved yet.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;

use super::attributes::{Place, check};
use super::tokens::{Attr, Name, parse_args, plain_ident};
use crate::finding::{Findings, Loc};

/// One declaration.
#[derive(Debug, Clone)]
pub(crate) enum RawItem {
    Entity(RawStruct),
    Embedded(RawStruct),
    Enum(RawEnum),
    Blocks(RawEnum),
}

impl RawItem {
    pub fn name(&self) -> &Name {
        match self {
            RawItem::Entity(item) | RawItem::Embedded(item) => &item.name,
            RawItem::Enum(item) | RawItem::Blocks(item) => &item.name,
        }
    }
}

/// Attributes and description of something.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attrs {
    pub list: Vec<Attr>,
    pub doc: String,
    /// Where the lines of the description are.
    pub docs: Vec<Loc>,
}

impl Attrs {
    /// The attribute of this name.
    pub fn get(&self, name: &str) -> Option<&Attr> {
        self.list.iter().find(|attr| attr.name.text == name)
    }

    /// All of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Attr> {
        self.list.iter().filter(move |attr| attr.name.text == name)
    }

    /// The text of `#[name("…")]`.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.positional().next()?.text().map(str::to_owned)
    }

    /// A key in any of the `#[db(…)]`.
    pub fn db(&self, key: &str) -> Option<&super::tokens::Arg> {
        self.all("db").find_map(|attr| attr.get(key))
    }

    /// The text of a key in any of the `#[db(…)]`.
    pub fn db_text(&self, key: &str) -> Option<String> {
        self.db(key)?.word_or_text().map(str::to_owned)
    }
}

/// A struct.
#[derive(Debug, Clone)]
pub(crate) struct RawStruct {
    pub name: Name,
    pub attrs: Attrs,
    pub fields: Vec<RawField>,
    pub layout: Layout,
}

/// An enum.
#[derive(Debug, Clone)]
pub(crate) struct RawEnum {
    pub name: Name,
    pub attrs: Attrs,
    pub variants: Vec<RawVariant>,
    pub layout: Layout,
}

/// Where the parts of a declaration are, for edits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// All of it, attributes included.
    pub whole: Loc,
    /// `pub`, `struct` or `enum`: where the declaration begins after its attributes.
    pub keyword: Loc,
    /// The braces of the body.
    pub open: Loc,
    pub close: Loc,
}

/// One value of an enum, or one kind of block.
#[derive(Debug, Clone)]
pub(crate) struct RawVariant {
    pub name: Name,
    pub attrs: Attrs,
    pub fields: Vec<RawField>,
    /// All of it, attributes included, without the comma.
    pub whole: Loc,
    /// The braces around its fields.
    pub braces: Option<(Loc, Loc)>,
}

/// One field.
#[derive(Debug, Clone)]
pub(crate) struct RawField {
    pub name: Name,
    pub ty: RawType,
    pub attrs: Attrs,
    /// All of it, attributes included, without the comma.
    pub whole: Loc,
    /// `pub` or the name: where it begins after its attributes.
    pub start: Loc,
}

/// A type.
#[derive(Debug, Clone)]
pub(crate) struct RawType {
    pub kind: RawTypeKind,
    pub loc: Loc,
}

/// How a type is written.
#[derive(Debug, Clone)]
pub(crate) enum RawTypeKind {
    /// `Name` or `Name<…>`.
    Named(String, Vec<RawType>),
    /// `(A, B)`.
    Tuple(Vec<RawType>),
    /// Something the schema language has no use for.
    Other,
}

/// Reads one struct.
pub(crate) fn read_struct(item: &syn::ItemStruct, file: u32, findings: &mut Findings) -> Option<RawItem> {
    let name = name_of(&item.ident, file);
    let mut attrs = read_attrs(&item.attrs, file, findings);
    let whole = Loc { file, span: item.span() };
    check_generics(&item.generics, file, findings);
    let has = |name: &str| attrs.get(name).is_some();
    let place = match (has("entity") || has("extends"), has("embedded")) {
        (true, false) => Place::Entity,
        (false, true) => Place::Embedded,
        (true, true) => {
            findings.error(
                "conflicting_attributes",
                name.loc,
                format!("`{}` is either an entity or embedded, not both", name.text),
            );
            return None;
        }
        (false, false) => {
            findings
                .error(
                    "missing_attribute",
                    name.loc,
                    format!("struct `{}` does not say what it is", name.text),
                )
                .help("put `#[entity]` (a table) or `#[embedded]` (a group of fields) above it");
            return None;
        }
    };
    check::check(&mut attrs, place, findings);
    let syn::Fields::Named(named) = &item.fields else {
        findings
            .error("not_supported", name.loc, format!("struct `{}` has no named fields", name.text))
            .help("write `{ pub name: Type, … }`");
        return None;
    };
    let fields = read_fields(named, file, findings);
    let delim = named.brace_token.span;
    let keyword = keyword(&item.vis, item.struct_token.span, file);
    let layout = Layout {
        whole,
        keyword,
        open: Loc { file, span: delim.open() },
        close: Loc { file, span: delim.close() },
    };
    let raw = RawStruct {
        name,
        attrs,
        fields,
        layout,
    };
    Some(if place == Place::Entity {
        RawItem::Entity(raw)
    } else {
        RawItem::Embedded(raw)
    })
}

/// Reads one enum.
pub(crate) fn read_enum(item: &syn::ItemEnum, file: u32, findings: &mut Findings) -> Option<RawItem> {
    let name = name_of(&item.ident, file);
    let mut attrs = read_attrs(&item.attrs, file, findings);
    check_generics(&item.generics, file, findings);
    let blocks = attrs.get("blocks").is_some();
    check::check(&mut attrs, if blocks { Place::Blocks } else { Place::Enum }, findings);
    let variants: Vec<RawVariant> = item
        .variants
        .iter()
        .map(|variant| read_variant(variant, blocks, file, findings))
        .collect();
    let delim = item.brace_token.span;
    let keyword = keyword(&item.vis, item.enum_token.span, file);
    let whole = Loc { file, span: item.span() };
    let layout = Layout {
        whole,
        keyword,
        open: Loc { file, span: delim.open() },
        close: Loc { file, span: delim.close() },
    };
    let raw = RawEnum {
        name,
        attrs,
        variants,
        layout,
    };
    Some(if blocks { RawItem::Blocks(raw) } else { RawItem::Enum(raw) })
}

fn read_variant(variant: &syn::Variant, blocks: bool, file: u32, findings: &mut Findings) -> RawVariant {
    let name = name_of(&variant.ident, file);
    let mut attrs = read_attrs(&variant.attrs, file, findings);
    check::check(&mut attrs, if blocks { Place::BlockKind } else { Place::EnumValue }, findings);
    let fields = match &variant.fields {
        syn::Fields::Unit => Vec::new(),
        syn::Fields::Named(named) if blocks => read_fields(named, file, findings),
        syn::Fields::Named(_) => {
            findings
                .error(
                    "not_supported",
                    name.loc,
                    format!("`{}` has fields, but its enum is not a set of blocks", name.text),
                )
                .help("put `#[blocks]` above the enum");
            Vec::new()
        }
        syn::Fields::Unnamed(_) => {
            findings
                .error("not_supported", name.loc, format!("`{}` has fields without names", name.text))
                .help(format!("write `{} {{ name: Type, … }}`", name.text));
            Vec::new()
        }
    };
    if let Some((_, value)) = &variant.discriminant {
        findings
            .error(
                "not_supported",
                Loc { file, span: value.span() },
                "a value of an enum has no number",
            )
            .help("values are written as text; `#[db(value = \"…\")]` says which");
    }
    let braces = match &variant.fields {
        syn::Fields::Named(named) => {
            let delim = named.brace_token.span;
            Some((Loc { file, span: delim.open() }, Loc { file, span: delim.close() }))
        }
        _ => None,
    };
    RawVariant {
        name,
        attrs,
        fields,
        whole: Loc {
            file,
            span: variant.span(),
        },
        braces,
    }
}

fn read_fields(named: &syn::FieldsNamed, file: u32, findings: &mut Findings) -> Vec<RawField> {
    named.named.iter().filter_map(|field| read_field(field, file, findings)).collect()
}

fn read_field(field: &syn::Field, file: u32, findings: &mut Findings) -> Option<RawField> {
    let ident = field.ident.as_ref()?;
    let mut attrs = read_attrs(&field.attrs, file, findings);
    check::check(&mut attrs, Place::Field, findings);
    if let Some((_, value)) = &field.default {
        findings
            .error(
                "not_supported",
                Loc { file, span: value.span() },
                "a default is not written like this",
            )
            .help("write `#[default(…)]` above the field");
    }
    let start = match &field.vis {
        syn::Visibility::Inherited => ident.span(),
        vis => vis.span(),
    };
    Some(RawField {
        name: name_of(ident, file),
        ty: read_type(&field.ty, file),
        attrs,
        whole: Loc { file, span: field.span() },
        start: Loc { file, span: start },
    })
}

fn read_type(ty: &syn::Type, file: u32) -> RawType {
    let loc = Loc { file, span: ty.span() };
    let kind = match ty {
        syn::Type::Path(path) if path.qself.is_none() => named_type(&path.path, file),
        syn::Type::Tuple(tuple) => RawTypeKind::Tuple(tuple.elems.iter().map(|elem| read_type(elem, file)).collect()),
        syn::Type::Paren(paren) => return read_type(&paren.elem, file),
        syn::Type::Group(group) => return read_type(&group.elem, file),
        _ => RawTypeKind::Other,
    };
    RawType { kind, loc }
}

fn named_type(path: &syn::Path, file: u32) -> RawTypeKind {
    let Some(last) = path.segments.last() else {
        return RawTypeKind::Other;
    };
    let name = plain_ident(&last.ident);
    match &last.arguments {
        syn::PathArguments::None => RawTypeKind::Named(name, Vec::new()),
        syn::PathArguments::AngleBracketed(args) => {
            let inner: Option<Vec<RawType>> = args
                .args
                .iter()
                .map(|arg| match arg {
                    syn::GenericArgument::Type(ty) => Some(read_type(ty, file)),
                    _ => None,
                })
                .collect();
            inner.map_or(RawTypeKind::Other, |inner| RawTypeKind::Named(name, inner))
        }
        syn::PathArguments::Parenthesized(_) => RawTypeKind::Other,
    }
}

fn read_attrs(list: &[syn::Attribute], file: u32, findings: &mut Findings) -> Attrs {
    let mut attrs = Attrs::default();
    let mut doc: Vec<String> = Vec::new();
    for attr in list {
        let loc = Loc { file, span: attr.span() };
        let name = match attr.path().get_ident() {
            Some(ident) => Name {
                text: plain_ident(ident),
                loc: Loc { file, span: ident.span() },
            },
            None => match attr.path().segments.last() {
                // `#[glaze::entity]` is `#[entity]`.
                Some(last) if attr.path().segments.first().is_some_and(|first| first.ident == "glaze") => Name {
                    text: plain_ident(&last.ident),
                    loc: Loc {
                        file,
                        span: attr.path().span(),
                    },
                },
                _ => {
                    findings.error(
                        "unknown_attribute",
                        Loc {
                            file,
                            span: attr.path().span(),
                        },
                        "this attribute is not part of the schema language",
                    );
                    continue;
                }
            },
        };
        let args = match &attr.meta {
            syn::Meta::Path(_) => Vec::new(),
            syn::Meta::List(list) => parse_args(list.tokens.clone(), file, findings),
            syn::Meta::NameValue(pair) if name.text == "doc" => {
                doc.extend(doc_lines(&pair.value));
                attrs.docs.push(loc);
                continue;
            }
            syn::Meta::NameValue(_) => {
                findings
                    .error("malformed_attribute", loc, format!("`{}` is not written with `=`", name.text))
                    .help(format!("write `#[{}(…)]`", name.text));
                continue;
            }
        };
        attrs.list.push(Attr { name, args, loc });
    }
    attrs.doc = join_doc(&doc);
    attrs
}

fn doc_lines(value: &syn::Expr) -> Vec<String> {
    match value {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => comment_lines(&text.value()),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A `///` line is one line; a `/** … */` comment is many, each perhaps with a decorating star.
fn comment_lines(text: &str) -> Vec<String> {
    if !text.contains('\n') {
        // In a file with CRLF the carriage return is a part of the comment.
        return vec![text.strip_suffix('\r').unwrap_or(text).to_owned()];
    }
    let lines = text.lines().map(|line| {
        let line = line.trim();
        line.strip_prefix('*').unwrap_or(line).to_owned()
    });
    lines
        .collect::<Vec<_>>()
        .join("\n")
        .trim_matches('\n')
        .split('\n')
        .map(str::to_owned)
        .collect()
}

/// Lines of a doc comment without the one space that separates them from `///`.
fn join_doc(lines: &[String]) -> String {
    let stripped: Vec<&str> = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    stripped.join("\n")
}

fn check_generics(generics: &syn::Generics, file: u32, findings: &mut Findings) {
    if !generics.params.is_empty() || generics.where_clause.is_some() {
        let span = if generics.params.is_empty() {
            Span::call_site()
        } else {
            generics.params.span()
        };
        findings.error("not_supported", Loc { file, span }, "a schema has no generic types");
    }
}

fn name_of(ident: &proc_macro2::Ident, file: u32) -> Name {
    Name {
        text: plain_ident(ident),
        loc: Loc { file, span: ident.span() },
    }
}

fn keyword(vis: &syn::Visibility, token: Span, file: u32) -> Loc {
    let span = match vis {
        syn::Visibility::Inherited => token,
        vis => vis.span(),
    };
    Loc { file, span }
}

/// Reads the tokens of one declaration.
pub(crate) fn read_item(tokens: TokenStream, file: u32, findings: &mut Findings) -> Option<RawItem> {
    match syn::parse2::<syn::Item>(tokens) {
        Ok(syn::Item::Struct(item)) => read_struct(&item, file, findings),
        Ok(syn::Item::Enum(item)) => read_enum(&item, file, findings),
        Ok(other) => {
            findings.error(
                "not_supported",
                Loc { file, span: other.span() },
                "a schema file has structs, enums and `use` lines only",
            );
            None
        }
        Err(error) => {
            for each in error {
                findings.error("syntax", Loc { file, span: each.span() }, each.to_string());
            }
            None
        }
    }
}
