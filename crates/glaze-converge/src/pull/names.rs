//! Names in the manner of the schema language, from whatever a database has.

use std::collections::HashSet;

use glaze_model::{Scalar, camel_case, plural, singular, snake_case};
use heck::ToUpperCamelCase;

use crate::catalog::ObjectName;

/// Names of types that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    types: HashSet<String>,
    paths: HashSet<String>,
}

/// Words of the schema language and built-in declarations.
const TYPES: [&str; 18] = [
    "Option",
    "Vec",
    "Ref",
    "Many",
    "AnyOf",
    "Custom",
    "Box",
    "User",
    "Asset",
    "AssetKind",
    "ApiKey",
    "LoginProfile",
    "LoginSession",
    "LoginAccount",
    "LoginVerification",
    "Idempotency",
    "Self",
    "String",
];

/// First path segments that are something else.
const PATHS: [&str; 8] = ["auth", "admin", "docs", "realtime", "graphql", "openapi", "users", "assets"];

/// Rust's key words, which are no names, and the words of expressions.
const WORDS: [&str; 56] = [
    "abstract", "as", "async", "await", "become", "before", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "me", "mod", "move", "mut", "now",
    "null", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "union",
];

impl Names {
    /// Name of the entity for a table: singular, `UpperCamelCase`.
    pub fn entity(&mut self, table: &ObjectName, default_schema: &Option<String>) -> String {
        let one = match type_name(&singular(&words(&table.name))) {
            name if self.is_reserved(&name) => format!("App{name}"),
            name => name,
        };
        let schema = table.schema.as_ref().filter(|schema| Some(*schema) != default_schema.as_ref());
        let prefixed = schema.map(|schema| format!("{}{one}", type_name(schema)));
        let candidates = std::iter::once(one).chain(prefixed).collect();
        self.free_type(candidates, true)
    }

    /// Name of an enum.
    pub fn enumeration(&mut self, words: &str) -> String {
        let name = type_name(words);
        self.free_type(vec![name.clone(), format!("{name}Value"), format!("App{name}")], false)
    }

    /// Words of the schema language, built-in declarations, paths of the API.
    fn is_reserved(&self, name: &str) -> bool {
        let path = plural(&snake_case(name)).replace('_', "-");
        TYPES.contains(&name) || Scalar::from_name(name).is_some() || PATHS.contains(&path.as_str())
    }

    fn free_type(&mut self, candidates: Vec<String>, entity: bool) -> String {
        let base = candidates[0].clone();
        let numbered = (2..).map(|number| format!("{base}{number}"));
        for name in candidates.into_iter().chain(numbered) {
            let path = plural(&snake_case(&name)).replace('_', "-");
            let path_taken = entity && self.paths.contains(&path);
            if self.is_reserved(&name) || self.types.contains(&name) || path_taken {
                continue;
            }
            self.types.insert(name.clone());
            if entity {
                self.paths.insert(path);
            }
            return name;
        }
        base
    }
}

/// A name as `snake_case` words that Rust can read.
pub(super) fn words(name: &str) -> String {
    let text: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let text = snake_case(&text);
    match text.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{text}"),
        Some(_) => text,
    }
}

/// `UpperCamelCase` of a name.
pub(super) fn type_name(name: &str) -> String {
    words(name).to_upper_camel_case()
}

/// Names of the fields of one entity.
#[derive(Debug, Default)]
pub(super) struct FieldNames {
    taken: HashSet<String>,
    json: HashSet<String>,
}

impl FieldNames {
    /// The names that fields have.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> FieldNames {
        let mut out = FieldNames::default();
        for name in names {
            out.take(name);
        }
        out
    }

    fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
        self.json.insert(camel_case(name));
    }

    /// Whether a field can be called so.
    pub fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name) && !self.json.contains(&camel_case(name))
    }

    /// The first of the names that is free, else the first with a number. A key word gets an underscore.
    pub fn choose(&mut self, candidates: &[String]) -> String {
        let safe = |name: &String| {
            if WORDS.contains(&name.as_str()) {
                format!("{name}_")
            } else {
                name.clone()
            }
        };
        let candidates: Vec<String> = candidates.iter().map(safe).collect();
        let base = candidates.first().cloned().unwrap_or_else(|| "field".to_owned());
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let name = candidates
            .into_iter()
            .chain(numbered)
            .find(|name| self.is_free(name))
            .unwrap_or(base);
        self.take(&name);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_become_singular_types() {
        let mut names = Names::default();
        let mut entity = |table: &str| {
            names.entity(
                &ObjectName {
                    schema: None,
                    name: table.to_owned(),
                },
                &None,
            )
        };
        for (table, name) in [
            ("posts", "Post"),
            ("categories", "Category"),
            ("MediaType", "MediaType"),
            ("order_details", "OrderDetail"),
            ("address", "Address"),
            ("film_actor", "FilmActor"),
            ("us states", "UsState"),
            ("post", "Post2"),
            ("users", "AppUser"),
            ("date", "AppDate"),
            ("2nd_try", "N2ndTry"),
        ] {
            assert_eq!(entity(table), name, "{table}");
        }
    }

    #[test]
    fn fields_are_called_by_names_that_rust_can_read() {
        let mut names = FieldNames::default();
        let mut choose = |name: &str| names.choose(&[words(name)]);
        for (column, name) in [
            ("UnitPrice", "unit_price"),
            ("type", "type_"),
            ("a-b", "a_b"),
            ("aB", "a_b_2"),
            ("1st", "n1st"),
            ("_x", "x"),
        ] {
            assert_eq!(choose(column), name, "{column}");
        }
    }
}
