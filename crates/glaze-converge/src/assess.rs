//! Hazards of a plan's steps, with stable codes, usable without a database; with one, each is counted.

use serde::{Deserialize, Serialize};

use crate::catalog::{Column, ForeignKey, Key, ObjectName};
use crate::dialect::{CatalogDialect, ConversionKind};
use crate::plan::Plan;
use crate::port::{Database, DatabaseError};
use crate::step::{Action, Step};

/// How bad a step can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Nothing is lost and nothing can fail on data.
    Safe,
    /// Can fail on data, lock, rewrite, or break clients.
    Caution,
    /// Data is lost.
    Destructive,
}

/// One thing to know before running a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hazard {
    /// Stable code (`column_dropped`).
    pub code: String,
    /// What can happen.
    pub message: String,
    /// Rows concerned, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The step will fail as things are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocks: bool,
}

/// A step as `glaze diff --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Statements. Steps that one table rebuild fulfils together have them at the first.
    pub sql: Vec<String>,
}

/// A hazard and the condition whose rows are counted.
struct Finding {
    risk: Risk,
    code: &'static str,
    message: String,
    /// Query that counts.
    probe: Option<String>,
    /// Rows found make the step fail, rather than being lost.
    fails: bool,
}

/// Reports every step of the plan. With a database (in the state the plan starts from) rows are counted.
///
/// # Errors
/// When a probe cannot be run.
pub async fn assess(plan: &Plan, dialect: &dyn CatalogDialect, database: Option<&dyn Database>) -> Result<Vec<StepReport>, DatabaseError> {
    let mut out = Vec::new();
    for action in &plan.actions {
        let mut sql = dialect.render(action);
        let rebuilt = matches!(action, Action::Rebuild(_));
        for step in action.steps() {
            let findings = Assessor { plan, dialect, rebuilt }.findings(step);
            let mut report = StepReport {
                kind: step.kind().to_owned(),
                object: step.object(),
                risk: Risk::Safe,
                hazards: Vec::new(),
                sql: std::mem::take(&mut sql),
            };
            for finding in findings {
                let rows = match (database, &finding.probe) {
                    (Some(database), Some(probe)) => Some(count(database, probe).await?),
                    _ => None,
                };
                // What was counted and found to be nobody's row is not lost and does not fail.
                if rows == Some(0) && finding.fails {
                    continue;
                }
                report.risk = report.risk.max(finding.risk);
                let blocks = finding.fails && rows.is_some_and(|rows| rows > 0);
                report.hazards.push(Hazard {
                    code: finding.code.to_owned(),
                    message: finding.message,
                    rows,
                    blocks,
                });
            }
            out.push(report);
        }
    }
    Ok(out)
}

async fn count(database: &dyn Database, probe: &str) -> Result<u64, DatabaseError> {
    let rows = database.query(probe).await?;
    Ok(rows.first().and_then(|row| row.first()?.as_ref()?.parse().ok()).unwrap_or_default())
}

struct Assessor<'a> {
    plan: &'a Plan,
    dialect: &'a dyn CatalogDialect,
    rebuilt: bool,
}

impl Assessor<'_> {
    /// The table as it is called before the plan runs.
    fn table(&self, table: &ObjectName) -> String {
        let old = self.plan.hints.tables.iter().find(|(_, new)| *new == table).map(|(old, _)| old);
        self.dialect.quote_table(old.unwrap_or(table))
    }

    /// The column as it is called before the plan runs.
    fn column(&self, table: &ObjectName, column: &str) -> String {
        let old = self
            .plan
            .hints
            .columns
            .iter()
            .find(|((on, _), new)| on == table && *new == column)
            .map(|((_, old), _)| old.as_str());
        self.dialect.quote(old.unwrap_or(column))
    }

    fn rows(&self, table: &ObjectName, condition: &str) -> Option<String> {
        Some(format!("SELECT count(*) FROM {} WHERE {condition}", self.table(table)))
    }

    fn findings(&self, step: &Step) -> Vec<Finding> {
        let one = |finding: Finding| vec![finding];
        match step {
            Step::TableDrop { table } => one(lost(
                "table_dropped",
                format!("all rows of {} are lost", table.name),
                self.rows(&table.name, "true"),
            )),
            Step::ColumnDrop { table, column } if column.generated.is_none() => {
                let held = format!("{} IS NOT NULL", self.column(table, &column.name));
                one(lost(
                    "column_dropped",
                    format!("the values of {table}.{} are lost", column.name),
                    self.rows(table, &held),
                ))
            }
            Step::ColumnGenerated { to, .. } if to.generated.is_some() => one(lost(
                "generated_changed",
                "the values are computed anew; those that are there are lost".to_owned(),
                None,
            )),
            Step::ColumnType { table, from, to, using } => self.conversion(table, from, to, using.is_some()),
            Step::EnumRemoveValue {
                name,
                value,
                to: None,
                column: Some(column),
            } => {
                let held = format!("{} = '{}'", self.column(name, column), value.replace('\'', "''"));
                one(Finding {
                    risk: Risk::Destructive,
                    code: "enum_value_removed",
                    message: format!("rows with the value {value} stand in the way; say what they become (enum_value_map)"),
                    probe: self.rows(name, &held),
                    fails: true,
                })
            }
            Step::EnumRemoveValue { value, to: Some(to), .. } => {
                one(lost("enum_value_removed", format!("rows with the value {value} become {to}"), None))
            }
            Step::EnumReplace { from, to, map, uses } => self.enum_replaced(from, to, map, uses),
            Step::ColumnAdd { table, column, fill, .. } => self.added(table, column, fill.as_deref()),
            Step::ColumnNullableDrop { table, column, fill: None } => one(Finding {
                risk: Risk::Caution,
                code: "not_null_over_nulls",
                message: format!("fails where {table}.{column} is null; give a value for those rows (backfill)"),
                probe: self.rows(table, &format!("{} IS NULL", self.column(table, column))),
                fails: true,
            }),
            Step::ColumnNullableDrop {
                table,
                column,
                fill: Some(fill),
            } => one(Finding {
                risk: Risk::Caution,
                code: "nulls_filled",
                message: format!("rows where {table}.{column} is null get {fill}"),
                probe: self.rows(table, &format!("{} IS NULL", self.column(table, column))),
                fails: false,
            }),
            Step::UniqueAdd { table, key } => self.unique(table, key),
            Step::PrimaryKeySet { table, to: Some(key), .. } => self.unique(table, key),
            Step::FkAdd { table, key } => self.foreign_key(table, key),
            Step::CheckAdd { table, check } if self.all_there(table, &check.expr) => one(Finding {
                risk: Risk::Caution,
                code: "check_over_violators",
                message: format!("fails where a row of {table} does not satisfy {}", check.expr),
                probe: self
                    .same_names(table)
                    .then(|| self.rows(table, &format!("NOT ({})", check.expr)))
                    .flatten(),
                fails: true,
            }),
            Step::TableRename { .. } | Step::ColumnRename { .. } => one(Finding {
                risk: Risk::Caution,
                code: "breaks_clients",
                message: "whoever uses the old name finds nothing there any more".to_owned(),
                probe: None,
                fails: false,
            }),
            _ => Vec::new(),
        }
    }

    fn conversion(&self, table: &ObjectName, from: &Column, to: &Column, answered: bool) -> Vec<Finding> {
        let conversion = self.dialect.convert(from, to);
        let probe = conversion
            .loses
            .as_ref()
            .filter(|_| self.same_names(table))
            .and_then(|loses| self.rows(table, loses));
        let what = format!("{table}.{} from {} to {}", to.name, from.ty, to.ty);
        let mut out = match conversion.kind {
            ConversionKind::Widening => Vec::new(),
            ConversionKind::Narrowing => vec![Finding {
                risk: Risk::Destructive,
                code: "narrowing",
                message: format!("{what}: fails where a value does not fit"),
                probe,
                fails: true,
            }],
            ConversionKind::Lossy => vec![lost("lossy_conversion", format!("{what}: values may change"), probe)],
            ConversionKind::Impossible if answered => vec![lost("own_conversion", format!("{what}: converted as answered"), None)],
            ConversionKind::Impossible => {
                vec![Finding {
                    risk: Risk::Destructive,
                    code: "no_conversion",
                    message: format!("{what}: say how (using)"),
                    probe,
                    fails: true,
                }]
            }
        };
        if !self.rebuilt && self.dialect.capabilities().alter_in_place && conversion.using.is_some() {
            let message = format!("{table} is rewritten under an exclusive lock");
            out.push(Finding {
                risk: Risk::Caution,
                code: "table_rewrite",
                message,
                probe: None,
                fails: false,
            });
        }
        out
    }

    fn enum_replaced(
        &self,
        from: &crate::catalog::EnumDef,
        to: &crate::catalog::EnumDef,
        map: &std::collections::BTreeMap<String, String>,
        uses: &[crate::step::EnumUse],
    ) -> Vec<Finding> {
        let mut out = Vec::new();
        for value in from.values.iter().filter(|value| !to.values.contains(value)) {
            let literal = format!("'{}'", value.replace('\'', "''"));
            for item in uses {
                let column = self.column(&item.table, &item.column);
                let held = match item.list {
                    true => format!("{literal} = ANY ({column}::text[])"),
                    false => format!("{column}::text = {literal}"),
                };
                let mapped = map.get(value);
                let message = match mapped {
                    Some(new) => format!("rows with the value {value} become {new}"),
                    None => format!("rows with the value {value} stand in the way; say what they become (enum_value_map)"),
                };
                let (risk, probe) = (Risk::Destructive, self.rows(&item.table, &held));
                out.push(Finding {
                    risk,
                    code: "enum_value_removed",
                    message,
                    probe,
                    fails: mapped.is_none(),
                });
            }
        }
        out
    }

    fn added(&self, table: &ObjectName, column: &Column, fill: Option<&str>) -> Vec<Finding> {
        let given = column.nullable || column.default.is_some() || column.generated.is_some() || column.identity.is_some();
        if given || fill.is_some() || self.plan.from.table(table).is_none() {
            return Vec::new();
        }
        vec![Finding {
            risk: Risk::Caution,
            code: "required_without_value",
            message: format!(
                "fails when {table} has rows: {} is required and has no default; give a value (backfill)",
                column.name
            ),
            probe: self.rows(table, "true"),
            fails: true,
        }]
    }

    fn unique(&self, table: &ObjectName, key: &Key) -> Vec<Finding> {
        let there = self.plan.from.table(table);
        let known = there.is_some_and(|there| key.columns.iter().all(|column| there.column(column).is_some()));
        let columns: Vec<String> = key.columns.iter().map(|column| self.column(table, column)).collect();
        let held: Vec<String> = columns.iter().map(|column| format!("{column} IS NOT NULL")).collect();
        let inner = format!(
            "SELECT 1 AS hit FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1",
            self.table(table),
            held.join(" AND "),
            columns.join(", ")
        );
        vec![Finding {
            risk: Risk::Caution,
            code: "unique_over_duplicates",
            message: format!("fails where {table} has the same ({}) twice", key.columns.join(", ")),
            probe: known.then(|| format!("SELECT count(*) FROM ({inner}) AS duplicates")),
            fails: true,
        }]
    }

    fn foreign_key(&self, table: &ObjectName, key: &ForeignKey) -> Vec<Finding> {
        let has = |table: &ObjectName, columns: &[String]| {
            self.plan
                .from
                .table(table)
                .is_some_and(|there| columns.iter().all(|column| there.column(column).is_some()))
        };
        let known = has(table, &key.columns) && has(&key.target, &key.target_columns);
        let pairs: Vec<String> = key
            .columns
            .iter()
            .zip(&key.target_columns)
            .map(|(here, there)| format!("there.{} = here.{}", self.column(&key.target, there), self.column(table, here)))
            .collect();
        let held: Vec<String> = key
            .columns
            .iter()
            .map(|column| format!("here.{} IS NOT NULL", self.column(table, column)))
            .collect();
        let probe = format!(
            "SELECT count(*) FROM {} here WHERE {} AND NOT EXISTS (SELECT 1 FROM {} there WHERE {})",
            self.table(table),
            held.join(" AND "),
            self.table(&key.target),
            pairs.join(" AND ")
        );
        vec![Finding {
            risk: Risk::Caution,
            code: "fk_over_orphans",
            message: format!("fails where {table} refers to rows of {} that are not there", key.target),
            probe: known.then_some(probe),
            fails: true,
        }]
    }

    /// All columns that the expression may speak of are there already.
    fn all_there(&self, table: &ObjectName, expr: &str) -> bool {
        let (Some(from), Some(to)) = (self.plan.from.table(table), self.plan.to.table(table)) else {
            return false;
        };
        to.columns
            .iter()
            .all(|column| from.column(&column.name).is_some() || !crate::text::mentions(expr, &column.name))
    }

    /// No column of the table is renamed, so expressions can be asked as they are.
    fn same_names(&self, table: &ObjectName) -> bool {
        !self.plan.hints.columns.keys().any(|(on, _)| on == table)
    }
}

fn lost(code: &'static str, message: String, probe: Option<String>) -> Finding {
    Finding {
        risk: Risk::Destructive,
        code,
        message,
        probe,
        fails: false,
    }
}
