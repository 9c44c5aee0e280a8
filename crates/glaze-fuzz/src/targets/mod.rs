//! The targets, one file each.

mod cursor;
mod expression;
mod query;
mod schema;

use std::sync::Arc;

use glaze_data::Schema;
use glaze_model::Model;

use crate::run::Outcome;

/// Something that reads text from outside.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Files and folders with seeds, below `crates/`.
    pub seeds: &'static [&'static str],
    /// Pieces of its language.
    pub words: &'static [&'static str],
    /// Makes what is needed once, and gives the function that panics when a law is broken.
    pub prepare: fn() -> Judge,
}

/// Judges one input.
pub type Judge = Box<dyn Fn(&[u8]) -> Outcome>;

/// Every target.
pub const ALL: &[Target] = &[expression::TARGET, schema::TARGET, query::TARGET, cursor::TARGET];

/// The model of the shop template: every type of field, relations of every kind.
fn shop() -> Model {
    let file = glaze_source::SourceFile {
        path: "schema.rs".to_owned(),
        text: include_str!("../../../glaze/templates/shop/schema.rs").to_owned(),
    };
    glaze_source::read(&[file]).model.expect("the template reads")
}

fn shop_schema() -> Arc<Schema> {
    Schema::new(shop()).expect("the template is sound")
}
