//! Differences item by item: for each field, entity, index what the code, the migrations and the database say.

use glaze_converge::{
    accept::{Accepting, Item, ItemKey, conflicts, items},
    assess::StepReport,
    catalog::{Column, ForeignKey, Table},
    dialect::CatalogDialect,
    hints::Answers,
    step::Step,
};
use serde::{Deserialize, Serialize};

use super::{agreed::INTEND, between::told, session::Three};

/// Who has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// The code is ahead.
    Pending,
    /// The database was changed by somebody else.
    Drift,
    /// Both, and not in the same way.
    Conflict,
    /// Both, in the same way: it only has to be recorded.
    Agreed,
}

/// One difference, with its stable name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemReport {
    /// `post.title`; also what `--only` takes.
    pub key: ItemKey,
    /// Who has moved.
    pub state: ItemState,
    /// What the schema file says; null: it is not there.
    pub code: Option<String>,
    /// What the migrations say.
    pub snapshot: Option<String>,
    /// What is in the database.
    pub database: Option<String>,
    /// What would bring the database to the code.
    pub steps: Vec<StepReport>,
    /// What was changed in the database, as `kind object`.
    pub drift: Vec<String>,
}

/// Every difference of the three states.
pub(super) fn differences(three: &Three, answers: &Answers, dialect: &dyn CatalogDialect) -> Vec<ItemReport> {
    let compared = &three.compared;
    let mut out: Vec<ItemReport> = pending(three, answers, dialect)
        .iter()
        .map(|item| from_code(item, &compared.report.steps))
        .collect();
    let pending = out.len();
    for item in drifted(three, answers, dialect) {
        match out[..pending].iter_mut().find(|known| known.key == item.key) {
            Some(known) => with_drift(known, &item),
            None => out.push(from_database(&item)),
        }
    }
    if out.iter().any(|item| item.state == ItemState::Conflict) {
        agreed(three, answers, dialect, &mut out);
    }
    out
}

/// Marks what code and database have changed in the same way.
fn agreed(three: &Three, answers: &Answers, dialect: &dyn CatalogDialect, items: &mut [ItemReport]) {
    // Where that can't be told, they count as different: then somebody decides.
    let known = conflicts(&three.accepting(&three.model, answers, None), dialect).unwrap_or_default();
    for item in items.iter_mut().filter(|item| item.state == ItemState::Conflict) {
        if known.iter().any(|conflict| conflict.key == item.key && conflict.same) {
            item.state = ItemState::Agreed;
        }
    }
}

/// What the code changes, as items.
fn pending(three: &Three, answers: &Answers, dialect: &dyn CatalogDialect) -> Vec<Item> {
    let plan = &three.compared.plan;
    if plan.is_empty() {
        return Vec::new();
    }
    // Where the code leads to is looked at as if somebody had done it in the database already.
    let known = told(answers, &plan.hints);
    let accepting = Accepting {
        code: &three.model,
        origin: three.origin(),
        snapshot: &three.compared.start,
        database: &plan.to,
        answers: &known,
        only: None,
        intend: INTEND,
    };
    items(&accepting, dialect)
}

fn drifted(three: &Three, answers: &Answers, dialect: &dyn CatalogDialect) -> Vec<Item> {
    match three.compared.drift.is_empty() {
        true => Vec::new(),
        false => items(&three.accepting(&three.model, answers, None), dialect),
    }
}

fn from_code(item: &Item, reports: &[StepReport]) -> ItemReport {
    let (before, after) = said(&item.steps);
    let concerns = |report: &&StepReport| {
        item.steps
            .iter()
            .any(|step| step.kind() == report.kind && step.object() == report.object)
    };
    ItemReport {
        key: item.key.clone(),
        state: ItemState::Pending,
        code: after,
        snapshot: before.clone(),
        database: before,
        steps: reports.iter().filter(concerns).cloned().collect(),
        drift: Vec::new(),
    }
}

fn from_database(item: &Item) -> ItemReport {
    let (before, after) = said(&item.steps);
    ItemReport {
        key: item.key.clone(),
        state: ItemState::Drift,
        code: before.clone(),
        snapshot: before,
        database: after,
        steps: Vec::new(),
        drift: words(item),
    }
}

fn with_drift(known: &mut ItemReport, item: &Item) {
    known.database = said(&item.steps).1;
    known.drift = words(item);
    known.state = ItemState::Conflict;
}

fn words(item: &Item) -> Vec<String> {
    item.steps.iter().map(|step| format!("{} {}", step.kind(), step.object())).collect()
}

/// What was said before the steps and what is said after them.
fn said(steps: &[Step]) -> (Option<String>, Option<String>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for step in steps {
        let (one, other) = sides(step);
        before.extend(one);
        after.extend(other);
    }
    let together = |words: Vec<String>| (!words.is_empty()).then(|| words.join(", "));
    (together(before), together(after))
}

/// One step's two sides, in a few words.
fn sides(step: &Step) -> (Option<String>, Option<String>) {
    let both = |from: String, to: String| (Some(from), Some(to));
    let default = |text: &String| format!("default {text}");
    match step {
        Step::TableCreate { table: it } => (None, Some(table(it))),
        Step::TableDrop { table: it } => (Some(table(it)), None),
        Step::ColumnAdd { column: it, .. } => (None, Some(column(it))),
        Step::ColumnDrop { column: it, .. } => (Some(column(it)), None),
        Step::ColumnType { from, to, .. } => both(from.ty.clone(), to.ty.clone()),
        Step::ColumnNullableSet { .. } => both("required".into(), "optional".into()),
        Step::ColumnNullableDrop { .. } => both("optional".into(), "required".into()),
        Step::ColumnDefaultSet { from, to, .. } => both(from.as_ref().map_or_else(|| "no default".into(), default), default(to)),
        Step::ColumnDefaultDrop { from, .. } => both(default(from), "no default".into()),
        Step::ColumnRename { from, to, .. } => both(from.clone(), to.clone()),
        Step::TableRename { from, to } | Step::EnumRename { from, to } => both(from.to_string(), to.to_string()),
        Step::EnumRenameValue { from, to, .. } => both(from.clone(), to.clone()),
        Step::EnumAddValue { value, .. } => (None, Some(value.clone())),
        Step::EnumRemoveValue { value, .. } => (Some(value.clone()), None),
        Step::EnumReplace { from, to, .. } => both(from.values.join(" | "), to.values.join(" | ")),
        Step::FkAdd { key, .. } => (None, Some(reference(key))),
        Step::FkDrop { key, .. } => (Some(reference(key)), None),
        Step::UniqueAdd { key, .. } => (None, Some(format!("unique ({})", key.columns.join(", ")))),
        Step::UniqueDrop { key, .. } => (Some(format!("unique ({})", key.columns.join(", "))), None),
        Step::CheckAdd { check, .. } => (None, Some(format!("check {}", check.expr))),
        Step::CheckDrop { check, .. } => (Some(format!("check {}", check.expr)), None),
        // What is made, dropped or replaced as a whole is named.
        other => {
            let name = other.object();
            match other.kind().rsplit('.').next() {
                Some("create" | "add" | "attach") => (None, Some(name)),
                Some("drop" | "detach") => (Some(name), None),
                _ => both("as it was".into(), other.kind().to_owned()),
            }
        }
    }
}

fn table(it: &Table) -> String {
    let columns: Vec<&str> = it.columns.iter().map(|column| column.name.as_str()).collect();
    format!("table {} ({})", it.name, columns.join(", "))
}

fn column(it: &Column) -> String {
    let mut out = it.ty.clone();
    out += if it.nullable { ", optional" } else { ", required" };
    if let Some(default) = &it.default {
        out += &format!(", default {default}");
    }
    if let Some(generated) = &it.generated {
        out += &format!(", generated {}", generated.expr);
    }
    out
}

fn reference(key: &ForeignKey) -> String {
    format!(
        "({}) refers to {} ({})",
        key.columns.join(", "),
        key.target,
        key.target_columns.join(", ")
    )
}
