//! `glaze new`: a project folder from a template.

use std::path::Path;

use crate::Error;

/// A template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// One entity, nothing else.
    Blank,
    /// Authors, posts, tags, comments; with seed content.
    Blog,
    /// Products, customers, orders; every field type; with seed content.
    Shop,
}

impl Template {
    /// All of them with their names.
    pub const ALL: [(&'static str, Template); 3] = [("blank", Template::Blank), ("blog", Template::Blog), ("shop", Template::Shop)];

    fn schema(self) -> &'static str {
        match self {
            Template::Blank => include_str!("../templates/blank/schema.rs"),
            Template::Blog => include_str!("../templates/blog/schema.rs"),
            Template::Shop => include_str!("../templates/shop/schema.rs"),
        }
    }

    fn seed(self) -> Option<&'static str> {
        match self {
            Template::Blank => None,
            Template::Blog => Some(include_str!("../templates/blog/seed.json")),
            Template::Shop => Some(include_str!("../templates/shop/seed.json")),
        }
    }
}

/// Makes a project in `folder`, which must be empty or not there yet.
///
/// # Errors
/// When the folder holds something, or can't be written.
pub fn create(folder: &Path, template: Template) -> Result<(), Error> {
    let occupied = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(Error::Refused(format!(
            "{} is not empty: choose another folder, or empty it first",
            folder.display()
        )));
    }
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_else(|| "glaze".into());
    write(folder, "schema.rs", template.schema())?;
    write(folder, "glaze.toml", &config_text(&name, &format!("sqlite:data/{name}.db"), &[]))?;
    write(folder, ".gitignore", GITIGNORE)?;
    write(folder, "README.md", &readme(&name, template.seed().is_some()))?;
    if let Some(seed) = template.seed() {
        write(folder, "seed.json", seed)?;
    }
    Ok(())
}

/// Writes a file of a new project, making folders as needed.
pub(crate) fn write(folder: &Path, name: &str, text: &str) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
    let file = folder.join(name);
    std::fs::write(&file, text).map_err(|error| Error::io("write", &file, error))
}

/// What git should not keep of a project.
pub(crate) const GITIGNORE: &str = "/data/\n/uploads/\n/.glaze/\n.env\n";

/// `glaze.toml` of a new project.
pub(crate) fn config_text(name: &str, url: &str, schemas: &[String]) -> String {
    let (name, url) = (toml::Value::from(name), toml::Value::from(url));
    let schemas = match schemas {
        [] => String::new(),
        names => format!("schemas = {}\n", toml::Value::from(names.to_vec())),
    };
    format!(
        "# Every key with its default: https://github.com/glaze-rs/glaze/blob/main/docs/configuration.md\nname = {name}\n\n[database]\n# DATABASE_URL overrides this, for \
         example postgres://user:password@host/name\nurl = {url}\n{schemas}\n[server]\nport = 4000\n"
    )
}

fn readme(name: &str, seeded: bool) -> String {
    let seed = if seeded {
        "    glaze seed                        # fills it with the example content of seed.json\n"
    } else {
        ""
    };
    format!(
        "# {name}\n\nThe domain is in `schema.rs`; everything else is made from it.\n\n{seed}    glaze dev                         # tables, API and admin follow every save of schema.rs\n    \
         glaze key create --role admin     # a key for the API, shown once\n    curl -H 'Authorization: Bearer KEY' http://127.0.0.1:4000/api/openapi.json\n\n\
         For production: commit `migrations/`, run `glaze migrate apply` when you deploy, then `glaze serve`.\n\n\
         | file | |\n|---|---|\n| `schema.rs` | entities, fields, relations, who may do what |\n| `glaze.toml` | database, port, limits |\n\
         | `migrations/` | plain SQL, written by `glaze dev` or `glaze migrate generate`; commit it |\n| `data/` | the SQLite database; not committed |\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_reads_without_a_finding() {
        for (name, template) in Template::ALL {
            let files = [glaze_source::SourceFile {
                path: "schema.rs".into(),
                text: template.schema().into(),
            }];
            let reading = glaze_source::read(&files);
            assert!(
                reading.diagnostics.is_empty(),
                "{name}\n{}",
                glaze_source::render(&reading.diagnostics, &files, false)
            );
        }
    }

    #[test]
    fn a_folder_with_something_in_it_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("x"), "").expect("writes");
        let refusal = create(folder.path(), Template::Blank).expect_err("refused").to_string();
        assert!(refusal.contains("is not empty"), "{refusal}");
    }

    #[test]
    fn names_are_quoted_for_toml() {
        let config: crate::Config = toml::from_str(&config_text("a\"b", "sqlite:x.db", &["b".into()])).expect("reads");
        assert_eq!(config.name.as_deref(), Some("a\"b"));
        assert_eq!(config.database.schemas, ["b"]);
    }
}
