//! The law of pull on SQLite: what the model asks for, with what is carried, is what is there; through the text of the schema
//! file too.

use glaze_converge::{
    catalog::Catalog,
    desired::desired,
    diff::diff,
    hints::{Answers, Hints},
    plan::plan,
    port::{Database, Scope},
    pull::{Pulled, pull_beside},
};
use glaze_model::{FieldKind, Model, Ownership, Scalar};
use glaze_source::SourceFile;
use glaze_sqlite::{SqliteCatalog, SqliteDatabase};

async fn check(database: &SqliteDatabase) -> (Catalog, Pulled) {
    let catalog = database.introspect(&Scope::default()).await.expect("introspection");
    let pulled = pull_beside(&catalog, &SqliteCatalog, &glaze_source::builtin_model());
    in_sync(&catalog, &pulled.model);
    let files = [SourceFile {
        path: "schema.rs".to_owned(),
        text: glaze_source::print(&pulled.model),
    }];
    let reading = glaze_source::read(&files);
    let read = reading
        .model
        .unwrap_or_else(|| panic!("{}", glaze_source::render(&reading.diagnostics, &files, false)));
    in_sync(&catalog, &read);
    for (read, pulled) in read.entities.iter().zip(&pulled.model.entities) {
        for (read, pulled) in read.fields.iter().zip(&pulled.fields) {
            assert_eq!(read, pulled);
        }
        assert_eq!(read, pulled);
    }
    assert_eq!(read.enums, pulled.model.enums);
    (catalog, pulled)
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

fn in_sync(catalog: &Catalog, model: &Model) {
    let wanted = desired(model, &SqliteCatalog).expect("a catalog");
    let diff = diff(catalog, wanted, None, Hints::default(), &Answers::default(), &SqliteCatalog);
    let steps: Vec<String> = diff
        .steps
        .iter()
        .map(|step| format!("{} {} {step:?}", step.kind(), step.object()))
        .collect();
    assert!(steps.is_empty(), "{} steps:\n{}", steps.len(), steps.join("\n"));
}

#[tokio::test]
async fn chinook_is_in_sync_with_what_was_pulled() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("chinook.db");
    glaze_testkit::sqlite_chinook(&place);
    let database = SqliteDatabase::open(&place).expect("opens");
    let (catalog, pulled) = check(&database).await;
    assert_eq!((catalog.tables.len(), own(&pulled)), (11, 10), "PlaylistTrack is a relation");
    assert_eq!((pulled.notes.as_slice(), pulled.unmodelled.as_slice()), (&[][..], &[][..]));
    let track = pulled.model.entity("Track").expect("an entity");
    let price = track.field("unit_price").expect("a field");
    assert_eq!(
        (&price.kind, price.constraints.scale),
        (&FieldKind::Scalar(Scalar::Decimal), Some(2))
    );
    assert!(matches!(&track.field("album").expect("a reference").kind, FieldKind::Ref(album) if album.target == "Album"));
    assert!(matches!(&track.field("playlists").expect("a relation").kind, FieldKind::Many(many) if many.target == "Playlist"));
    assert!(matches!(
        &pulled
            .model
            .entity("Album")
            .expect("an entity")
            .field("tracks")
            .expect("the other side")
            .kind,
        FieldKind::Inverse(_)
    ));
}

const TORTURE: &str = r#"
CREATE TABLE users (id TEXT PRIMARY KEY, email VARCHAR(80) NOT NULL UNIQUE, "type" TEXT DEFAULT 'it''s', active BOOLEAN DEFAULT 1);
CREATE TABLE "Order Items" (
  a INTEGER, b INTEGER NOT NULL DEFAULT -1, price DECIMAL(10,2) DEFAULT 1.5, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, day DATE, data JSON,
  state TEXT CHECK (state IN ('open', 'done')), n INT CHECK (n > 0), raw BLOB, what, twice INTEGER GENERATED ALWAYS AS (b * 2) VIRTUAL,
  t TEXT COLLATE NOCASE, user_id TEXT REFERENCES users(id) ON DELETE SET NULL, by_email VARCHAR(80) REFERENCES users(email) ON UPDATE CASCADE,
  PRIMARY KEY (b, a), UNIQUE (n, day), CHECK (n < 100 OR day IS NULL)
) WITHOUT ROWID;
CREATE TABLE counter (id INTEGER PRIMARY KEY AUTOINCREMENT, n SMALLINT);
CREATE TABLE parts (order_b INTEGER, order_a INTEGER, "order" INTEGER, FOREIGN KEY (order_b, order_a) REFERENCES "Order Items" (b, a) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE user_counter (user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, counter_id INTEGER NOT NULL REFERENCES counter, PRIMARY KEY (user_id, counter_id));
CREATE INDEX i1 ON "Order Items" (day DESC, n) WHERE n > 5;
CREATE INDEX i2 ON "Order Items" (lower(t));
CREATE UNIQUE INDEX i3 ON counter (n);
CREATE VIEW v AS SELECT * FROM counter;
CREATE TRIGGER tr AFTER INSERT ON counter BEGIN UPDATE counter SET n = 1; END;
"#;

#[tokio::test]
async fn whatever_can_be_in_a_database_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = SqliteDatabase::open(folder.path().join("odd.db")).expect("opens");
    let statements = glaze_converge::dialect::CatalogDialect::split(&SqliteCatalog, TORTURE);
    database.execute(&statements).await.expect("made");
    let (_, pulled) = check(&database).await;
    assert_eq!(
        (pulled.notes.as_slice(), pulled.unmodelled.join(", ")),
        (&[][..], "view v, trigger counter.tr".to_owned())
    );
    let item = pulled.model.entity("OrderItem").expect("an entity");
    assert_eq!(item.key, ["b", "a"], "in the order of the key");
    assert_eq!(item.field("by_email").expect("a reference").db.references, ["email"]);
    let part = pulled.model.entity("Part").expect("an entity");
    assert_eq!(
        (part.key.len(), part.field("order_item").expect("a reference").columns.len()),
        (0, 2)
    );
}

#[tokio::test]
async fn what_glaze_made_is_pulled_as_it_was_meant() {
    let place = glaze_testkit::repository().join("crates/glaze/templates/shop/schema.rs");
    let files = [SourceFile {
        path: "schema.rs".to_owned(),
        text: std::fs::read_to_string(place).expect("the template"),
    }];
    let reading = glaze_source::read(&files);
    let model = reading
        .model
        .unwrap_or_else(|| panic!("{}", glaze_source::render(&reading.diagnostics, &files, false)));
    let folder = tempfile::tempdir().expect("a folder");
    let database = SqliteDatabase::open(folder.path().join("shop.db")).expect("opens");
    let nothing = Catalog {
        dialect: "sqlite".to_owned(),
        ..Catalog::default()
    };
    let wanted = desired(&model, &SqliteCatalog).expect("a catalog");
    let first = diff(&nothing, wanted, None, Hints::default(), &Answers::default(), &SqliteCatalog);
    let statements = plan(first, &Answers::default(), &SqliteCatalog).statements(&SqliteCatalog);
    database.execute(&statements).await.expect("made");
    let (_, pulled) = check(&database).await;
    for meant in model.entities.iter().filter(|entity| entity.ownership == Ownership::Project) {
        let Some(entity) = pulled.model.entities.iter().find(|entity| entity.table == meant.table) else {
            panic!("no {}", meant.table)
        };
        for field in meant.fields.iter().filter(|field| {
            !field.columns.is_empty() && matches!(field.kind, FieldKind::Scalar(Scalar::Decimal | Scalar::Bool | Scalar::DateTime))
        }) {
            let pulled = entity
                .fields
                .iter()
                .find(|other| other.columns == field.columns)
                .expect("the column");
            assert_eq!(
                (&pulled.kind, pulled.nullable, &pulled.default),
                (&field.kind, field.nullable, &field.default),
                "{}.{}",
                meant.name,
                field.name
            );
        }
    }
}
