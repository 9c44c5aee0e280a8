//! `cargo xtask docs`: pages of `docs/` that are made from the code's own tables.

use crate::shell::{cargo, root};

/// Pages and the arguments of `glaze` that print them.
const PAGES: [(&str, &[&str]); 2] = [
    ("schema-reference.md", &["schema", "reference"]),
    ("expressions.md", &["schema", "expressions"]),
];

/// Writes them.
pub fn run() -> anyhow::Result<()> {
    for (page, arguments) in PAGES {
        let text = cargo(&["run", "--quiet", "--package", "glaze-cli", "--"])
            .args(arguments)
            .output()?;
        std::fs::write(root().join("docs").join(page), text)?;
        println!("docs/{page}");
    }
    Ok(())
}
