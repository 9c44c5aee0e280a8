//! The domain of this project. Save the file while `glaze dev` runs: tables, API and admin follow.

use glaze::schema::*;

/// A note.
#[entity(label = title)]
#[can(read)]
pub struct Note {
    #[field(max = 200)]
    pub title: String,
    pub body: Option<Text>,
}
