//! Several edits, several files, refusals, and writing the file.

use super::*;

#[test]
fn several_edits_are_one() {
    let inverse = FieldKind::Inverse(Inverse {
        target: "Comment".to_owned(),
        field: "post".to_owned(),
        one: false,
    });
    let reference = FieldKind::Ref(Ref {
        target: "Post".to_owned(),
        on_delete: OnDelete::Cascade,
    });
    let text = format!("{PLAIN}\n#[entity]\npub struct Comment {{}}\n");
    let edits = [
        add(
            Field {
                columns: Vec::new(),
                ..Field::new("comments", inverse)
            },
            None,
        ),
        Edit::AddField {
            entity: "Comment".to_owned(),
            field: Box::new(Field {
                columns: Vec::new(),
                ..Field::new("post", reference)
            }),
            after: None,
        },
    ];
    let after = text
        .replace(
            "    pub body: Text,\n",
            "    pub body: Text,\n    #[inverse(post)]\n    pub comments: Many<Comment>,\n",
        )
        .replace("Comment {}", "Comment {\n    #[on_delete(cascade)]\n    pub post: Ref<Post>,\n}");
    check(&text, &edits, &after);
}

#[test]
fn only_the_file_concerned_changes() {
    let one = SourceFile {
        path: "schema/a.rs".to_owned(),
        text: "#[entity]\npub struct Post {\n    pub tag: Ref<Tag>,\n}\n".to_owned(),
    };
    let two = SourceFile {
        path: "schema/b.rs".to_owned(),
        text: "#[entity]\npub struct Tag {\n    pub name: String,\n}\n".to_owned(),
    };
    let edit = Edit::AddField {
        entity: "Tag".to_owned(),
        field: Box::new(scalar("icon", Scalar::String)),
        after: None,
    };
    let changed = apply(&[one, two], &[edit]).expect("possible");
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].path, "schema/b.rs");
    assert_eq!(
        changed[0].text,
        "#[entity]\npub struct Tag {\n    pub name: String,\n    pub icon: String,\n}\n"
    );
}

#[test]
fn what_cannot_be_done_exactly_is_refused() {
    let refused = |text: &str, edit: Edit| apply(&[file(text)], &[edit]).expect_err("refused");
    assert!(matches!(
        refused("#[entity] struct Post { x: Strin }", remove("x")),
        EditRefused::DoesNotRead(_)
    ));
    assert!(matches!(refused(PLAIN, remove("nothing")), EditRefused::NotFound(_)));
    assert!(matches!(
        refused(PLAIN, add(scalar("title", Scalar::I32), None)),
        EditRefused::Exists(_)
    ));
    assert!(matches!(
        refused(PLAIN, add(scalar("me", Scalar::I32), None)),
        EditRefused::WouldNotRead(_)
    ));
    assert!(matches!(
        refused(PLAIN, add(scalar("no name", Scalar::I32), None)),
        EditRefused::WouldNotRead(_)
    ));
    assert!(matches!(refused(NAMED, remove("title")), EditRefused::WouldNotRead(_)));
    assert!(matches!(
        refused(
            NAMED,
            Edit::RemoveEntity {
                entity: "Comment".to_owned()
            }
        ),
        EditRefused::WouldNotRead(_)
    ));
    assert!(matches!(
        refused(PLAIN, Edit::RemoveEntity { entity: "User".to_owned() }),
        EditRefused::NotFound(_)
    ));
    let mut impossible = scalar("views", Scalar::I32);
    impossible.default = Some(DefaultValue::Literal(Value::Text("x".to_owned())));
    assert!(matches!(refused(PLAIN, add(impossible, None)), EditRefused::WouldNotRead(_)));
    let mut inexact = scalar("views", Scalar::I32);
    inexact.was = Some(String::new());
    inexact.implicit = true;
    assert!(matches!(refused(PLAIN, add(inexact, None)), EditRefused::NotExact(_)));
}

#[test]
fn a_file_is_replaced_only_if_it_is_what_was_read() {
    use glaze_source::edit::{WriteError, write_atomically};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("schema.rs");
    std::fs::write(&path, "old").expect("writable");
    write_atomically(&path, "old", "new").expect("it is what was read");
    assert_eq!(std::fs::read_to_string(&path).expect("readable"), "new");
    assert!(matches!(write_atomically(&path, "old", "newer"), Err(WriteError::Changed(_))));
    assert_eq!(std::fs::read_to_string(&path).expect("readable"), "new");
    assert!(matches!(
        write_atomically(&folder.path().join("none.rs"), "", "x"),
        Err(WriteError::Io { .. })
    ));
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("readable").count(),
        1,
        "nothing is left behind"
    );
}
