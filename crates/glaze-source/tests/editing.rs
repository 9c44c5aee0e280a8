//! Edits: the text before, the edit, the text after. The helper asks of every case that it holds with other line endings and
//! without a final newline as well, and, where an inverse is given, that it restores the file.

use glaze_model::{
    DefaultValue, Entity, EnumType, EnumValue, Expression, Field, FieldKind, Index, IndexPart, Inverse, Many, OnDelete, Ref, Rule, Scalar,
    Value,
};
use glaze_source::edit::{Attribute, Edit, EditRefused, apply};
use glaze_source::{SourceFile, read, render};

fn file(text: &str) -> SourceFile {
    SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    }
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let files = [file(text)];
    match apply(&files, edits) {
        Ok(changed) => changed.into_iter().next().map_or_else(|| text.to_owned(), |file| file.text),
        Err(EditRefused::DoesNotRead(found) | EditRefused::WouldNotRead(found)) => panic!("{}", render(&found, &files, false)),
        Err(refused) => panic!("{refused}\n{text}"),
    }
}

fn check(before: &str, edits: &[Edit], after: &str) {
    let before = before.trim_start_matches('\n');
    let after = after.trim_start_matches('\n');
    assert_eq!(edited(before, edits), after);
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(edited(&crlf(before), edits), crlf(after), "with CRLF");
    let marked = |text: &str| format!("\u{feff}{text}");
    assert_eq!(edited(&marked(before), edits), marked(after), "with a byte order mark");
    let appends = edits.iter().any(|edit| {
        matches!(
            edit,
            Edit::AddEntity { .. } | Edit::AddEnum { .. } | Edit::RemoveEntity { .. } | Edit::RemoveEnum { .. }
        )
    });
    if !appends {
        assert_eq!(edited(before.trim_end(), edits), after.trim_end(), "without a final newline");
    }
}

/// The edit and then its inverse.
fn check_back(before: &str, edit: Edit, after: &str, inverse: Edit) {
    check(before, &[edit], after);
    check(after, &[inverse], before);
}

fn scalar(name: &str, scalar: Scalar) -> Field {
    Field {
        columns: Vec::new(),
        ..Field::new(name, FieldKind::Scalar(scalar))
    }
}

fn add(field: Field, after: Option<&str>) -> Edit {
    Edit::AddField {
        entity: "Post".to_owned(),
        field: Box::new(field),
        after: after.map(str::to_owned),
    }
}

fn remove(field: &str) -> Edit {
    Edit::RemoveField {
        entity: "Post".to_owned(),
        field: field.to_owned(),
    }
}

fn rename(field: &str, to: &str) -> Edit {
    Edit::RenameField {
        entity: "Post".to_owned(),
        field: field.to_owned(),
        to: to.to_owned(),
    }
}

/// The field `Post.<name>` of this text, changed.
fn change(text: &str, name: &str, with: impl Fn(&mut Field)) -> Edit {
    let model = read(&[file(text)]).model.expect("the text reads");
    let mut to = model
        .entity("Post")
        .and_then(|post| post.field(name))
        .expect("the field is there")
        .clone();
    with(&mut to);
    Edit::ChangeField {
        entity: "Post".to_owned(),
        field: name.to_owned(),
        to: Box::new(to),
    }
}

const PLAIN: &str = "
#[entity]
pub struct Post {
    pub title: String, // what people see
    // The text itself.
    pub body: Text,
}
";

#[test]
fn a_field_is_added_after_the_comment_of_its_neighbour() {
    check_back(
        PLAIN,
        add(scalar("views", Scalar::I32), Some("title")),
        "
#[entity]
pub struct Post {
    pub title: String, // what people see
    pub views: i32,
    // The text itself.
    pub body: Text,
}
",
        remove("views"),
    );
}

#[test]
fn a_field_is_added_at_the_end_first_and_with_attributes() {
    let mut field = scalar("views", Scalar::I32);
    field.doc = "How often it was read.\nRoughly.".to_owned();
    field.default = Some(DefaultValue::Literal(Value::Int(0)));
    field.unique = true;
    check_back(
        PLAIN,
        add(field, None),
        "
#[entity]
pub struct Post {
    pub title: String, // what people see
    // The text itself.
    pub body: Text,
    /// How often it was read.
    /// Roughly.
    #[unique]
    #[default(0)]
    pub views: i32,
}
",
        remove("views"),
    );
    check_back(
        PLAIN,
        add(scalar("views", Scalar::I32), Some("id")),
        "
#[entity]
pub struct Post {
    pub views: i32,
    pub title: String, // what people see
    // The text itself.
    pub body: Text,
}
",
        remove("views"),
    );
}

#[test]
fn a_missing_comma_is_put_before_the_comment() {
    check(
        "
#[entity]
struct Post {
\ttitle: String // no comma
\t/* and a comment
\t   of two lines */
}
",
        &[add(scalar("views", Scalar::I32), None)],
        "
#[entity]
struct Post {
\ttitle: String, // no comma
\tviews: i32,
\t/* and a comment
\t   of two lines */
}
",
    );
}

#[test]
fn one_line_stays_one_line() {
    let text = "#[entity] pub struct Post { pub title: String, pub body: Text }\n";
    check_back(
        text,
        add(scalar("views", Scalar::I32), None),
        "#[entity] pub struct Post { pub title: String, pub body: Text, pub views: i32 }\n",
        remove("views"),
    );
    check_back(
        text,
        add(scalar("views", Scalar::I32), Some("title")),
        "#[entity] pub struct Post { pub title: String, pub views: i32, pub body: Text }\n",
        remove("views"),
    );
    check(text, &[remove("title")], "#[entity] pub struct Post { pub body: Text }\n");
    let mut described = scalar("views", Scalar::I32);
    described.doc = "Seen.".to_owned();
    check(
        text,
        &[add(described, None)],
        "#[entity] pub struct Post { pub title: String, pub body: Text, #[doc = \" Seen.\"] pub views: i32 }\n",
    );
}

#[test]
fn an_empty_body_gets_its_first_field() {
    let expected = "#[entity]\npub struct Post {\n    pub title: String,\n}\n";
    for body in ["{}", "{ }", "{\n}"] {
        check(
            &format!("#[entity]\npub struct Post {body}\n"),
            &[add(scalar("title", Scalar::String), None)],
            expected,
        );
    }
    check(
        "#[entity]\npub struct Post { // nothing yet\n    // really\n}\n",
        &[add(scalar("title", Scalar::String), None)],
        "#[entity]\npub struct Post { // nothing yet\n    // really\n    pub title: String,\n}\n",
    );
}

#[test]
fn a_field_goes_with_its_line_and_leaves_the_others() {
    check(
        "
#[entity( label=title ,icon = \"x\" )]
pub struct Post {

    /// Seen everywhere.
    #[field( max=200 )]   // odd formatting
    #[unique] pub title : String , // goes too
    pub  body:Text,

    #[slug( from=title )] // from the title
    pub slug: Slug
    // last words
}
",
        &[remove("title")],
        "
#[entity( icon = \"x\" )]
pub struct Post {

    pub  body:Text,

    pub slug: Slug
    // last words
}
",
    );
}

const NAMED: &str = "
#[entity(label = title)]
#[index(body, title desc, unique)] // both
#[unique(title, body)]
pub struct Post {
    pub title: String,
    pub body: Text,
    #[slug(from = title)]
    pub slug: Slug,
    #[inverse(post)]
    pub comments: Many<Comment>,
}

#[entity]
pub struct Comment {
    pub post: Ref<Post>,
    pub title: String,
}
";

#[test]
fn a_renamed_field_is_followed_by_what_names_it() {
    check_back(
        NAMED,
        rename("title", "type"),
        "
#[entity(label = type)]
#[index(body, type desc, unique)] // both
#[unique(type, body)]
pub struct Post {
    #[was(\"title\")]
    pub r#type: String,
    pub body: Text,
    #[slug(from = type)]
    pub slug: Slug,
    #[inverse(post)]
    pub comments: Many<Comment>,
}

#[entity]
pub struct Comment {
    pub post: Ref<Post>,
    pub title: String,
}
",
        rename("type", "title"),
    );
}

#[test]
fn a_renamed_reference_is_followed_by_its_other_side() {
    let rename = |field: &str, to: &str| Edit::RenameField {
        entity: "Comment".to_owned(),
        field: field.to_owned(),
        to: to.to_owned(),
    };
    let after = NAMED
        .replace("inverse(post)", "inverse(article)")
        .replace("    pub post:", "    #[was(\"post\")]\n    pub article:");
    check_back(NAMED, rename("post", "article"), &after, rename("article", "post"));
}

#[test]
fn the_first_of_a_chain_of_renames_counts() {
    let after = PLAIN.replace("    pub title: String,", "    #[was(\"title\")]\n    pub heading: String,");
    check(PLAIN, &[rename("title", "name"), rename("name", "heading")], &after);
}

#[test]
fn only_what_changes_in_a_field_is_touched() {
    let text = "
#[entity]
pub struct Post {
    /// Old words.
    #[field( max=200,pattern = \"^a\" , help = \"h\")] // limits
    #[db(column=\"Title\" )]
    pub title : String , // seen
    pub body: Text,
}
";
    let after = |from: &str, to: &str| text.replace(from, to);
    let int = |value: i64| Some(Value::Int(value));
    check(
        text,
        &[change(text, "title", |field| field.constraints.max = int(100))],
        &after("max=200", "max=100"),
    );
    check(
        text,
        &[change(text, "title", |field| field.constraints.max = None)],
        &after("max=200,pattern", "pattern"),
    );
    check(
        text,
        &[change(text, "title", |field| field.constraints.pattern = None)],
        &after("max=200,pattern = \"^a\" ", "max=200 "),
    );
    check(
        text,
        &[change(text, "title", |field| field.constraints.min = int(1))],
        &after("\"h\")]", "\"h\", min = 1)]"),
    );
    check(
        text,
        &[change(text, "title", |field| field.columns = vec!["title".to_owned()])],
        &after("    #[db(column=\"Title\" )]\n", ""),
    );
    check(
        text,
        &[change(text, "title", |field| field.doc = "New.\nWords.".to_owned())],
        &after("/// Old words.", "/// New.\n    /// Words."),
    );
    check(
        text,
        &[change(text, "title", |field| field.doc = String::new())],
        &after("    /// Old words.\n", ""),
    );
    check(
        text,
        &[change(text, "title", |field| field.nullable = true)],
        &after("title : String ,", "title : Option<String> ,"),
    );
    check(
        text,
        &[change(text, "body", |field| field.unique = true)],
        &after("    pub body", "    #[unique]\n    pub body"),
    );
    check(
        text,
        &[change(text, "body", |field| field.doc = "B.".to_owned())],
        &after("    pub body", "    /// B.\n    pub body"),
    );
}

#[test]
fn a_field_becomes_a_reference() {
    let text = NAMED.replace("    pub title: String,\n    pub body", "    pub title: String, // t\n    pub body");
    let kind = FieldKind::Ref(Ref {
        target: "Comment".to_owned(),
        on_delete: OnDelete::SetNull,
    });
    let edit = change(&text, "body", |field| {
        field.kind = kind.clone();
        field.nullable = true;
    });
    let after = text.replace(
        "    pub body: Text,",
        "    #[on_delete(set_null)]\n    pub body: Option<Ref<Comment>>,",
    );
    check(&text, &[edit], &after);
}

#[test]
fn policies_of_a_field_are_a_list() {
    let text = "#[entity]\npub struct Post {\n    #[can(read)] // all\n    #[can(update, \"me != null\")]\n    pub title: String,\n}\n";
    let rule = |action: &str, when: Option<&str>| Rule {
        action: action.to_owned(),
        when: when.map(|when| Expression(when.to_owned())),
    };
    check(
        text,
        &[change(text, "title", |field| {
            field.rules = vec![rule("update", Some("me != null")), rule("create", None)]
        })],
        "#[entity]\npub struct Post {\n    #[can(update, \"me != null\")]\n    #[can(create)]\n    pub title: String,\n}\n",
    );
}

const STATUS: &str = "
#[entity]
pub struct Post {
    #[default(Draft)]
    pub status: Status,
    #[default([ Draft,  Live ])]
    pub all: Vec<Status>,
}

pub enum Status { Draft, Live }
";

#[test]
fn values_of_an_enum() {
    let value = |name: &str, value: &str| EnumValue {
        name: name.to_owned(),
        value: value.to_owned(),
        doc: String::new(),
        was: None,
    };
    let added = |value: EnumValue, after: Option<&str>| Edit::AddEnumValue {
        name: "Status".to_owned(),
        value,
        after: after.map(str::to_owned),
    };
    let removed = |value: &str| Edit::RemoveEnumValue {
        name: "Status".to_owned(),
        value: value.to_owned(),
    };
    let renamed = |value: &str, to: &str| Edit::RenameEnumValue {
        name: "Status".to_owned(),
        value: value.to_owned(),
        to: to.to_owned(),
    };
    check_back(
        STATUS,
        added(value("Old", "old"), None),
        &STATUS.replace("Live }", "Live, Old }"),
        removed("Old"),
    );
    check_back(
        STATUS,
        added(value("InReview", "rev"), Some("Draft")),
        &STATUS.replace("Draft, Live }", "Draft, #[db(value = \"rev\")] InReview, Live }"),
        removed("InReview"),
    );
    check_back(
        STATUS,
        renamed("Draft", "Idea"),
        &STATUS
            .replace("default(Draft)", "default(Idea)")
            .replace("[ Draft,", "[ Idea,")
            .replace("{ Draft", "{ #[was(\"Draft\")] Idea"),
        renamed("Idea", "Draft"),
    );
    let lines = STATUS.replace("{ Draft, Live }", "{\n    /// Not yet.\n    Draft, // d\n    Live // l\n}");
    check_back(
        &lines.replace("Live //", "Live, //"),
        added(value("Old", "old"), None),
        &lines.replace("Live // l\n", "Live, // l\n    Old,\n"),
        removed("Old"),
    );
    check(
        &lines,
        &[renamed("Live", "Public")],
        &lines
            .replace("    Live //", "    #[was(\"Live\")]\n    Public //")
            .replace("Live ])", "Public ])"),
    );
}

#[test]
fn declarations_are_added_at_the_end_and_removed_with_an_empty_line() {
    let entity = Entity {
        id: None,
        name: "Tag".to_owned(),
        schema: None,
        table: "tags".to_owned(),
        doc: "A word.".to_owned(),
        label: None,
        icon: None,
        ownership: Default::default(),
        internal: false,
        key: vec!["name".to_owned()],
        fields: vec![
            scalar("name", Scalar::String),
            Field {
                columns: Vec::new(),
                ..Field::new(
                    "posts",
                    FieldKind::Many(Many {
                        target: "Post".to_owned(),
                        schema: None,
                        table: String::new(),
                        from_columns: Vec::new(),
                        to_columns: Vec::new(),
                        owner: true,
                    }),
                )
            },
        ],
        indexes: Vec::new(),
        uniques: Vec::new(),
        rules: Vec::new(),
        validations: Vec::new(),
        db_checks: Vec::new(),
        extends: None,
        was: None,
    };
    check_back(
        PLAIN,
        Edit::AddEntity {
            entity: Box::new(entity),
            file: None,
        },
        &format!(
            "{PLAIN}\n/// A word.\n#[entity(timestamps = false)]\npub struct Tag {{\n    #[id]\n    pub name: String,\n    pub posts: Many<Post>,\n}}\n"
        ),
        Edit::RemoveEntity { entity: "Tag".to_owned() },
    );
    let value = EnumValue {
        name: "High".to_owned(),
        value: "high".to_owned(),
        doc: String::new(),
        was: None,
    };
    let item = EnumType {
        id: None,
        name: "Level".to_owned(),
        schema: None,
        db_name: "level".to_owned(),
        native: true,
        doc: String::new(),
        values: vec![value],
        was: None,
    };
    check_back(
        PLAIN,
        Edit::AddEnum { item, file: None },
        &format!("{PLAIN}\npub enum Level {{\n    High,\n}}\n"),
        Edit::RemoveEnum { name: "Level".to_owned() },
    );
}

#[test]
fn a_renamed_declaration_is_followed_by_types() {
    let text = "
#[entity]
pub struct Post {
    pub status: Status,
    pub tags: Many<Tag>,
    pub next: Option<Ref<Post>>,
    pub any: AnyOf<(Tag, Post)>,
}

#[entity]
pub struct Tag {
    #[inverse(tags)]
    pub posts: Many< Post >,
}

pub enum Status { A }
";
    check_back(
        text,
        Edit::RenameEntity {
            entity: "Post".to_owned(),
            to: "Article".to_owned(),
        },
        &text
            .replace("Ref<Post>", "Ref<Article>")
            .replace("Tag, Post", "Tag, Article")
            .replace("< Post >", "< Article >")
            .replace("pub struct Post", "#[was(\"Post\")]\npub struct Article"),
        Edit::RenameEntity {
            entity: "Article".to_owned(),
            to: "Post".to_owned(),
        },
    );
    check_back(
        text,
        Edit::RenameEnum {
            name: "Status".to_owned(),
            to: "State".to_owned(),
        },
        &text
            .replace("status: Status", "status: State")
            .replace("pub enum Status", "#[was(\"Status\")]\npub enum State"),
        Edit::RenameEnum {
            name: "State".to_owned(),
            to: "Status".to_owned(),
        },
    );
}

#[test]
fn attributes_of_an_entity() {
    let set = |attribute: Attribute| Edit::SetAttribute {
        entity: "Post".to_owned(),
        attribute,
    };
    let unset = |attribute: Attribute| Edit::RemoveAttribute {
        entity: "Post".to_owned(),
        attribute,
    };
    let label = Attribute::Label("title".to_owned());
    check_back(
        PLAIN,
        set(label.clone()),
        &PLAIN.replace("#[entity]", "#[entity(label = title)]"),
        unset(label.clone()),
    );
    let labelled = PLAIN.replace("#[entity]", "#[entity( label=body,icon = \"a\")]");
    check(&labelled, &[set(label.clone())], &labelled.replace("label=body", "label=title"));
    check(&labelled, &[unset(label)], &labelled.replace("label=body,", ""));
    let rule = Attribute::Rule(Rule {
        action: "read".to_owned(),
        when: Some(Expression("me != null".to_owned())),
    });
    check_back(
        PLAIN,
        set(rule.clone()),
        &PLAIN.replace("pub struct", "#[can(read, \"me != null\")]\npub struct"),
        unset(rule),
    );
    let parts = vec![IndexPart::Field {
        name: "title".to_owned(),
        desc: true,
    }];
    let index = Attribute::Index(Index {
        name: None,
        parts,
        unique: true,
        method: None,
        filter: None,
        db_filter: None,
    });
    check_back(
        PLAIN,
        set(index.clone()),
        &PLAIN.replace("pub struct", "#[index(title desc, unique)]\npub struct"),
        unset(index),
    );
    let unique = Attribute::Unique(vec!["title".to_owned(), "body".to_owned()]);
    check_back(
        PLAIN,
        set(unique.clone()),
        &PLAIN.replace("pub struct", "#[unique(title, body)]\npub struct"),
        unset(unique),
    );
    let doc = Attribute::Doc("A post.".to_owned());
    check_back(
        PLAIN,
        set(doc.clone()),
        &PLAIN.replace("#[entity]", "/// A post.\n#[entity]"),
        unset(doc),
    );
    let table = Attribute::Table("articles".to_owned());
    check_back(
        PLAIN,
        set(table.clone()),
        &PLAIN.replace("pub struct", "#[db(table = \"articles\")]\npub struct"),
        unset(table),
    );
    let checked = PLAIN.replace("pub struct", "#[db(check = \"a\", table = \"t\", check = \"b\")]\npub struct");
    check(
        &checked,
        &[unset(Attribute::DbCheck("a".to_owned()))],
        &checked.replace("check = \"a\", ", ""),
    );
    check(
        &checked,
        &[unset(Attribute::DbCheck("b".to_owned()))],
        &checked.replace(", check = \"b\"", ""),
    );
}

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

const JUDGED: &str = "
#[entity]
#[can(read, \"status == 'in_review' || author.name == title\")]
#[can(update, r#\"title == \"a\" && comments.exists(c, c.title == title)\"#)]
#[rule(\"size( title ) > 3 && \\u{74}itle != 'x\\\\ty'\", \"title!\")]
#[index(title, where = \"status == 'draft'\")]
pub struct Post {
    pub title: String,
    pub author: Ref<User>,
    #[default(InReview)]
    pub status: Status,
    #[inverse(post)]
    pub comments: Many<Comment>,
    #[computed(\"title + '!'\")]
    pub loud: String,
}

#[entity]
#[can(read, \"post.title == title && post.status != 'in_review'\")]
pub struct Comment {
    pub post: Ref<Post>,
    pub title: String,
}

pub enum Status { Draft, InReview }
";

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
