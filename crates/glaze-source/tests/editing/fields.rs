//! Fields: added, removed, renamed, changed.

use super::*;

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
        effect: Effect::Allow,
        when: when.map(|when| Expression(when.to_owned())),
    };
    check(
        text,
        &[change(text, "title", |field| {
            field.rules = vec![rule("update", Some("me != null")), rule("create", None)]
        })],
        "#[entity]\npub struct Post {\n    #[can(update, \"me != null\")]\n    #[can(create)]\n    pub title: String,\n}\n",
    );
    let denied = |action: &str| Rule {
        effect: Effect::Deny,
        ..rule(action, None)
    };
    let text = "#[entity]\npub struct Post {\n    #[cannot(read)]\n    #[can(update)] // all\n    pub title: String,\n}\n";
    check(
        text,
        &[change(text, "title", |field| {
            field.rules = vec![rule("update", None), denied("create"), rule("read", None)]
        })],
        "#[entity]\npub struct Post {\n    #[can(update)] // all\n    #[cannot(create)]\n    #[can(read)]\n    pub title: String,\n}\n",
    );
}
