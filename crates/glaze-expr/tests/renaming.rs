//! Renaming a field or an enum value in expressions; every other byte stays.

mod common;

use glaze_expr::{Mention, mentions, rename_enum_value, rename_field};

fn post(text: &str, of: &str, old: &str, new: &str) -> Option<String> {
    rename_field(&common::model(), "Post", text, of, old, new)
}

#[test]
fn a_field_is_renamed_wherever_it_is_meant() {
    for (text, of, old, new, wanted) in [
        (
            "title == 'title'  &&  this.title != seo.title",
            "Post",
            "title",
            "name",
            "name == 'title'  &&  this.name != seo.title",
        ),
        (
            "title == 'title' && seo.title != null",
            "Seo",
            "title",
            "name",
            "title == 'title' && seo.name != null",
        ),
        ("author.name == title", "User", "name", "full_name", "author.full_name == title"),
        (
            "me.name == author . name",
            "User",
            "name",
            "full_name",
            "me.full_name == author . full_name",
        ),
        (
            "tags.exists(t, t.name == title && size((title)) > 1)",
            "Post",
            "title",
            "x",
            "tags.exists(t, t.name == x && size((x)) > 1)",
        ),
        (
            "tags.exists(name, name.name == title)",
            "Tag",
            "name",
            "label",
            "tags.exists(name, name.label == title)",
        ),
        (
            "tags.exists(t, title == t.name)",
            "Post",
            "title",
            "t",
            "tags.exists(t, this.t == t.name)",
        ),
        ("title != ''", "Post", "title", "now", "this.now != ''"),
        ("before.title != this.title", "Post", "title", "now", "before.now != this.now"),
        ("data.title == title", "Post", "data", "extra", "extra.title == title"),
        (
            "comments.exists(c, c.post.title == title)",
            "Post",
            "title",
            "x",
            "comments.exists(c, c.post.x == x)",
        ),
        (
            "// why\n  title == 'ü' || title == 'x'",
            "Post",
            "title",
            "x",
            "// why\n  x == 'ü' || x == 'x'",
        ),
    ] {
        let renamed = post(text, of, old, new);
        assert_eq!(renamed.as_deref(), Some(wanted), "{text}");
    }
    assert_eq!(post("title == 'x'", "Tag", "name", "label"), None);
    assert_eq!(post("tags.exists(title, title.weight > 1)", "Post", "title", "x"), None);
}

#[test]
fn an_enum_value_is_renamed_where_it_is_that_enum() {
    let rename = |text: &str| rename_enum_value(&common::model(), "Post", text, "PostStatus", "draft", "rough");
    assert_eq!(
        rename("status == 'draft' && title == 'draft'").as_deref(),
        Some("status == 'rough' && title == 'draft'")
    );
    assert_eq!(rename("status != \"draft\"").as_deref(), Some("status != 'rough'"));
    assert_eq!(
        rename("status in ['draft', 'published']").as_deref(),
        Some("status in ['rough', 'published']")
    );
    assert_eq!(rename("title == 'draft'"), None);
}

#[test]
fn mentions_come_in_order() {
    let found = mentions(&common::model(), "Post", "views > 1 && status == 'draft' && author.name != ''");
    let names: Vec<String> = found
        .into_iter()
        .map(|mention| match mention {
            Mention::Field { of, field, .. } => format!("{of}.{field}"),
            Mention::EnumValue { of, value, .. } => format!("{of}'{value}'"),
        })
        .collect();
    assert_eq!(
        names,
        ["Post.views", "Post.status", "PostStatus'draft'", "Post.author", "User.name"]
    );
}
