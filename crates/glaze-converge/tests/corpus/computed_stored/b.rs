use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub n: i64,
    #[computed("n + 1", stored)]
    pub next: i64,
}
