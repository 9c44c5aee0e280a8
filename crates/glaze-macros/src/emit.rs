//! A declaration as plain Rust.

use glaze_source::rust::compile::{FieldShape, Mistake, Shape, VariantShape, Wire, shape};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse_quote;

/// The declaration with what is there by itself, without the attributes of the schema language.
pub fn item(item: syn::Item) -> TokenStream {
    match shape(&item) {
        Ok(shape) => declaration(item, shape),
        Err(mistakes) => {
            let errors = mistakes.iter().map(error);
            // The bare declaration stays, so that what refers to it is not wrong as well.
            let bare = bare(item);
            quote!(#(#errors)* #bare)
        }
    }
}

fn error(mistake: &Mistake) -> TokenStream {
    syn::Error::new(mistake.span, &mistake.message).to_compile_error()
}

fn bare(mut item: syn::Item) -> TokenStream {
    match &mut item {
        syn::Item::Struct(item) => {
            keep_docs(&mut item.attrs);
            item.fields.iter_mut().for_each(|field| keep_docs(&mut field.attrs));
        }
        syn::Item::Enum(item) => {
            keep_docs(&mut item.attrs);
            for variant in &mut item.variants {
                keep_docs(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| keep_docs(&mut field.attrs));
            }
        }
        _ => {}
    }
    quote!(#item)
}

fn declaration(item: syn::Item, shape: Shape) -> TokenStream {
    match (item, shape) {
        (syn::Item::Struct(mut item), Shape::Entity { id, times, base, fields }) => {
            lower_fields(&mut item.fields, &fields);
            if let syn::Fields::Named(named) = &mut item.fields {
                if let Some(base) = base {
                    let (name, target) = (format_ident!("{}", glaze_model::snake_case(&base)), format_ident!("{base}"));
                    named
                        .named
                        .insert(0, implied(quote!(pub #name: ::glaze::schema::Ref<::glaze::schema::#target>)));
                }
                if id {
                    named.named.insert(0, implied(quote!(pub id: ::glaze::schema::Uuid)));
                }
                for time in times {
                    let (name, json) = (format_ident!("{time}"), glaze_model::camel_case(time));
                    named
                        .named
                        .push(implied(quote!(#[serde(rename = #json)] pub #name: ::glaze::schema::DateTime)));
                }
            }
            let (ident, name) = (item.ident.clone(), item.ident.to_string());
            let structure = structure(item);
            quote! {
                #structure
                impl ::glaze::schema::Entity for #ident {
                    const NAME: &'static str = #name;
                }
            }
        }
        (syn::Item::Struct(mut item), Shape::Embedded(fields)) => {
            lower_fields(&mut item.fields, &fields);
            structure(item)
        }
        (syn::Item::Enum(item), Shape::Blocks(variants)) => enumeration(item, &variants, true),
        (syn::Item::Enum(item), Shape::Values(variants)) => enumeration(item, &variants, false),
        (item, _) => quote!(#item),
    }
}

/// A field that nobody wrote.
fn implied(tokens: TokenStream) -> syn::Field {
    use syn::parse::Parser;
    let parsed = syn::Field::parse_named.parse2(quote!(#[doc = "There by itself."] #tokens));
    // What is quoted above always parses; a visible error is better than a panic should that ever change.
    parsed.unwrap_or_else(|_| parse_quote!(pub invalid: ()))
}

fn structure(mut item: syn::ItemStruct) -> TokenStream {
    keep_docs(&mut item.attrs);
    quote! {
        #[allow(missing_docs)]
        #[derive(Clone, Debug, PartialEq, ::glaze::schema::private::serde::Serialize, ::glaze::schema::private::serde::Deserialize)]
        #[serde(crate = "::glaze::schema::private::serde")]
        #item
    }
}

fn enumeration(mut item: syn::ItemEnum, shapes: &[VariantShape], blocks: bool) -> TokenStream {
    keep_docs(&mut item.attrs);
    for (variant, shape) in item.variants.iter_mut().zip(shapes) {
        keep_docs(&mut variant.attrs);
        let value = &shape.value;
        variant.attrs.push(parse_quote!(#[serde(rename = #value)]));
        lower_fields(&mut variant.fields, &shape.fields);
    }
    let derives = if blocks {
        quote!(Clone, Debug, PartialEq)
    } else {
        quote!(Clone, Copy, Debug, PartialEq, Eq)
    };
    let tag = blocks.then(|| quote!(, tag = "type"));
    quote! {
        #[allow(missing_docs)]
        #[derive(#derives, ::glaze::schema::private::serde::Serialize, ::glaze::schema::private::serde::Deserialize)]
        #[serde(crate = "::glaze::schema::private::serde" #tag)]
        #item
    }
}

fn lower_fields(fields: &mut syn::Fields, shapes: &[FieldShape]) {
    for (field, shape) in fields.iter_mut().zip(shapes) {
        lower_field(field, shape);
    }
}

fn lower_field(field: &mut syn::Field, shape: &FieldShape) {
    keep_docs(&mut field.attrs);
    let json = &shape.json;
    field.attrs.push(parse_quote!(#[serde(rename = #json)]));
    let ty = &field.ty;
    match shape.wire {
        Wire::Plain | Wire::Integer | Wire::OptionalInteger | Wire::Integers | Wire::Many => {}
        Wire::InverseOne => {
            if let Some(inner) = argument(ty) {
                field.ty = parse_quote!(::core::option::Option<::std::boxed::Box<#inner>>);
            }
        }
        Wire::Asset => field.ty = parse_quote!(::glaze::schema::Ref<#ty>),
        Wire::OptionalAsset => field.ty = parse_quote!(::core::option::Option<::glaze::schema::Ref<::glaze::schema::Asset>>),
    }
    if shape.private {
        // Never on the wire, so it may be missing.
        let ty = &field.ty;
        field.ty = parse_quote!(::core::option::Option<#ty>);
        field.attrs.push(parse_quote!(#[serde(skip)]));
        return;
    }
    field.attrs.extend(match shape.wire {
        Wire::Integer => Some(parse_quote!(#[serde(with = "::glaze::schema::wire::integer")])),
        Wire::OptionalInteger => Some(parse_quote!(#[serde(default, with = "::glaze::schema::wire::optional_integer")])),
        Wire::Integers => Some(parse_quote!(#[serde(with = "::glaze::schema::wire::integers")])),
        Wire::Many => Some(parse_quote!(#[serde(default, skip_serializing_if = "::glaze::schema::Many::is_absent")])),
        Wire::InverseOne => Some(parse_quote!(#[serde(default, skip_serializing_if = "::core::option::Option::is_none")])),
        Wire::Plain | Wire::Asset | Wire::OptionalAsset => None,
    });
}

/// `T` of `Option<T>`.
fn argument(ty: &syn::Type) -> Option<syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(args) = &path.path.segments.last()?.arguments else {
        return None;
    };
    args.args.iter().find_map(|arg| match arg {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

fn keep_docs(attrs: &mut Vec<syn::Attribute>) {
    attrs.retain(|attr| attr.path().is_ident("doc"));
}
