//! Writing migrations.

use std::path::PathBuf;

use glaze_model::Model;

use super::effects::Effects;
use super::folder::{Entry, Folder, FolderError, Snapshot, hash};
use super::naming::auto_name;
use crate::assess::{AssessOptions, StepReport, assess_with};
use crate::beside;
use crate::catalog::Catalog;
use crate::desired::DesiredError;
use crate::dialect::CatalogDialect;
use crate::diff::Question;
use crate::hints::Answers;
use crate::identity::assign_ids;
use crate::online::{OnlineOptions, choose};
use crate::plan::{Plan, Refusal, plan, plan_model};
use crate::port::{Database, DatabaseError, Scope};

/// Why no migration was written.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The model does not fit the database.
    #[error(transparent)]
    Desired(#[from] DesiredError),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A probe failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Somebody has to decide first.
    #[error("{}", questions(.0))]
    Questions(Vec<Question>),
    /// It cannot be done.
    #[error("{}", refusals(.0))]
    Refused(Vec<Refusal>),
}

fn questions(items: &[Question]) -> String {
    let line = |item: &Question| match item.kind.as_str() {
        "rename" => format!(
            "is {} renamed to {}? say so with #[was(\"…\")] or an answer (\"renames\")",
            item.from, item.to
        ),
        _ => format!("how does {} become {}? give an expression (\"using\")", item.from, item.to),
    };
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn refusals(items: &[Refusal]) -> String {
    items.iter().map(|item| item.message.clone()).collect::<Vec<_>>().join("\n")
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// `0007_add_excerpt`
    pub name: String,
    /// Dialect.
    pub dialect: String,
    /// Files.
    pub files: Vec<PathBuf>,
    /// What it does.
    pub steps: Vec<StepReport>,
}

/// Writes the next migration of one dialect; `None` when nothing differs. `model` gets the stable ids of the snapshot before, or new
/// ones: pass the same model for every dialect, so that they share them. `now` is the time in RFC 3339.
///
/// # Errors
/// When something has to be decided, cannot be done, or the folder cannot be written.
pub async fn generate(
    folder: &mut Folder,
    model: &mut Model,
    dialect: &dyn CatalogDialect,
    answers: &Answers,
    name: Option<&str>,
    now: &str,
) -> Result<Option<Generated>, GenerateError> {
    generate_for(folder, model, dialect, answers, name, now, None).await
}

/// A database that the migration will run on. Tables that are large there take the online form.
#[derive(Clone, Copy)]
pub struct AtHand<'a> {
    /// The database.
    pub database: &'a dyn Database,
    /// What counts as large.
    pub online: OnlineOptions,
    /// What of it is ours.
    pub scope: &'a Scope,
}

/// Where the migration starts, with what the database at hand has beside the tables: a table that is made anew keeps its triggers.
async fn known_beside(
    from: &Catalog,
    has_history: bool,
    dialect: &dyn CatalogDialect,
    at_hand: Option<AtHand<'_>>,
) -> Result<Catalog, DatabaseError> {
    let Some(at_hand) = at_hand.filter(|_| has_history) else {
        return Ok(from.clone());
    };
    let mut current = at_hand.database.introspect(at_hand.scope).await?;
    dialect.normalise(&mut current);
    Ok(beside::adopted(from, &current))
}

/// [`generate`] for a database at hand.
///
/// # Errors
/// As [`generate`]; or when the database is gone.
pub async fn generate_for(
    folder: &mut Folder,
    model: &mut Model,
    dialect: &dyn CatalogDialect,
    answers: &Answers,
    name: Option<&str>,
    now: &str,
    at_hand: Option<AtHand<'_>>,
) -> Result<Option<Generated>, GenerateError> {
    let previous = folder.latest()?;
    assign_ids(model, previous.as_ref().map(|snapshot| &snapshot.model));
    let empty = Catalog {
        dialect: dialect.name().to_owned(),
        ..Catalog::default()
    };
    let from = previous.as_ref().map_or(&empty, |snapshot| &snapshot.catalog);
    let from = &known_beside(from, previous.is_some(), dialect, at_hand).await?;
    let mut plan = plan_model(from, model, previous.as_ref().map(|snapshot| &snapshot.model), answers, dialect)?;
    if !plan.questions.is_empty() {
        return Err(GenerateError::Questions(plan.questions));
    }
    if !plan.refusals.is_empty() {
        return Err(GenerateError::Refused(plan.refusals));
    }
    if plan.is_empty() {
        return Ok(None);
    }
    // The rows of one database say nothing of those of the others; the sizes of its tables do.
    let online = at_hand.map_or_else(OnlineOptions::default, |at_hand| at_hand.online);
    let options = AssessOptions {
        online,
        count: false,
        ..AssessOptions::default()
    };
    let database = at_hand.map(|at_hand| at_hand.database);
    choose(&mut plan, dialect, database, &online).await?;
    let steps = assess_with(&plan, dialect, database, &options).await?;
    let title = name.map_or_else(|| auto_name(plan.steps(), folder.journal.entries.is_empty()), str::to_owned);
    let sql = file_text(&plan, &steps, dialect);
    let snapshot = Snapshot::new(
        model.clone(),
        plan.to.clone(),
        previous.as_ref().map_or("", |snapshot| &snapshot.hash),
    )
    .with_effects(Effects::of(&plan));
    write(folder, dialect, &title, &sql, &snapshot, steps, now, false).map(Some)
}

/// Writes the first migration of a project that began with a database: what is there, marked as adopted.
///
/// # Errors
/// When the folder has migrations already or cannot be written.
pub fn baseline(
    folder: &mut Folder,
    model: &mut Model,
    catalog: &Catalog,
    dialect: &dyn CatalogDialect,
    now: &str,
) -> Result<Generated, GenerateError> {
    if let Some(entry) = folder.journal.entries.first() {
        let path = folder.sql_path(entry).display().to_string();
        return Err(FolderError::Format {
            path,
            reason: "there are migrations already; a baseline is the first one".to_owned(),
        }
        .into());
    }
    assign_ids(model, None);
    let mut catalog = catalog.clone();
    dialect.normalise(&mut catalog);
    let mut sql = "-- What the database held when this project began. A database that holds it counts as migrated; an empty one gets it.\n"
        .to_owned();
    for statement in create_everything(&catalog, dialect) {
        sql += &format!("\n{};\n", statement.trim_end().trim_end_matches(';'));
    }
    let snapshot = Snapshot::new(model.clone(), catalog, "");
    write(folder, dialect, "baseline", &sql, &snapshot, Vec::new(), now, true)
}

/// Statements that make all of a catalog, the unmodelled included where their SQL is known.
pub fn create_everything(catalog: &Catalog, dialect: &dyn CatalogDialect) -> Vec<String> {
    let empty = Catalog {
        dialect: catalog.dialect.clone(),
        ..Catalog::default()
    };
    let answers = Answers::default();
    let diff = crate::diff::diff_catalogs(&empty, catalog, &answers, dialect);
    plan(diff, &answers, dialect).statements(dialect)
}

/// The file: every step's hazards as comments in front of its statements.
fn file_text(plan: &Plan, steps: &[StepReport], dialect: &dyn CatalogDialect) -> String {
    let mut out = String::new();
    let mut reports = steps.iter();
    for action in &plan.actions {
        let own: Vec<&StepReport> = reports.by_ref().take(action.steps().len()).collect();
        if !out.is_empty() {
            out.push('\n');
        }
        for report in &own {
            out += &format!("-- {} {}\n", report.kind, one_line(&report.object));
            for hazard in &report.hazards {
                out += &format!("--   {}: {}\n", hazard.code, one_line(&hazard.message));
            }
        }
        for statement in plan.render(action, dialect) {
            out += &format!("{};\n", statement.trim_end().trim_end_matches(';'));
        }
    }
    out
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[allow(clippy::too_many_arguments)]
fn write(
    folder: &mut Folder,
    dialect: &dyn CatalogDialect,
    title: &str,
    sql: &str,
    snapshot: &Snapshot,
    steps: Vec<StepReport>,
    now: &str,
    baseline: bool,
) -> Result<Generated, GenerateError> {
    let number = match folder.journal.entries.last() {
        Some(last) => last.number + 1,
        None => u32::from(!baseline),
    };
    let entry = Entry {
        number,
        name: crate::names::shorten(&title.replace(|c: char| !c.is_ascii_alphanumeric(), "_"), 60),
        file_hash: hash(sql.as_bytes()),
        parent_hash: snapshot.parent_hash.clone(),
        state_hash: snapshot.hash.clone(),
        created_at: now.to_owned(),
        baseline,
    };
    let name = entry.full_name();
    let files = folder.add(entry, sql, snapshot)?;
    Ok(Generated {
        name,
        dialect: dialect.name().to_owned(),
        files,
        steps,
    })
}
