use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[default("x")]
    pub n: Text,
}
