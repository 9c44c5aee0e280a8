//! Values in other places and words, keys, times, and former names that have done their work.

use super::*;

const LINES: &str = "
#[entity]
pub struct Post {
    #[default(Live)]
    pub status: Status,
}

/// How far.
pub enum Status {
    Draft, // d
    /// Not yet.
    InReview,
    Live // l
}
";

fn moved(value: &str, after: Option<&str>) -> Edit {
    Edit::MoveEnumValue {
        name: "Status".to_owned(),
        value: value.to_owned(),
        after: after.map(str::to_owned),
    }
}

#[test]
fn values_change_place_with_their_comments() {
    let commas = LINES.replace("Live //", "Live, //");
    check_back(
        &commas,
        moved("Draft", Some("InReview")),
        &commas
            .replace("    Draft, // d\n", "")
            .replace("    InReview,\n", "    InReview,\n    Draft, // d\n"),
        moved("Draft", None),
    );
    check_back(
        &commas,
        moved("Live", None),
        &commas
            .replace("    Live, // l\n", "")
            .replace("    Draft, // d", "    Live, // l\n    Draft, // d"),
        moved("Live", Some("InReview")),
    );
    check(
        LINES,
        &[moved("Live", None)],
        &LINES
            .replace("    Live // l\n", "")
            .replace("    Draft, // d", "    Live, // l\n    Draft, // d"),
    );
    check(
        LINES,
        &[moved("Draft", Some("Live"))],
        &LINES
            .replace("    Draft, // d\n", "")
            .replace("    Live // l\n", "    Live, // l\n    Draft, // d\n"),
    );
    check_back(
        STATUS,
        moved("Live", None),
        &STATUS.replace("Draft, Live }", "Live, Draft }"),
        moved("Live", Some("Draft")),
    );
}

#[test]
fn a_value_is_written_otherwise() {
    let change = |value: &str, doc: &str| Edit::ChangeEnumValue {
        name: "Status".to_owned(),
        value: "InReview".to_owned(),
        to: EnumValue {
            name: "InReview".to_owned(),
            value: value.to_owned(),
            doc: doc.to_owned(),
            was: None,
        },
    };
    check_back(
        LINES,
        change("rev", "Soon."),
        &LINES
            .replace("/// Not yet.", "/// Soon.")
            .replace("    InReview,", "    #[db(value = \"rev\")]\n    InReview,"),
        change("in_review", "Not yet."),
    );
    check(
        JUDGED,
        &[change("rev", "")],
        &JUDGED
            .replace("'in_review'", "'rev'")
            .replace("Draft, InReview }", "Draft, #[db(value = \"rev\")] InReview }"),
    );
}

#[test]
fn an_enum_is_stored_otherwise() {
    let change = |db_name: &str, native: bool| Edit::ChangeEnum {
        name: "Status".to_owned(),
        to: {
            let mut item = read(&[file(LINES)])
                .model
                .and_then(|model| model.enum_type("Status").cloned())
                .expect("it is there");
            item.db_name = db_name.to_owned();
            item.native = native;
            item
        },
    };
    check_back(
        LINES,
        change("the_status", false),
        &LINES.replace("pub enum", "#[db(type = \"the_status\", native = false)]\npub enum"),
        change("status", true),
    );
}

#[test]
fn a_value_that_expressions_speak_of_does_not_go() {
    let edit = Edit::RemoveEnumValue {
        name: "Status".to_owned(),
        value: "InReview".to_owned(),
    };
    assert!(matches!(
        apply(&[file(JUDGED)], &[edit]).expect_err("refused"),
        EditRefused::InUse(_)
    ));
}

#[test]
fn times_and_keys() {
    let set = |attribute: Attribute| Edit::SetAttribute {
        entity: "Post".to_owned(),
        attribute,
    };
    check_back(
        PLAIN,
        set(Attribute::Timestamps(false)),
        &PLAIN.replace("#[entity]", "#[entity(timestamps = false)]"),
        set(Attribute::Timestamps(true)),
    );
    let key = |names: &[&str]| set(Attribute::Key(names.iter().map(|name| (*name).to_owned()).collect()));
    check_back(
        PLAIN,
        key(&["title"]),
        &PLAIN.replace("    pub title", "    #[id]\n    pub title"),
        key(&["id"]),
    );
    check_back(
        PLAIN,
        key(&["body", "title"]),
        &PLAIN
            .replace("    pub title", "    #[id(2)]\n    pub title")
            .replace("    pub body", "    #[id(1)]\n    pub body"),
        key(&["id"]),
    );
    check_back(PLAIN, key(&[]), &PLAIN.replace("#[entity]", "#[entity(id = false)]"), key(&["id"]));
}

#[test]
fn a_field_that_is_there_by_itself_is_written_when_it_differs() {
    let plain = change(PLAIN, "created_at", |field| field.columns = vec!["made".to_owned()]);
    check(
        PLAIN,
        &[plain],
        &PLAIN.replace(
            "    pub body: Text,\n",
            "    pub body: Text,\n    #[db(column = \"made\")]\n    pub created_at: DateTime,\n",
        ),
    );
}

#[test]
fn former_names_go_when_they_have_done_their_work() {
    let text = "
#[was(\"Entry\")] // once
#[entity]
pub struct Post {
    #[was(\"name\")]
    pub title: String, // t
    pub status: Status,
}

#[was(\"State\")]
pub enum Status {
    #[was(\"Open\")]
    Draft,
}
";
    let remove = |of: &str| Edit::RemoveWas { of: of.to_owned() };
    check(
        text,
        &[remove("Post"), remove("Post.title"), remove("Status"), remove("Status.Draft")],
        &text
            .replace("#[was(\"Entry\")] // once\n", "")
            .replace("    #[was(\"name\")]\n", "")
            .replace("#[was(\"State\")]\n", "")
            .replace("    #[was(\"Open\")]\n", ""),
    );
    assert!(matches!(
        apply(&[file(PLAIN)], &[remove("Post")]).expect_err("refused"),
        EditRefused::NotFound(_)
    ));
}
