//! Cursors belong to one question and can't be made or changed.

mod support;

use glaze_data::{
    Actor, Cursors,
    cursor::{CursorError, Scope},
};
use glaze_model::Value;
use support::{cursors, read, schema, user};

fn scope(actor: &Actor, raw: &str) -> Scope {
    let schema = schema();
    let bound = read(&schema, actor, "posts", raw).expect(raw);
    Scope::of(&schema, actor, &bound)
}

#[test]
fn a_cursor_leads_on_where_it_was_given() {
    let values = vec![
        Value::Text("a title".to_owned()),
        Value::Null,
        Value::Uuid(uuid::Uuid::from_u128(5)),
    ];
    let here = scope(&Actor::Anonymous, "sort=title&limit=5");
    let cursor = cursors().encode(&here, &values, false);
    assert_eq!(cursors().decode(&here, &cursor, false), Ok(values.clone()));
    assert_eq!(cursors().decode(&here, &cursor, true), Err(CursorError::Direction));
    // What is shown of the rows, and how many, may change on the way.
    let same = scope(&Actor::Anonymous, "sort=title&limit=9&fields=id&include=tags");
    assert_eq!(cursors().decode(&same, &cursor, false), Ok(values));
}

#[test]
fn a_cursor_is_of_one_question() {
    let here = scope(&Actor::Anonymous, "sort=title");
    let cursor = cursors().encode(&here, &[Value::Int(1)], false);
    for (actor, raw) in [
        (Actor::Anonymous, "sort=-title"),
        (Actor::Anonymous, "sort=slug"),
        (Actor::Anonymous, "sort=title&filter[views]=1"),
        (Actor::Anonymous, "sort=title&search=a"),
        (user(&[]), "sort=title"),
        (user(&["editor"]), "sort=title"),
    ] {
        assert_eq!(
            cursors().decode(&scope(&actor, raw), &cursor, false),
            Err(CursorError::Foreign),
            "{raw}"
        );
    }
    assert_eq!(
        Cursors::new(b"another secret").decode(&here, &cursor, false),
        Err(CursorError::Foreign)
    );
}

#[test]
fn every_change_of_a_cursor_shows() {
    let here = scope(&Actor::Anonymous, "");
    let cursor = cursors().encode(&here, &[Value::Text("abc".to_owned()), Value::Int(70_000)], false);
    for at in 0..cursor.len() {
        for letter in ['A', 'z', '_'] {
            let mut changed = cursor.clone();
            changed.replace_range(at..=at, &letter.to_string());
            if changed != cursor {
                assert!(cursors().decode(&here, &changed, false).is_err(), "{changed}");
            }
        }
        assert!(cursors().decode(&here, &cursor[..at], false).is_err());
    }
    for wrong in ["", "=", "ä", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(cursors().decode(&here, wrong, false).is_err(), "{wrong}");
    }
}

#[test]
fn values_do_not_show_in_cursors() {
    use base64::Engine;
    let here = scope(&Actor::Anonymous, "");
    let cursor = cursors().encode(&here, &[Value::Text("a hidden salary".to_owned())], false);
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&cursor).expect("base64url");
    assert!(!String::from_utf8_lossy(&bytes).contains("hidden"));
}

#[test]
fn a_foreign_cursor_is_a_wrong_parameter() {
    let error = read(&schema(), &Actor::Anonymous, "posts", "after=nonsense").expect_err("no cursor");
    assert_eq!(
        error.to_string(),
        "`after`: this cursor does not belong to this request: begin again without it"
    );
}
