//! Running statements: in one transaction with their proof where the database allows, else piece by piece with the progress in the
//! journal, so that whoever comes after a crash goes on at the next statement.

use std::collections::BTreeSet;

use super::apply::{ApplyError, NothingLost};
use super::proof::{self, Expected, Proof, Tolerated};
use super::statements;
use crate::dialect::CatalogDialect;
use crate::port::{AppliedMigration, Database, DatabaseError, Effect, Patience, Scope};

/// A run of statements.
pub(super) struct Run<'a> {
    pub(super) database: &'a dyn Database,
    pub(super) dialect: &'a dyn CatalogDialect,
    pub(super) scope: &'a Scope,
    pub(super) patience: &'a Patience,
    /// What it is called in messages.
    pub(super) name: &'a str,
    pub(super) statements: &'a [String],
    pub(super) expected: Expected<'a>,
    /// The line of the journal; `None` for a plan that is no migration.
    pub(super) row: Option<AppliedMigration>,
    /// What there must be nothing of before the first statement.
    pub(super) nothing_lost: &'a [NothingLost],
}

/// Statements that go together.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// In one transaction: from, to (not included).
    Together(usize, usize),
    /// Again and again, each time in a transaction of its own.
    Repeated(usize),
    /// Outside any transaction.
    Alone(usize),
}

impl Run<'_> {
    /// Runs what has not been done yet and proves the result.
    pub(super) async fn execute(mut self) -> Result<(Proof, BTreeSet<String>), ApplyError> {
        for statement in self.statements {
            if statements::controls_transaction(statement) {
                return Err(ApplyError::Transaction {
                    migration: self.name.to_owned(),
                    statement: statement.clone(),
                });
            }
        }
        let done = self.row.as_ref().map_or(0, |row| row.statements_done as usize);
        let resumed = matches!(self.expected.tolerated, Tolerated::NotOn(_));
        let begun = std::time::Instant::now();
        let mut proof = match self.pieces(done).as_slice() {
            [] | [Piece::Together(..)] if !resumed => self.at_once().await?,
            pieces => self.piecewise(pieces, resumed).await?,
        };
        proof.statements = self.statements.len() - done.min(self.statements.len());
        if let Some(row) = &mut self.row {
            row.duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.database.record(row).await?;
        }
        let left = proof.warnings.iter().cloned().collect();
        Ok((proof, left))
    }

    fn pieces(&self, from: usize) -> Vec<Piece> {
        let mut out = Vec::new();
        for (at, statement) in self.statements.iter().enumerate().skip(from) {
            if self.dialect.outside_transaction(statement) {
                out.push(Piece::Alone(at));
            } else if statements::repeats(statement) && !self.database.exclusive() {
                out.push(Piece::Repeated(at));
            } else if let Some(Piece::Together(_, end)) = out.last_mut() {
                *end = at + 1;
            } else {
                out.push(Piece::Together(at, at + 1));
            }
        }
        out
    }

    /// All or nothing, proof included.
    async fn at_once(&mut self) -> Result<Proof, ApplyError> {
        let mut tries = 1;
        loop {
            self.database.begin().await?;
            let mut done = self.all().await;
            if done.is_ok()
                && let Err(error) = self.database.commit().await
            {
                done = Err(self.failed(error));
            }
            match done {
                Ok(proof) => {
                    self.mark(self.statements.len(), true);
                    return Ok(proof);
                }
                Err(error) => {
                    self.database.rollback().await?;
                    if !error.is_blocked() || tries >= self.patience.tries {
                        return Err(error.after_tries(tries));
                    }
                }
            }
            tokio::time::sleep(self.patience.pause(tries)).await;
            tries += 1;
        }
    }

    async fn all(&self) -> Result<Proof, ApplyError> {
        let current = proof::current(self.database, self.dialect, self.scope).await?;
        let limit = self.expected.limit;
        let before = proof::before(self.database, self.dialect, &current, self.statements, limit, true).await?;
        self.nothing_appeared().await?;
        for statement in self.statements {
            self.one(statement).await.map_err(|error| self.failed(error))?;
        }
        if let Some(row) = &self.row {
            let mut row = row.clone();
            row.statements_done = row.statements;
            row.finished = true;
            self.database.record(&row).await?;
        }
        let mut proof = self.proven(&before, true).await?;
        proof.atomic = true;
        Ok(proof)
    }

    /// What nobody minded losing, because it was not there, is still not there. In a transaction the tables are held: it stays so.
    async fn nothing_appeared(&self) -> Result<(), ApplyError> {
        for item in self.nothing_lost {
            let rows = self.database.query(&item.count).await?;
            let count = rows.first().and_then(|row| row.first().cloned().flatten());
            match count.and_then(|text| text.parse::<u64>().ok()) {
                None | Some(0) => {}
                Some(rows) => {
                    return Err(ApplyError::Appeared {
                        object: item.object.clone(),
                        rows,
                    });
                }
            }
        }
        Ok(())
    }

    /// A statement; one that repeats itself until it has nothing to do any more.
    async fn one(&self, statement: &str) -> Result<(), DatabaseError> {
        let repeats = statements::repeats(statement);
        while self.database.step(statement).await? > 0 && repeats {}
        Ok(())
    }

    async fn proven(&self, before: &proof::Before, atomic: bool) -> Result<Proof, ApplyError> {
        let (mut proof, mut wrong) = proof::after(self.database, self.dialect, self.scope, self.statements, before, &self.expected).await?;
        if !atomic && !self.database.exclusive() {
            // Others have written meanwhile, perhaps.
            let (rows, rest) = wrong.into_iter().partition(|text| text.starts_with("rows of "));
            proof.warnings.extend::<Vec<String>>(rows);
            wrong = rest;
        }
        if wrong.is_empty() {
            return Ok(proof);
        }
        Err(ApplyError::Unproven {
            migration: self.name.to_owned(),
            differences: wrong,
            rolled_back: atomic,
        })
    }

    /// Piece by piece; each that can be shares a transaction with its progress in the journal.
    async fn piecewise(&mut self, pieces: &[Piece], resumed: bool) -> Result<Proof, ApplyError> {
        let current = proof::current(self.database, self.dialect, self.scope).await?;
        let limit = self.expected.limit;
        let before = proof::before(self.database, self.dialect, &current, self.statements, limit, false).await?;
        self.nothing_appeared().await?;
        self.progress().await?;
        for (nth, piece) in pieces.iter().enumerate() {
            let (first, next) = match *piece {
                Piece::Together(from, to) => (from, to),
                Piece::Repeated(at) | Piece::Alone(at) => (at, at + 1),
            };
            let done = match piece {
                Piece::Together(..) => self.together(first, next).await,
                Piece::Repeated(_) => self.repeated(first).await,
                Piece::Alone(_) => self.alone(first, resumed && nth == 0).await,
            };
            done.map_err(|error| error.partly(self.name, first, self.statements.len()))?;
        }
        let proof = self.proven(&before, false).await?;
        self.mark(self.statements.len(), true);
        Ok(proof)
    }

    fn mark(&mut self, done: usize, finished: bool) {
        if let Some(row) = &mut self.row {
            row.statements_done = u32::try_from(done).unwrap_or(u32::MAX);
            row.finished = finished;
        }
    }

    async fn progress(&self) -> Result<(), ApplyError> {
        if let Some(row) = &self.row {
            self.database.record(row).await?;
        }
        Ok(())
    }

    async fn together(&mut self, from: usize, to: usize) -> Result<(), ApplyError> {
        let before = self.row.clone();
        self.mark(to, false);
        let mut tries = 1;
        loop {
            self.database.begin().await?;
            let mut done = self.range(from, to).await;
            if done.is_ok() {
                done = self.database.commit().await;
            }
            let Err(error) = done else { return Ok(()) };
            self.database.rollback().await?;
            if !matches!(error, DatabaseError::Blocked { .. }) || tries >= self.patience.tries {
                self.row = before;
                return Err(self.failed(error).after_tries(tries));
            }
            tokio::time::sleep(self.patience.pause(tries)).await;
            tries += 1;
        }
    }

    async fn range(&self, from: usize, to: usize) -> Result<(), DatabaseError> {
        for statement in &self.statements[from..to] {
            self.one(statement).await?;
        }
        match &self.row {
            Some(row) => self.database.record(row).await,
            None => Ok(()),
        }
    }

    /// A batch at a time, until one finds nothing to do.
    async fn repeated(&mut self, at: usize) -> Result<(), ApplyError> {
        let mut tries = 1;
        loop {
            self.database.begin().await?;
            let mut done = self.database.step(&self.statements[at]).await;
            if done.is_ok()
                && let Err(error) = self.database.commit().await
            {
                done = Err(error);
            }
            match done {
                Ok(0) => break,
                Ok(_) => tries = 1,
                Err(error) => {
                    self.database.rollback().await?;
                    if !matches!(error, DatabaseError::Blocked { .. }) || tries >= self.patience.tries {
                        return Err(self.failed(error).after_tries(tries));
                    }
                    tokio::time::sleep(self.patience.pause(tries)).await;
                    tries += 1;
                }
            }
        }
        self.mark(at + 1, false);
        self.progress().await
    }

    /// A statement that no transaction protects. Of one that may have run before a crash it is looked up what became of it.
    async fn alone(&mut self, at: usize, resumed: bool) -> Result<(), ApplyError> {
        let statement = &self.statements[at];
        let mut tries = 1;
        loop {
            match self.database.effect(statement).await? {
                Effect::Done if resumed && tries == 1 => break,
                Effect::Unknown if resumed && tries == 1 => {
                    return Err(ApplyError::Uncertain {
                        migration: self.name.to_owned(),
                        statement: statement.clone(),
                    });
                }
                Effect::Half { undo, .. } => {
                    self.database.step(&undo).await.map_err(|error| self.failed(error))?;
                }
                Effect::Done | Effect::NotDone | Effect::Unknown => {}
            }
            let Err(error) = self.database.step(statement).await else { break };
            if !matches!(error, DatabaseError::Blocked { .. }) || tries >= self.patience.tries {
                return Err(self.failed(self.explained(statement, error).await).after_tries(tries));
            }
            tokio::time::sleep(self.patience.pause(tries)).await;
            tries += 1;
        }
        self.mark(at + 1, false);
        self.progress().await
    }

    /// The error, with what the statement has left behind.
    async fn explained(&self, statement: &str, error: DatabaseError) -> DatabaseError {
        let found = match self.database.effect(statement).await {
            Ok(Effect::Half { found, .. }) => found,
            _ => return error,
        };
        match error {
            DatabaseError::Refused { message, code, statement } => DatabaseError::Refused {
                message: format!("{message}\n  {found}; the next attempt drops it and builds it again"),
                code,
                statement,
            },
            other => other,
        }
    }

    fn failed(&self, error: DatabaseError) -> ApplyError {
        ApplyError::Failed {
            migration: self.name.to_owned(),
            error,
        }
    }
}
