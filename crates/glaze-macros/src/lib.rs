//! The compile-time side of a schema file: declarations become plain structs and enums with the JSON of the content API.
//!
//! The attributes are judged by the same reader as in the `glaze` binary. This crate must not know databases or HTTP; what its
//! code refers to is in `glaze::schema`.

mod emit;
mod values;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{quote, quote_spanned};

/// `#[entity]`: a struct that is a table.
#[proc_macro_attribute]
pub fn entity(args: TokenStream, item: TokenStream) -> TokenStream {
    expand("entity", args, item)
}

/// `#[extends(User)]`: a struct that adds fields to a built-in entity.
#[proc_macro_attribute]
pub fn extends(args: TokenStream, item: TokenStream) -> TokenStream {
    expand("extends", args, item)
}

/// `#[embedded]`: a struct that nests in place.
#[proc_macro_attribute]
pub fn embedded(args: TokenStream, item: TokenStream) -> TokenStream {
    expand("embedded", args, item)
}

/// `#[blocks]`: an enum of building blocks.
#[proc_macro_attribute]
pub fn blocks(args: TokenStream, item: TokenStream) -> TokenStream {
    expand("blocks", args, item)
}

/// `#[db(…)]` on a plain enum says something to the database only.
#[proc_macro_attribute]
pub fn db(_args: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// `#[was("…")]` on a plain enum says something to migrations only.
#[proc_macro_attribute]
pub fn was(_args: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// `schema!("schema.rs")`: all declarations of a schema file (relative to the package), read as the `glaze` binary reads them.
#[proc_macro]
pub fn schema(args: TokenStream) -> TokenStream {
    match syn::parse::<syn::LitStr>(args) {
        Ok(path) => whole_file(&path)
            .unwrap_or_else(|message| compile_error(path.span(), &message))
            .into(),
        Err(error) => error.to_compile_error().into(),
    }
}

fn expand(name: &str, args: TokenStream, item: TokenStream) -> TokenStream {
    let args = Tokens::from(args);
    let item = Tokens::from(item);
    let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
    // The attribute is put back, so that the reader sees the declaration as it is written.
    let whole = if args.is_empty() {
        quote!(#[#name] #item)
    } else {
        quote!(#[#name(#args)] #item)
    };
    match syn::parse2::<syn::Item>(whole) {
        Ok(item) => {
            let values = values::for_item(&item);
            let item = emit::item(item);
            quote!(#item #values).into()
        }
        Err(error) => error.to_compile_error().into(),
    }
}

fn whole_file(path: &syn::LitStr) -> Result<Tokens, String> {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let full = std::path::Path::new(&root).join(path.value());
    let text = std::fs::read_to_string(&full).map_err(|error| format!("cannot read {}: {error}", full.display()))?;
    let files = [glaze_source::SourceFile { path: path.value(), text }];
    let reading = outside(|| glaze_source::read(&files));
    if reading.model.is_none() {
        return Err(glaze_source::render(&reading.diagnostics, &files, false));
    }
    let file = syn::parse_file(&files[0].text).map_err(|error| error.to_string())?;
    let items = file
        .items
        .into_iter()
        .filter(|item| !matches!(item, syn::Item::Use(_)))
        .map(emit::item);
    let full = full.to_string_lossy();
    // Naming the file makes the compiler build again when it changes.
    Ok(quote! {
        #[allow(unused_imports)]
        use ::glaze::schema::*;
        #(#items)*
        const _: &[u8] = include_bytes!(#full);
    })
}

/// Runs `work` with positions in the text that is read instead of the compiler's, which know no byte offsets.
fn outside<T>(work: impl FnOnce() -> T) -> T {
    proc_macro2::fallback::force();
    let out = work();
    proc_macro2::fallback::unforce();
    out
}

fn compile_error(span: proc_macro2::Span, message: &str) -> Tokens {
    quote_spanned!(span=> ::core::compile_error!(#message);)
}
