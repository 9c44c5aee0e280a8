use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub a: bool,
    pub b: f64,
    pub c: Text,
    pub d: Decimal,
    pub e: i32,
}
