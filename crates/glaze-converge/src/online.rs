//! Online forms: the same change in pieces that hold nobody up for long, used where a table is large. Which tables those are is decided
//! here from their sizes; the statements are the dialect's ([`CatalogDialect::render_online`]).

use std::collections::BTreeSet;

use crate::catalog::ObjectName;
use crate::dialect::CatalogDialect;
use crate::plan::Plan;
use crate::port::{Database, DatabaseError};
use crate::step::Action;

/// A line before a statement that says: outside the transaction of the statements around it. The runner gives it one of its own.
pub const ALONE: &str = "-- glaze:alone";

/// When online forms are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnlineMode {
    /// Where the table is large.
    #[default]
    Large,
    /// Wherever there is one.
    Always,
    /// Nowhere.
    Never,
}

/// What counts as large, and how large a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnlineOptions {
    /// When online forms are used.
    pub mode: OnlineMode,
    /// A table with so many rows is large.
    pub rows: u64,
    /// A table of so many bytes is large.
    pub bytes: u64,
    /// Rows that one statement fills.
    pub batch: u64,
}

impl Default for OnlineOptions {
    fn default() -> OnlineOptions {
        OnlineOptions {
            mode: OnlineMode::Large,
            rows: 100_000,
            bytes: 64 * 1024 * 1024,
            batch: 10_000,
        }
    }
}

impl OnlineOptions {
    /// Whether a table of this size is large.
    pub fn is_large(&self, size: &TableSize) -> bool {
        size.rows >= self.rows || size.bytes >= self.bytes
    }
}

/// How large a table is, as the database estimates it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableSize {
    /// Rows, as the last statistics say.
    pub rows: u64,
    /// Bytes, without indexes.
    pub bytes: u64,
}

/// The tables of a plan whose steps take the online form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Online {
    /// Tables, as they are called after the plan.
    pub tables: BTreeSet<ObjectName>,
    /// Rows that one statement fills.
    pub batch: u64,
}

impl Plan {
    /// Statements of one of its actions, in the online form where that was chosen.
    pub fn render(&self, action: &Action, dialect: &dyn CatalogDialect) -> Vec<String> {
        let table = match action {
            Action::Alter(step) => step.table(),
            Action::Rebuild(_) => None,
        };
        table
            .filter(|table| self.online.tables.contains(*table))
            .and_then(|_| dialect.render_online(action, self.online.batch))
            .unwrap_or_else(|| dialect.render(action))
    }
}

/// The size of a table; none where the database does not tell, or there is no such table.
///
/// # Errors
/// When the database is gone.
pub async fn table_size(
    table: &ObjectName,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
) -> Result<Option<TableSize>, DatabaseError> {
    let Some(query) = dialect.table_size(table) else {
        return Ok(None);
    };
    let rows = database.query(&query).await?;
    let number = |at: usize| rows.first()?.get(at)?.as_ref()?.parse().ok();
    Ok(number(0).zip(number(1)).map(|(rows, bytes)| TableSize { rows, bytes }))
}

/// Decides which of the plan's tables take online forms. Without a database (`Large`) none do: the hazards say what the online form
/// would be.
///
/// # Errors
/// When the database is gone.
pub async fn choose(
    plan: &mut Plan,
    dialect: &dyn CatalogDialect,
    database: Option<&dyn Database>,
    options: &OnlineOptions,
) -> Result<(), DatabaseError> {
    let mut tables = BTreeSet::new();
    for action in &plan.actions {
        let Action::Alter(step) = action else { continue };
        let Some(table) = step.table().filter(|table| !tables.contains(*table)) else {
            continue;
        };
        // An index on a partitioned table can't be built concurrently, nor a foreign key be added without looking.
        let plain = plan.from.table(table).is_some_and(|table| table.partition_by.is_none());
        if !plain || dialect.render_online(action, options.batch).is_none() {
            continue;
        }
        let large = match (options.mode, database) {
            (OnlineMode::Never, _) | (OnlineMode::Large, None) => false,
            (OnlineMode::Always, _) => true,
            (OnlineMode::Large, Some(database)) => {
                let renamed = plan.hints.tables.iter().find(|(_, new)| *new == table);
                let size = table_size(renamed.map_or(table, |(old, _)| old), database, dialect).await?;
                size.is_some_and(|size| options.is_large(&size))
            }
        };
        if large {
            tables.insert(table.clone());
        }
    }
    plan.online = Online {
        tables,
        batch: options.batch,
    };
    Ok(())
}
