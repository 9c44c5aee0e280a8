use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[was("author")]
    pub writer: Ref<Writer>,
}
#[entity(timestamps = false)]
#[can(read)]
#[was("Author")]
pub struct Writer {
    pub name: String,
}
