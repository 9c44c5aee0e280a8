use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    #[was("title")]
    pub headline: String,
}
