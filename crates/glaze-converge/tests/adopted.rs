//! Real databases are pulled, adopted, changed through the schema, and keep their rows and whatever the model cannot say.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use glaze_converge::catalog::Catalog;
use glaze_converge::dialect::CatalogDialect;
use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, ApplyOptions, Folder};
use glaze_converge::port::{Database, Scope};
use glaze_converge::pull::pull_beside;
use glaze_converge::states::{self, Status};
use glaze_model::{Field, FieldKind, Model, Ownership, Scalar};
use glaze_testkit::Sample;
use support::block_on;

const NOW: &str = "2026-11-21T07:00:00Z";

#[test]
fn chinook_on_sqlite_grows() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chinook.db");
    glaze_testkit::sqlite_chinook(&path);
    block_on(grows(
        Arc::new(glaze_sqlite::SqliteDatabase::open(&path).unwrap()),
        Arc::new(glaze_sqlite::SqliteCatalog),
    ));
}

#[test]
fn the_samples_on_postgres_grow() {
    for sample in Sample::ALL {
        let server = sample.database();
        block_on(async {
            let database = glaze_postgres::PostgresDatabase::connect(&server.url).await.unwrap();
            grows(Arc::new(database), Arc::new(glaze_postgres::PostgresDialect)).await;
        });
    }
}

async fn grows(database: Arc<dyn Database>, dialect: Arc<dyn CatalogDialect>) {
    let root = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(root.path(), dialect.name()).unwrap();
    let mut current = database.introspect(&Scope::default()).await.unwrap();
    dialect.normalise(&mut current);
    let rows = counts(&*database, &*dialect, &current).await;
    let mut model = pull_beside(&current, &*dialect, &glaze_source::builtin_model()).model;
    migrations::baseline(&mut folder, &mut model, &current, &*dialect, NOW).unwrap();
    assert_eq!(apply(&folder, &*database, &*dialect).await, migrations::Applied::default());
    assert!(
        !database.has_journal().await.unwrap(),
        "nothing is written before the schema changes"
    );
    assert_eq!(status(&folder, &*database, &*dialect, &model).await, Status::InSync);
    assert!(
        migrations::generate(&mut folder, &mut model, &*dialect, &Answers::default(), None, NOW)
            .await
            .unwrap()
            .is_none()
    );

    changed(&mut model);
    let made = migrations::generate(&mut folder, &mut model, &*dialect, &Answers::default(), None, NOW)
        .await
        .unwrap()
        .unwrap();
    assert!(made.steps.iter().all(|step| !step.kind.ends_with(".drop")), "{:?}", made.steps);
    assert_eq!(apply(&folder, &*database, &*dialect).await.ran, [made.name]);
    assert_eq!(status(&folder, &*database, &*dialect, &model).await, Status::InSync);

    let mut after = database.introspect(&Scope::default()).await.unwrap();
    dialect.normalise(&mut after);
    assert_eq!(counts(&*database, &*dialect, &after).await, rows);
    assert_eq!(after.views, current.views);
    assert_eq!(after.unmodelled.len(), current.unmodelled.len());
}

/// A new optional field and a new required one with a default in every entity, the required one limited and indexed.
fn changed(model: &mut Model) {
    for entity in model.entities.iter_mut().filter(|entity| entity.ownership == Ownership::Project) {
        let mut stars = Field::new("glaze_stars", FieldKind::Scalar(Scalar::I16));
        stars.default = Some(glaze_model::DefaultValue::Literal(glaze_model::Value::Int(3)));
        stars.constraints.min = Some(glaze_model::Value::Int(0));
        let mut note = Field::new("glaze_note", FieldKind::Scalar(Scalar::Text));
        note.nullable = true;
        entity.fields.extend([stars, note]);
        entity.indexes.push(glaze_model::Index {
            name: None,
            parts: vec![glaze_model::IndexPart::Field {
                name: "glaze_stars".to_owned(),
                desc: true,
            }],
            unique: false,
            method: None,
            filter: None,
            db_filter: None,
        });
    }
}

async fn counts(database: &dyn Database, dialect: &dyn CatalogDialect, catalog: &Catalog) -> BTreeMap<String, Option<String>> {
    let mut out = BTreeMap::new();
    for table in &catalog.tables {
        let rows = database
            .query(&format!("SELECT count(*) FROM {}", dialect.quote_table(&table.name)))
            .await
            .unwrap();
        out.insert(table.name.to_string(), rows[0][0].clone());
    }
    out
}

async fn apply(folder: &Folder, database: &dyn Database, dialect: &dyn CatalogDialect) -> migrations::Applied {
    let options = ApplyOptions {
        scope: Scope::default(),
        by: "test".to_owned(),
        now: NOW.to_owned(),
        ..ApplyOptions::default()
    };
    migrations::apply(folder, database, dialect, &glaze_source::builtin_model(), &options)
        .await
        .unwrap()
}

async fn status(folder: &Folder, database: &dyn Database, dialect: &dyn CatalogDialect, model: &Model) -> Status {
    let snapshot = folder.latest().unwrap();
    let history = migrations::history_of(folder, database, dialect, &Scope::default()).await.unwrap();
    let (scope, answers, pending) = (Scope::default(), Answers::default(), !history.pending.is_empty());
    let compared = states::compare(
        model,
        snapshot.as_ref(),
        database,
        dialect,
        &scope,
        &answers,
        history.problems,
        pending,
    );
    compared.await.unwrap().report.status
}
