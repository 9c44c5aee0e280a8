//! Policies and rules over a row: in process where the row alone decides, else by the database, inside the transaction.

use glaze_expr::{
    Asker, Env, EvalError,
    tree::{Compare, EntityIx, Expr, FieldIx, FieldRef, Me, Node, Part, Type},
};
use glaze_model::Value;
use jiff::Timestamp;

use super::{Action, Key, WriteContext};
pub(super) use crate::bind::key_is;
use crate::{
    bind,
    schema::{EntityInfo, KeyPart, Schema},
};

/// A row by field position. `None`: not stored, or made by the database and not known here.
pub(super) type Row = Vec<Option<Value>>;

/// What a condition says of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// It holds.
    Yes,
    /// It does not, or is null, or can't be computed.
    No,
    /// Only the database can say: this must hold for the row there.
    Ask(Expr),
}

/// A row as it will be (or is) and as it was.
#[derive(Clone, Copy)]
pub(super) struct State<'a> {
    pub(super) entity: EntityIx,
    pub(super) row: &'a Row,
    pub(super) before: Option<&'a Row>,
}

impl WriteContext {
    /// The entity's rule for an action, bound for the actor.
    pub(super) fn rule(&self, entity: EntityIx, action: Action) -> Expr {
        bind::policy(&self.schema, &self.actor, entity, action.name())
    }

    /// The condition under which the actor may read rows of an entity.
    pub(super) fn read_rule(&self, entity: EntityIx) -> Expr {
        bind::policy(&self.schema, &self.actor, entity, "read")
    }

    /// The condition under which the actor may read a field of a row that it may read.
    pub(super) fn sight(&self, entity: EntityIx, field: FieldIx) -> Expr {
        match self.actor {
            crate::Actor::System => Expr::bool(true),
            _ => bind::field_policy(&self.schema, &self.actor, entity, field, "read"),
        }
    }

    /// Whether the actor may read a field of this row. Where only the database could say, it counts as hidden.
    pub(super) fn sees(&self, entity: EntityIx, field: FieldIx, row: &Row) -> bool {
        let state = State {
            entity,
            row,
            before: Some(row),
        };
        self.judge(&self.sight(entity, field), state) == Verdict::Yes
    }

    /// The rule of a single field for an action, if it has one that binds.
    pub(super) fn field_rule(&self, entity: EntityIx, field: FieldIx, action: Action) -> Option<Expr> {
        let rule = bind::field_policy(&self.schema, &self.actor, entity, field, action.name());
        (!rule.is_true()).then_some(rule)
    }

    /// What a condition, bound for the actor, says of a row.
    pub(super) fn judge(&self, expr: &Expr, state: State<'_>) -> Verdict {
        if expr.is_true() {
            return Verdict::Yes;
        }
        if expr.is_false() {
            return Verdict::No;
        }
        if !self.decides(expr, state) {
            return Verdict::Ask(self.with_before(expr, state));
        }
        let env = RowEnv { context: self, state };
        if glaze_expr::holds(expr, &env) { Verdict::Yes } else { Verdict::No }
    }

    /// Whether a validation complains: only a clear `false` does.
    pub(super) fn complains(&self, expr: &Expr, state: State<'_>) -> Option<bool> {
        if !self.decides(expr, state) {
            return None;
        }
        let env = RowEnv { context: self, state };
        Some(matches!(glaze_expr::evaluate(expr, &env), Ok(Value::Bool(false)) | Err(_)))
    }

    /// Whether the row alone decides: no other row is needed, and every field used is known.
    fn decides(&self, expr: &Expr, state: State<'_>) -> bool {
        let needs = glaze_expr::needs(expr);
        let known = |field: &FieldIx| self.known(state.entity, *field, state.row, 4);
        !needs.relations && needs.fields.iter().all(known)
    }

    fn known(&self, entity: EntityIx, field: FieldIx, row: &Row, depth: u8) -> bool {
        match self.schema.field_info(entity, field).computed.as_ref() {
            Some(computed) if depth > 0 => {
                let needs = glaze_expr::needs(computed);
                !needs.relations && needs.fields.iter().all(|field| self.known(entity, *field, row, depth - 1))
            }
            Some(_) => false,
            None => row.get(field as usize).is_some_and(Option::is_some),
        }
    }

    /// The expression with the row as it was put in: the database only knows the row as it is.
    pub(super) fn with_before(&self, expr: &Expr, state: State<'_>) -> Expr {
        let env = RowEnv { context: self, state };
        let put_in = &mut |node| match node {
            // What is not known of the row as it was is null: then it allows nothing.
            Node::Before(field) => Node::Literal(env.was(&field).unwrap_or(Value::Null)),
            other => other,
        };
        glaze_expr::map(expr.clone(), put_in)
    }
}

/// A row as the evaluator sees it.
pub(super) struct RowEnv<'a> {
    context: &'a WriteContext,
    state: State<'a>,
}

impl RowEnv<'_> {
    fn was(&self, field: &FieldRef) -> Result<Value, EvalError> {
        match self.state.before {
            Some(before) => self.value(before, field),
            None => Ok(Value::Null),
        }
    }

    fn value(&self, row: &Row, field: &FieldRef) -> Result<Value, EvalError> {
        if !field.hops.is_empty() || field.entity != self.state.entity {
            return Err(EvalError::Unknown("another row"));
        }
        if let Some(computed) = &self.context.schema.field_info(field.entity, field.field).computed {
            let env = RowEnv {
                context: self.context,
                state: State { row, ..self.state },
            };
            return glaze_expr::evaluate(computed, &env);
        }
        match row.get(field.field as usize) {
            Some(Some(value)) => Ok(part_of(value, &field.part)),
            _ => Err(EvalError::Unknown("a field")),
        }
    }
}

impl Env for RowEnv<'_> {
    fn field(&self, field: &FieldRef) -> Result<Value, EvalError> {
        self.value(self.state.row, field)
    }

    fn before(&self, field: &FieldRef) -> Result<Value, EvalError> {
        self.was(field)
    }

    fn me(&self, me: &Me) -> Value {
        Asker {
            id: self.context.actor.id(),
            roles: self.context.actor.roles(),
        }
        .value(me)
    }

    fn now(&self) -> Timestamp {
        self.context.now
    }
}

/// A part of a stored value.
pub(super) fn part_of(value: &Value, part: &Part) -> Value {
    let item = |at: usize| match value {
        Value::List(items) => items.get(at).cloned().unwrap_or(Value::Null),
        single if at == 0 => single.clone(),
        _ => Value::Null,
    };
    match part {
        Part::Whole => value.clone(),
        Part::Inner(at) => item(*at as usize),
        Part::Key(at) => item(*at as usize),
        Part::AnyType => item(0),
        Part::AnyId => item(1),
        Part::Json(path) => match value {
            Value::Json(json) => json_at(json, path),
            _ => Value::Null,
        },
    }
}

fn json_at(json: &serde_json::Value, path: &[String]) -> Value {
    let found = path.iter().try_fold(json, |at, name| match at {
        serde_json::Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        other => other.get(name),
    });
    match found {
        None | Some(serde_json::Value::Null) => Value::Null,
        Some(serde_json::Value::String(text)) => Value::Text(text.clone()),
        Some(other) => Value::Text(crate::validate::canonical::json_text(other)),
    }
}

/// The condition that a column of a key has this value.
pub(super) fn part_is(entity: EntityIx, part: &KeyPart, value: Value) -> Expr {
    let field = Expr::new(Node::Field(part.of(0, entity, &[])), part.ty.clone());
    let literal = Expr::new(Node::Literal(value), part.ty.clone());
    Expr::new(Node::Compare(Compare::Eq, Box::new(field), Box::new(literal)), Type::BOOL)
}

/// The condition that a row has one of these keys.
pub(super) fn key_in(entity: &EntityInfo, keys: &[Key]) -> Expr {
    match entity.key.as_slice() {
        [part] => {
            let values = keys.iter().filter_map(|key| key.first().cloned()).collect();
            let field = Expr::new(Node::Field(part.of(0, entity.ix, &[])), part.ty.clone());
            let list = Expr::new(Node::Literal(Value::List(values)), Type::List(Box::new(part.ty.clone())));
            Expr::new(Node::In(Box::new(field), Box::new(list)), Type::BOOL)
        }
        _ => Expr::or(keys.iter().map(|key| key_is(entity, key))),
    }
}

/// The condition that a text field has one of these values.
pub(super) fn field_in(schema: &Schema, entity: EntityIx, field: FieldIx, values: &[String]) -> Expr {
    let ty = schema.field_info(entity, field).ty.clone();
    let own = FieldRef {
        var: 0,
        entity,
        hops: Vec::new(),
        field,
        part: Part::Whole,
    };
    let list = Value::List(values.iter().cloned().map(Value::Text).collect());
    let list = Expr::new(Node::Literal(list), Type::List(Box::new(ty.clone())));
    Expr::new(Node::In(Box::new(Expr::new(Node::Field(own), ty)), Box::new(list)), Type::BOOL)
}

/// The key of a row, when it is known.
pub(super) fn key_of(schema: &Schema, entity: EntityIx, row: &Row) -> Option<Key> {
    let parts = &schema.entity(entity).key;
    parts
        .iter()
        .map(|part| Some(part_of(row.get(part.field as usize)?.as_ref()?, &part.part)))
        .collect()
}
