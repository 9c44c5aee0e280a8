//! CEL over a row's own columns as SQL, for stored computed fields and the conditions of partial indexes.

use glaze_expr::{Expected, check, tree::Expr};
use glaze_model::{Expression, Model};
use glaze_sql::query::{NoComputed, Tables, render_static};

use crate::store::dialect::SqliteQueries;

/// The SQL of an expression over `entity`.
pub fn render(model: &Model, entity: &str, expression: &Expression) -> Result<String, String> {
    let expr = typed(model, entity, &expression.0)?;
    let at = model
        .entities
        .iter()
        .position(|item| item.name == entity)
        .ok_or_else(|| format!("there is no entity {entity}"))?;
    let tables = Tables {
        model,
        dialect: &SqliteQueries,
        computed: &NoComputed,
    };
    render_static(tables, at as u32, &expr).map_err(|error| error.to_string())
}

fn typed(model: &Model, entity: &str, text: &str) -> Result<Expr, String> {
    let join = |errors: Vec<glaze_expr::ExprError>| errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; ");
    check(model, entity, text, Expected::Any).map_err(join)
}
