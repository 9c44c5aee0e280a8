use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Group {
    pub order: i64,
    #[field(max = 9)]
    pub select: Text,
    #[db(column = "Weird \"name\"")]
    pub weird: Option<i64>,
}
