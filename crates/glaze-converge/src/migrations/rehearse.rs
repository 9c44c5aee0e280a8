//! The dress rehearsal: the whole history on an empty scratch database, then what waits on a copy of the real one. Leaves nothing
//! behind.

use glaze_model::Model;
use serde::{Deserialize, Serialize};

use super::apply::{ApplyError, ApplyOptions, apply, run_plan};
use super::folder::Folder;
use super::generate::create_everything;
use super::proof::{self, Proof, prove};
use crate::catalog::{Catalog, ForeignKey, ObjectName, Table};
use crate::dialect::CatalogDialect;
use crate::plan::Plan;
use crate::port::{Content, Database, DatabaseError, Scope, Scratch};
use crate::step::{Action, Step};
use crate::system::{ensure_system, is_bookkeeping};

/// Rows of each table that are taken along where a database cannot be copied as a whole.
pub const SAMPLE: u64 = 1000;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsal {
    /// Every migration from nothing.
    pub history: Vec<Rehearsed>,
    /// What waits, on a copy of the database; empty when nothing waits.
    pub pending: Vec<Rehearsed>,
    /// The plan that is not written yet, on the same copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Rehearsed>,
    /// The copy holds only some rows of large tables.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sampled: bool,
    /// What is worth knowing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Rehearsal {
    /// Whether all of it went well.
    pub fn passed(&self) -> bool {
        self.history
            .iter()
            .chain(&self.pending)
            .chain(&self.plan)
            .all(|item| item.error.is_none())
    }
}

/// One migration, or the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsed {
    /// `0007_add_excerpt`, `the plan`
    pub name: String,
    /// What was proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Rehearses the history, and what waits. `next` is a plan from the last snapshot to the code, where there is one that was not
/// written yet.
///
/// # Errors
/// When no scratch database can be made or the folder cannot be read. A migration that fails is no error but the answer.
pub async fn rehearse(
    folder: &Folder,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    builtin: &Model,
    next: Option<&Plan>,
    options: &ApplyOptions,
) -> Result<Rehearsal, ApplyError> {
    let stage = Stage {
        folder,
        dialect,
        builtin,
        // Nobody else is there, and what is strange about the copy is not the rehearsal's matter.
        options: ApplyOptions {
            allow_drift: true,
            ..options.clone()
        },
    };
    let mut out = Rehearsal::default();
    let empty = database.scratch(Content::Empty).await?;
    let played = stage.play(&*empty.database).await;
    database.discard(empty).await?;
    out.history = played?;
    let copy = copy(database, &stage, &mut out).await?;
    let played = stage.play_pending(&*copy.database, next, &mut out).await;
    database.discard(copy).await?;
    played?;
    Ok(out)
}

struct Stage<'a> {
    folder: &'a Folder,
    dialect: &'a dyn CatalogDialect,
    builtin: &'a Model,
    options: ApplyOptions,
}

impl Stage<'_> {
    /// Applies one migration after the other, until one fails.
    async fn play(&self, database: &dyn Database) -> Result<Vec<Rehearsed>, ApplyError> {
        let mut out = Vec::new();
        for entry in &self.folder.journal.entries {
            let options = ApplyOptions {
                up_to: Some(entry.full_name()),
                ..self.options.clone()
            };
            let mut item = Rehearsed {
                name: entry.full_name(),
                ..Rehearsed::default()
            };
            match apply(self.folder, database, self.dialect, self.builtin, &options).await {
                Ok(applied) if applied.ran.is_empty() => continue,
                Ok(applied) => item.proof = applied.proofs.into_iter().next_back(),
                Err(ApplyError::Database(error @ DatabaseError::Unavailable(_))) => return Err(error.into()),
                Err(error) => item.error = Some(error.to_string()),
            }
            let failed = item.error.is_some();
            out.push(item);
            if failed {
                break;
            }
        }
        Ok(out)
    }

    async fn play_pending(&self, database: &dyn Database, next: Option<&Plan>, out: &mut Rehearsal) -> Result<(), ApplyError> {
        out.pending = self.play(database).await?;
        let Some(plan) = next.filter(|plan| !plan.is_empty() && out.pending.iter().all(|item| item.error.is_none())) else {
            return Ok(());
        };
        let mut item = Rehearsed {
            name: "the plan".to_owned(),
            ..Rehearsed::default()
        };
        match run_plan(plan, None, database, self.dialect, &self.options).await {
            Ok(proof) => {
                let left = prove(&plan.to, database, self.dialect, &self.options.scope).await?;
                if !left.is_empty() {
                    item.error = Some(format!("the plan leaves differences: {}", left.join(", ")));
                }
                item.proof = Some(proof);
            }
            Err(error) => item.error = Some(error.to_string()),
        }
        out.plan = Some(item);
        Ok(())
    }
}

/// A copy of the database: as a whole, else its structure with some rows of each table.
async fn copy(database: &dyn Database, stage: &Stage<'_>, out: &mut Rehearsal) -> Result<Scratch, ApplyError> {
    match database.scratch(Content::Copy).await {
        Err(DatabaseError::Blocked { message, .. }) => {
            out.notes.push(format!("the copy was made table by table: {message}"));
        }
        other => return Ok(other?),
    }
    let scratch = database.scratch(Content::Empty).await?;
    match fill(database, &*scratch.database, stage, out).await {
        Ok(()) => Ok(scratch),
        Err(error) => {
            database.discard(scratch).await?;
            Err(error)
        }
    }
}

/// Structure without foreign keys, rows, then the foreign keys: those that some missing rows break are added unchecked.
async fn fill(from: &dyn Database, to: &dyn Database, stage: &Stage<'_>, out: &mut Rehearsal) -> Result<(), ApplyError> {
    let dialect = stage.dialect;
    let current = proof::current(from, dialect, &stage.options.scope).await?;
    let mut bare = current.clone();
    for table in &mut bare.tables {
        table.foreign_keys.clear();
    }
    ensure_system(stage.builtin, to, dialect).await?;
    to.execute(&create_everything(&bare, dialect)).await?;
    let system = from.introspect(&Scope::system()).await?;
    let own = system.tables.iter().filter(|table| !is_bookkeeping(&table.name));
    for table in own.chain(&current.tables) {
        out.sampled |= rows(from, to, dialect, table).await?;
    }
    for (table, key) in keys(&current) {
        let checked = add(dialect, table, key.clone());
        if to.execute(&checked).await.is_err() {
            let unchecked = ForeignKey {
                not_valid: true,
                ..key.clone()
            };
            to.execute(&add(dialect, table, unchecked)).await?;
        }
    }
    for row in from.journal().await? {
        to.record(&row).await?;
    }
    Ok(())
}

fn keys(catalog: &Catalog) -> impl Iterator<Item = (&ObjectName, &ForeignKey)> {
    catalog
        .tables
        .iter()
        .flat_map(|table| table.foreign_keys.iter().map(move |key| (&table.name, key)))
}

fn add(dialect: &dyn CatalogDialect, table: &ObjectName, key: ForeignKey) -> Vec<String> {
    let step = Step::FkAdd { table: table.clone(), key };
    dialect.render(&Action::Alter(Box::new(step)))
}

/// Takes along the first rows of a table, as text that the columns' types read back; says whether there were more.
async fn rows(from: &dyn Database, to: &dyn Database, dialect: &dyn CatalogDialect, table: &Table) -> Result<bool, ApplyError> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none())
        .map(|column| dialect.quote(&column.name))
        .collect();
    if columns.is_empty() {
        return Ok(false);
    }
    let (name, list) = (dialect.quote_table(&table.name), columns.join(", "));
    let found = from.query(&format!("SELECT {list} FROM {name} LIMIT {}", SAMPLE + 1)).await?;
    let more = found.len() as u64 > SAMPLE;
    let identity = table.columns.iter().any(|column| column.identity.is_some());
    let overriding = if identity { " OVERRIDING SYSTEM VALUE" } else { "" };
    for chunk in found.chunks(100) {
        let values: Vec<String> = chunk.iter().map(|row| literal_row(row)).collect();
        let sql = format!("INSERT INTO {name} ({list}){overriding} VALUES {}", values.join(", "));
        to.execute(&[sql]).await?;
    }
    Ok(more)
}

fn literal_row(row: &[Option<String>]) -> String {
    let cells: Vec<String> = row
        .iter()
        .map(|cell| match cell {
            Some(text) => format!("'{}'", text.replace('\'', "''")),
            None => "NULL".to_owned(),
        })
        .collect();
    format!("({})", cells.join(", "))
}
