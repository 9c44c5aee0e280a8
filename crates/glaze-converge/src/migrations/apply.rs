//! Applying migrations: under the lock, with the history checked and the database looked at before, and the result proven after.

use std::collections::BTreeSet;

use glaze_model::Model;

use super::effects::Effects;
use super::folder::{Entry, Folder, FolderError, hash};
use super::guard::{Drift, guard};
use super::history::{History, HistoryProblem, has, history, history_of};
use super::proof::{self, COUNTED, Expected, Proof, Tolerated};
use super::run::Run;
use super::statements::{self, Named};
use crate::catalog::Catalog;
use crate::dialect::CatalogDialect;
use crate::plan::Plan;
use crate::port::{AppliedMigration, Database, DatabaseError, Patience, Scope};
use crate::system::{SystemError, ensure_system};

/// Why applying stopped.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The system's tables could not be made.
    #[error(transparent)]
    System(#[from] SystemError),
    /// The history is not in order.
    #[error("{}", .0.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n"))]
    History(Vec<HistoryProblem>),
    /// Somebody has changed the tables that a migration is about to change.
    #[error("{}", drifted(.0))]
    Drift(Vec<Drift>),
    /// Something is there by now that a step was allowed to lose only because there was nothing. Nothing was run.
    #[error(
        "{object} was empty when the plan was made, and is not any more ({rows} rows): nothing was changed; look again, and consent to the loss if it is meant"
    )]
    Appeared {
        /// What would have been lost.
        object: String,
        /// Rows by now.
        rows: u64,
    },
    /// A migration failed; what came before it is applied.
    #[error("{migration} failed: {error}")]
    Failed {
        /// Which.
        migration: String,
        /// Why.
        error: DatabaseError,
    },
    /// It failed after some of its statements, which could not share a transaction with the rest.
    #[error("{migration} stopped after {done} of {of} statements, which stay: {error}")]
    Partly {
        /// Which.
        migration: String,
        /// Statements done.
        done: usize,
        /// Of how many.
        of: usize,
        /// Why.
        error: Box<ApplyError>,
    },
    /// `BEGIN`, `COMMIT` and the like in a migration.
    #[error("{migration}: take `{statement}` out; the migration has a transaction of its own")]
    Transaction {
        /// Which.
        migration: String,
        /// The statement.
        statement: String,
    },
    /// A crash came at a statement of which nobody can tell whether it ran.
    #[error(
        "{migration} was interrupted at a statement of which the database does not show whether it ran; look, then say so with a repair\n  it is: {statement}"
    )]
    Uncertain {
        /// Which.
        migration: String,
        /// The statement.
        statement: String,
    },
    /// It ran, and the database is not what it should be.
    #[error("after {migration} the database is not what it promises{}: {}", undone(*.rolled_back), .differences.join(", "))]
    Unproven {
        /// Which.
        migration: String,
        /// `kind object`, as seen from the database; rows that are too few or too many; things that are gone.
        differences: Vec<String>,
        /// Nothing of it was kept.
        rolled_back: bool,
    },
}

fn undone(rolled_back: bool) -> &'static str {
    if rolled_back { " (it was rolled back)" } else { "" }
}

fn drifted(items: &[Drift]) -> String {
    let lines: Vec<String> = items
        .iter()
        .map(|item| format!("  {} (table {})", item.object, item.table))
        .collect();
    format!(
        "somebody has changed tables that are about to be changed, and it could get lost; take it into the schema or undo it first:\n{}",
        lines.join("\n")
    )
}

impl ApplyError {
    /// Somebody else stood in the way; it can be tried again.
    pub fn is_blocked(&self) -> bool {
        match self {
            ApplyError::Database(error) | ApplyError::Failed { error, .. } => matches!(error, DatabaseError::Blocked { .. }),
            _ => false,
        }
    }

    pub(super) fn after_tries(self, tries: u32) -> ApplyError {
        match self {
            ApplyError::Failed {
                migration,
                error: DatabaseError::Blocked { message, statement },
            } if tries > 1 => ApplyError::Failed {
                migration,
                error: DatabaseError::Blocked {
                    message: format!("tried {tries} times: {message}"),
                    statement,
                },
            },
            other => other,
        }
    }

    pub(super) fn partly(self, migration: &str, done: usize, of: usize) -> ApplyError {
        match self {
            ApplyError::Uncertain { .. } => self,
            other if done == 0 => other,
            other => ApplyError::Partly {
                migration: migration.to_owned(),
                done,
                of,
                error: Box::new(other),
            },
        }
    }
}

/// How to apply.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    /// What part of the database is ours.
    pub scope: Scope,
    /// Who does it (`user@host`).
    pub by: String,
    /// The time, RFC 3339.
    pub now: String,
    /// How long to wait for others.
    pub patience: Patience,
    /// Run although somebody has changed the tables concerned. What that loses is still found by the proof.
    pub allow_drift: bool,
    /// Go no further than this migration.
    pub up_to: Option<String>,
    /// What a plan may lose only because there is nothing of it ([`run_plan`]).
    pub nothing_lost: Vec<NothingLost>,
}

/// A step that loses rows or values, allowed because it was counted and found to lose none. It is counted again in the transaction that
/// runs the step: others may have written since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NothingLost {
    /// What is changed or goes: `public.posts.old`.
    pub object: String,
    /// A query that gives the number of rows concerned.
    pub count: String,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Migrations that ran.
    pub ran: Vec<String>,
    /// The baseline that the database was found to have already.
    pub adopted: Option<String>,
    /// What somebody has changed elsewhere.
    pub warnings: Vec<String>,
    /// What was proven, migration by migration.
    pub proofs: Vec<Proof>,
}

/// Applies what is pending: under the lock, with the hashes checked before and the result proven after.
///
/// # Errors
/// When the history is not in order, a statement fails, or the result is not what was promised.
pub async fn apply(
    folder: &Folder,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    builtin: &Model,
    options: &ApplyOptions,
) -> Result<Applied, ApplyError> {
    let before = history_of(folder, database, dialect, &options.scope).await?;
    check(&before)?;
    if before.pending.is_empty() {
        return Ok(Applied::default());
    }
    database.lock(&options.by, &options.patience).await?;
    let work = Work {
        folder,
        database,
        dialect,
        options,
    };
    let done = work.locked(builtin).await;
    let unlocked = database.unlock().await;
    let done = done?;
    unlocked?;
    Ok(done)
}

fn check(history: &History) -> Result<(), ApplyError> {
    let problems: Vec<HistoryProblem> = history
        .problems
        .iter()
        .filter(|problem| problem.code != "unfinished")
        .cloned()
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ApplyError::History(problems))
    }
}

struct Work<'a> {
    folder: &'a Folder,
    database: &'a dyn Database,
    dialect: &'a dyn CatalogDialect,
    options: &'a ApplyOptions,
}

impl Work<'_> {
    async fn locked(&self, builtin: &Model) -> Result<Applied, ApplyError> {
        ensure_system(builtin, self.database, self.dialect).await?;
        let journal = self.database.journal().await?;
        let mut state = history(self.folder, &journal)?;
        check(&state)?;
        let mut out = Applied::default();
        if let Some(first) = state
            .pending
            .first()
            .filter(|entry| entry.baseline && state.applied.is_empty())
            .cloned()
            && !journal.iter().any(|row| row.name == first.full_name())
            && has(self.folder, &first, self.database, self.dialect, &self.options.scope).await?
        {
            self.adopt(&first).await?;
            out.adopted = Some(first.full_name());
            state.pending.remove(0);
        }
        if let Some(last) = &self.options.up_to {
            let upto = state.pending.iter().position(|entry| entry.full_name() == *last);
            state.pending.truncate(upto.map_or(0, |at| at + 1));
        }
        let mut known = self.look(&state.pending, &journal, &mut out).await?;
        for entry in &state.pending {
            let row = journal.iter().find(|row| row.name == entry.full_name());
            let (proof, left) = self.one(entry, row, known).await?;
            known = left;
            out.ran.push(entry.full_name());
            out.proofs.push(proof);
        }
        Ok(out)
    }

    /// Writes that the database has had the baseline all along.
    async fn adopt(&self, entry: &Entry) -> Result<(), ApplyError> {
        let sql = self.folder.sql(entry)?.unwrap_or_default();
        let mut row = self.row(entry, &sql, self.dialect.split(&sql).len());
        row.statements_done = row.statements;
        row.finished = true;
        Ok(self.database.record(&row).await?)
    }

    fn row(&self, entry: &Entry, sql: &str, statements: usize) -> AppliedMigration {
        AppliedMigration {
            name: entry.full_name(),
            hash: hash(sql.as_bytes()),
            statements_done: 0,
            statements: u32::try_from(statements).unwrap_or(u32::MAX),
            finished: false,
            started_at: self.options.now.clone(),
            duration_ms: 0,
            by: self.options.by.clone(),
            sql: Some(sql.to_owned()),
        }
    }

    /// Looks for what somebody else has changed before anything runs. After a crash there is nothing to compare with.
    async fn look(&self, pending: &[Entry], journal: &[AppliedMigration], out: &mut Applied) -> Result<BTreeSet<String>, ApplyError> {
        let Some(first) = pending.first() else { return Ok(BTreeSet::new()) };
        if journal.iter().any(|row| row.name == first.full_name()) {
            return Ok(BTreeSet::new());
        }
        let mut sql = Vec::new();
        for entry in pending {
            sql.extend(self.dialect.split(&self.folder.sql(entry)?.unwrap_or_default()));
        }
        let start = self.before(first)?;
        let current = proof::current(self.database, self.dialect, &self.options.scope).await?;
        let found = guard(&start, &current, &sql, self.database, self.dialect).await?;
        if !found.in_the_way.is_empty() && !self.options.allow_drift {
            return Err(ApplyError::Drift(found.in_the_way));
        }
        // A first migration finds all that others have put there; that is nothing to warn of.
        if !first.parent_hash.is_empty() {
            out.warnings = found.elsewhere;
        }
        Ok(found.known)
    }

    /// The state that a migration starts from.
    fn before(&self, entry: &Entry) -> Result<Catalog, ApplyError> {
        let entries = &self.folder.journal.entries;
        let at = entries.iter().position(|other| other == entry).unwrap_or_default();
        match at.checked_sub(1).and_then(|at| entries.get(at)) {
            Some(parent) => Ok(self.folder.snapshot(parent)?.catalog),
            None => Ok(Catalog {
                dialect: self.dialect.name().to_owned(),
                ..Catalog::default()
            }),
        }
    }

    async fn one(
        &self,
        entry: &Entry,
        begun: Option<&AppliedMigration>,
        known: BTreeSet<String>,
    ) -> Result<(Proof, BTreeSet<String>), ApplyError> {
        let (name, sql) = (entry.full_name(), self.folder.sql(entry)?.unwrap_or_default());
        let statements = self.dialect.split(&sql);
        let mut row = self.row(entry, &sql, statements.len());
        if let Some(begun) = begun {
            same_beginning(begun, &statements, self.dialect)?;
            row.statements_done = begun.statements_done.min(row.statements);
            row.started_at.clone_from(&begun.started_at);
        }
        let snapshot = self.folder.snapshot(entry)?;
        let start = self.before(entry)?;
        let effects = match &snapshot.effects {
            Some(effects) => effects.clone(),
            None => Effects::between(&start, &snapshot.catalog),
        };
        let tolerated = match begun {
            None => Tolerated::These(known),
            Some(_) => Tolerated::NotOn(concerned(&start, &snapshot.catalog, &statements, self.dialect)),
        };
        let run = Run {
            database: self.database,
            dialect: self.dialect,
            scope: &self.options.scope,
            patience: &self.options.patience,
            name: &name,
            statements: &statements,
            expected: Expected {
                promised: &snapshot.catalog,
                effects: &effects,
                tolerated,
                by_hand: entry.file_hash != row.hash,
                limit: COUNTED,
            },
            nothing_lost: &[],
            row: Some(row),
        };
        run.execute().await
    }
}

/// Tables that a migration is about.
fn concerned(start: &Catalog, end: &Catalog, sql: &[String], dialect: &dyn CatalogDialect) -> Vec<Named> {
    let mut out: Vec<Named> = sql.iter().flat_map(|statement| statements::altered(statement)).collect();
    let steps = crate::diff::compare_catalogs(start, end, dialect);
    out.extend(steps.iter().filter_map(|step| step.table()).map(Named::from));
    out
}

/// The statements that ran before the crash must still be those in the file: else nobody knows where to go on.
fn same_beginning(begun: &AppliedMigration, statements: &[String], dialect: &dyn CatalogDialect) -> Result<(), ApplyError> {
    let Some(before) = &begun.sql else { return Ok(()) };
    let done = begun.statements_done as usize;
    let ran = dialect.split(before);
    if ran.iter().take(done).eq(statements.iter().take(done)) {
        return Ok(());
    }
    Err(ApplyError::History(vec![HistoryProblem {
        code: "edited".to_owned(),
        migration: begun.name.clone(),
        message: format!(
            "{} stopped after {done} statements, and those were edited since: undo the edit of what has run",
            begun.name
        ),
    }]))
}

/// Runs a plan that is no migration: under the lock, in one transaction where the database allows, with its proof, without a
/// journal. `planned_from` is the database as it was read for the plan: when it has changed since where the plan works, nothing
/// is run.
///
/// # Errors
/// When a statement fails or the result is not what the plan promises: then nothing was kept, unless the plan has statements
/// that cannot be in a transaction ([`ApplyError::Partly`]).
pub async fn run_plan(
    plan: &Plan,
    planned_from: Option<&Catalog>,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    options: &ApplyOptions,
) -> Result<Proof, ApplyError> {
    let statements = plan.statements(dialect);
    database.lock(&options.by, &options.patience).await?;
    let done = run_locked(plan, planned_from, &statements, database, dialect, options).await;
    let unlocked = database.unlock().await;
    let done = done?;
    unlocked?;
    Ok(done)
}

async fn run_locked(
    plan: &Plan,
    planned_from: Option<&Catalog>,
    statements: &[String],
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    options: &ApplyOptions,
) -> Result<Proof, ApplyError> {
    let mut known = BTreeSet::new();
    if let Some(start) = planned_from {
        let current = proof::current(database, dialect, &options.scope).await?;
        let found = guard(start, &current, statements, database, dialect).await?;
        if !found.in_the_way.is_empty() && !options.allow_drift {
            return Err(ApplyError::Drift(found.in_the_way));
        }
        known = found.known;
    }
    let effects = Effects::of(plan);
    let run = Run {
        database,
        dialect,
        scope: &options.scope,
        patience: &options.patience,
        name: "the plan",
        statements,
        expected: Expected {
            promised: &plan.to,
            effects: &effects,
            tolerated: Tolerated::These(known),
            by_hand: false,
            limit: COUNTED,
        },
        row: None,
        nothing_lost: &options.nothing_lost,
    };
    run.execute().await.map(|(proof, _)| proof)
}
