//! Hazards of a plan's steps, with stable codes, usable without a database; with one, each is counted and shown by examples.
//!
//! A family of hazards is a file; [`HAZARDS`] lists all codes, each with its page under `docs/hazards/`.

mod clients;
mod codes;
mod conversion;
mod destructive;
mod failing;
mod finding;
mod locks;
mod probe;
mod rows;
mod traps;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::catalog::ObjectName;
use crate::dialect::CatalogDialect;
use crate::online::{OnlineOptions, TableSize, table_size};
use crate::plan::Plan;
use crate::port::{Database, DatabaseError};
use crate::step::{Action, Step};

pub use codes::{Family, HAZARDS, HazardCode};
use finding::Finding;
use probe::Prober;
use rows::Rows;

/// How bad a step can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Nothing is lost and nothing can fail on data.
    #[default]
    Safe,
    /// Can fail on data, lock, rewrite, or break clients.
    Caution,
    /// Data is lost.
    Destructive,
}

/// One thing to know before running a step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hazard {
    /// Stable code (`column_dropped`), one of [`HAZARDS`].
    pub code: String,
    /// What can happen, and what to do about it.
    pub message: String,
    /// Rows concerned, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// A few of those rows (`id=3, title=…`), long values cut.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<String>,
    /// The step will fail as things are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocks: bool,
    /// The query that counted the rows, for whoever relies on there being none and has to ask again later.
    #[serde(skip)]
    pub count: Option<String>,
}

impl Hazard {
    /// Something is lost when the step runs. What makes the step fail loses nothing: it fails, and all is as it was.
    pub fn loses(&self) -> bool {
        let destructive = HAZARDS
            .iter()
            .any(|known| known.code == self.code && known.family == Family::Destructive);
        destructive && !matches!(self.code.as_str(), "narrowing" | "no_conversion") && self.rows != Some(0)
    }
}

/// A step as `glaze diff --json` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// `column.add`
    pub kind: String,
    /// `public.posts.excerpt`
    pub object: String,
    /// How bad it can be.
    pub risk: Risk,
    /// Why.
    pub hazards: Vec<Hazard>,
    /// Rows that the step writes or takes away, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Statements. Steps that one table rebuild fulfils together have them at the first.
    pub sql: Vec<String>,
}

/// How a plan is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssessOptions {
    /// How long one probe may take. What is not counted by then is said without a number.
    pub within: Duration,
    /// How many rows are shown for a hazard.
    pub samples: usize,
    /// Whether rows are counted, or the database is only asked how large its tables are.
    pub count: bool,
    /// From what size on a table counts as large.
    pub online: OnlineOptions,
}

impl Default for AssessOptions {
    fn default() -> AssessOptions {
        AssessOptions {
            within: Duration::from_secs(5),
            samples: 3,
            count: true,
            online: OnlineOptions::default(),
        }
    }
}

/// Reports every step of the plan. With a database (in the state the plan starts from) rows are counted.
///
/// # Errors
/// When the database is gone. A probe that it refuses or does not finish in time leaves its hazard without a number.
pub async fn assess(plan: &Plan, dialect: &dyn CatalogDialect, database: Option<&dyn Database>) -> Result<Vec<StepReport>, DatabaseError> {
    assess_with(plan, dialect, database, &AssessOptions::default()).await
}

/// [`assess`] with settings of one's own.
///
/// # Errors
/// When the database is gone.
pub async fn assess_with(
    plan: &Plan,
    dialect: &dyn CatalogDialect,
    database: Option<&dyn Database>,
    options: &AssessOptions,
) -> Result<Vec<StepReport>, DatabaseError> {
    let prober = Prober {
        database: database.filter(|_| options.count),
        options,
    };
    let mut assessor = Assessor {
        rows: Rows { plan, dialect },
        plan,
        dialect,
        options,
        sizes: BTreeMap::new(),
    };
    if let Some(database) = database {
        assessor.measure(database).await?;
    }
    let mut out = Vec::new();
    for action in &plan.actions {
        let mut sql = plan.render(action, dialect);
        for (at, step) in action.steps().iter().enumerate() {
            let mut findings = assessor.findings(action, step);
            if at == 0 {
                findings.extend(traps::of_action(&assessor, action));
            }
            let mut report = StepReport {
                kind: step.kind().to_owned(),
                object: step.object(),
                sql: std::mem::take(&mut sql),
                ..StepReport::default()
            };
            for finding in findings {
                let risk = finding.risk;
                if let Some(hazard) = prober.hazard(finding).await? {
                    report.risk = report.risk.max(risk);
                    report.hazards.push(hazard);
                }
            }
            if let Some(from) = assessor.touched(step) {
                report.rows = prober.count(&format!("SELECT count(*) FROM {from}")).await?;
            }
            out.push(report);
        }
    }
    Ok(out)
}

/// What the families look at.
struct Assessor<'a> {
    plan: &'a Plan,
    dialect: &'a dyn CatalogDialect,
    rows: Rows<'a>,
    options: &'a AssessOptions,
    /// Sizes of the tables that the plan changes; none without a database.
    sizes: BTreeMap<ObjectName, TableSize>,
}

impl Assessor<'_> {
    fn findings(&self, action: &Action, step: &Step) -> Vec<Finding> {
        let mut out = destructive::findings(self, step);
        out.extend(failing::findings(self, step));
        out.extend(locks::findings(self, action, step));
        out.extend(clients::findings(self, step));
        out.extend(traps::findings(self, step));
        out
    }

    async fn measure(&mut self, database: &dyn Database) -> Result<(), DatabaseError> {
        for step in self.plan.steps() {
            let Some(table) = step.table().filter(|table| self.plan.from.table(table).is_some()) else {
                continue;
            };
            if self.sizes.contains_key(table) || self.dialect.blocking(step).is_none() {
                continue;
            }
            let size = table_size(&self.rows.old_name(table), database, self.dialect).await?;
            self.sizes.extend(size.map(|size| (table.clone(), size)));
        }
        Ok(())
    }

    /// `FROM` of the rows that the step writes or takes away.
    fn touched(&self, step: &Step) -> Option<String> {
        let column_of = |table: &ObjectName, column: &str, condition: &str| {
            let from = self.rows.before(table)?;
            Some(format!("{from} WHERE {} IS {condition}", self.dialect.quote(column)))
        };
        match step {
            Step::TableDrop { table } => self.rows.before(&table.name),
            Step::ColumnDrop { table, column } => column_of(table, &column.name, "NOT NULL"),
            Step::ColumnType { table, to, .. } => column_of(table, &to.name, "NOT NULL"),
            Step::ColumnNullableDrop {
                table,
                column,
                fill: Some(_),
            } => column_of(table, column, "NULL"),
            Step::ColumnAdd { table, column, fill, .. } if fill.is_some() || column.default.is_some() || column.generated.is_some() => {
                self.rows.before(table)
            }
            _ => None,
        }
    }
}
