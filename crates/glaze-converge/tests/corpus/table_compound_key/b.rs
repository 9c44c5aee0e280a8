use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Line {
    #[id]
    #[on_delete(cascade)]
    pub post: Ref<Post>,
    #[id]
    pub position: i16,
    pub text: Text,
}
