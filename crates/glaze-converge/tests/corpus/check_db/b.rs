use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[db(check = "n <> 13")]
pub struct Post {
    pub title: String,
    pub n: i64,
}
