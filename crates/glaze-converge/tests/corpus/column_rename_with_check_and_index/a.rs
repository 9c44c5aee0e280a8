use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(views)]
pub struct Post {
    #[field(min = 1)]
    pub views: i64,
}
