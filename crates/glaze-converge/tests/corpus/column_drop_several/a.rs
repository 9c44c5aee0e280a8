use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub a: Option<i64>,
    #[field(min = 0)]
    pub b: Option<i64>,
    #[unique]
    pub c: Option<Text>,
}
