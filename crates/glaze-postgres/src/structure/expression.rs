//! CEL over a row's own columns as SQL, for stored computed fields and the conditions of partial indexes.

use glaze_expr::{Expected, check};
use glaze_model::{Expression, Model};
use glaze_sql::query::{NoComputed, Tables, render_static};

use crate::store::dialect::PostgresQueries;

/// The SQL of an expression over `entity`.
pub(super) fn render(model: &Model, entity: &str, expression: &Expression) -> Result<String, String> {
    let problems = |errors: Vec<glaze_expr::ExprError>| errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; ");
    let expr = check(model, entity, &expression.0, Expected::Any).map_err(problems)?;
    let at = model
        .entities
        .iter()
        .position(|item| item.name == entity)
        .and_then(|at| u32::try_from(at).ok());
    let at = at.ok_or_else(|| format!("there is no entity {entity}"))?;
    let tables = Tables {
        model,
        dialect: &PostgresQueries,
        computed: &NoComputed,
    };
    render_static(tables, at, &expr).map_err(|error| error.to_string())
}
