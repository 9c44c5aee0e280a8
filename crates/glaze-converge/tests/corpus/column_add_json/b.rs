use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub data: Option<Json>,
    pub tags: Option<Vec<String>>,
}
