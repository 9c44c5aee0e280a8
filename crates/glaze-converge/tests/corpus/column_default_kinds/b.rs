use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[default(true)]
    pub a: bool,
    #[default(-1.5)]
    pub b: f64,
    #[default("it's")]
    pub c: Text,
    #[default("12.5000")]
    pub d: Decimal,
    #[default(-3)]
    pub e: i32,
}
