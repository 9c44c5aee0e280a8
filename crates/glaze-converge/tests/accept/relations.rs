//! Foreign keys and join tables.

use crate::cases::{Case, Change, check, run};
use crate::renames;

const BLOG: &str = r#"use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read, "author == me")]
pub struct Post {
    pub title: String,
    pub author: Ref<User>, // who wrote it
    #[on_delete(cascade)]
    pub topic: Option<Ref<Topic>>,
    pub editor_id: Option<Uuid>,
}

#[entity(timestamps = false)]
pub struct Topic {
    pub name: String,
    #[inverse(topic)]
    pub posts: Many<Post>,
}
"#;

#[test]
fn a_new_foreign_key() {
    check(
        BLOG,
        Change::Postgres("ALTER TABLE posts ADD FOREIGN KEY (editor_id) REFERENCES topics ON DELETE SET NULL"),
        &[(
            "    pub editor_id: Option<Uuid>",
            "    #[on_delete(set_null)]\n    #[db(column = \"editor_id\")]\n    pub editor_id: Option<Ref<Topic>>",
        )],
    );
    check(
        BLOG,
        Change::Sql("ALTER TABLE posts ADD COLUMN second_id TEXT"),
        &[("Option<Uuid>,\n", "Option<Uuid>,\n    pub second_id: Option<Text>,\n")],
    );
    check(
        BLOG,
        Change::Schema(&[("Option<Uuid>,\n", "Option<Uuid>,\n    pub second: Option<Ref<Topic>>,\n")]),
        &[("Option<Uuid>,\n", "Option<Uuid>,\n    pub second: Option<Ref<Topic>>,\n")],
    );
}

#[test]
fn a_foreign_key_is_gone() {
    check(
        BLOG,
        Change::Schema(&[("    #[on_delete(cascade)]\n", "    #[on_delete(cascade)]\n    #[db(fk = false)]\n")]),
        &[("    #[on_delete(cascade)]\n", "    #[on_delete(cascade)]\n    #[db(fk = false)]\n")],
    );
}

#[test]
fn a_foreign_key_acts_otherwise() {
    check(
        BLOG,
        Change::Schema(&[("#[on_delete(cascade)]", "#[on_delete(set_null)]")]),
        &[("#[on_delete(cascade)]", "#[on_delete(set_null)]")],
    );
}

#[test]
fn a_reference_is_gone_with_its_other_side() {
    check(
        BLOG,
        Change::Postgres("ALTER TABLE posts DROP COLUMN topic_id"),
        &[
            ("    #[on_delete(cascade)]\n    pub topic: Option<Ref<Topic>>,\n", ""),
            ("    #[inverse(topic)]\n    pub posts: Many<Post>,\n", ""),
        ],
    );
}

#[test]
fn a_target_is_gone_and_its_columns_stay() {
    check(
        BLOG,
        Change::Postgres("DROP TABLE topics CASCADE"),
        &[
            (
                "    #[on_delete(cascade)]\n    pub topic: Option<Ref<Topic>>,\n",
                "    #[db(column = \"topic_id\")]\n    pub topic: Option<Uuid>,\n",
            ),
            (
                "\n#[entity(timestamps = false)]\npub struct Topic {\n    pub name: String,\n    #[inverse(topic)]\n    pub posts: Many<Post>,\n}\n",
                "",
            ),
        ],
    );
}

#[test]
fn a_reference_is_called_otherwise() {
    run(Case {
        before: BLOG,
        change: Change::Sql("ALTER TABLE posts RENAME COLUMN author_id TO writer_id"),
        answers: renames(&[("public.posts.author_id", "public.posts.writer_id")]),
        after: &[
            ("author == me", "writer == me"),
            ("    pub author: Ref<User>", "    #[was(\"author\")]\n    pub writer: Ref<User>"),
        ],
    });
    run(Case {
        before: BLOG,
        change: Change::Sql("ALTER TABLE posts RENAME COLUMN topic_id TO theme_id"),
        answers: renames(&[("public.posts.topic_id", "public.posts.theme_id")]),
        after: &[
            ("    pub topic: Option", "    #[was(\"topic\")]\n    pub theme: Option"),
            ("#[inverse(topic)]", "#[inverse(theme)]"),
        ],
    });
}

#[test]
fn a_new_join_table() {
    check(
        BLOG,
        Change::Schema(&[("pub title: String,\n", "pub title: String,\n    pub topics: Many<Topic>,\n")]),
        &[("Option<Uuid>,\n", "Option<Uuid>,\n    pub topics: Many<Topic>,\n")],
    );
    check(
        BLOG,
        Change::Postgres(
            "CREATE TABLE reading (reader uuid REFERENCES posts ON DELETE CASCADE, what uuid REFERENCES topics ON DELETE CASCADE, PRIMARY KEY (reader, what))",
        ),
        &[(
            "Option<Uuid>,\n",
            "Option<Uuid>,\n    #[db(table = \"reading\", from_columns = \"reader\", to_columns = \"what\")]\n    pub topics: Many<Topic>,\n",
        )],
    );
}
