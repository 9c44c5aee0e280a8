//! The law of pull: what the model asks for, with what is carried, is what is there. For real databases, and through the
//! text of the schema file.

use glaze_converge::{
    catalog::Catalog,
    desired::desired,
    diff::diff,
    hints::{Answers, Hints},
    port::{Database, Scope},
    pull::{Pulled, pull_beside},
};
use glaze_model::{FieldKind, Model, Ownership};
use glaze_postgres::{PostgresDatabase, PostgresDialect};
use glaze_source::SourceFile;
use glaze_testkit::{Postgres, Sample};

/// Pulls, and shows that neither the model nor its text asks for anything else than what is there.
async fn check(database: &PostgresDatabase) -> (Catalog, Pulled) {
    let catalog = database.introspect(&Scope::default()).await.expect("introspection");
    let pulled = pull_beside(&catalog, &PostgresDialect, &glaze_source::builtin_model());
    in_sync(database, &catalog, &pulled.model).await;
    let text = glaze_source::print(&pulled.model);
    let files = [SourceFile {
        path: "schema.rs".to_owned(),
        text,
    }];
    let reading = glaze_source::read(&files);
    let shown = glaze_source::render(&reading.diagnostics, &files, false);
    let read = reading.model.unwrap_or_else(|| panic!("{shown}"));
    in_sync(database, &catalog, &read).await;
    for (read, pulled) in read.entities.iter().zip(&pulled.model.entities) {
        same_entity(read, pulled);
    }
    assert_eq!(read.enums, pulled.model.enums);
    (catalog, pulled)
}

fn same_entity(read: &glaze_model::Entity, pulled: &glaze_model::Entity) {
    for (a, b) in read.fields.iter().zip(&pulled.fields) {
        assert_eq!(a, b, "{}.{}", pulled.name, b.name);
    }
    assert_eq!(read, pulled);
}

/// How many entities are the project's own.
fn own(pulled: &Pulled) -> usize {
    pulled
        .model
        .entities
        .iter()
        .filter(|entity| entity.ownership == Ownership::Project)
        .count()
}

async fn in_sync(database: &PostgresDatabase, catalog: &Catalog, model: &Model) {
    let mut wanted = desired(model, &PostgresDialect).expect("a catalog");
    wanted.catalog = database.canonicalise(&wanted.catalog, catalog).await.expect("canonical spelling");
    let diff = diff(catalog, wanted, None, Hints::default(), &Answers::default(), &PostgresDialect);
    let steps: Vec<String> = diff
        .steps
        .iter()
        .map(|step| format!("{} {} {step:?}", step.kind(), step.object()))
        .collect();
    assert!(steps.is_empty(), "{} steps:\n{}", steps.len(), steps.join("\n"));
    assert!(diff.questions.is_empty(), "{:?}", diff.questions);
}

async fn sample(sample: Sample) -> (Catalog, Pulled) {
    let database = PostgresDatabase::connect(&sample.database().url).await.expect("a connection");
    check(&database).await
}

/// A database made by these statements.
async fn made(sql: &str) -> (Catalog, Pulled) {
    let server = Postgres::shared();
    let place = server.database();
    server.psql(&place.url, sql);
    let database = PostgresDatabase::connect(&place.url).await.expect("a connection");
    check(&database).await
}

/// The field's kind in a word, with what it refers to.
fn kind(pulled: &Pulled, entity: &str, field: &str) -> String {
    let entity = pulled.model.entity(entity).unwrap_or_else(|| panic!("no entity {entity}"));
    let field = entity.field(field).unwrap_or_else(|| panic!("{} has no {field}", entity.name));
    match &field.kind {
        FieldKind::Scalar(scalar) => scalar.name().to_owned(),
        FieldKind::List(scalar) => format!("list of {}", scalar.name()),
        FieldKind::Enum(name) => format!("enum {name}"),
        FieldKind::EnumList(name) => format!("list of {name}"),
        FieldKind::Ref(reference) => format!("ref {}", reference.target),
        FieldKind::Many(many) => format!("many {}", many.target),
        FieldKind::Inverse(inverse) => format!("{} {}", if inverse.one { "one" } else { "inverse" }, inverse.target),
        other => format!("{other:?}"),
    }
}

fn kinds(pulled: &Pulled, wanted: &[(&str, &str, &str)]) {
    for (entity, field, wanted) in wanted {
        assert_eq!(kind(pulled, entity, field), *wanted, "{entity}.{field}");
    }
}

#[tokio::test]
async fn chinook_is_in_sync_with_what_was_pulled() {
    let (catalog, pulled) = sample(Sample::Chinook).await;
    assert_eq!((catalog.tables.len(), own(&pulled)), (11, 10), "playlist_track is a relation");
    assert_eq!((pulled.notes.len(), pulled.unmodelled.len()), (0, 0));
    kinds(
        &pulled,
        &[
            ("Track", "id", "i32"),
            ("Track", "album", "ref Album"),
            ("Track", "unit_price", "Decimal"),
            ("Track", "playlists", "many Playlist"),
            ("Playlist", "tracks", "many Track"),
            ("Album", "tracks", "inverse Track"),
            ("Customer", "support_rep", "ref Employee"),
            ("Employee", "reports_to", "ref Employee"),
        ],
    );
}

#[tokio::test]
async fn northwind_is_in_sync_with_what_was_pulled() {
    let (catalog, pulled) = sample(Sample::Northwind).await;
    assert_eq!((catalog.tables.len(), own(&pulled)), (14, 12), "two tables are relations");
    assert_eq!((pulled.notes.len(), pulled.unmodelled.len()), (0, 0));
    kinds(
        &pulled,
        &[
            ("Customer", "id", "String"),
            ("Order", "ship_via", "ref Shipper"),
            ("OrderDetail", "order", "ref Order"),
            ("OrderDetail", "unit_price", "f32"),
            ("Employee", "territories", "many Territory"),
            ("Customer", "customer_demographics", "many CustomerDemographic"),
        ],
    );
    assert_eq!(pulled.model.entity("OrderDetail").expect("an entity").key, ["order", "product"]);
}

#[tokio::test]
async fn pagila_is_in_sync_with_what_was_pulled() {
    let (catalog, pulled) = sample(Sample::Pagila).await;
    assert_eq!((catalog.tables.len(), own(&pulled)), (15, 15), "partitions are no tables");
    assert_eq!(pulled.notes, Vec::<String>::new());
    kinds(
        &pulled,
        &[
            ("Film", "rating", "enum MpaaRating"),
            ("Film", "special_features", "list of String"),
            ("Film", "fulltext", "Custom"),
            ("Film", "release_year", "Custom"),
            ("Film", "language", "ref Language"),
            ("Language", "films_by_original_language", "inverse Film"),
            ("Customer", "active", "i16"),
            ("Rental", "rental_period", "Custom"),
        ],
    );
    let payment = pulled.model.entity("Payment").expect("an entity");
    assert!(payment.key.is_empty(), "it has no primary key");
    let unmodelled = |words: &str| {
        assert!(
            pulled.unmodelled.iter().any(|item| item == words),
            "{words} in {:#?}",
            pulled.unmodelled
        )
    };
    unmodelled("view public.actor_info");
    unmodelled("view legacy.rental");
    unmodelled("trigger public.film.film_fulltext_trigger");
    unmodelled("rule public.payment.payment_pk_update");
    unmodelled("partition public.payment_p2007_01");
    unmodelled("domain public.year");
}

#[tokio::test]
async fn nothing_becomes_nothing() {
    let (_, pulled) = made("SELECT 1").await;
    assert_eq!((own(&pulled), pulled.notes.len(), pulled.unmodelled.len()), (0, 0, 0));
}

const TORTURE: &str = r#"
CREATE SCHEMA other;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE mood AS ENUM ('happy', 'so so', '1st', 'Self');
CREATE TYPE "Weird Enum" AS ENUM ('a');
CREATE TYPE other.status AS ENUM ('on', 'off');
CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0);
CREATE TYPE pair AS (a int, b int);
CREATE SEQUENCE alone START 5;
CREATE TABLE users (id uuid PRIMARY KEY, email citext UNIQUE, name text NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE tenants (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), code char(3) NOT NULL UNIQUE, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE projects (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  title varchar(80) NOT NULL DEFAULT 'new ''one''',
  PRIMARY KEY (tenant_id, number)
);
COMMENT ON TABLE projects IS 'What is worked on.';
COMMENT ON COLUMN projects.title IS 'Shown in lists.
Second line.';
CREATE TABLE tasks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  legacy_id serial UNIQUE,
  tenant_id uuid NOT NULL,
  project_number integer NOT NULL,
  parent_id bigint REFERENCES tasks ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  owner_id uuid REFERENCES users,
  reviewer_id uuid REFERENCES users ON DELETE CASCADE,
  tenant_code char(3) REFERENCES tenants (code),
  "type" text NOT NULL,
  "Mixed Case" integer DEFAULT -1,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'it''s')),
  short varchar(10) CHECK (short IN ('a', 'b')),
  mood mood DEFAULT 'so so',
  moods mood[] NOT NULL DEFAULT '{}',
  odd "Weird Enum",
  remote other.status DEFAULT 'on',
  score numeric(6,2) CHECK (score >= 0) CHECK (score <= 99.5),
  any_number numeric,
  rate double precision DEFAULT 0.5 CHECK (rate > 0),
  small smallint DEFAULT 3 CHECK (small >= -5),
  big bigint DEFAULT 5000000000,
  flag boolean NOT NULL DEFAULT false,
  day date DEFAULT CURRENT_DATE,
  due date DEFAULT '2026-01-01',
  at timestamp(3) DEFAULT '2026-01-01 10:00:00',
  clock time DEFAULT '10:00',
  clock_tz timetz,
  span interval DEFAULT '1 hour',
  data jsonb NOT NULL DEFAULT '{}',
  raw json,
  bytes bytea DEFAULT '\x00ff',
  place point,
  tags text[] DEFAULT '{}'::text[],
  codes varchar(5)[],
  matrix integer[][],
  ratio real,
  price money,
  ip inet,
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', "type")) STORED,
  total numeric(8,2) GENERATED ALWAYS AS (score * 2) STORED,
  pos positive,
  duo pair,
  german text COLLATE "C",
  body text CHECK (char_length(body) <= 500) CHECK (body ~ '^(?:[a-z]+)$'),
  before integer,
  _hidden integer,
  FOREIGN KEY (tenant_id, project_number) REFERENCES projects ON DELETE CASCADE,
  UNIQUE (tenant_id, project_number, "type"),
  UNIQUE (small) DEFERRABLE,
  UNIQUE NULLS NOT DISTINCT (big),
  CHECK (day <= due),
  EXCLUDE USING btree (span WITH =) WHERE (false),
  CHECK (flag) NO INHERIT
);
ALTER TABLE tasks ADD CONSTRAINT late CHECK (big > 0) NOT VALID;
CREATE INDEX ON tasks (lower("type"), due DESC);
CREATE INDEX ON tasks (due DESC) WHERE state = 'open' AND NOT flag;
CREATE INDEX ON tasks (due NULLS FIRST);
CREATE INDEX ON tasks ("type" text_pattern_ops);
CREATE INDEX ON tasks (id) INCLUDE (due);
CREATE INDEX ON tasks USING gin (data);
CREATE INDEX ON tasks USING hash (state);
CREATE INDEX ON tasks ((small + 1), ("type" || 'x') DESC);
CREATE UNIQUE INDEX ON tasks (owner_id, due) WHERE owner_id IS NOT NULL;
CREATE INDEX ON tasks (tenant_id, project_number);
CREATE INDEX ON tasks (tenant_id);
CREATE INDEX ON tasks (owner_id) WITH (fillfactor = 70);
CREATE TABLE profile (id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE, bio text);
CREATE TABLE settings (user_id uuid NOT NULL UNIQUE REFERENCES users, theme text);
CREATE TABLE followers (follower_id uuid REFERENCES users ON DELETE CASCADE, followed_id uuid REFERENCES users, PRIMARY KEY (follower_id, followed_id));
CREATE TABLE user_tasks (task_id bigint REFERENCES tasks ON DELETE CASCADE, user_id uuid REFERENCES users ON DELETE RESTRICT, PRIMARY KEY (user_id, task_id));
CREATE INDEX ON user_tasks (user_id);
CREATE TABLE watchers (task_id bigint REFERENCES tasks, user_id uuid REFERENCES users, since timestamptz, PRIMARY KEY (user_id, task_id));
CREATE UNLOGGED TABLE log (line text, "when" timestamptz);
CREATE TABLE reverse (a int, b int, c int, PRIMARY KEY (b, a));
CREATE TABLE "Orders" ("OrderID" serial PRIMARY KEY, "UserId" uuid REFERENCES users, "order" int, created_at date, "createdAt" timestamptz);
CREATE TABLE post (id int PRIMARY KEY);
CREATE TABLE posts (id int PRIMARY KEY, post_id int REFERENCES post, post int);
CREATE TABLE child (extra int) INHERITS (post);
CREATE TABLE other.notes (id bigserial PRIMARY KEY, user_id uuid REFERENCES users (id));
CREATE VIEW open_tasks AS SELECT id, "type" FROM tasks WHERE state = 'open';
CREATE VIEW other.v AS SELECT * FROM open_tasks;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE OF "type" ON tasks FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON tasks FOR SELECT USING (owner_id IS NOT NULL);
CREATE RULE quiet AS ON DELETE TO log DO INSTEAD NOTHING;
CREATE STATISTICS st ON small, big FROM tasks;
"#;

#[tokio::test]
async fn whatever_can_be_in_a_database_stays_as_it_is() {
    let (catalog, pulled) = made(TORTURE).await;
    assert_eq!(pulled.notes, Vec::<String>::new());
    assert_eq!(catalog.unmodelled.len(), 11, "{:#?}", catalog.unmodelled);
    kinds(
        &pulled,
        &[
            ("Task", "project", "ref Project"),
            ("Task", "tenant_code", "ref Tenant"),
            ("Task", "type_", "String"),
            ("Task", "state", "enum TaskState"),
            ("Task", "moods", "list of Mood"),
            ("Task", "clock_tz", "Custom"),
            ("AppUser", "profile", "one Profile"),
            ("AppUser", "setting", "one Setting"),
            ("AppUser", "followers", "many AppUser"),
            ("AppUser", "tasks_by_owner", "inverse Task"),
        ],
    );
    let user = pulled.model.entity("AppUser").expect("an entity");
    assert!(user.field("id").is_some_and(|id| id.implicit) && user.field("updated_at").is_some_and(|at| at.implicit));
    let score = &pulled
        .model
        .entity("Task")
        .expect("an entity")
        .field("score")
        .expect("a field")
        .constraints;
    assert!(score.min.is_some() && score.max.is_some(), "{score:?}");
}

#[tokio::test]
async fn a_catalog_of_hundreds_of_tables_is_read_at_once() {
    let server = Postgres::shared();
    let place = server.database();
    let one = "CREATE TABLE t%1$s (id int PRIMARY KEY, a text DEFAULT %2$L, b int CHECK (b > 0), c int REFERENCES t%1$s, d text UNIQUE); CREATE INDEX ON t%1$s (b)";
    server.psql(
        &place.url,
        &format!("DO $$ BEGIN FOR n IN 1..500 LOOP EXECUTE format('{one}', n, 'x'); END LOOP; END $$"),
    );
    let database = PostgresDatabase::connect(&place.url).await.expect("a connection");
    let begun = std::time::Instant::now();
    let catalog = database.introspect(&Scope::default()).await.expect("introspection");
    assert_eq!(catalog.tables.len(), 500);
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    let same = database.canonicalise(&catalog, &catalog).await.expect("an answer");
    assert_eq!(same, catalog);
}
