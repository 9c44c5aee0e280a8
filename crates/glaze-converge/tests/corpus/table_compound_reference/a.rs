use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Room {
    #[id]
    pub house: i32,
    #[id]
    pub number: i32,
    pub name: Text,
}
