use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Group {
    pub order: i64,
    pub select: Text,
}
