//! A selection of items, what is taken along, what waits for an answer, what cannot be said, and conflicts.

use std::collections::BTreeMap;

use glaze_converge::accept::{self, Accepting, Side};
use glaze_converge::hints::Answers;

use crate::support::{DIALECTS, block_on, model};
use crate::{Drifted, intend, keys, renames};

const POST: &str = r#"use glaze::schema::*;

#[entity(timestamps = false)]
#[index(title)] // by title
#[can(read, "kind == 'open'")]
pub struct Post {
    pub title: String,
    pub body: Option<Text>, // the text
    pub kind: Text,
    pub rating: i32,
}

#[entity(timestamps = false)]
pub struct Tag { pub word: String }
"#;

fn names(items: impl IntoIterator<Item = accept::ItemKey>) -> Vec<String> {
    items.into_iter().map(|key| key.to_string()).collect()
}

/// The case on each database, after these statements.
fn each(sql: &str, test: impl AsyncFn(&mut Drifted, &str)) {
    for dialect in DIALECTS {
        block_on(async {
            let mut drifted = Drifted::new(dialect, POST).await;
            drifted.sql(sql).await;
            test(&mut drifted, dialect).await;
        });
    }
}

#[test]
fn only_what_is_chosen_is_taken() {
    each(
        "ALTER TABLE posts ADD COLUMN note text; ALTER TABLE posts DROP COLUMN body; ALTER TABLE tags ADD COLUMN colour text",
        async |drifted, dialect| {
            let mut answers = Answers::default();
            let from = if dialect == "postgres" { "public.posts.body" } else { "posts.body" };
            answers.renames.insert(from.to_owned(), None);
            let all = accept::items(&drifted.accepting(&answers, None), &*drifted.place.dialect);
            assert_eq!(
                names(all.into_iter().map(|item| item.key)),
                ["post.body", "post.note", "tag.colour"]
            );
            let only = keys("post.note");
            let accepted = drifted.accept(&answers, Some(&only));
            assert_eq!(names(accepted.taken.clone()), ["post.note"]);
            assert_eq!(
                drifted.edited(&accepted),
                POST.replace("    pub rating: i32,\n", "    pub rating: i32,\n    pub note: Option<Text>,\n")
            );
            let only = keys("post");
            assert_eq!(names(drifted.accept(&answers, Some(&only)).taken), ["post.body", "post.note"]);
            let rejected = accept::reject(&drifted.accepting(&answers, Some(&keys("tag.colour"))), &*drifted.place.dialect).unwrap();
            let steps: Vec<&str> = rejected.plan.steps().map(|step| step.kind()).collect();
            assert_eq!(steps, ["column.drop"]);
            let costs = rejected.costs(&*drifted.place.dialect, &*drifted.place.database).await.unwrap();
            assert_eq!(costs.len(), 1);
        },
    );
}

#[test]
fn what_the_chosen_needs_comes_along() {
    each(
        "DROP INDEX posts_title_idx; ALTER TABLE posts DROP COLUMN title",
        async |drifted, _| {
            let only = keys("post.title");
            let accepted = drifted.accept(&Answers::default(), Some(&only));
            assert_eq!(names(accepted.along.into_iter().map(|along| along.key)), ["post.#index(title)"]);
            assert_eq!(names(accepted.taken), ["post.title", "post.#index(title)"]);
        },
    );
}

#[test]
fn what_may_be_a_rename_waits_for_the_answer() {
    each("ALTER TABLE posts RENAME COLUMN body TO content", async |drifted, _| {
        let accepted = drifted.accept(&Answers::default(), None);
        assert_eq!(accepted.questions.len(), 1, "{:?}", accepted.questions);
        assert_eq!(
            names(accepted.left.iter().map(|left| left.key.clone())),
            ["post.body", "post.content"]
        );
        assert!(accepted.edits.is_empty());
        assert!(
            accepted.left[0].reason.contains("may have been renamed"),
            "{}",
            accepted.left[0].reason
        );
    });
}

#[test]
fn what_something_else_speaks_of_is_left_with_the_reason() {
    each(
        "ALTER TABLE posts DROP COLUMN kind; ALTER TABLE tags ADD COLUMN colour text",
        async |drifted, _| {
            let accepted = drifted.accept(&Answers::default(), None);
            assert_eq!(names(accepted.taken.clone()), ["tag.colour"]);
            assert!(accepted.left[0].reason.contains("kind == 'open'"), "{}", accepted.left[0].reason);
            assert!(drifted.edited(&accepted).contains("pub colour: Option<Text>"));
        },
    );
}

#[test]
fn what_is_not_there_cannot_be_chosen() {
    each("ALTER TABLE tags ADD COLUMN colour text", async |drifted, _| {
        let error = accept::edits(
            &drifted.accepting(&Answers::default(), Some(&keys("post.title"))),
            &*drifted.place.dialect,
        )
        .unwrap_err();
        assert!(error.to_string().contains("`post.title`"), "{error}");
    });
}

#[test]
fn the_same_change_on_both_sides_is_no_conflict() {
    each("ALTER TABLE posts ADD COLUMN note text", async |drifted, _| {
        let text = POST.replace("    pub rating: i32,\n", "    pub rating: i32,\n    pub note: Option<Text>,\n");
        let code = model(&text);
        let answers = Answers::default();
        let accepting = Accepting {
            code: &code,
            ..drifted.accepting(&answers, None)
        };
        let found = accept::conflicts(&accepting, &*drifted.place.dialect).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].same, "{found:#?}");
        let accepted = accept::edits(&accepting, &*drifted.place.dialect).unwrap();
        assert!(accepted.edits.is_empty() && accepted.left.is_empty(), "{accepted:#?}");
    });
}

#[test]
fn a_conflict_is_decided_item_by_item() {
    each(
        "ALTER TABLE posts ADD COLUMN note text; ALTER TABLE tags ADD COLUMN colour text",
        async |drifted, dialect| {
            let text = POST
                .replace("    pub rating: i32,\n", "    pub rating: i32,\n    pub note: Option<i64>,\n")
                .replace("word: String }", "word: String, pub colour: Option<bool> }");
            let code = model(&text);
            let answers = Answers::default();
            let accepting = Accepting {
                code: &code,
                origin: &drifted.code,
                intend: &intend,
                ..drifted.accepting(&answers, None)
            };
            let found = accept::conflicts(&accepting, &*drifted.place.dialect).unwrap();
            assert_eq!(
                found.iter().map(|conflict| conflict.key.to_string()).collect::<Vec<_>>(),
                ["post.note", "tag.colour"]
            );
            assert!(found.iter().all(|conflict| !conflict.same));
            let undecided = accept::resolve(&accepting, &BTreeMap::new(), &*drifted.place.dialect).unwrap();
            assert_eq!(undecided.accepted.left.len(), 2);
            let sides = BTreeMap::from([
                (keys("post.note").remove(0), Side::Database),
                (keys("tag.colour").remove(0), Side::Code),
            ]);
            let resolved = accept::resolve(&accepting, &sides, &*drifted.place.dialect).unwrap();
            assert!(resolved.accepted.left.is_empty(), "{:?}", resolved.accepted.left);
            let edited = Drifted::edited_text(&text, &resolved.accepted);
            assert_eq!(edited, text.replace("note: Option<i64>", "note: Option<Text>"));
            let objects: BTreeMap<String, &str> = resolved.plan.steps().map(|step| (step.object(), step.kind())).collect();
            let colour = if dialect == "postgres" {
                "public.tags.colour"
            } else {
                "tags.colour"
            };
            assert_eq!(objects.get(colour), Some(&"column.type"), "{objects:?}");
            assert!(!objects.keys().any(|object| object.ends_with("note")), "{objects:?}");
        },
    );
}

#[test]
fn a_rename_that_is_not_chosen_is_no_matter() {
    each(
        "ALTER TABLE posts RENAME COLUMN body TO content; ALTER TABLE tags ADD COLUMN colour text",
        async |drifted, dialect| {
            let answers = match dialect {
                "postgres" => renames(&[("public.posts.body", "public.posts.content")]),
                _ => renames(&[("posts.body", "posts.content")]),
            };
            let all = accept::items(&drifted.accepting(&answers, None), &*drifted.place.dialect);
            assert_eq!(names(all.into_iter().map(|item| item.key)), ["post.body", "tag.colour"]);
            let only = keys("tag.colour");
            assert_eq!(names(drifted.accept(&answers, Some(&only)).taken), ["tag.colour"]);
        },
    );
}
