//! A plan with everything answered that has an obvious answer.

use glaze_converge::catalog::ObjectName;
use glaze_converge::dialect::CatalogDialect;
use glaze_converge::diff::Question;
use glaze_converge::hints::Answers;
use glaze_converge::plan::Plan;
use glaze_converge::step::Step;
use glaze_model::Model;

use super::support::{Place, seed};

/// The plan as far as it can be answered, and what was asked at first.
pub async fn settled(place: &Place, from: &Model, to: &Model, mut answers: Answers) -> Result<(Plan, Vec<Question>), String> {
    let mut asked = None;
    for _ in 0..5 {
        let plan = place.plan(to, Some(from), &answers).await;
        asked.get_or_insert_with(|| plan.questions.clone());
        let before = answers.clone();
        for question in plan.questions.iter().filter(|question| question.kind == "rename") {
            answers.renames.insert(question.from.clone(), Some(question.to.clone()));
        }
        for step in plan.steps() {
            answer(step, &plan, &*place.dialect, &mut answers);
        }
        if answers == before {
            return Ok((plan, asked.unwrap_or_default()));
        }
    }
    Err("the answers do not settle".to_owned())
}

fn answer(step: &Step, plan: &Plan, dialect: &dyn CatalogDialect, answers: &mut Answers) {
    let fill = |table: &ObjectName, column: &str| {
        let table = plan.to.table(table).unwrap();
        let column = table.column(column).unwrap();
        match seed::values(&plan.to, table, column, dialect) {
            Some(values) => format!("'{}'", values[0].replace('\'', "''")),
            None => seed::filling(&column.ty, dialect),
        }
    };
    match step {
        Step::ColumnAdd {
            table, column, fill: None, ..
        } if !column.nullable && column.default.is_none() && column.generated.is_none() && column.identity.is_none() => {
            answers.backfill.insert(step.object(), fill(table, &column.name));
        }
        Step::ColumnNullableDrop { table, column, fill: None } => {
            answers.backfill.insert(step.object(), fill(table, column));
        }
        Step::EnumRemoveValue {
            name,
            value,
            to: None,
            column: Some(column),
            ..
        } => {
            let table = plan.to.table(name).unwrap();
            if let Some(left) = seed::values(&plan.to, table, table.column(column).unwrap(), dialect) {
                let map = answers.enum_value_map.entry(format!("{name}.{column}")).or_default();
                map.insert(value.clone(), left[0].clone());
            }
        }
        Step::EnumReplace { from, to, map, .. } => {
            let gone = from
                .values
                .iter()
                .filter(|value| !to.values.contains(value) && !map.contains_key(*value));
            for value in gone {
                let map = answers.enum_value_map.entry(to.name.to_string()).or_default();
                map.insert(value.clone(), to.values[0].clone());
            }
        }
        _ => {}
    }
}
