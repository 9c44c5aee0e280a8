//! Plain enums have no macro of their own: the first declaration of the file that has one brings what they need.

use glaze_source::rust::compile::{PlainEnum, plain_enums};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// Code for the plain enums of the file in which `item` is, when it is the first to have a macro.
pub fn for_item(item: &syn::Item) -> TokenStream {
    let name = match item {
        syn::Item::Struct(item) => item.ident.to_string(),
        syn::Item::Enum(item) => item.ident.to_string(),
        _ => return TokenStream::new(),
    };
    // Editors may not say where the code is; then the enums go without, and the build has the last word.
    let Some(path) = proc_macro::Span::call_site().local_file() else {
        return TokenStream::new();
    };
    let Ok(text) = std::fs::read_to_string(path) else {
        return TokenStream::new();
    };
    match crate::outside(|| plain_enums(&text)) {
        Some((enums, first)) if first == name => enums.iter().map(implementation).collect(),
        _ => TokenStream::new(),
    }
}

/// What can be derived for an enum that is elsewhere.
fn implementation(item: &PlainEnum) -> TokenStream {
    let name = Ident::new(&item.name, Span::call_site());
    let variants: Vec<Ident> = item
        .values
        .iter()
        .map(|(variant, _)| Ident::new(variant, Span::call_site()))
        .collect();
    let names = item.values.iter().map(|(variant, _)| variant);
    let values: Vec<&String> = item.values.iter().map(|(_, value)| value).collect();
    quote! {
        impl #name {
            /// How the value is written.
            pub fn as_str(&self) -> &'static str {
                match self { #(Self::#variants => #values,)* }
            }
        }
        impl ::core::marker::Copy for #name {}
        impl ::core::clone::Clone for #name {
            fn clone(&self) -> Self { *self }
        }
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(match self { #(Self::#variants => #names,)* })
            }
        }
        impl ::core::cmp::PartialEq for #name {
            fn eq(&self, other: &Self) -> bool { self.as_str() == other.as_str() }
        }
        impl ::core::cmp::Eq for #name {}
        impl ::glaze::schema::private::serde::Serialize for #name {
            fn serialize<S: ::glaze::schema::private::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> ::glaze::schema::private::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::glaze::schema::private::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                let text = <::std::string::String as ::glaze::schema::private::serde::Deserialize>::deserialize(deserializer)?;
                match text.as_str() {
                    #(#values => ::core::result::Result::Ok(Self::#variants),)*
                    other => ::core::result::Result::Err(
                        <D::Error as ::glaze::schema::private::serde::de::Error>::unknown_variant(other, &[#(#values),*]),
                    ),
                }
            }
        }
    }
}
