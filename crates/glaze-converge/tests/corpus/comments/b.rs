use glaze::schema::*;

/// What we write.
#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    /// The headline, it's short.
    pub title: String,
}
