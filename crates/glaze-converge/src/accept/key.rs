//! How people and scripts name one difference: in the names of the schema file, not of the database.
//!
//! ```text
//! post                         the entity: made, dropped, renamed, described; as a choice, everything in it
//! post.title                   the field: its column, limits, uniqueness, reference; a many-to-many relation's join table
//! post.#index(status, views desc)
//! post.#unique(author, slug)
//! post.#reference(a, b)        a foreign key over columns of several fields
//! post.#check(ends_on > starts_on)
//! post.#key                    the primary key
//! #enum(post_status)           an enum that is a type of its own in the database
//! #view(public.recent)         what the schema file does not speak of
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The stable name of one difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ItemKey {
    /// `post`
    Entity {
        /// Name of the entity, `snake_case`.
        entity: String,
    },
    /// `post.title`
    Field {
        /// Name of the entity, `snake_case`.
        entity: String,
        /// Name of the field.
        field: String,
    },
    /// `post.#index(a, b desc)`, `post.#key`, …
    Part {
        /// Name of the entity, `snake_case`.
        entity: String,
        /// Which sort of thing.
        part: Part,
        /// What tells it from others of its sort.
        what: String,
    },
    /// `#enum(post_status)`, `#view(public.recent)`, …
    Object {
        /// `enum`, `view`, `schema`, …
        kind: String,
        /// Its name: of an enum that of the schema file in `snake_case`, else that of the database.
        name: String,
    },
}

/// What is said of an entity as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// An index.
    Index,
    /// Several fields that are unique together.
    Unique,
    /// A foreign key over columns of several fields.
    Reference,
    /// A check over several fields.
    Check,
    /// The primary key.
    Key,
}

impl Part {
    const ALL: [Part; 5] = [Part::Index, Part::Unique, Part::Reference, Part::Check, Part::Key];

    /// The word for it in a key.
    pub fn word(self) -> &'static str {
        match self {
            Part::Index => "index",
            Part::Unique => "unique",
            Part::Reference => "reference",
            Part::Check => "check",
            Part::Key => "key",
        }
    }
}

/// Text that is not the name of a difference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not name a difference; write `post`, `post.title`, `post.#index(a, b)` or `#enum(post_status)`")]
pub struct NotAKey(pub String);

impl ItemKey {
    /// The key of an entity.
    pub fn entity(entity: &str) -> ItemKey {
        ItemKey::Entity {
            entity: glaze_model::snake_case(entity),
        }
    }

    /// The key of a field.
    pub fn field(entity: &str, field: &str) -> ItemKey {
        ItemKey::Field {
            entity: glaze_model::snake_case(entity),
            field: field.to_owned(),
        }
    }

    /// The key of something said of an entity as a whole.
    pub fn part(entity: &str, part: Part, what: impl Into<String>) -> ItemKey {
        ItemKey::Part {
            entity: glaze_model::snake_case(entity),
            part,
            what: what.into(),
        }
    }

    /// The key of something that belongs to no entity.
    pub fn object(kind: &str, name: impl Into<String>) -> ItemKey {
        ItemKey::Object {
            kind: kind.to_owned(),
            name: name.into(),
        }
    }

    /// Whether choosing `self` chooses `other`: itself, and everything in an entity.
    pub fn covers(&self, other: &ItemKey) -> bool {
        match (self, other) {
            (ItemKey::Entity { entity }, ItemKey::Field { entity: of, .. } | ItemKey::Part { entity: of, .. }) => entity == of,
            _ => self == other,
        }
    }

    /// Keys separated by commas; commas in parentheses and in quotes are parts of a key.
    ///
    /// # Errors
    /// The first text that is no key.
    pub fn list(text: &str) -> Result<Vec<ItemKey>, NotAKey> {
        let mut out = Vec::new();
        let (mut depth, mut quoted, mut start) = (0usize, false, 0);
        for (at, c) in text.char_indices() {
            match c {
                '\'' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth = depth.saturating_sub(1),
                ',' if !quoted && depth == 0 => {
                    out.push(text[start..at].parse()?);
                    start = at + 1;
                }
                _ => {}
            }
        }
        out.push(text[start..].parse()?);
        Ok(out)
    }
}

impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemKey::Entity { entity } => f.write_str(entity),
            ItemKey::Field { entity, field } => write!(f, "{entity}.{field}"),
            ItemKey::Part { entity, part, what } if what.is_empty() => write!(f, "{entity}.#{}", part.word()),
            ItemKey::Part { entity, part, what } => write!(f, "{entity}.#{}({what})", part.word()),
            ItemKey::Object { kind, name } => write!(f, "#{kind}({name})"),
        }
    }
}

impl FromStr for ItemKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<ItemKey, NotAKey> {
        let text = text.trim();
        let wrong = || NotAKey(text.to_owned());
        let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        if let Some(object) = text.strip_prefix('#') {
            let (kind, name) = called(object).ok_or_else(wrong)?;
            return Ok(ItemKey::object(kind, name));
        }
        let Some((entity, rest)) = text.split_once('.') else {
            return if word(text) { Ok(ItemKey::entity(text)) } else { Err(wrong()) };
        };
        if !word(entity) {
            return Err(wrong());
        }
        let Some(part) = rest.strip_prefix('#') else {
            let inner = rest.split('.').all(word);
            return if inner { Ok(ItemKey::field(entity, rest)) } else { Err(wrong()) };
        };
        let (name, what) = called(part).unwrap_or((part, ""));
        let part = Part::ALL.into_iter().find(|part| part.word() == name).ok_or_else(wrong)?;
        Ok(ItemKey::part(entity, part, what))
    }
}

/// `name(what)`
fn called(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('(')?;
    Some((name, rest.strip_suffix(')')?))
}

impl From<ItemKey> for String {
    fn from(key: ItemKey) -> String {
        key.to_string()
    }
}

impl TryFrom<String> for ItemKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<ItemKey, NotAKey> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for text in [
            "post",
            "post.title",
            "post.seo.title",
            "post.#index(status, views desc)",
            "post.#check((a > 1) AND (b = 'x, (y'))",
            "post.#key",
            "#enum(post_status)",
            "#view(public.recent)",
        ] {
            assert_eq!(text.parse::<ItemKey>().unwrap().to_string(), text);
        }
        for text in ["", "post.", "a b", "post.#other(x)", "#enum", "post.ti tle"] {
            assert!(text.parse::<ItemKey>().is_err(), "{text}");
        }
        assert_eq!("BlogPost.title".parse::<ItemKey>().unwrap().to_string(), "blog_post.title");
    }

    #[test]
    fn a_list_is_cut_at_its_own_commas() {
        let keys = ItemKey::list("post.title, post.#index(a, b),post.#check(x in ('(', ',')), tag").unwrap();
        let texts: Vec<String> = keys.iter().map(ItemKey::to_string).collect();
        assert_eq!(texts, ["post.title", "post.#index(a, b)", "post.#check(x in ('(', ','))", "tag"]);
    }

    #[test]
    fn an_entity_covers_what_is_in_it() {
        let entity = ItemKey::entity("Post");
        assert!(entity.covers(&ItemKey::field("Post", "title")));
        assert!(entity.covers(&entity));
        assert!(!entity.covers(&ItemKey::entity("Tag")));
        assert!(!ItemKey::field("Post", "title").covers(&entity));
    }
}
