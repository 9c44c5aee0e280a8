//! Columns that come, go and change.

use crate::cases::{Case, Change, check, run};
use crate::renames;

const POST: &str = r#"use glaze::schema::*;

/// An article.
#[entity(label = title)]
#[can(read)] // everyone
pub struct Post {
    // The first thing people see.
    pub title:   String, // odd spaces stay
    /// The text.
    pub body: Option<Text>,

    #[default(0)]
    #[field(min = 0)]
    pub views: i32,
    #[field(max = 80)] pub code: String,
}

// the end
"#;

#[test]
fn a_new_column() {
    check(
        POST,
        Change::Sql("ALTER TABLE posts ADD COLUMN note text"),
        &[("pub code: String,\n", "pub code: String,\n    pub note: Option<Text>,\n")],
    );
}

#[test]
fn a_column_is_gone() {
    check(
        POST,
        Change::Sql("ALTER TABLE posts DROP COLUMN body"),
        &[("    /// The text.\n    pub body: Option<Text>,\n", "")],
    );
}

#[test]
fn a_column_that_may_be_null() {
    check(
        POST,
        Change::Postgres("ALTER TABLE posts ALTER COLUMN title DROP NOT NULL"),
        &[("pub title:   String,", "pub title:   Option<String>,")],
    );
    check(
        POST,
        Change::Schema(&[("pub title:   String,", "pub title: Option<String>,")]),
        &[("pub title:   String,", "pub title:   Option<String>,")],
    );
}

#[test]
fn a_column_that_may_no_longer_be_null() {
    check(POST, Change::Schema(&[("Option<Text>", "Text")]), &[("Option<Text>", "Text")]);
}

#[test]
fn defaults() {
    check(
        POST,
        Change::Schema(&[("#[default(0)]", "#[default(7)]")]),
        &[("#[default(0)]", "#[default(7)]")],
    );
    check(POST, Change::Schema(&[("    #[default(0)]\n", "")]), &[("    #[default(0)]\n", "")]);
    check(
        POST,
        Change::Postgres("ALTER TABLE posts ALTER COLUMN title SET DEFAULT upper('x')"),
        &[("    pub title:", "    #[db(default = \"upper('x'::text)\")]\n    pub title:")],
    );
}

#[test]
fn types() {
    check(
        POST,
        Change::Schema(&[("views: i32", "views: i64")]),
        &[("views: i32", "views: i64")],
    );
    check(
        POST,
        Change::Postgres("ALTER TABLE posts ALTER COLUMN code TYPE inet USING code::inet"),
        &[("#[field(max = 80)] pub code: String", "#[db(type = \"inet\")] pub code: Custom")],
    );
}

#[test]
fn limits() {
    check(
        POST,
        Change::Schema(&[("#[field(max = 80)]", "#[field(max = 120)]")]),
        &[("#[field(max = 80)]", "#[field(max = 120)]")],
    );
    check(
        POST,
        Change::Schema(&[("    #[field(min = 0)]\n", "")]),
        &[("    #[field(min = 0)]\n", "")],
    );
    check(
        POST,
        Change::Schema(&[("#[field(min = 0)]", "#[field(min = 0, max = 100)]")]),
        &[("#[field(min = 0)]", "#[field(min = 0, max = 100)]")],
    );
}

#[test]
fn a_check_that_is_no_limit() {
    check(
        POST,
        Change::Postgres("ALTER TABLE posts ADD CONSTRAINT odd CHECK (views % 2 = 0)"),
        &[(
            "#[can(read)] // everyone\n",
            "#[can(read)] // everyone\n#[db(check = \"(views % 2) = 0\")]\n",
        )],
    );
}

#[test]
fn a_column_is_called_otherwise() {
    run(Case {
        before: POST,
        change: Change::Sql("ALTER TABLE posts RENAME COLUMN title TO headline"),
        answers: renames(&[("public.posts.title", "public.posts.headline")]),
        after: &[
            ("label = title", "label = headline"),
            ("    pub title:   String", "    #[was(\"title\")]\n    pub headline:   String"),
        ],
    });
    run(Case {
        before: POST,
        change: Change::Sql("ALTER TABLE posts RENAME COLUMN title TO \"Head Line\""),
        answers: renames(&[("public.posts.title", "public.posts.Head Line")]),
        after: &[(
            "    pub title:   String",
            "    #[db(column = \"Head Line\")]\n    pub title:   String",
        )],
    });
}

#[test]
fn a_denied_rename_is_a_drop_and_an_add() {
    let mut answers = glaze_converge::hints::Answers::default();
    answers.renames.insert("public.posts.title".to_owned(), None);
    run(Case {
        before: POST,
        change: Change::Sql("ALTER TABLE posts RENAME COLUMN title TO headline"),
        answers,
        after: &[
            ("(label = title)", ""),
            ("    pub title:   String, // odd spaces stay\n", ""),
            ("pub code: String,\n", "pub code: String,\n    pub headline: Text,\n"),
        ],
    });
}

#[test]
fn a_unique_column() {
    check(
        POST,
        Change::Schema(&[("#[field(max = 80)] pub code", "#[field(max = 80)] #[unique] pub code")]),
        &[("#[field(max = 80)] pub code", "#[field(max = 80)] #[unique] pub code")],
    );
}

#[test]
fn comments_are_descriptions() {
    check(
        POST,
        Change::Postgres("COMMENT ON COLUMN posts.body IS 'What it says.'"),
        &[("/// The text.", "/// What it says.")],
    );
    check(
        POST,
        Change::Postgres("COMMENT ON COLUMN posts.body IS NULL"),
        &[("    /// The text.\n", "")],
    );
    check(
        POST,
        Change::Postgres("COMMENT ON TABLE posts IS 'A thing to read.'"),
        &[("/// An article.", "/// A thing to read.")],
    );
}

#[test]
fn generated_columns() {
    check(
        POST,
        Change::Postgres("ALTER TABLE posts ADD COLUMN twice integer GENERATED ALWAYS AS (views * 2) STORED"),
        &[(
            "pub code: String,\n",
            "pub code: String,\n    #[db(generated = \"views * 2\")]\n    pub twice: Option<i32>,\n",
        )],
    );
}

#[test]
fn the_times() {
    check(
        POST,
        Change::Sql("ALTER TABLE posts DROP COLUMN updated_at"),
        &[
            ("label = title", "label = title, timestamps = false"),
            (
                "pub code: String,\n",
                "pub code: String,\n    #[default(now)]\n    pub created_at: DateTime,\n",
            ),
        ],
    );
    check(
        POST,
        Change::Sql("ALTER TABLE posts DROP COLUMN updated_at; ALTER TABLE posts DROP COLUMN created_at"),
        &[("label = title", "label = title, timestamps = false")],
    );
    check(
        POST,
        Change::Postgres("ALTER TABLE posts ALTER COLUMN created_at SET DEFAULT now()"),
        &[(
            "pub code: String,\n",
            "pub code: String,\n    #[db(default = \"now()\")]\n    pub created_at: DateTime,\n",
        )],
    );
}

#[test]
fn a_type_that_only_the_database_knows_keeps_its_check() {
    let text = "use glaze::schema::*;\n\n#[entity]\npub struct Two {\n    pub f0: Vec<String>,\n}\n\n#[blocks]\npub enum Part { Big { text: String } }\n";
    crate::support::block_on(async {
        let mut drifted = crate::Drifted::new("sqlite", text).await;
        let answers = glaze_converge::hints::Answers::default();
        drifted.lead_to_schema(&text.replace("Vec<String>", "Vec<Part>"), &answers).await;
        let accepted = drifted.accept(&answers, None);
        assert!(accepted.left.is_empty(), "{:?}", accepted.left);
        let edited = drifted.edited(&accepted);
        assert!(edited.contains("#[db(check = "), "{edited}");
        assert_eq!(drifted.unsaid(&edited).await, "");
    });
}
