use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[was("Post")]
#[index(a)]
pub struct Article {
    #[was("title")]
    #[field(max = 99)]
    pub headline: String,
    pub a: i64,
    #[default("x")]
    pub b: Text,
    #[default(Gone)]
    pub status: Status,
    pub tags: Many<Tag>,
}

pub enum Status { Draft, Live, Gone }
#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    pub name: Text,
}
