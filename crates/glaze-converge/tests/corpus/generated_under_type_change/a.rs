use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub n: i32,
    #[db(generated = "n * 2", stored)]
    pub m: Option<i64>,
}
