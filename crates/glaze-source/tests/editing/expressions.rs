//! Expressions that speak of what is edited.

use super::*;

#[test]
fn expressions_follow_a_renamed_field() {
    let after = JUDGED
        .replace("author.name == title", "author.name == name")
        .replace("r#\"title ==", "r#\"name ==")
        .replace("c.title == title", "c.title == name")
        .replace(
            "\"size( title ) > 3 && \\u{74}itle != 'x\\\\ty'\"",
            "r\"size( name ) > 3 && name != 'x\\ty'\"",
        )
        .replace("index(title", "index(name")
        .replace("title + '!'", "name + '!'")
        .replace("post.title == title", "post.name == title")
        .replace(
            "pub struct Post {\n    pub title",
            "pub struct Post {\n    #[was(\"title\")]\n    pub name",
        );
    check(JUDGED, &[rename("title", "name")], &after);
}

#[test]
fn expressions_follow_a_renamed_value() {
    let edit = Edit::RenameEnumValue {
        name: "Status".to_owned(),
        value: "InReview".to_owned(),
        to: "Checking".to_owned(),
    };
    let after = JUDGED
        .replace("'in_review'", "'checking'")
        .replace("default(InReview)", "default(Checking)")
        .replace("Draft, InReview }", "Draft, #[was(\"InReview\")] Checking }");
    let back = Edit::RenameEnumValue {
        name: "Status".to_owned(),
        value: "Checking".to_owned(),
        to: "InReview".to_owned(),
    };
    check_back(JUDGED, edit, &after, back);
}

#[test]
fn a_field_that_expressions_speak_of_does_not_go() {
    let refused = apply(&[file(JUDGED)], &[remove("title")]).expect_err("refused");
    assert!(
        matches!(&refused, EditRefused::InUse(reason) if reason.contains("title")),
        "{refused}"
    );
    // What is its own goes with it.
    let after = JUDGED.replace("    #[computed(\"title + '!'\")]\n    pub loud: String,\n", "");
    check(JUDGED, &[remove("loud")], &after);
}
