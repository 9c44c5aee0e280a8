//! What part of a database is ours: by name, in the words of the configuration. What belongs to somebody else is neither compared nor
//! touched, nor shown as drift.

use crate::catalog::ObjectName;
use crate::port::Scope;

/// Whose a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// Ours.
    Us,
    /// A tool's that keeps its books beside the content: listed, and left alone.
    Tool,
    /// Somebody else's.
    Others,
}

/// Kind of a tool's table among what is not modelled.
pub const TOOL_TABLE: &str = "bookkeeping table";

/// Tables in which migration and replication tools keep their books.
const TOOLS: [&str; 27] = [
    "schema_migrations",
    "ar_internal_metadata",
    "alembic_version",
    "django_migrations",
    "_prisma_migrations",
    "flyway_schema_history",
    "databasechangelog",
    "databasechangeloglock",
    "knex_migrations",
    "knex_migrations_lock",
    "__drizzle_migrations",
    "_sqlx_migrations",
    "__diesel_schema_migrations",
    "seaql_migrations",
    "goose_db_version",
    "gorp_migrations",
    "__efmigrationshistory",
    "sequelizemeta",
    "phinxlog",
    "doctrine_migration_versions",
    "refinery_schema_history",
    "atlas_schema_revisions",
    "pgmigrations",
    "d1_migrations",
    "_cf_kv",
    "_litestream_seq",
    "_litestream_lock",
];

impl Scope {
    /// Whose the table, view or type of this name is. A pattern with a point is compared with the schema too.
    pub fn belongs(&self, name: &ObjectName) -> Belongs {
        let matches = |pattern: &String| fits(pattern, name);
        let foreign = self.external.contains(name) || self.ignore.iter().any(matches);
        if foreign || !(self.owns.is_empty() || self.owns.iter().any(matches)) {
            return Belongs::Others;
        }
        let asked_for = self.tool_tables || self.owns.contains(&name.name);
        match !asked_for && TOOLS.iter().any(|tool| name.name.eq_ignore_ascii_case(tool)) {
            true => Belongs::Tool,
            false => Belongs::Us,
        }
    }

    /// Whether it is ours.
    pub fn owns(&self, name: &ObjectName) -> bool {
        self.belongs(name) == Belongs::Us
    }

    /// Whether the configuration says that it is not ours.
    pub fn ignores(&self, name: &ObjectName) -> bool {
        self.ignore.iter().any(|pattern| fits(pattern, name))
    }

    /// Whether only a part of the schemas is ours.
    pub fn is_partial(&self) -> bool {
        !self.owns.is_empty() || !self.ignore.is_empty()
    }
}

/// Whether a pattern means this name; where there are schemas, `schema.name` says which.
fn fits(pattern: &str, name: &ObjectName) -> bool {
    let qualified = pattern.split_once('.').zip(name.schema.as_deref());
    let both = |((schema, own), of): ((&str, &str), &str)| glob(schema, of) && glob(own, &name.name);
    glob(pattern, &name.name) || qualified.is_some_and(both)
}

/// `*` stands for any text, `?` for one character.
fn glob(pattern: &str, text: &str) -> bool {
    let (mut p, mut t) = (pattern.chars(), text.chars());
    match p.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = p.as_str();
            let tails = text.char_indices().map(|(at, c)| &text[at + c.len_utf8()..]);
            std::iter::once(text).chain(tails).any(|tail| glob(rest, tail))
        }
        Some('?') => t.next().is_some() && glob(p.as_str(), t.as_str()),
        Some(c) => t.next() == Some(c) && glob(p.as_str(), t.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ObjectName {
        match text.split_once('.') {
            Some((schema, name)) => ObjectName {
                schema: Some(schema.to_owned()),
                name: name.to_owned(),
            },
            None => ObjectName {
                schema: None,
                name: text.to_owned(),
            },
        }
    }

    #[test]
    fn patterns_say_what_is_ours() {
        let scope = Scope {
            owns: vec!["cms_*".into(), "blog.p?st".into(), "alembic_version".into()],
            ignore: vec!["*_old".into()],
            external: vec![name("public.cms_users")],
            ..Scope::default()
        };
        for (object, whose) in [
            ("public.cms_posts", Belongs::Us),
            ("cms_posts", Belongs::Us),
            ("public.cms_posts_old", Belongs::Others),
            ("public.cms_users", Belongs::Others),
            ("public.posts", Belongs::Others),
            ("blog.post", Belongs::Us),
            ("public.post", Belongs::Others),
            ("public.alembic_version", Belongs::Us),
            ("public.schema_migrations", Belongs::Others),
        ] {
            assert_eq!(scope.belongs(&name(object)), whose, "{object}");
        }
    }

    #[test]
    fn books_of_tools_are_nobodys_content_unless_asked_for() {
        let everything = Scope::default();
        assert_eq!(everything.belongs(&name("public.schema_migrations")), Belongs::Tool);
        assert_eq!(everything.belongs(&name("__EFMigrationsHistory")), Belongs::Tool);
        assert_eq!(everything.belongs(&name("posts")), Belongs::Us);
        let between = Scope {
            tool_tables: true,
            ..Scope::default()
        };
        assert!(between.owns(&name("public.schema_migrations")));
    }
}
