//! Expressions as SQL. Values are only ever bound (or, for DDL, escaped by the dialect); identifiers come from the model.

mod condition;
mod operand;
pub(super) mod relation;

use std::collections::HashMap;

use glaze_data::store::StoreError;
use glaze_expr::tree::{EntityIx, Expr, Part, Var};
use glaze_model::Value;

pub use operand::Operand;

use super::{Form, Kind, Param, Piece, QueryDialect, Slot, Tables, quote};

/// What becomes of literals.
#[derive(Clone, Copy)]
pub enum Literals<'a> {
    /// Those listed (by address) are parameters filled per query; others are constants of the schema.
    Bound(&'a HashMap<usize, u32>),
    /// All are parameters with their values fixed in the plan: for statements that are not kept.
    Fixed,
    /// All are written into the text, for DDL.
    Inline,
}

/// Renders expressions into one statement, collecting its parameters.
pub struct Renderer<'a> {
    /// The model as tables.
    pub tables: Tables<'a>,
    /// The parameters so far.
    pub params: Vec<Param>,
    literals: Literals<'a>,
    rows: Vec<(Var, String, EntityIx)>,
    aliases: u32,
    prefix: &'static str,
    /// Searches go through the index first.
    pub sieved: bool,
}

impl<'a> Renderer<'a> {
    /// For one statement.
    pub fn new(tables: Tables<'a>, literals: Literals<'a>) -> Renderer<'a> {
        Renderer {
            tables,
            params: Vec::new(),
            literals,
            rows: Vec::new(),
            aliases: 0,
            prefix: "t",
            sieved: false,
        }
    }

    /// The dialect.
    pub fn dialect(&self) -> &'a dyn QueryDialect {
        self.tables.dialect
    }

    /// A fresh alias.
    pub fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("{}{}", self.prefix, self.aliases - 1)
    }

    /// Says under which alias variable `var` stands (empty: columns are written without one) while `f` renders.
    pub fn with_row<T>(&mut self, var: Var, alias: &str, entity: EntityIx, f: impl FnOnce(&mut Self) -> T) -> T {
        self.rows.push((var, alias.to_owned(), entity));
        let result = f(self);
        self.rows.pop();
        result
    }

    /// The condition as it stands after `WHERE`: null counts as false.
    ///
    /// # Errors
    /// When the dialect can't say it.
    pub fn filter(&mut self, expr: &Expr, alias: &str, entity: EntityIx) -> Result<String, StoreError> {
        self.with_row(0, alias, entity, |renderer| renderer.condition(expr, false))
    }

    /// An expression as an output, with what it gives.
    ///
    /// # Errors
    /// When the dialect can't say it.
    pub fn value(&mut self, expr: &Expr, alias: &str, entity: EntityIx) -> Result<Piece, StoreError> {
        self.with_row(0, alias, entity, |renderer| {
            let operand = renderer.operand(expr)?;
            renderer.settle(operand, None)
        })
    }

    /// A field of the row that `alias` stands for.
    ///
    /// # Errors
    /// When the model is not whole.
    pub fn part(&mut self, alias: &str, entity: EntityIx, field: u32, part: &Part) -> Result<Operand<'static>, StoreError> {
        self.part_operand(alias, entity, field, part)
    }

    /// Makes a value stand in the statement, in the form that fits `partner`.
    ///
    /// # Errors
    /// When it is several columns.
    pub fn settled_operand(&mut self, operand: Operand<'_>, partner: Option<Kind>) -> Result<Piece, StoreError> {
        self.settle(operand, partner)
    }

    fn row(&self, var: Var) -> Result<(String, EntityIx), StoreError> {
        let found = self.rows.iter().rev().find(|(name, _, _)| *name == var);
        found
            .map(|(_, alias, entity)| (alias.clone(), *entity))
            .ok_or_else(|| StoreError::Unsupported(format!("a row (variable {var}) that is not in scope")))
    }

    /// A column under an alias.
    pub fn column(&self, alias: &str, name: &str) -> String {
        if alias.is_empty() {
            quote(name)
        } else {
            format!("{alias}.{}", quote(name))
        }
    }

    /// The slot of a literal of the query.
    pub fn slot_of(&self, value: &Value) -> Slot {
        match self.literals {
            Literals::Bound(known) => match known.get(&(std::ptr::from_ref(value) as usize)) {
                Some(at) => Slot::Literal(*at),
                None => Slot::Fixed(value.clone()),
            },
            Literals::Fixed | Literals::Inline => Slot::Fixed(value.clone()),
        }
    }

    /// The slot of the words of a search.
    fn slot_of_search(&self, text: &String) -> Slot {
        match self.literals {
            Literals::Bound(known) if known.contains_key(&(std::ptr::from_ref(text) as usize)) => {
                Slot::Literal(known[&(std::ptr::from_ref(text) as usize)])
            }
            _ => Slot::Fixed(Value::List(super::search_words(text).into_iter().map(Value::Text).collect())),
        }
    }

    /// Adds a parameter and gives its placeholder (or the constant, for DDL).
    pub fn param(&mut self, slot: Slot, form: Form, cast: Option<Kind>) -> Result<String, StoreError> {
        if matches!(self.literals, Literals::Inline) {
            let Slot::Fixed(value) = slot else {
                return Err(StoreError::Unsupported(
                    "a value that is only known per request, in a definition".to_owned(),
                ));
            };
            return self.inline(&value, form);
        }
        self.params.push(Param { slot, form });
        Ok(self.dialect().param(self.params.len(), cast))
    }

    fn inline(&self, value: &Value, form: Form) -> Result<String, StoreError> {
        let quoted = |text: String| self.dialect().text_literal(&text);
        Ok(match (form, value) {
            (_, Value::Null) => "NULL".to_owned(),
            (Form::Scaled(scale), value) => {
                let decimal = super::scaled_value(value, scale);
                decimal
                    .ok_or_else(|| StoreError::Unsupported(format!("{value} with {scale} digits after the point")))?
                    .to_string()
            }
            (_, Value::Bool(value)) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            (_, Value::Int(number)) if *number < 0 => format!("({number})"),
            (_, Value::Int(_) | Value::Float(_) | Value::Decimal(_)) => value.to_string(),
            (_, Value::Time(time)) => quoted(super::calendar::sortable_time(*time)),
            (_, Value::DateTime(at)) => quoted(super::calendar::sortable_date_time(*at)),
            (_, Value::List(_) | Value::Bytes(_) | Value::Point { .. }) => {
                return Err(StoreError::Unsupported("a list, bytes or a point in a definition".to_owned()));
            }
            _ => quoted(value.to_string()),
        })
    }
}

/// An expression over a row's own columns as text with its literals written in, columns without an alias: for generated columns,
/// checks and partial indexes.
///
/// # Errors
/// When it speaks of anything but the row itself, or the dialect can't say it.
pub fn render_static(tables: Tables<'_>, entity: EntityIx, expr: &Expr) -> Result<String, StoreError> {
    let mut renderer = Renderer::new(tables, Literals::Inline);
    if expr.ty == glaze_expr::tree::Type::BOOL {
        return renderer.filter(expr, "", entity);
    }
    Ok(renderer.value(expr, "", entity)?.sql)
}
