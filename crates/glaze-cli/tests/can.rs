//! `glaze can`: whether somebody may do something, and why.

mod support;

use support::Project;

const SCHEMA: &str = r#"
use glaze::schema::*;

#[entity(label = title, timestamps = false)]
#[can(read, "open")]
#[can(read, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles")]
#[cannot(update, "locked == true")]
pub struct Note {
    #[id]
    pub code: String,
    pub title: String,
    pub open: bool,
    pub locked: Option<bool>,
    #[can(read, "'editor' in me.roles")]
    pub remark: Option<String>,
}
"#;

fn project() -> Project {
    let project = Project::new("blank");
    project.write("schema.rs", SCHEMA);
    project.write(
        "seed.json",
        r#"[{"entity": "Note", "entries": [
            {"code": "a", "title": "A", "open": true, "locked": true},
            {"code": "b", "title": "B", "open": false}
        ]}]"#,
    );
    project.ok(&["seed"]);
    project
}

/// Exit code and standard output.
fn can(project: &Project, arguments: &[&str]) -> (Option<i32>, String) {
    let done = project.command(&[&["can"], arguments].concat()).output().expect("the binary runs");
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
}

fn json(project: &Project, arguments: &[&str]) -> serde_json::Value {
    let (_, out) = can(project, &[arguments, &["--json"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

#[test]
fn it_names_the_rule_and_the_sql() {
    let project = project();
    let some = json(&project, &["anonymous", "read", "Note"]);
    assert_eq!(some["allowed"], "sometimes");
    assert_eq!(some["where"], "open");
    assert!(some["sql"].as_str().is_some_and(|sql| sql.contains("\"open\"")), "{some}");
    assert_eq!(can(&project, &["anonymous", "read", "Note"]).0, Some(2));

    assert_eq!(can(&project, &["anonymous", "read", "notes/a"]).0, Some(0));
    let closed = json(&project, &["anonymous", "read", "Note/b"]);
    assert_eq!(
        (&closed["may"], &closed["reasons"][0]),
        (&false.into(), &"read of Note: no `#[can(read)]` holds".into())
    );
    assert_eq!(closed["steps"][0]["rules"][0]["holdsHere"], false);

    let (code, told) = can(&project, &["role:editor", "update", "Note/a"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("#[cannot(update, \"locked == true\")] stops it"), "{told}");
    let (code, told) = can(&project, &["role:editor", "update", "Note/b"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("lets it"), "{told}");
}

#[test]
fn keys_are_asked_about_with_the_roles_they_have() {
    let project = project();
    let key = project.ok(&["key", "create", "--role", "editor", "--quiet"]);
    let prefix = project.ok(&["key", "list"]);
    let prefix = prefix.split_whitespace().nth(1).expect("a prefix").trim_end_matches('…');
    assert!(key.starts_with(prefix));
    let answer = json(&project, &[&format!("key:{prefix}"), "read", "Note"]);
    assert_eq!((&answer["may"], &answer["roles"]), (&true.into(), &serde_json::json!(["editor"])));
}

#[test]
fn what_is_not_there_is_said() {
    let project = project();
    for (arguments, wanted) in [
        (["nobody@example.org", "read", "Note"], "there is no user `nobody@example.org`"),
        (["anonymous", "fly", "Note"], "there is no action `fly`"),
        (["anonymous", "read", "Nothing"], "there is no entity `Nothing`"),
        (["anonymous", "read", "Note/z"], "Note has no entry `z`"),
        (["key:zzz", "read", "Note"], "there is no key `zzz`"),
    ] {
        let answer = json(&project, &arguments);
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(wanted), "{arguments:?}: {answer}");
    }
}

#[test]
fn the_matrix_needs_no_database() {
    let project = Project::new("blank");
    project.write("schema.rs", SCHEMA);
    let matrix = json(&project, &["--matrix"]);
    let rows = matrix["rows"].as_array().expect("rows");
    let cell = |who: &str, action: &str, field: Option<&str>| {
        let found = rows
            .iter()
            .find(|row| row["who"] == who && row["action"] == action && row["field"].as_str() == field);
        found.unwrap_or_else(|| panic!("{who} {action}"))["allowed"].clone()
    };
    assert_eq!(cell("anonymous", "read", None), "sometimes");
    assert_eq!(cell("role:editor", "read", None), "always");
    assert_eq!(cell("user", "update", None), "never");
    assert_eq!(cell("anonymous", "read", Some("remark")), "never");
    let (_, told) = can(&project, &["--matrix"]);
    assert!(told.contains("read Note.remark\n  anonymous    never"), "{told}");
}
