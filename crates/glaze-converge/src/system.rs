//! Glaze's own tables: made when something has to be stored in them, only ever added to.

use glaze_model::Model;

use crate::catalog::{Catalog, ObjectName};
use crate::desired::{DesiredError, desired_system};
use crate::dialect::CatalogDialect;
use crate::hints::Answers;
use crate::plan::plan;
use crate::port::{Database, DatabaseError, Scope};
use crate::step::Step;

/// Name of the schema that the system's tables are in.
pub const SCHEMA: &str = "glaze";

/// Why the system's tables could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// The built-in schema does not fit this database.
    #[error(transparent)]
    Desired(#[from] DesiredError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Scope {
    /// The system's own tables.
    pub fn system() -> Scope {
        Scope {
            schemas: vec![SCHEMA.to_owned()],
            ..Scope::default()
        }
    }
}

/// Statements that add what is missing of the system's tables: tables, columns, keys, indexes. Nothing is dropped or changed, so
/// that an older Glaze beside this one goes on working. `existing` is the catalog of [`Scope::system`].
///
/// # Errors
/// When the built-in schema cannot become tables in this database.
pub fn system_statements(builtin: &Model, dialect: &dyn CatalogDialect, existing: &Catalog) -> Result<Vec<String>, DesiredError> {
    let wanted = desired_system(builtin, dialect)?;
    let diff = crate::diff::diff(existing, wanted, None, Default::default(), &Answers::default(), dialect);
    let mut diff = diff;
    diff.steps.retain(adds);
    diff.questions.clear();
    // The journal's statements make the schema where there are schemas.
    diff.steps
        .retain(|step| !matches!(step, Step::SchemaCreate { name } if name == SCHEMA));
    let plan = plan(diff, &Answers::default(), dialect);
    let mut out = dialect.journal_tables();
    out.extend(plan.statements(dialect));
    Ok(out)
}

fn adds(step: &Step) -> bool {
    match step {
        Step::SchemaCreate { .. }
        | Step::EnumCreate { .. }
        | Step::EnumAddValue { column: None, .. }
        | Step::TableCreate { .. }
        | Step::IndexCreate { .. }
        | Step::UniqueAdd { .. } => true,
        Step::ColumnAdd { column, .. } => column.nullable || column.default.is_some(),
        _ => false,
    }
}

/// Makes what is missing of the system's tables. Does nothing, and takes no lock, when all is there.
///
/// # Errors
/// When the database refuses.
pub async fn ensure_system(builtin: &Model, database: &dyn Database, dialect: &dyn CatalogDialect) -> Result<(), SystemError> {
    let existing = database.introspect(&Scope::system()).await?;
    let statements = system_statements(builtin, dialect, &existing)?;
    if statements.len() > dialect.journal_tables().len() || !database.has_journal().await? {
        database.execute(&statements).await?;
    }
    Ok(())
}

/// Whether this is one of the tables a database keeps for Glaze's bookkeeping, which no model describes.
pub fn is_bookkeeping(name: &ObjectName) -> bool {
    matches!(name.name.as_str(), "migrations" | "glaze_migrations" | "lock" | "glaze_lock")
}
