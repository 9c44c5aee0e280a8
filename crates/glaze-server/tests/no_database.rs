//! Neither the HTTP surface nor the operations know which database there is: their sources do not name one.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// In two pieces, because this file is looked through too.
const NAMES: [&str; 6] = [
    concat!("sql", "ite"),
    concat!("post", "gres"),
    concat!("my", "sql"),
    concat!("mongo", "db"),
    concat!("tokio_", "pg"),
    concat!("rusq", "lite"),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

#[test]
fn no_database_is_named() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of crates");
    let mut found = Vec::new();
    for name in ["glaze-server", "glaze-app", "glaze-auth"] {
        files(&crates.join(name), &mut found);
    }
    assert!(found.len() > 30, "the sources were not found");
    for path in found {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let text = text.to_lowercase();
        for name in NAMES {
            assert!(
                !text.contains(name),
                "{} names {name}: say it through a port of glaze-data",
                path.display()
            );
        }
    }
}
