//! What is ours and what is not.

use glaze_converge::{catalog::ObjectName, port::Scope};

/// A scope, ready to judge names.
pub(super) struct Filter {
    pub schemas: Vec<String>,
    owns: Vec<String>,
    ignore: Vec<String>,
}

impl Filter {
    pub fn new(scope: &Scope) -> Filter {
        let schemas = if scope.schemas.is_empty() {
            vec![super::super::DEFAULT_SCHEMA.to_owned()]
        } else {
            scope.schemas.clone()
        };
        Filter {
            schemas,
            owns: scope.owns.clone(),
            ignore: scope.ignore.clone(),
        }
    }

    /// Whether an object of this name is ours. A pattern with a point is compared with the schema too.
    pub fn owns(&self, name: &ObjectName) -> bool {
        let schema = name.schema.as_deref().unwrap_or_default();
        let matches = |pattern: &String| match pattern.split_once('.') {
            Some((of_schema, of_name)) => glob(of_schema, schema) && glob(of_name, &name.name),
            None => glob(pattern, &name.name),
        };
        self.schemas.iter().any(|known| known == schema)
            && (self.owns.is_empty() || self.owns.iter().any(matches))
            && !self.ignore.iter().any(matches)
    }

    /// Whether only a part of the schemas is ours.
    pub fn is_partial(&self) -> bool {
        !self.owns.is_empty() || !self.ignore.is_empty()
    }
}

/// `*` stands for any text, `?` for one character.
fn glob(pattern: &str, text: &str) -> bool {
    let (mut p, mut t) = (pattern.chars(), text.chars());
    match p.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = p.as_str();
            std::iter::once(text)
                .chain(text.char_indices().map(|(at, c)| &text[at + c.len_utf8()..]))
                .any(|tail| glob(rest, tail))
        }
        Some('?') => t.next().is_some() && glob(p.as_str(), t.as_str()),
        Some(c) => t.next() == Some(c) && glob(p.as_str(), t.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_say_what_is_ours() {
        let scope = Scope {
            schemas: vec![],
            owns: vec!["cms_*".into(), "blog.p?st".into()],
            ignore: vec!["*_old".into()],
        };
        let filter = Filter {
            schemas: vec!["public".into(), "blog".into()],
            ..Filter::new(&scope)
        };
        for (schema, name, ours) in [
            ("public", "cms_posts", true),
            ("public", "cms_posts_old", false),
            ("public", "posts", false),
            ("blog", "post", true),
            ("public", "post", false),
            ("other", "cms_posts", false),
        ] {
            assert_eq!(
                filter.owns(&ObjectName {
                    schema: Some(schema.into()),
                    name: name.into()
                }),
                ours,
                "{schema}.{name}"
            );
        }
    }
}
