//! The project of the stories about security: everything of which advisories tell, in small.

use serde_json::json;

use crate::world::{Admin, World};

pub use crate::journal::id;

pub const SCHEMA: &str = r#"
use glaze::schema::*;

#[entity(label = name, timestamps = false)]
#[can(read, "open")]
#[can(create, "open == false")]
#[can(update, "before.open && open")]
#[can(delete, "open")]
pub struct Room {
    #[id]
    pub id: Uuid,
    pub name: String,
    #[unique]
    pub code: Option<String>,
    #[default(false)]
    pub open: bool,
    pub level: Option<i64>,
    #[can(read, "'editor' in me.roles")]
    pub salary: Option<i64>,
    #[private]
    pub token: Option<String>,
    #[private]
    pub keeper: Option<Ref<Guest>>,
    #[can(read, "'editor' in me.roles")]
    pub place: Option<Place>,
    pub meta: Option<Json>,
    #[inverse(room)]
    pub guests: Many<Guest>,
    #[inverse(hideout)]
    pub hiding: Many<Guest>,
    #[inverse(about)]
    pub notes: Many<Note>,
}

#[embedded]
pub struct Place { pub street: String, pub number: Option<i64> }

#[entity(label = name, timestamps = false)]
#[can(read, "visible && level < 3")]
#[can(create, "visible")]
#[can(update, "visible")]
#[can(delete, "visible && 'editor' in me.roles")]
pub struct Guest {
    #[id]
    pub id: Uuid,
    pub name: String,
    #[default(true)]
    pub visible: bool,
    pub level: Option<i64>,
    #[on_delete(set_null)]
    pub room: Option<Ref<Room>>,
    #[can(read, "'editor' in me.roles")]
    #[on_delete(set_null)]
    pub hideout: Option<Ref<Room>>,
}

#[entity(label = text, timestamps = false)]
#[can(read)]
#[can(create)]
pub struct Note {
    #[id]
    pub id: Uuid,
    pub text: String,
    pub about: Option<AnyOf<(Room, Guest)>>,
}

#[entity]
#[can(read)]
#[can(create)]
#[can(update)]
pub struct Visit {
    pub page: String,
    #[private]
    pub address: Option<String>,
    #[computed("page + '!'")]
    pub shout: String,
    #[can(create, "'editor' in me.roles")]
    #[can(update, "'editor' in me.roles")]
    pub owner: Option<String>,
}
"#;

/// Rooms 1 and 2 are open, 3 and 4 are not. Guests 1 and 2 may be seen, 3 (not visible) and 4 (without a level) may not.
pub async fn house() -> World {
    let world = World::new(SCHEMA).await;
    let rooms = json!([
        {"id": id(1, 1), "name": "Hall", "code": "hall", "open": true, "salary": 10, "place": {"street": "Main", "number": 1}},
        {"id": id(1, 2), "name": "Kitchen", "code": "kitchen", "open": true, "salary": 30},
        {"id": id(1, 3), "name": "Vault", "code": "vault", "open": false, "salary": 20, "level": 1},
        {"id": id(1, 4), "name": "Attic", "code": "attic", "open": false}
    ]);
    world.post(Admin, "/api/rooms", rooms).await.is(201);
    let guests = json!([
        {"id": id(2, 1), "name": "Ann", "level": 1, "room": id(1, 1), "hideout": id(1, 2)},
        {"id": id(2, 2), "name": "Bob", "level": 2, "room": id(1, 3), "hideout": id(1, 3)},
        {"id": id(2, 3), "name": "Cleo", "level": 1, "visible": false, "room": id(1, 1), "hideout": id(1, 1)},
        {"id": id(2, 4), "name": "Dan", "level": null, "room": id(1, 1)}
    ]);
    world.post(Admin, "/api/guests", guests).await.is(201);
    let notes = json!([
        {"id": id(3, 1), "text": "to the hall", "about": {"type": "room", "id": id(1, 1)}},
        {"id": id(3, 2), "text": "to the vault", "about": {"type": "room", "id": id(1, 3)}}
    ]);
    world.post(Admin, "/api/notes", notes).await.is(201);
    world
}
