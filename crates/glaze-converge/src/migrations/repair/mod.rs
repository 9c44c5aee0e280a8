//! What is wrong with a history, and the ways back. Every way says before what it will do; where one could lose something, it
//! keeps a copy or is not taken by itself; where nobody can tell, it asks.

mod branches;
mod files;
mod merge;
mod replay;

use std::path::{Path, PathBuf};

use glaze_model::Model;
use serde::{Deserialize, Serialize};

use super::apply::{ApplyError, ApplyOptions};
use super::folder::{Folder, FolderError, hash};
use super::generate::GenerateError;
use super::history::history;
use super::proof::prove;
use super::words::words;
use crate::dialect::CatalogDialect;
use crate::port::{AppliedMigration, Database, DatabaseError, Effect};

/// Something wrong, with the ways back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Those of [`super::HistoryProblem`], and `journal_damaged`, `journal_conflict`, `invalid_index`, `stale_lock`.
    pub code: String,
    /// The migration, or the thing it is about.
    pub migration: String,
    /// What is wrong.
    pub message: String,
    /// What can be done.
    pub repairs: Vec<Repair>,
}

/// A way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repair {
    /// What [`repair`] is called with.
    pub choice: Choice,
    /// What it will do.
    pub description: String,
    /// Loses nothing and guesses nothing: may be taken without asking.
    pub safe: bool,
}

/// The ways back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The file as it was run, from the journal.
    RestoreFile,
    /// The file as it is counts as what was run.
    AcceptEdit,
    /// A migration that was never applied is no longer one.
    DropEntry,
    /// The snapshot from what the migrations make.
    RebuildSnapshot,
    /// `journal.json` from the files.
    RebuildJournal,
    /// Two branches in one row: the one that was not applied comes after the other.
    MergeBranches,
    /// Made again after all others.
    Renumber,
    /// A file is put beside, where it is no migration.
    SetAside,
    /// A migration of the database comes into the folder.
    BringIn,
    /// The database forgets that it has had a migration.
    Forget,
    /// Goes on where it stopped.
    Resume,
    /// The statement of which nobody knows did run.
    StatementRan,
    /// It did not, and is run now.
    RunStatement,
    /// The database is as the migration promises: it counts as finished.
    Finish,
    /// Takes away what a failed attempt has left.
    DropLeftover,
    /// Forgets a migrator that died.
    FreeLock,
}

/// Why a repair was not made.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The folder cannot be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Going on failed.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The migration could not be made again.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// Not in this way.
    #[error("{0}")]
    Impossible(String),
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repaired {
    /// Files that were written or taken away.
    pub files: Vec<PathBuf>,
    /// What was done, for people.
    pub done: Vec<String>,
}

impl Repaired {
    fn said(text: impl Into<String>) -> Repaired {
        Repaired {
            files: Vec::new(),
            done: vec![text.into()],
        }
    }

    fn file(mut self, path: PathBuf) -> Repaired {
        self.files.push(path);
        self
    }
}

/// Where repairs are made.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// `migrations`, the folder with a folder for each dialect.
    pub root: &'a Path,
    /// The database.
    pub database: &'a dyn Database,
    /// What it means.
    pub dialect: &'a dyn CatalogDialect,
    /// Glaze's own tables.
    pub builtin: &'a Model,
    /// As for applying.
    pub options: &'a ApplyOptions,
}

impl Site<'_> {
    fn folder(&self) -> Result<Folder, FolderError> {
        Folder::open(self.root, self.dialect.name())
    }

    fn path(&self) -> PathBuf {
        self.root.join(self.dialect.name())
    }
}

fn way(choice: Choice, safe: bool, description: impl Into<String>) -> Repair {
    Repair {
        choice,
        description: description.into(),
        safe,
    }
}

/// Everything that is wrong, in the order in which it should be repaired.
///
/// # Errors
/// When the folder or the database cannot be read at all.
pub async fn problems(site: Site<'_>) -> Result<Vec<Problem>, RepairError> {
    let rows = site.database.journal().await?;
    let folder = match site.folder() {
        Ok(folder) => folder,
        // Nothing else can be judged before that.
        Err(error @ FolderError::Format { .. }) => return Ok(vec![files::damaged(site, &error)?]),
        Err(error) => return Err(error.into()),
    };
    let mut out = Vec::new();
    for found in history(&folder, &rows)?.problems {
        let row = rows.iter().find(|row| row.name == found.migration);
        let repairs = repairs(site, &folder, &found.code, &found.migration, row).await?;
        out.push(Problem {
            code: found.code,
            migration: found.migration,
            message: found.message,
            repairs,
        });
    }
    for (index, undo) in site.database.leftovers().await? {
        out.push(Problem {
            code: "invalid_index".to_owned(),
            message: format!("building the index {index} failed halfway (INVALID): it serves no query and slows down every write"),
            migration: index,
            repairs: vec![way(
                Choice::DropLeftover,
                true,
                format!("runs {undo}; a migration that is not finished builds it again"),
            )],
        });
    }
    if let Some(holder) = site.database.holder().await?.filter(|holder| holder.alive == Some(false)) {
        out.push(Problem {
            code: "stale_lock".to_owned(),
            migration: String::new(),
            message: format!(
                "{} began to migrate at {} and died (process {}); the lock itself went with it",
                holder.by, holder.since, holder.process
            ),
            repairs: vec![way(Choice::FreeLock, true, "takes the note of it away")],
        });
    }
    Ok(out)
}

async fn repairs(
    site: Site<'_>,
    folder: &Folder,
    code: &str,
    name: &str,
    row: Option<&AppliedMigration>,
) -> Result<Vec<Repair>, RepairError> {
    let stored = row.is_some_and(|row| row.sql.is_some());
    Ok(match code {
        "edited" => edited(folder, name, row)?,
        "missing_file" if stored => vec![way(Choice::RestoreFile, true, format!("writes {name}.sql as it was run"))],
        "missing_file" if row.is_none() => vec![way(
            Choice::DropEntry,
            false,
            format!("takes {name} out of journal.json and its snapshot away; it was never applied to this database"),
        )],
        "missing_snapshot" => vec![way(
            Choice::RebuildSnapshot,
            true,
            "runs the migrations up to this one on an empty scratch database and writes down what they make",
        )],
        "forked" | "out_of_order" => branches::repairs(folder, code, name, site.database).await?,
        "unfinished" => unfinished(site, name, row).await?,
        "unlisted" => files::unlisted(folder, name)?,
        "unknown_applied" => files::unknown(folder, name, row),
        _ => Vec::new(),
    })
}

fn edited(folder: &Folder, name: &str, row: Option<&AppliedMigration>) -> Result<Vec<Repair>, RepairError> {
    let Some(stored) = row.and_then(|row| row.sql.as_ref()) else {
        return Ok(vec![way(
            Choice::AcceptEdit,
            false,
            "runs the history with the edited file on an empty scratch database; when it makes the same, the edit counts as what was run",
        )]);
    };
    let entry = folder.journal.entries.iter().find(|entry| entry.full_name() == name);
    let text = entry.map(|entry| folder.sql(entry)).transpose()?.flatten().unwrap_or_default();
    let only_words = words(stored) == words(&text);
    let restore = way(
        Choice::RestoreFile,
        true,
        format!("writes {name}.sql as it was run; what it says now is kept as {name}.sql.edited"),
    );
    let accept = way(
        Choice::AcceptEdit,
        only_words,
        if only_words {
            "only comments and space differ: the file counts as what was run"
        } else {
            "runs the history with the edited file on an empty scratch database; when it makes the same, the edit counts as what was run"
        },
    );
    Ok(if only_words { vec![accept, restore] } else { vec![restore, accept] })
}

async fn unfinished(site: Site<'_>, name: &str, row: Option<&AppliedMigration>) -> Result<Vec<Repair>, RepairError> {
    let Some(row) = row else { return Ok(Vec::new()) };
    let statements = row.sql.as_deref().map(|sql| site.dialect.split(sql)).unwrap_or_default();
    let next = statements.get(row.statements_done as usize);
    let mut out = Vec::new();
    let unknown = match next.filter(|statement| site.dialect.outside_transaction(statement)) {
        Some(statement) => site.database.effect(statement).await? == Effect::Unknown,
        None => false,
    };
    if let Some(statement) = next.filter(|_| unknown) {
        out.push(way(
            Choice::StatementRan,
            false,
            format!("notes that this did run, so that applying goes on after it: {statement}"),
        ));
        out.push(way(Choice::RunStatement, false, format!("runs it now and notes it: {statement}")));
    } else {
        out.push(way(
            Choice::Resume,
            true,
            format!("goes on with statement {} of {name}", row.statements_done + 1),
        ));
    }
    out.push(way(
        Choice::Finish,
        false,
        "looks whether the database is as the migration promises; if so, it counts as finished",
    ));
    if row.statements_done == 0 && !unknown {
        out.push(way(
            Choice::Forget,
            false,
            "notes that nothing of it has run; applying begins again",
        ));
    }
    Ok(out)
}

/// Makes a repair that [`problems`] has offered.
///
/// # Errors
/// When it was not offered, cannot be made, or the database refuses.
pub async fn repair(site: Site<'_>, problem: &Problem, choice: Choice) -> Result<Repaired, RepairError> {
    if !problem.repairs.iter().any(|repair| repair.choice == choice) {
        return Err(RepairError::Impossible(format!(
            "that is no way to repair {} of {}",
            problem.code, problem.migration
        )));
    }
    site.database.lock(&site.options.by, &site.options.patience).await?;
    let done = match choice {
        // Takes the lock by itself.
        Choice::Resume => Ok(Repaired::default()),
        _ => locked(site, problem, choice).await,
    };
    let unlocked = site.database.unlock().await;
    let done = done?;
    unlocked?;
    match choice {
        Choice::Resume => replay::resume(site, &problem.migration).await,
        _ => Ok(done),
    }
}

async fn locked(site: Site<'_>, problem: &Problem, choice: Choice) -> Result<Repaired, RepairError> {
    let name = problem.migration.as_str();
    match choice {
        Choice::RestoreFile => files::restore(site, name).await,
        Choice::AcceptEdit => replay::accept_edit(site, name).await,
        Choice::DropEntry => files::drop_entry(site, name),
        Choice::RebuildSnapshot => replay::rebuild_snapshot(site, name).await,
        Choice::RebuildJournal => files::rebuild_journal(site),
        Choice::MergeBranches => branches::merge(site).await,
        Choice::Renumber => branches::renumber(site, name).await,
        Choice::SetAside => files::set_aside(site, name),
        Choice::BringIn => replay::bring_in(site, name).await,
        Choice::Forget => forget(site, name).await,
        Choice::StatementRan => advance(site, name, false).await,
        Choice::RunStatement => advance(site, name, true).await,
        Choice::Finish => finish(site, name).await,
        Choice::DropLeftover => drop_leftover(site, name).await,
        Choice::FreeLock => Ok(Repaired::said("the note of the migrator that died is gone")),
        Choice::Resume => Ok(Repaired::default()),
    }
}

async fn row(site: Site<'_>, name: &str) -> Result<AppliedMigration, RepairError> {
    let rows = site.database.journal().await?;
    rows.into_iter()
        .find(|row| row.name == name)
        .ok_or_else(|| RepairError::Impossible(format!("the database's journal has no {name}")))
}

async fn forget(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    site.database.forget(name).await?;
    Ok(Repaired::said(format!("the database no longer counts {name} as applied")))
}

async fn advance(site: Site<'_>, name: &str, run: bool) -> Result<Repaired, RepairError> {
    let mut row = row(site, name).await?;
    let statements = row.sql.as_deref().map(|sql| site.dialect.split(sql)).unwrap_or_default();
    let Some(statement) = statements.get(row.statements_done as usize) else {
        return Err(RepairError::Impossible(format!("all statements of {name} have run")));
    };
    if run {
        site.database.step(statement).await?;
    }
    row.statements_done += 1;
    site.database.record(&row).await?;
    Ok(Repaired::said(format!(
        "{} of {} statements of {name} have run; apply again to go on",
        row.statements_done, row.statements
    )))
}

async fn finish(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let folder = site.folder()?;
    let entry = files::entry(&folder, name)?;
    let promised = folder.snapshot(entry)?.catalog;
    let differences = prove(&promised, site.database, site.dialect, &site.options.scope).await?;
    if !differences.is_empty() {
        return Err(RepairError::Impossible(format!(
            "the database is not yet what {name} promises: {}",
            differences.join(", ")
        )));
    }
    let mut row = row(site, name).await?;
    row.statements_done = row.statements;
    row.finished = true;
    if let Some(sql) = folder.sql(entry)? {
        row.hash = hash(sql.as_bytes());
        row.sql = Some(sql);
    }
    site.database.record(&row).await?;
    Ok(Repaired::said(format!("{name} counts as applied")))
}

async fn drop_leftover(site: Site<'_>, index: &str) -> Result<Repaired, RepairError> {
    let leftovers = site.database.leftovers().await?;
    let Some((_, undo)) = leftovers.iter().find(|(name, _)| name == index) else {
        return Ok(Repaired::said(format!("{index} is gone already")));
    };
    site.database.step(undo).await?;
    Ok(Repaired::said(format!("{index} was dropped")))
}
