//! Embedded structs, sets of blocks, kinds of block and their fields.

use glaze_model::{BlockKind, BlockSet, Embedded};

use super::*;

const PAGE: &str = "
#[entity]
pub struct Page {
    pub seo: Seo,
    pub parts: Vec<Part>, // top to bottom
}

#[embedded]
pub struct Seo { pub title: String }

/// What a page is made of.
#[blocks]
pub enum Part {
    /// A big picture.
    Hero { heading: String, image: Asset }, // first
    Line,
    // Somebody's words.
    Quote {
        text: String, // said
        by: Option<String>,
    },
}
";

fn kind(name: &str, fields: Vec<Field>) -> BlockKind {
    BlockKind {
        name: name.to_owned(),
        value: String::new(),
        doc: String::new(),
        fields,
    }
}

fn in_kind(kind: &str, field: Field, after: Option<&str>) -> Edit {
    Edit::AddField {
        entity: format!("Part.{kind}"),
        field: Box::new(field),
        after: after.map(str::to_owned),
    }
}

fn from_kind(kind: &str, field: &str) -> Edit {
    Edit::RemoveField {
        entity: format!("Part.{kind}"),
        field: field.to_owned(),
    }
}

#[test]
fn kinds_come_and_go() {
    let add = |kind: BlockKind, after: Option<&str>| Edit::AddBlockKind {
        name: "Part".to_owned(),
        kind,
        after: after.map(str::to_owned),
    };
    let remove = |kind: &str| Edit::RemoveBlockKind {
        name: "Part".to_owned(),
        kind: kind.to_owned(),
    };
    check_back(
        PAGE,
        add(kind("Note", vec![scalar("said", Scalar::Text)]), None),
        &PAGE.replace("    },\n}\n", "    },\n    Note { said: Text },\n}\n"),
        remove("Note"),
    );
    check_back(
        PAGE,
        add(kind("Gap", Vec::new()), Some("Line")),
        &PAGE.replace("    Line,\n", "    Line,\n    Gap,\n"),
        remove("Gap"),
    );
    check(
        PAGE,
        &[remove("Hero")],
        &PAGE.replace("    /// A big picture.\n    Hero { heading: String, image: Asset }, // first\n", ""),
    );
}

#[test]
fn a_renamed_kind_is_the_same_in_content() {
    let rename = |kind: &str, to: &str| Edit::RenameBlockKind {
        name: "Part".to_owned(),
        kind: kind.to_owned(),
        to: to.to_owned(),
    };
    check_back(
        PAGE,
        rename("Line", "Rule"),
        &PAGE.replace("    Line,", "    #[db(value = \"line\")]\n    Rule,"),
        rename("Rule", "Line"),
    );
}

#[test]
fn fields_of_a_kind() {
    check_back(
        PAGE,
        in_kind("Hero", scalar("wide", Scalar::Bool), Some("heading")),
        &PAGE.replace("heading: String, image", "heading: String, wide: bool, image"),
        from_kind("Hero", "wide"),
    );
    check_back(
        PAGE,
        in_kind("Quote", scalar("at", Scalar::Date), None),
        &PAGE.replace("by: Option<String>,\n", "by: Option<String>,\n        at: Date,\n"),
        from_kind("Quote", "at"),
    );
    check(
        PAGE,
        &[in_kind("Line", scalar("width", Scalar::I32), None)],
        &PAGE.replace("    Line,", "    Line { width: i32 },"),
    );
    let mut text = scalar("text", Scalar::Text);
    text.constraints.max = Some(Value::Int(9));
    check(
        PAGE,
        &[Edit::ChangeField {
            entity: "Part.Quote".to_owned(),
            field: "text".to_owned(),
            to: Box::new(text),
        }],
        &PAGE.replace(
            "        text: String, // said",
            "        #[field(max = 9)]\n        text: Text, // said",
        ),
    );
    check(
        PAGE,
        &[Edit::RenameField {
            entity: "Part.Quote".to_owned(),
            field: "by".to_owned(),
            to: "author".to_owned(),
        }],
        &PAGE.replace("        by: Option", "        #[was(\"by\")]\n        author: Option"),
    );
}

#[test]
fn sets_and_embedded_structs() {
    check_back(
        PAGE,
        Edit::AddEmbedded {
            item: Embedded {
                name: "Size".to_owned(),
                doc: "How big.".to_owned(),
                fields: vec![scalar("width", Scalar::I32)],
            },
            file: None,
        },
        &format!("{PAGE}\n/// How big.\n#[embedded]\npub struct Size {{\n    pub width: i32,\n}}\n"),
        Edit::RemoveEmbedded { name: "Size".to_owned() },
    );
    check_back(
        PAGE,
        Edit::AddBlocks {
            item: BlockSet {
                name: "Side".to_owned(),
                doc: String::new(),
                kinds: vec![BlockKind {
                    value: "gap".to_owned(),
                    ..kind("Gap", Vec::new())
                }],
            },
            file: None,
        },
        &format!("{PAGE}\n#[blocks]\npub enum Side {{\n    Gap,\n}}\n"),
        Edit::RemoveBlocks { name: "Side".to_owned() },
    );
    let rename = |name: &str, to: &str| Edit::RenameEmbedded {
        name: name.to_owned(),
        to: to.to_owned(),
    };
    check_back(
        PAGE,
        rename("Seo", "Meta"),
        &PAGE.replace("pub seo: Seo", "pub seo: Meta").replace("struct Seo", "struct Meta"),
        rename("Meta", "Seo"),
    );
    let rename = |name: &str, to: &str| Edit::RenameBlocks {
        name: name.to_owned(),
        to: to.to_owned(),
    };
    check_back(
        PAGE,
        rename("Part", "Piece"),
        &PAGE.replace("Vec<Part>", "Vec<Piece>").replace("enum Part", "enum Piece"),
        rename("Piece", "Part"),
    );
}

#[test]
fn what_is_still_in_use_does_not_go() {
    let refused = |edit: Edit| apply(&[file(PAGE)], &[edit]).expect_err("refused");
    assert!(matches!(
        refused(Edit::RemoveEmbedded { name: "Seo".to_owned() }),
        EditRefused::WouldNotRead(_)
    ));
    assert!(matches!(
        refused(Edit::RemoveBlocks { name: "Part".to_owned() }),
        EditRefused::WouldNotRead(_)
    ));
    assert!(matches!(
        refused(Edit::RemoveBlocks { name: "Seo".to_owned() }),
        EditRefused::NotFound(_)
    ));
}
