//! Edits: the text before, the edit, the text after. The helper asks of every case that it holds with other line endings and
//! without a final newline as well, and, where an inverse is given, that it restores the file.

mod blocks;
mod declarations;
mod entries;
mod expressions;
mod fields;
mod whole;

use glaze_model::{
    DefaultValue, Effect, Entity, EnumType, EnumValue, Expression, Field, FieldKind, Index, IndexPart, Inverse, Many, OnDelete, Ref, Rule,
    Scalar, Value,
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
            Edit::AddEntity { .. }
                | Edit::AddEnum { .. }
                | Edit::RemoveEntity { .. }
                | Edit::RemoveEnum { .. }
                | Edit::AddEmbedded { .. }
                | Edit::RemoveEmbedded { .. }
                | Edit::AddBlocks { .. }
                | Edit::RemoveBlocks { .. }
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
