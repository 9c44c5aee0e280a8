use glaze::schema::*;

#[can(read)]
#[entity]
pub struct Thing {
    pub size: Size,
}

/// Values with attributes: a plain module cannot have them.
pub enum Size {
    #[was("Tiny")]
    Small,
    #[db(value = "X-Large")]
    XLarge,
}
