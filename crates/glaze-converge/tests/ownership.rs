//! What is not ours: other people's tables beside our own, extensions, external entities, and what of theirs stands on our tables.
#![allow(clippy::unwrap_used)]

mod support;

use glaze_converge::{
    catalog::Catalog,
    desired::desired,
    diff::compare_catalogs,
    external,
    hints::Answers,
    plan::{Plan, plan_model},
    port::Scope,
    pull::pull_beside,
};
use glaze_model::Model;
use support::{DIALECTS, Place, block_on, empty, model};

fn said(place: &Place, sql: &str) {
    match place.dialect.name() {
        "sqlite" => glaze_testkit::samples::sqlite_run(std::path::Path::new(&place.address), sql),
        _ => drop(glaze_testkit::Postgres::shared().psql(&place.address, sql)),
    }
}

async fn seen(place: &Place, scope: &Scope) -> Catalog {
    let mut catalog = place.database.introspect(scope).await.unwrap();
    place.dialect.normalise(&mut catalog);
    catalog
}

fn patterns(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

async fn planned(place: &Place, scope: &Scope, wanted: &Model) -> Plan {
    plan_model(&seen(place, scope).await, wanted, None, &Answers::default(), &*place.dialect).unwrap()
}

const OURS: &str = "#[entity(timestamps = false)]\npub struct CmsPost { #[id] pub id: i64, pub title: String }\n";

/// Tables as other tools make them.
const THEIRS: &str = "
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL);
CREATE TABLE schema_migrations (version VARCHAR(255) PRIMARY KEY);
CREATE TABLE ar_internal_metadata (key VARCHAR(255) PRIMARY KEY, value VARCHAR(255));
CREATE TABLE flyway_schema_history (installed_rank INTEGER PRIMARY KEY, script VARCHAR(1000));
CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL);
CREATE TABLE directus_users (id CHAR(36) PRIMARY KEY, email VARCHAR(128) UNIQUE);
CREATE TABLE directus_files (id CHAR(36) PRIMARY KEY, uploaded_by CHAR(36) REFERENCES directus_users (id));
CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username VARCHAR(150) NOT NULL UNIQUE);
CREATE TABLE _collections (id VARCHAR(15) PRIMARY KEY, name VARCHAR(80) UNIQUE);
";

#[test]
fn nothing_of_theirs_is_in_a_plan() {
    block_on(async {
        for dialect in DIALECTS {
            let place = empty(dialect).await;
            said(&place, THEIRS);
            let before = seen(
                &place,
                &Scope {
                    tool_tables: true,
                    ..Scope::default()
                },
            )
            .await;
            for scope in [
                Scope {
                    owns: patterns(&["cms_*"]),
                    ..Scope::default()
                },
                Scope {
                    ignore: patterns(&["directus_*", "auth_*", "_collections"]),
                    ..Scope::default()
                },
            ] {
                let ours = model(OURS);
                let plan = planned(&place, &scope, &ours).await;
                let text = plan.statements(&*place.dialect).join(";\n");
                for theirs in [
                    "alembic",
                    "prisma",
                    "schema_migrations",
                    "ar_internal",
                    "flyway",
                    "django",
                    "directus",
                    "auth_user",
                    "_collections",
                ] {
                    assert!(!text.contains(theirs), "{dialect}: {text}");
                }
                assert!(plan.questions.is_empty(), "{dialect}: {:?}", plan.questions);
            }
            let scope = Scope {
                owns: patterns(&["cms_*"]),
                ..Scope::default()
            };
            let plan = planned(&place, &scope, &model(OURS)).await;
            place.run(&plan).await.unwrap();
            // Their owners change them: no drift.
            let snapshot = seen(&place, &scope).await;
            said(
                &place,
                "ALTER TABLE directus_users ADD COLUMN phone VARCHAR(20); CREATE TABLE directus_roles (id INTEGER PRIMARY KEY); DROP TABLE auth_user;",
            );
            let now = seen(&place, &scope).await;
            assert_eq!(compare_catalogs(&snapshot, &now, &*place.dialect), [], "{dialect}");
            assert!(planned(&place, &scope, &model(OURS)).await.is_empty(), "{dialect}");
            // And the way back leaves them alone too.
            let plan = planned(&place, &scope, &Model::default()).await;
            place.run(&plan).await.unwrap();
            let after = seen(
                &place,
                &Scope {
                    tool_tables: true,
                    ..Scope::default()
                },
            )
            .await;
            assert_eq!(
                after.tables.len(),
                before.tables.len(),
                "{dialect}: one came, one went, ours is gone"
            );
        }
    });
}

#[test]
fn books_of_migration_tools_are_listed_and_not_pulled() {
    block_on(async {
        for dialect in DIALECTS {
            let place = empty(dialect).await;
            said(&place, THEIRS);
            let catalog = place.catalog().await;
            let pulled = pull_beside(&catalog, &*place.dialect, &glaze_source::builtin_model());
            let tables: Vec<&str> = pulled.model.entities.iter().map(|entity| entity.table.as_str()).collect();
            assert!(
                tables.contains(&"directus_users") && !tables.contains(&"schema_migrations"),
                "{tables:?}"
            );
            let listed = pulled
                .unmodelled
                .iter()
                .filter(|item| item.starts_with("bookkeeping table "))
                .count();
            assert_eq!(listed, 6, "{dialect}: {:?}", pulled.unmodelled);
            let plan = plan_model(&catalog, &pulled.model, None, &Answers::default(), &*place.dialect).unwrap();
            assert!(plan.is_empty(), "{dialect}: {:?}", plan.statements(&*place.dialect));
            // A tool that comes later is no drift.
            said(&place, "CREATE TABLE knex_migrations (id INTEGER PRIMARY KEY)");
            assert_eq!(compare_catalogs(&catalog, &place.catalog().await, &*place.dialect), [], "{dialect}");
        }
    });
}

const EXTENSIONS: [&str; 12] = [
    "postgis",
    "postgis_raster",
    "postgis_topology",
    "fuzzystrmatch",
    "postgis_tiger_geocoder",
    "pg_trgm",
    "citext",
    "ltree",
    "hstore",
    "btree_gist",
    "uuid-ossp",
    "pgcrypto",
];

#[test]
fn what_an_extension_owns_is_not_there_for_us() {
    block_on(async {
        let place = empty("postgres").await;
        said(
            &place,
            "CREATE TABLE own (id int PRIMARY KEY, name text); CREATE VIEW of_own AS SELECT id FROM own;",
        );
        let schemas = Scope {
            schemas: patterns(&["public", "topology", "tiger", "tiger_data"]),
            ..Scope::default()
        };
        let before = seen(&place, &schemas).await;
        for extension in EXTENSIONS {
            said(&place, &format!("CREATE EXTENSION \"{extension}\""));
        }
        let mut after = seen(&place, &schemas).await;
        assert_eq!(after.tables, before.tables);
        assert_eq!((&after.views, &after.sequences), (&before.views, &before.sequences));
        assert_eq!((&after.enums, &after.domains), (&before.enums, &before.domains));
        assert_eq!(after.unmodelled, before.unmodelled);
        // Types of theirs on tables of ours are ours.
        said(
            &place,
            "CREATE TABLE places (id serial PRIMARY KEY, at geometry(Point, 4326) NOT NULL, area geography, shape geometry DEFAULT 'POINT(0 0)', slug citext UNIQUE, path ltree, tags hstore DEFAULT '');
             CREATE INDEX ON places USING gist (at); CREATE INDEX ON places USING gin (tags); CREATE INDEX ON places USING gist (path); CREATE INDEX ON places USING gin (slug gin_trgm_ops);",
        );
        after = place.catalog().await;
        let pulled = pull_beside(&after, &*place.dialect, &glaze_source::builtin_model());
        let read = model(&glaze_source::print(&pulled.model));
        let steps = place.difference(&read).await;
        assert_eq!(steps, []);
        assert_eq!(
            read.entity("Place").unwrap().field("at").unwrap().db.ty.as_deref(),
            Some("geometry(point,4326)")
        );
        // Nor does a plan that empties the schema touch them.
        let plan = planned(&place, &Scope::default(), &Model::default()).await;
        let text = plan.statements(&*place.dialect).join(";\n");
        for theirs in ["spatial_ref_sys", "geometry_columns", "topology", "tiger"] {
            assert!(!text.contains(theirs), "{text}");
        }
    });
}

const WITH_EXTERNAL: &str = "
#[entity(external, timestamps = false)]
#[db(table = \"accounts\")]
pub struct Account { #[id] pub id: i64, pub email: Text, pub bio: Option<Text> }

#[entity(timestamps = false)]
pub struct Note { #[id] pub id: i64, pub account: Ref<Account> }
";

/// The scope that belongs to a model.
fn scope_of(place: &Place, model: &Model) -> Scope {
    Scope {
        external: external::tables(model, &*place.dialect),
        ..Scope::default()
    }
}

async fn wrong(place: &Place, model: &Model) -> Vec<String> {
    let found = external::mismatches(model, &*place.database, &*place.dialect).await.unwrap();
    assert!(found.iter().all(|item| item.code == "external_mismatch"));
    found.into_iter().map(|item| format!("{}: {}", item.object, item.message)).collect()
}

#[test]
fn an_external_table_is_referred_to_and_never_changed() {
    block_on(async {
        for dialect in DIALECTS {
            let place = empty(dialect).await;
            said(
                &place,
                "CREATE TABLE accounts (id BIGINT PRIMARY KEY, email TEXT NOT NULL, bio TEXT, secret TEXT, CHECK (length(email) > 3)); CREATE INDEX by_email ON accounts (email);",
            );
            let wanted = model(&WITH_EXTERNAL.replace(
                "pub id: i64, pub email",
                if dialect == "sqlite" {
                    "#[db(type = \"BIGINT\")] pub id: i64, pub email"
                } else {
                    "pub id: i64, pub email"
                },
            ));
            assert_eq!(model(&glaze_source::print(&wanted)), wanted, "what is printed is read");
            assert!(
                desired(&wanted, &*place.dialect)
                    .unwrap()
                    .catalog
                    .tables
                    .iter()
                    .all(|table| table.name.name != "accounts")
            );
            let scope = scope_of(&place, &wanted);
            let plan = planned(&place, &scope, &wanted).await;
            let text = plan.statements(&*place.dialect).join(";\n");
            assert!(
                text.contains("REFERENCES") && !text.contains("TABLE \"accounts\"") && !text.contains("DROP"),
                "{text}"
            );
            place.run(&plan).await.unwrap();
            assert!(planned(&place, &scope, &wanted).await.is_empty(), "{dialect}");
            let mismatches = wrong(&place, &wanted).await;
            // SQLite lets a primary key of another type than INTEGER be null.
            assert!(
                mismatches.iter().all(|item| dialect == "sqlite" && item.contains("may be null")),
                "{dialect}: {mismatches:?}"
            );
            said(&place, "ALTER TABLE accounts ADD COLUMN more INTEGER");
            assert!(planned(&place, &scope, &wanted).await.is_empty(), "{dialect}: theirs to change");
        }
    });
}

#[test]
fn what_an_external_table_does_not_have_is_named() {
    block_on(async {
        let place = empty("postgres").await;
        let wanted = model(WITH_EXTERNAL);
        let missing = wrong(&place, &wanted).await;
        assert!(missing.len() == 1 && missing[0].contains("no table public.accounts"), "{missing:?}");
        said(&place, "CREATE TABLE accounts (id integer, bio text NOT NULL, email text)");
        let found = wrong(&place, &wanted).await.join("\n");
        for words in [
            "public.accounts.id: `Account` says bigint",
            "its table has integer",
            "email always has a value",
            "which is not unique in its table",
        ] {
            assert!(found.contains(words), "{words} in\n{found}");
        }
        said(&place, "ALTER TABLE accounts DROP COLUMN bio");
        assert!(wrong(&place, &wanted).await.join("\n").contains("its table has no column bio"));
        said(
            &place,
            "ALTER TABLE accounts RENAME TO people; CREATE VIEW accounts AS SELECT * FROM people",
        );
        assert_eq!(wrong(&place, &wanted).await, Vec::<String>::new(), "a view can be served too");
    });
}

#[test]
fn an_enum_of_somebody_elses_table_is_his() {
    block_on(async {
        let place = empty("postgres").await;
        said(
            &place,
            "CREATE TYPE role AS ENUM ('a', 'b'); CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, bio text, role role)",
        );
        let text = WITH_EXTERNAL.replace("pub bio", "pub role: Option<Role>, pub bio") + "\npub enum Role { A, B }\n";
        let wanted = model(&text);
        let plan = planned(&place, &scope_of(&place, &wanted), &wanted).await;
        let text = plan.statements(&*place.dialect).join(";\n");
        assert!(!text.contains("TYPE"), "{text}");
    });
}

#[test]
fn what_others_have_built_on_our_table_stops_a_step_that_would_break_it() {
    block_on(async {
        let place = empty("postgres").await;
        said(
            &place,
            "CREATE SCHEMA reports; CREATE TABLE cms_posts (id bigint PRIMARY KEY, title text NOT NULL, extra text);
             CREATE TABLE stats (post bigint REFERENCES cms_posts, n int);
             CREATE VIEW reports.titles AS SELECT title FROM cms_posts; CREATE VIEW summary AS SELECT extra FROM cms_posts;",
        );
        let scope = Scope {
            owns: patterns(&["cms_*"]),
            ..Scope::default()
        };
        let refused = async |text: &str| {
            let plan = planned(&place, &scope, &model(text)).await;
            let refusals: Vec<String> = plan
                .refusals
                .iter()
                .map(|item| format!("{} {}", item.object, item.message))
                .collect();
            let ran = place.run(&plan).await;
            (refusals.join("\n"), ran.is_err(), plan.statements(&*place.dialect).join(";\n"))
        };
        let entity = |fields: &str| {
            format!("#[entity(timestamps = false)]\n#[db(table = \"cms_posts\")]\npub struct CmsPost {{ #[id] pub id: i64, {fields} }}\n")
        };
        let (refusals, _, sql) = refused(&entity("pub extra: Option<Text>")).await;
        assert!(
            refusals.contains("reports.titles"),
            "title is read by a view of another schema: {refusals}\n{sql}"
        );
        let (refusals, _, sql) = refused(&entity("pub title: Text")).await;
        assert!(
            refusals.contains("summary"),
            "extra is read by a view that is not ours: {refusals}\n{sql}"
        );
        let gone = refused("#[entity(timestamps = false)]\npub struct CmsOther { #[id] pub id: i64 }\n").await;
        assert!(
            gone.0.contains("stats"),
            "their foreign key points at the table: {} {}",
            gone.0,
            gone.2
        );
        let rows = place
            .rows("SELECT count(*) FROM pg_views WHERE viewname IN ('titles', 'summary')")
            .await;
        assert_eq!(rows[0][0].as_deref(), Some("2"));
    });
}

#[test]
fn what_belongs_to_sqlite_and_its_extensions_is_not_ours() {
    block_on(async {
        let place = empty("sqlite").await;
        said(
            &place,
            "CREATE TABLE cms_posts (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL); INSERT INTO cms_posts (title) VALUES ('x');
             CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER); CREATE TABLE _litestream_lock (id INTEGER);
             CREATE VIRTUAL TABLE fts USING fts5(title, content='cms_posts', content_rowid='id'); CREATE VIRTUAL TABLE box USING rtree(id, a, b);
             ANALYZE;",
        );
        let catalog = place.catalog().await;
        let tables: Vec<&str> = catalog.tables.iter().map(|table| table.name.name.as_str()).collect();
        assert_eq!(tables, ["cms_posts"]);
        let kinds: Vec<String> = catalog
            .unmodelled
            .iter()
            .map(|item| format!("{} {}", item.kind, item.name))
            .collect();
        assert_eq!(
            kinds,
            [
                "bookkeeping table _litestream_seq",
                "bookkeeping table _litestream_lock",
                "virtual table fts",
                "virtual table box"
            ]
        );
    });
}
