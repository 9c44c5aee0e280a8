//! Enums, entities and their attributes.

use super::*;

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
        db_key: Vec::new(),
        db_foreign_keys: Vec::new(),
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
        effect: Effect::Allow,
        when: Some(Expression("me != null".to_owned())),
    });
    check_back(
        PLAIN,
        set(rule.clone()),
        &PLAIN.replace("pub struct", "#[can(read, \"me != null\")]\npub struct"),
        unset(rule),
    );
    // Those that forbid are told apart from those that allow, whatever the order.
    let ruled = PLAIN.replace("pub struct", "#[can(read)]\n#[cannot(read)]\n#[can(create)]\npub struct");
    let denied = Attribute::Rule(Rule {
        action: "read".to_owned(),
        effect: Effect::Deny,
        when: None,
    });
    check(&ruled, &[unset(denied)], &ruled.replace("#[cannot(read)]\n", ""));
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
