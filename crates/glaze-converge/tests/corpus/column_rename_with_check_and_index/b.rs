use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(hits)]
pub struct Post {
    #[was("views")]
    #[field(min = 1)]
    pub hits: i64,
}
