//! Who may do what in a whole schema, and what an edit of it changes.

use std::collections::{BTreeMap, BTreeSet};

use glaze_expr::{
    children,
    tree::{Expr, Me, Node},
};
use glaze_model::{Ownership, Value};
use serde::Serialize;
use uuid::Uuid;

use super::{Allowed, Verdict};
use crate::{
    actor::{ADMIN, Actor},
    bind::{field_policy, policy},
    schema::{EntityInfo, FieldInfo, Schema},
};

const ACTIONS: [&str; 4] = ["read", "create", "update", "delete"];

/// One cell: somebody, something, an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// `anonymous`, `user` (anybody who is logged in), or `role:NAME`.
    pub who: String,
    /// Name of the entity.
    pub entity: String,
    /// The field, when it has rules of its own or is private.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// `read`, `create`, `update` or `delete`.
    pub action: String,
    /// Whether and where.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Who may do what. The role `admin` is not in it: it may do everything except read what is private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// By entity, then field, action and who.
    pub rows: Vec<Row>,
    /// Fields that there are, by entity.
    #[serde(skip)]
    fields: BTreeSet<(String, String)>,
}

/// The matrix of a schema.
pub fn matrix(schema: &Schema) -> Matrix {
    let actors = actors(schema);
    let own = || {
        schema
            .public()
            .filter(|entity| schema.declared(entity.ix).ownership != Ownership::System)
    };
    let mut rows = Vec::new();
    for entity in own() {
        for action in ACTIONS {
            for (who, actor) in &actors {
                let condition = on_entity(schema, actor, entity, action);
                rows.push(row(schema, who, entity, None, action, &condition));
            }
        }
        for field in entity.fields.iter().filter(|field| is_special(field)) {
            for action in &ACTIONS[..3] {
                for (who, actor) in &actors {
                    let own = field_policy(schema, actor, entity.ix, field.ix, action);
                    let condition = Expr::and([on_entity(schema, actor, entity, action), own]);
                    rows.push(row(schema, who, entity, Some(field), action, &condition));
                }
            }
        }
    }
    let fields = own().flat_map(|entity| entity.fields.iter().map(|field| (entity.name.clone(), field.name.clone())));
    Matrix {
        rows,
        fields: fields.collect(),
    }
}

fn row(schema: &Schema, who: &str, entity: &EntityInfo, field: Option<&FieldInfo>, action: &str, condition: &Expr) -> Row {
    Row {
        who: who.to_owned(),
        entity: entity.name.clone(),
        field: field.map(|field| field.name.clone()),
        action: action.to_owned(),
        verdict: Verdict::of(schema, condition),
    }
}

/// What is changed or removed must be readable too.
fn on_entity(schema: &Schema, actor: &Actor, entity: &EntityInfo, action: &str) -> Expr {
    let own = policy(schema, actor, entity.ix, action);
    match action {
        "update" | "delete" => Expr::and([policy(schema, actor, entity.ix, "read"), own]),
        _ => own,
    }
}

fn is_special(field: &FieldInfo) -> bool {
    field.private || field.read.is_some() || field.create.is_some() || field.update.is_some()
}

/// Somebody of every sort that rules tell apart.
fn actors(schema: &Schema) -> Vec<(String, Actor)> {
    let user = |roles: Vec<String>| Actor::User { id: Uuid::nil(), roles };
    let mut all = vec![("anonymous".to_owned(), Actor::Anonymous), ("user".to_owned(), user(Vec::new()))];
    let named = roles(schema).into_iter().filter(|role| role != ADMIN);
    all.extend(named.map(|role| (format!("role:{role}"), user(vec![role]))));
    all
}

/// Roles that rules name.
fn roles(schema: &Schema) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entity in schema.entities() {
        let own = entity.can.all().map(|(_, rule)| rule);
        let of_fields = entity.fields.iter().flat_map(|field| [&field.read, &field.create, &field.update]);
        own.chain(of_fields.flatten()).for_each(|rule| collect(rule, &mut found));
    }
    found
}

fn collect(expr: &Expr, found: &mut BTreeSet<String>) {
    if let Node::In(item, list) = &expr.node
        && let (Node::Literal(Value::Text(role)), Node::Me(Me::Roles)) = (&item.node, &list.node)
    {
        found.insert(role.clone());
    }
    children(expr).into_iter().for_each(|child| collect(child, found));
}

/// What an edit does to one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// More is allowed.
    Opens,
    /// Less is allowed.
    Closes,
    /// Something else is allowed; whether it is more depends on the entries.
    Differs,
}

/// A cell that an edit changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Who.
    pub who: String,
    /// Name of the entity.
    pub entity: String,
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The action.
    pub action: String,
    /// What it comes to.
    pub effect: Effect,
    /// As it was.
    pub before: Verdict,
    /// As it is now.
    pub after: Verdict,
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Change { who, entity, action, .. } = self;
        let what = match &self.field {
            Some(field) => format!("{entity}.{field}"),
            None => entity.clone(),
        };
        let now = self.after.condition.as_ref().map(|now| format!(" where {now}")).unwrap_or_default();
        match (self.effect, self.after.allowed) {
            (Effect::Opens, _) => write!(f, "{who} may now {action} {what}{now}"),
            (Effect::Closes, Allowed::Never) => write!(f, "{who} may no longer {action} {what}"),
            (Effect::Closes, _) => write!(f, "{who} may {action} {what} only{now}"),
            (Effect::Differs, _) => {
                let before = self.before.condition.as_deref().unwrap_or("always");
                write!(f, "{who} may {action} {what}{now} (before: where {before})")
            }
        }
    }
}

/// Changes in sentences; who is affected alike stands in one: `anonymous, role:clerk and user may now read Post`.
pub fn sentences(changes: &[Change]) -> Vec<String> {
    let mut groups: Vec<(&Change, Vec<&str>)> = Vec::new();
    for change in changes {
        let alike = |(first, _): &&mut (&Change, Vec<&str>)| {
            Change {
                who: change.who.clone(),
                ..(*first).clone()
            } == *change
        };
        match groups.iter_mut().find(alike) {
            Some((_, who)) => who.push(&change.who),
            None => groups.push((change, vec![&change.who])),
        }
    }
    let sentence = |(change, who): (&Change, Vec<&str>)| {
        let who = match who.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => who.concat(),
        };
        Change { who, ..change.clone() }.to_string()
    };
    groups.into_iter().map(sentence).collect()
}

type Cell<'a> = (&'a str, Option<&'a str>, &'a str, &'a str);

/// Every cell that is not as it was. What is gone altogether is not among them: there is nothing left to be allowed.
pub fn difference(before: &Matrix, after: &Matrix) -> Vec<Change> {
    let (was, is) = (before.cells(), after.cells());
    let still_there = |(entity, field, ..): &Cell<'_>| match field {
        Some(field) => after.fields.contains(&((*entity).to_owned(), (*field).to_owned())),
        None => true,
    };
    let cells: BTreeSet<Cell<'_>> = was.keys().chain(is.keys()).copied().filter(still_there).collect();
    let changed = |cell: Cell<'_>| {
        // An entity that is gone has no cell; a role that no rule names is like any user; a new entity was open to nobody.
        let now = after.verdict(&is, cell)?;
        let earlier = before.verdict(&was, cell).unwrap_or(&Verdict::NEVER);
        (earlier != now).then(|| change(cell, earlier, now))
    };
    cells.into_iter().filter_map(changed).collect()
}

fn change((entity, field, action, who): Cell<'_>, before: &Verdict, after: &Verdict) -> Change {
    let effect = match after.allowed.cmp(&before.allowed) {
        std::cmp::Ordering::Greater => Effect::Opens,
        std::cmp::Ordering::Less => Effect::Closes,
        std::cmp::Ordering::Equal => Effect::Differs,
    };
    Change {
        who: who.to_owned(),
        entity: entity.to_owned(),
        field: field.map(str::to_owned),
        action: action.to_owned(),
        effect,
        before: before.clone(),
        after: after.clone(),
    }
}

impl Matrix {
    fn cells(&self) -> BTreeMap<Cell<'_>, &Verdict> {
        let cell = self.rows.iter().map(|row| {
            (
                (row.entity.as_str(), row.field.as_deref(), row.action.as_str(), row.who.as_str()),
                &row.verdict,
            )
        });
        cell.collect()
    }

    /// What holds for a cell that may have no row: a field without rules is as its entity is, a role that no rule names is any user.
    fn verdict<'a>(&self, cells: &BTreeMap<Cell<'_>, &'a Verdict>, (entity, field, action, who): Cell<'_>) -> Option<&'a Verdict> {
        if let Some(field) = field
            && !self.fields.contains(&(entity.to_owned(), field.to_owned()))
        {
            return None;
        }
        let known = |who: &str| {
            let own = cells.get(&(entity, field, action, who));
            own.or_else(|| cells.get(&(entity, None, action, who))).copied()
        };
        known(who).or_else(|| known("user"))
    }
}
