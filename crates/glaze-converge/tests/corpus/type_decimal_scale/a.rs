use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[field(precision = 10, scale = 2)]
    pub v: Decimal,
}
