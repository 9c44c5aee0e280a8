//! Cursors: whatever a client makes of one is refused, unless it is the one it was given.

use glaze_data::{Actor, Cursors, Limits, bind, cursor::Scope, query};
use glaze_model::Value;

use super::{Outcome, Target};

pub const TARGET: Target = Target {
    name: "cursor",
    seeds: &["glaze-fuzz/seeds/cursor"],
    words: &["A", "_", "-", "=", "AAAA", "%3D", "\0"],
    prepare: || {
        let schema = super::shop_schema();
        let cursors = Cursors::new(b"a secret of thirty-two bytes or so");
        let limits = Limits::default();
        let entity = schema.entity_by_name("Product").expect("an entity of the shop");
        let asked = query::Query::all(entity.ix, &limits);
        let bound = bind::bind(&schema, &Actor::System, &asked, &limits, &cursors).expect("a plain list");
        let scope = Scope::of(&schema, &Actor::System, &bound);
        let values = vec![
            Value::Int(3),
            Value::Text("ä".to_owned()),
            Value::Null,
            Value::Uuid(uuid::Uuid::nil()),
        ];
        let own = cursors.encode(&scope, &values, false);
        Box::new(move |input| {
            let mut outcome = Outcome::default();
            let text = String::from_utf8_lossy(input);
            // The input as a cursor, and as a change to a good one.
            let changed = laid_over(&own, input);
            for cursor in [text.as_ref(), changed.as_str()] {
                for before in [false, true] {
                    let read = cursors.decode(&scope, cursor, before);
                    match (&read, cursor == own && !before) {
                        (Ok(found), true) => assert_eq!(found, &values),
                        (Ok(found), false) => panic!("a forged cursor is read: {cursor} gives {found:?}"),
                        (Err(error), true) => panic!("our own cursor is refused: {error}"),
                        (Err(error), false) => outcome.message(&error.to_string()),
                    }
                }
                outcome.add(cursor.len() / 8);
            }
            outcome
        })
    },
};

/// The cursor with the input's bytes (as letters of a cursor) in the place of its own; a zero keeps the letter.
fn laid_over(own: &str, input: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let letter = |(at, own): (usize, char)| match input.get(at) {
        Some(byte) if *byte != 0 => char::from(LETTERS[usize::from(*byte & 63)]),
        _ => own,
    };
    own.chars().enumerate().map(letter).collect()
}
