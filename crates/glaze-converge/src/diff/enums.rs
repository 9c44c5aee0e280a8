//! Enums: native types, and on databases without them checks of the form `column IN (…)`.

use std::collections::BTreeMap;

use super::Question;
use crate::catalog::{Catalog, EnumDef, ObjectName};
use crate::desired::Desired;
use crate::dialect::{CatalogDialect, CheckValues};
use crate::hints::{Answers, Hints};
use crate::step::{EnumUse, Step};
use crate::text;

/// Steps for native enum types.
pub(super) fn compare(
    before: &Catalog,
    desired: &Desired,
    hints: &Hints,
    answers: &Answers,
    steps: &mut Vec<Step>,
    questions: &mut Vec<Question>,
) {
    let to = &desired.catalog;
    for item in &before.enums {
        if !to.enums.iter().any(|other| other.name == item.name) {
            steps.push(Step::EnumDrop { item: item.clone() });
        }
    }
    for item in &to.enums {
        match before.enums.iter().find(|other| other.name == item.name) {
            None => steps.push(Step::EnumCreate { item: item.clone() }),
            Some(there) if there.values != item.values => {
                let mut renames = value_renames(desired, hints, &item.name);
                renames.extend(answers.renames_in(&item.name.to_string()));
                let map = Answers::find(&answers.enum_value_map, &item.name.to_string())
                    .cloned()
                    .unwrap_or_default();
                ask(
                    &item.name.to_string(),
                    (&there.values, &item.values),
                    &renames,
                    &map,
                    answers,
                    questions,
                );
                values(before, to, there, item, &renames, map, steps);
            }
            Some(_) => {}
        }
    }
}

/// Renames of the values of a native type: through any column that has it.
fn value_renames(desired: &Desired, hints: &Hints, name: &ObjectName) -> BTreeMap<String, String> {
    let column = desired.enum_columns.iter().find(|((table, column), _)| {
        let ty = desired
            .catalog
            .table(table)
            .and_then(|table| table.column(column))
            .map(|column| column.ty.as_str());
        ty.is_some_and(|ty| text::mentions(ty, &name.name))
    });
    let by_column = column.and_then(|(_, model_name)| hints.enum_values.get(model_name));
    let by_name = || {
        hints
            .enum_values
            .iter()
            .find(|(model_name, _)| glaze_model::snake_case(model_name) == name.name)
            .map(|(_, map)| map)
    };
    by_column.or_else(by_name).cloned().unwrap_or_default()
}

fn values(
    before: &Catalog,
    to: &Catalog,
    from: &EnumDef,
    item: &EnumDef,
    renames: &BTreeMap<String, String>,
    map: BTreeMap<String, String>,
    steps: &mut Vec<Step>,
) {
    let mut now = from.values.clone();
    for (old, new) in renames {
        if let Some(at) = now.iter().position(|value| value == old)
            && item.values.contains(new)
            && !now.contains(new)
        {
            now[at].clone_from(new);
            steps.push(Step::EnumRenameValue {
                name: item.name.clone(),
                from: old.clone(),
                to: new.clone(),
                column: None,
                list: false,
            });
        }
    }
    let kept: Vec<&String> = item.values.iter().filter(|value| now.contains(value)).collect();
    if now.iter().collect::<Vec<_>>() == kept {
        for (at, value) in item.values.iter().enumerate() {
            if !now.contains(value) {
                // In front of the next value that is there already; steps run in this order.
                let before = item.values[at + 1..].iter().find(|next| now.contains(next)).cloned();
                steps.push(Step::EnumAddValue {
                    name: item.name.clone(),
                    value: value.clone(),
                    before,
                    column: None,
                });
            }
        }
        return;
    }
    let from = EnumDef {
        values: now,
        ..from.clone()
    };
    let uses = uses(before, to, &item.name);
    steps.push(Step::EnumReplace {
        from,
        to: item.clone(),
        map,
        uses,
    });
}

/// Columns that have the type before and after.
pub(crate) fn uses(before: &Catalog, to: &Catalog, name: &ObjectName) -> Vec<EnumUse> {
    let mut out = Vec::new();
    for table in &before.tables {
        for column in table.columns.iter().filter(|column| text::mentions(&column.ty, &name.name)) {
            let after = to.table(&table.name).and_then(|table| table.column(&column.name));
            if let Some(after) = after.filter(|after| after.ty == column.ty) {
                out.push(EnumUse {
                    table: table.name.clone(),
                    column: column.name.clone(),
                    list: column.ty.ends_with("[]"),
                    default: (column.default.clone(), after.default.clone()),
                });
            }
        }
    }
    out
}

/// A check that lists values and is replaced by one that lists others says the same as a change of an enum.
pub(super) fn checks_as_values(
    desired: &Desired,
    hints: &Hints,
    answers: &Answers,
    dialect: &dyn CatalogDialect,
    steps: &mut Vec<Step>,
    questions: &mut Vec<Question>,
) {
    let listed = |step: &Step, dropped: bool| match step {
        Step::CheckDrop { table, check } if dropped => dialect.check_values(&check.expr).map(|found| (table.clone(), found)),
        Step::CheckAdd { table, check } if !dropped => dialect.check_values(&check.expr).map(|found| (table.clone(), found)),
        _ => None,
    };
    let mut at = 0;
    while at < steps.len() {
        let Some((table, CheckValues { column, values: old, list })) = listed(&steps[at], true) else {
            at += 1;
            continue;
        };
        let same = |(on, found): (ObjectName, CheckValues)| on == table && found.column == column && found.list == list;
        let added = steps.iter().position(|step| listed(step, false).is_some_and(same));
        let Some(added) = added else {
            at += 1;
            continue;
        };
        let new = listed(&steps[added], false).map(|(_, found)| found.values).unwrap_or_default();
        let mut renames = desired
            .enum_columns
            .get(&(table.clone(), column.clone()))
            .and_then(|name| hints.enum_values.get(name))
            .cloned()
            .unwrap_or_default();
        renames.extend(answers.renames_in(&format!("{table}.{column}")));
        let map = Answers::find(&answers.enum_value_map, &format!("{table}.{column}")).cloned();
        let map = map.or_else(|| {
            let name = desired.enum_columns.get(&(table.clone(), column.clone()))?;
            Answers::find(&answers.enum_value_map, &glaze_model::snake_case(name)).cloned()
        });
        let map = map.unwrap_or_default();
        ask(&format!("{table}.{column}"), (&old, &new), &renames, &map, answers, questions);
        let changes = value_steps(&table, (&column, list), (&old, &new), &renames, &map);
        // The check steps stay: the values say what it means, the checks how it is stored.
        let place = added.max(at) + 1;
        steps.splice(place..place, changes);
        at += 1;
    }
}

/// A value that is gone and one that is new in its place, or much like it: nobody but a person knows whether it is the same.
fn ask(
    owner: &str,
    (old, new): (&[String], &[String]),
    renames: &BTreeMap<String, String>,
    map: &BTreeMap<String, String>,
    answers: &Answers,
    questions: &mut Vec<Question>,
) {
    let mut fresh: Vec<(usize, &String)> = new
        .iter()
        .enumerate()
        .filter(|(_, value)| !old.contains(value) && !renames.values().any(|to| to == *value))
        .collect();
    let gone = || old.iter().enumerate().filter(|(_, value)| !new.contains(value));
    let only = gone().count() == 1 && fresh.len() == 1;
    for (at, value) in gone() {
        let from = format!("{owner}.{value}");
        let settled = renames.contains_key(value) || map.contains_key(value) || Answers::find(&answers.renames, &from).is_some();
        let near = |(place, other): &(usize, &String)| only || *place == at || strsim::jaro_winkler(value, other) > 0.8;
        if settled || fresh.is_empty() {
            continue;
        }
        if let Some(place) = fresh.iter().position(near) {
            let (_, other) = fresh.remove(place);
            questions.push(Question {
                kind: "rename".to_owned(),
                from,
                to: format!("{owner}.{other}"),
            });
        }
    }
}

fn value_steps(
    table: &ObjectName,
    (column, list): (&str, bool),
    (old, new): (&[String], &[String]),
    renames: &BTreeMap<String, String>,
    map: &BTreeMap<String, String>,
) -> Vec<Step> {
    let mut out = Vec::new();
    let column = Some(column.to_owned());
    let name = || table.clone();
    let mut renamed: Vec<&String> = Vec::new();
    for value in old.iter().filter(|value| !new.contains(value)) {
        match renames.get(value).filter(|to| new.contains(to) && !old.contains(to)) {
            Some(to) => {
                renamed.push(to);
                out.push(Step::EnumRenameValue {
                    name: name(),
                    from: value.clone(),
                    to: to.clone(),
                    column: column.clone(),
                    list,
                });
            }
            None => {
                let to = map.get(value).cloned();
                out.push(Step::EnumRemoveValue {
                    name: name(),
                    value: value.clone(),
                    to,
                    column: column.clone(),
                    list,
                });
            }
        }
    }
    for (at, value) in new.iter().enumerate() {
        if !old.contains(value) && !renamed.contains(&value) {
            let before = new[at + 1..].iter().find(|next| old.contains(next)).cloned();
            out.push(Step::EnumAddValue {
                name: name(),
                value: value.clone(),
                before,
                column: column.clone(),
            });
        }
    }
    out
}
