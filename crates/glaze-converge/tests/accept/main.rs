//! Accepting drift: a schema text, what somebody did to the database, the schema text afterwards, on both databases. Every case also
//! holds that the edited file asks for exactly what is there, that rejecting gives back what was there before, and that all other bytes
//! of the file are as they were (which comparing whole texts says).
#![allow(clippy::unwrap_used)]

mod cases;
mod chosen;
mod columns;
mod enums;
mod laws;
mod relations;
mod tables;

#[path = "../support/mod.rs"]
mod support;

use glaze_converge::accept::{self, Accepted, Accepting, ItemKey};
use glaze_converge::catalog::Catalog;
use glaze_converge::diff::compare_catalogs;
use glaze_converge::hints::Answers;
use glaze_model::{Edit, Model};
use glaze_source::SourceFile;
use support::{Place, fresh, model};

/// What an edit means, as the schema files' own crate says it.
fn intend(model: &Model, edit: &Edit) -> Result<Model, String> {
    glaze_source::edit::intended(model, edit).map_err(|refused| refused.to_string())
}

/// A database that was made from a schema text, and what was in it before anybody changed it.
struct Drifted {
    place: Place,
    code: Model,
    text: String,
    snapshot: Catalog,
    database: Catalog,
}

impl Drifted {
    /// A database as the text says.
    async fn new(dialect: &str, text: &str) -> Drifted {
        Drifted::within(fresh(dialect).await, text).await
    }

    async fn within(place: Place, text: &str) -> Drifted {
        let code = model(text);
        place.create(&code).await.unwrap_or_else(|error| panic!("{error}\n{text}"));
        let snapshot = place.catalog().await;
        Drifted {
            database: snapshot.clone(),
            place,
            code,
            text: text.to_owned(),
            snapshot,
        }
    }

    /// Somebody changes the database by hand.
    async fn sql(&mut self, sql: &str) {
        let statements = self.place.dialect.split(sql);
        self.place
            .database
            .execute(&statements)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        self.database = self.place.catalog().await;
    }

    /// Somebody changes the database into what another schema text asks for.
    async fn lead_to_schema(&mut self, text: &str, answers: &Answers) {
        let next = model(text);
        let plan = self.place.plan(&next, Some(&self.code), answers).await;
        self.place.run(&plan).await.unwrap_or_else(|error| panic!("{error}\n{text}"));
        self.database = self.place.catalog().await;
    }

    fn accepting<'a>(&'a self, answers: &'a Answers, only: Option<&'a [ItemKey]>) -> Accepting<'a> {
        Accepting {
            code: &self.code,
            origin: &self.code,
            snapshot: &self.snapshot,
            database: &self.database,
            answers,
            only,
            intend: &intend,
        }
    }

    fn accept(&self, answers: &Answers, only: Option<&[ItemKey]>) -> Accepted {
        accept::edits(&self.accepting(answers, only), &*self.place.dialect).unwrap()
    }

    /// The file after the edits; they must give just the model that was foretold.
    fn edited(&self, accepted: &Accepted) -> String {
        Drifted::edited_text(&self.text, accepted)
    }

    fn edited_text(text: &str, accepted: &Accepted) -> String {
        let files = [SourceFile {
            path: "schema.rs".to_owned(),
            text: text.to_owned(),
        }];
        let changed = glaze_source::edit::apply(&files, &accepted.edits)
            .unwrap_or_else(|refused| panic!("{refused:?}\n{:#?}\n{text}", accepted.edits));
        let text = changed.into_iter().next().map_or_else(|| text.to_owned(), |file| file.text);
        assert_eq!(model(&text), accepted.model, "{text}");
        text
    }

    /// What the database has and the file does not ask for, or the other way round.
    async fn unsaid(&self, text: &str) -> String {
        let steps = self.place.difference(&model(text)).await;
        steps
            .iter()
            .map(|step| format!("{} {} {step:?}\n", step.kind(), step.object()))
            .collect()
    }

    /// Takes everything back, and looks whether it is as it was.
    async fn rejected(&self, answers: &Answers) {
        let rejected = accept::reject(&self.accepting(answers, None), &*self.place.dialect).unwrap();
        assert!(rejected.plan.refusals.is_empty(), "{:?}", rejected.plan.refusals);
        self.place.run(&rejected.plan).await.unwrap();
        let now = self.place.catalog().await;
        let left = compare_catalogs(&self.snapshot, &now, &*self.place.dialect);
        assert!(left.is_empty(), "rejecting left {left:#?}");
    }
}

/// Answers that confirm these renames.
fn renames(pairs: &[(&str, &str)]) -> Answers {
    Answers {
        renames: pairs
            .iter()
            .map(|(from, to)| ((*from).to_owned(), Some((*to).to_owned())))
            .collect(),
        ..Answers::default()
    }
}

fn keys(list: &str) -> Vec<ItemKey> {
    ItemKey::list(list).unwrap()
}
