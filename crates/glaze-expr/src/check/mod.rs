//! Names resolved and types checked against the model. All findings at once.

mod calls;
mod literals;
mod macros;
mod names;
mod operators;
mod rules;
mod types;

use std::collections::HashMap;

use glaze_model::{Entity, Field, FieldKind, Model, Span};

use crate::{
    ExprError,
    ast::{Ast, Kind},
    parse::parse,
    rename::Mention,
    tree::{EntityIx, Expr, Type, Var},
};
use rules::Chain;
pub use rules::combine;
pub use types::{field_type, may_be_null};

/// What an expression has to give.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// True or false.
    Bool,
    /// A value that a field of this type can hold.
    Value(Type),
    /// Anything.
    Any,
}

/// What an expression may speak of besides the row's own fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allow {
    /// `before`
    pub before: bool,
    /// Other rows: references followed, relations.
    pub relations: bool,
    /// `me`
    pub me: bool,
    /// `now`
    pub now: bool,
    /// Computed fields.
    pub computed: bool,
    /// `matches`, which only runs in process.
    pub matches: bool,
}

impl Allow {
    /// `#[can(read)]`, `#[can(delete)]` and other actions: rows are chosen by it.
    pub const RULE: Allow = Allow {
        before: false,
        relations: true,
        me: true,
        now: true,
        computed: true,
        matches: false,
    };
    /// `#[can(create)]`: judges one row, in process where it can.
    pub const CREATE: Allow = Allow { ..Allow::RULE };
    /// `#[can(update)]`: the row as it was is known too.
    pub const UPDATE: Allow = Allow {
        before: true,
        ..Allow::RULE
    };
    /// `#[rule]`: judges the row as it will be.
    pub const VALIDATION: Allow = Allow {
        before: false,
        relations: false,
        me: true,
        now: true,
        computed: true,
        matches: true,
    };
    /// `#[computed]` and `#[index(where)]`: nothing but stored fields of the row.
    pub const OWN: Allow = Allow {
        before: false,
        relations: false,
        me: false,
        now: false,
        computed: false,
        matches: false,
    };
}

/// Checks an expression over the rows of `entity` that may say whatever a rule that chooses rows may say.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(model: &Model, entity: &str, text: &str, expected: Expected) -> Result<Expr, Vec<ExprError>> {
    check_with(model, entity, text, &expected, Allow::RULE)
}

/// The condition of `#[can(action, "…")]` or `#[cannot(action, "…")]`, on an entity or on one of its fields.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_rule(model: &Model, entity: &str, action: &str, text: &str) -> Result<Expr, Vec<ExprError>> {
    let ast = parse(text).map_err(|error| vec![error])?;
    let at = model.entities.iter().position(|item| item.name == entity);
    let chain = Chain {
        rules: at.map(|ix| (ix as EntityIx, action.to_owned())).into_iter().collect(),
        taken_in: 0,
    };
    let checked = run_in(model, entity, &ast, &Expected::Bool, rules::allowed_in(action), chain);
    match checked.expr {
        Some(expr) if checked.errors.is_empty() => Ok(expr),
        _ => Err(checked.errors),
    }
}

/// The condition of `#[rule("…", "message")]`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_validation(model: &Model, entity: &str, text: &str) -> Result<Expr, Vec<ExprError>> {
    check_with(model, entity, text, &Expected::Bool, Allow::VALIDATION)
}

/// The value of `#[computed("…")]` on a field: it must fit the field's type, and be there when the field is not an `Option`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_computed(model: &Model, entity: &str, field: &Field, text: &str) -> Result<Expr, Vec<ExprError>> {
    let whole = Span { start: 0, end: text.len() };
    let Some(ty) = field_type(model, &field.kind).filter(|_| !field.is_relation()) else {
        return Err(vec![ExprError::new("a field of this kind cannot be computed", whole)]);
    };
    let expr = check_with(model, entity, text, &Expected::Value(ty), Allow::OWN)?;
    if !field.nullable && may_be_null(model, &expr) {
        let error = ExprError::new("the value can be null, but the field is not an Option", whole);
        return Err(vec![error.help("use `coalesce(…, …)`, or make the field an `Option<…>`")]);
    }
    Ok(expr)
}

/// The condition of `#[index(…, where = "…")]`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_index_filter(model: &Model, entity: &str, text: &str) -> Result<Expr, Vec<ExprError>> {
    check_with(model, entity, text, &Expected::Bool, Allow::OWN)
}

/// Checks with everything said.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_with(model: &Model, entity: &str, text: &str, expected: &Expected, allow: Allow) -> Result<Expr, Vec<ExprError>> {
    let ast = parse(text).map_err(|error| vec![error])?;
    check_ast(model, entity, &ast, expected, allow)
}

/// Checks what is parsed already.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_ast(model: &Model, entity: &str, ast: &Ast, expected: &Expected, allow: Allow) -> Result<Expr, Vec<ExprError>> {
    let (expr, errors, _) = run(model, entity, ast, expected, allow);
    match expr {
        Some(expr) if errors.is_empty() => Ok(expr),
        _ => Err(errors),
    }
}

/// The checker's whole result, with the fields and enum values it met.
pub(crate) fn run(
    model: &Model,
    entity: &str,
    ast: &Ast,
    expected: &Expected,
    allow: Allow,
) -> (Option<Expr>, Vec<ExprError>, Vec<Mention>) {
    let checked = run_in(model, entity, ast, expected, allow, Chain::default());
    (checked.expr, checked.errors, checked.mentions)
}

/// What the checker has to say.
struct Checked {
    expr: Option<Expr>,
    errors: Vec<ExprError>,
    mentions: Vec<Mention>,
    chain: Chain,
}

/// Checks inside of rules that ask for this one.
fn run_in(model: &Model, entity: &str, ast: &Ast, expected: &Expected, allow: Allow, chain: Chain) -> Checked {
    let Some(ix) = model.entities.iter().position(|item| item.name == entity) else {
        return Checked {
            expr: None,
            errors: vec![ExprError::new(format!("there is no entity `{entity}`"), ast.span)],
            mentions: Vec::new(),
            chain,
        };
    };
    let rows = vec![Row {
        name: None,
        entity: ix as EntityIx,
        var: 0,
    }];
    let mut checker = Checker {
        model,
        allow,
        rows,
        next: 1,
        items: HashMap::new(),
        errors: Vec::new(),
        mentions: Vec::new(),
        chain,
    };
    let expr = checker.whole(ast, expected);
    if expr.is_none() && checker.errors.is_empty() {
        // Every failure says why; this keeps the promise should one be missed.
        checker.errors.push(ExprError::new("this expression cannot be used here", ast.span));
    }
    Checked {
        expr,
        errors: checker.errors,
        mentions: checker.mentions,
        chain: checker.chain,
    }
}

/// A row that names can refer to.
struct Row {
    /// `None` for the row that is judged.
    name: Option<String>,
    entity: EntityIx,
    var: Var,
}

struct Checker<'a> {
    model: &'a Model,
    allow: Allow,
    /// The row that is judged, then those of the macros around, outermost first.
    rows: Vec<Row>,
    next: Var,
    /// Where the items of constant lists stand, by the place of the list: the typed tree keeps only their values.
    items: HashMap<Span, Vec<Span>>,
    errors: Vec<ExprError>,
    mentions: Vec<Mention>,
    /// The rules that `check` is inside of.
    chain: Chain,
}

impl<'a> Checker<'a> {
    /// Reports; the `None` says that there is nothing to go on with.
    fn fail<T>(&mut self, error: ExprError) -> Option<T> {
        self.errors.push(error);
        None
    }

    fn entity(&self, ix: EntityIx) -> &'a Entity {
        let model: &'a Model = self.model;
        &model.entities[ix as usize]
    }

    fn position(&self, entity: &str) -> Option<EntityIx> {
        self.model
            .entities
            .iter()
            .position(|item| item.name == entity)
            .map(|ix| ix as EntityIx)
    }

    fn whole(&mut self, ast: &Ast, expected: &Expected) -> Option<Expr> {
        let expr = match expected {
            Expected::Bool => return self.condition(ast),
            Expected::Value(ty) => {
                let expr = self.expr(ast)?;
                self.assignable(expr, ty)?
            }
            Expected::Any => self.expr(ast)?,
        };
        Some(expr)
    }

    /// An expression that is true or false.
    fn condition(&mut self, ast: &Ast) -> Option<Expr> {
        let expr = self.expr(ast)?;
        match expr.ty {
            Type::Null => Some(Expr { ty: Type::BOOL, ..expr }),
            Type::BOOL => Some(expr),
            _ => {
                let found = self.describe(&expr.ty);
                let error = ExprError::new(format!("expected true or false, this is {found}"), ast.span);
                self.fail(match &expr.ty {
                    Type::Row(_) | Type::AnyRow => error.help("compare it: `… != null`"),
                    _ => error,
                })
            }
        }
    }

    /// Any expression.
    fn expr(&mut self, ast: &Ast) -> Option<Expr> {
        match &ast.kind {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) => self.literal(ast),
            Kind::List(items) => self.list(ast, items),
            Kind::Name(_) | Kind::Member(..) | Kind::Index(..) => {
                let place = self.place(ast)?;
                self.value_of(place, ast.span)
            }
            Kind::Not(_)
            | Kind::Neg(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Compare(..)
            | Kind::In(..)
            | Kind::Arith(..)
            | Kind::If(..) => self.operator(ast),
            Kind::Call { on, name, args } => self.call(ast.span, on.as_deref(), name, args),
            Kind::Macro { .. } => self.over_rows(ast),
        }
    }

    /// Enum values of a type, as written.
    fn enum_values(&self, name: &str) -> Vec<&'a str> {
        let model: &'a Model = self.model;
        model
            .enum_type(name)
            .map(|item| item.values.iter().map(|value| value.value.as_str()).collect())
            .unwrap_or_default()
    }

    /// Type of a field; to-many relations have none.
    fn type_of(&self, kind: &FieldKind) -> Option<Type> {
        field_type(self.model, kind)
    }
}
