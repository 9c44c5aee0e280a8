//! The law of pull on SQLite: what the model asks for, with what is carried, is what is there; through the text of the schema
//! file too.

use glaze_converge::{
    catalog::Catalog,
    desired::desired,
    diff::diff,
    hints::{Answers, Hints},
    port::{Database, Scope},
    pull::{Pulled, pull},
};
use glaze_model::{FieldKind, Model, Ownership, Scalar};
use glaze_source::SourceFile;
use glaze_sqlite::{SqliteCatalog, SqliteDatabase};

async fn check(database: &SqliteDatabase) -> (Catalog, Pulled) {
    let catalog = database.introspect(&Scope::default()).await.expect("introspection");
    let pulled = pull(&catalog, &SqliteCatalog);
    in_sync(&catalog, &pulled.model);
    let files = [SourceFile { path: "schema.rs".to_owned(), text: glaze_source::print(&pulled.model) }];
    let reading = glaze_source::read(&files);
    let mut read = reading.model.unwrap_or_else(|| panic!("{}", glaze_source::render(&reading.diagnostics, &files, false)));
    in_sync(&catalog, &read);
    read.entities.retain(|entity| entity.ownership != Ownership::System);
    read.enums.retain(|item| pulled.model.enum_type(&item.name).is_some());
    for (read, pulled) in read.entities.iter().zip(&pulled.model.entities) {
        for (read, pulled) in read.fields.iter().zip(&pulled.fields) {
            assert_eq!(read, pulled);
        }
        assert_eq!(read, pulled);
    }
    assert_eq!(read.enums, pulled.model.enums);
    (catalog, pulled)
}

fn in_sync(catalog: &Catalog, model: &Model) {
    let wanted = desired(model, &SqliteCatalog).expect("a catalog");
    let diff = diff(catalog, wanted, None, Hints::default(), &Answers::default(), &SqliteCatalog);
    let steps: Vec<String> = diff.steps.iter().map(|step| format!("{} {} {step:?}", step.kind(), step.object())).collect();
    assert!(steps.is_empty(), "{} steps:\n{}", steps.len(), steps.join("\n"));
}

#[tokio::test]
async fn chinook_is_in_sync_with_what_was_pulled() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("chinook.db");
    glaze_testkit::sqlite_chinook(&place);
    let database = SqliteDatabase::open(&place).expect("opens");
    let (catalog, pulled) = check(&database).await;
    assert_eq!((catalog.tables.len(), pulled.model.entities.len()), (11, 10), "PlaylistTrack is a relation");
    assert_eq!((pulled.notes.as_slice(), pulled.unmodelled.as_slice()), (&[][..], &[][..]));
    let track = pulled.model.entity("Track").expect("an entity");
    let price = track.field("unit_price").expect("a field");
    assert_eq!((&price.kind, price.constraints.scale), (&FieldKind::Scalar(Scalar::Decimal), Some(2)));
    assert!(matches!(&track.field("album").expect("a reference").kind, FieldKind::Ref(album) if album.target == "Album"));
    assert!(matches!(&track.field("playlists").expect("a relation").kind, FieldKind::Many(many) if many.target == "Playlist"));
    assert!(matches!(&pulled.model.entity("Album").expect("an entity").field("tracks").expect("the other side").kind, FieldKind::Inverse(_)));
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
    assert_eq!((pulled.notes.as_slice(), pulled.unmodelled.join(", ")), (&[][..], "view v, trigger counter.tr".to_owned()));
    let item = pulled.model.entity("OrderItem").expect("an entity");
    assert_eq!(item.key, ["b", "a"], "in the order of the key");
    assert_eq!(item.field("by_email").expect("a reference").db.references, ["email"]);
    let part = pulled.model.entity("Part").expect("an entity");
    assert_eq!((part.key.len(), part.field("order_item").expect("a reference").columns.len()), (0, 2));
}
