//! What can be done with the schema of a running application.

use async_trait::async_trait;
use serde_json::Value as Json;

use super::requests::{ApplyRequest, ChoiceRequest, EditRequest, RepairRequest, UndoRequest};
use crate::{ETag, Problem};

/// An answer.
#[derive(Debug, Clone)]
pub struct Told {
    /// The report, as it is shown.
    pub body: Json,
    /// Names the state of the schema files, where it is about them.
    pub tag: Option<ETag>,
}

impl Told {
    /// An answer that is not about the schema files.
    pub fn of(body: Json) -> Told {
        Told { body, tag: None }
    }
}

/// Reads and changes schema files, migrations and database together. Every change is whole or not at all, one at a time, and is served as
/// soon as it is made. Where `if_match` is given, a change is made only while the files are still those of that tag.
#[async_trait]
pub trait SchemaAdmin: Send + Sync {
    /// The schema: model, files, and where everything stands in them.
    async fn schema(&self) -> Result<Told, Problem>;
    /// What edits would do to files, tables and rows. Changes nothing.
    async fn preview(&self, request: EditRequest) -> Result<Told, Problem>;
    /// Makes edits: files, migration, database.
    async fn edit(&self, request: EditRequest, if_match: Option<String>) -> Result<Told, Problem>;
    /// Takes back the last change that was made here.
    async fn undo(&self, request: UndoRequest, if_match: Option<String>) -> Result<Told, Problem>;
    /// How code, migrations and database agree, item by item.
    async fn status(&self) -> Result<Told, Problem>;
    /// The differences in full, of all items or of those named.
    async fn differences(&self, only: Option<Vec<String>>) -> Result<Told, Problem>;
    /// Takes over what somebody else has changed in the database.
    async fn accept(&self, request: ChoiceRequest) -> Result<Told, Problem>;
    /// Undoes what somebody else has changed in the database.
    async fn reject(&self, request: ChoiceRequest) -> Result<Told, Problem>;
    /// Brings the database to what the code says.
    async fn apply(&self, request: ApplyRequest) -> Result<Told, Problem>;
    /// The history: every migration with its SQL, who ran it when, and what is wrong.
    async fn migrations(&self) -> Result<Told, Problem>;
    /// Repairs what is wrong in the history.
    async fn repair(&self, request: RepairRequest) -> Result<Told, Problem>;
}
