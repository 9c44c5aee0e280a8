use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(n, db_where = "n > 1")]
pub struct Post {
    pub title: String,
    pub n: i64,
}
