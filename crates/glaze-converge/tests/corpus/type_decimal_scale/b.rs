use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[field(precision = 12, scale = 3)]
    pub v: Decimal,
}
