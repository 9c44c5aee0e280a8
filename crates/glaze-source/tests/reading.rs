//! Reading: each file in `fixtures/ok` gives the model beside it (`.json`) and no error; each in `fixtures/err` gives the
//! findings beside it (`.txt`), as a person sees them. `UPDATE=1 cargo test -p glaze-source` writes the expectations.

use std::path::{Path, PathBuf};

use glaze_source::{Reading, SourceFile, read, render};

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let entries = std::fs::read_dir(&folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "rs"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn read_fixture(path: &Path) -> (SourceFile, Reading) {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let file = SourceFile {
        path: name,
        text: std::fs::read_to_string(path).expect("readable"),
    };
    let reading = read(std::slice::from_ref(&file));
    (file, reading)
}

fn expect(path: &Path, extension: &str, actual: &str) {
    let path = path.with_extension(extension);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, actual).expect("writable");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{} is out of date; run with UPDATE=1 and look at the difference\n{actual}",
        path.display()
    );
}

#[test]
fn good_files_give_their_model() {
    for path in fixtures("ok") {
        let (file, reading) = read_fixture(&path);
        assert!(reading.diagnostics.is_empty(), "{}", render(&reading.diagnostics, &[file], false));
        let mut model = reading.model.expect("a model");
        let built_in = glaze_source::builtin_model();
        assert!(model.entities.ends_with(&built_in.entities) && model.enums.ends_with(&built_in.enums));
        model.entities.truncate(model.entities.len() - built_in.entities.len());
        model.enums.truncate(model.enums.len() - built_in.enums.len());
        expect(&path, "json", &glaze_model::snapshot::to_json(&model));
    }
}

#[test]
fn what_is_printed_reads_as_the_same_model() {
    for path in fixtures("ok") {
        let (_, reading) = read_fixture(&path);
        let model = reading.model.expect("a model");
        let text = glaze_source::print(&model);
        let file = SourceFile {
            path: "printed.rs".to_owned(),
            text: text.clone(),
        };
        let again = read(std::slice::from_ref(&file));
        assert!(again.diagnostics.is_empty(), "{}", render(&again.diagnostics, &[file], false));
        assert_eq!(again.model.as_ref(), Some(&model), "{text}");
        expect(&path, "printed", &text);
    }
}

#[test]
fn bad_files_give_their_findings() {
    for path in fixtures("err") {
        let (file, reading) = read_fixture(&path);
        assert!(
            reading.model.is_none()
                || reading
                    .diagnostics
                    .iter()
                    .all(|found| found.severity == glaze_model::Severity::Warning)
        );
        assert!(!reading.diagnostics.is_empty(), "{}", path.display());
        expect(&path, "txt", &render(&reading.diagnostics, &[file], false));
    }
}

#[test]
fn the_reference_in_the_documentation_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema-reference.md");
    expect(&path, "md", &glaze_source::reference());
}

#[test]
fn line_endings_and_a_byte_order_mark_change_nothing() {
    for path in fixtures("ok") {
        let (file, reading) = read_fixture(&path);
        let other = SourceFile {
            text: format!("\u{feff}{}", file.text.replace('\n', "\r\n")),
            ..file
        };
        let again = read(std::slice::from_ref(&other));
        assert_eq!(again.model, reading.model);
        assert_eq!(again.origins, reading.origins);
    }
    let bad = SourceFile {
        path: "bad.rs".to_owned(),
        text: "\u{feff}// é\r\n#[entity]\r\npub struct Ä { x: Strin }".to_owned(),
    };
    let found = &read(&[bad]).diagnostics;
    let place = found
        .iter()
        .find(|found| found.code == "unknown_type")
        .map(|found| (found.line, found.column, found.span));
    assert_eq!(place, Some((3, 19, glaze_model::Span { start: 40, end: 45 })));
}

#[test]
fn names_are_free_exactly_when_a_file_may_use_them() {
    for name in [
        "Post",
        "User",
        "Asset",
        "ApiKey",
        "AssetKind",
        "String",
        "Ref",
        "Doc",
        "Docs",
        "self",
        "Self",
        "post",
        "A-b",
        "Type",
    ] {
        let text = format!("#[entity] pub struct {name} {{ pub x: i32 }}");
        let reads = read(&[SourceFile { path: String::new(), text }]).model.is_some();
        assert_eq!(reads, glaze_source::is_free_type_name(name), "{name}");
    }
    for name in ["title", "me", "before", "_x", "crate", "a b", "1st", "first_1"] {
        let text = format!("#[entity] pub struct Post {{ pub {name}: i32 }}");
        let reads = read(&[SourceFile { path: String::new(), text }]).model.is_some();
        assert_eq!(reads, glaze_source::is_free_field_name(name), "{name}");
    }
    assert!(glaze_source::is_free_field_name("type"), "written `r#type`");
}
