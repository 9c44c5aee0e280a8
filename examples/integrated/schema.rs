//! The domain of the example: a guest book. The same file is read by Glaze at start and compiled into the application.

use glaze::schema::*;

/// A visitor's words.
#[entity(label = name)]
#[can(read, "approved")]
#[can(create, "approved == false")]
#[index(approved, created_at desc)]
pub struct Greeting {
    #[field(max = 80)]
    pub name: String,
    #[field(min = 1, max = 1000)]
    pub words: Text,
    #[default(false)]
    pub approved: bool,
    pub mood: Option<Mood>,
}

/// How the visit was.
pub enum Mood {
    Happy,
    Puzzled,
    VeryHappy,
}
