//! Rules as a whole: `#[can]` and `#[cannot]` of one action put together, and `check(author, 'read')`, which puts the rule of
//! another entity in place.

use glaze_model::{Effect, Ownership, Span};

use super::{
    Allow, Checker, Expected,
    names::{Place, Reached},
};
use crate::{
    ExprError,
    ast::{Ast, Kind},
    map,
    parse::parse,
    rebase,
    tree::{EntityIx, Exists, Expr, Node, Quantifier, Type, Var},
};

/// Most rules that one rule goes through by `check`, one behind the other.
const MAX_CHAIN: usize = 5;
/// Most rules that one rule takes in by `check`.
const MAX_TAKEN_IN: usize = 64;

/// The rules that `check` is inside of.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    /// Entity and action, the outermost first.
    pub(super) rules: Vec<(EntityIx, String)>,
    /// How many were taken in altogether.
    pub(super) taken_in: usize,
}

/// One `#[can]` holds and no `#[cannot]` does. A `#[cannot]` that is null forbids: `!null` is null, and null allows nothing.
///
/// `open`: allowed where no `#[can]` speaks of it, as it is on fields.
pub fn combine(rules: impl IntoIterator<Item = (Effect, Expr)>, open: bool) -> Expr {
    let (can, cannot): (Vec<_>, Vec<_>) = rules.into_iter().partition(|(effect, _)| *effect == Effect::Allow);
    let allowed = match can.is_empty() && open {
        true => Expr::bool(true),
        false => Expr::or(can.into_iter().map(|(_, when)| when)),
    };
    Expr::and(std::iter::once(allowed).chain(cannot.into_iter().map(|(_, when)| when.not())))
}

/// What a rule for this action may speak of.
pub(super) fn allowed_in(action: &str) -> Allow {
    match action {
        "update" => Allow::UPDATE,
        "create" => Allow::CREATE,
        _ => Allow::RULE,
    }
}

impl Checker<'_> {
    /// `check(row, 'action')`: whether the rules of the row's entity allow the action on it.
    pub(super) fn check_call(&mut self, of: &Ast, action: &Ast, span: Span) -> Option<Expr> {
        if !self.allow.relations || !self.allow.me {
            let error = ExprError::new("`check` cannot be used here: only `#[can]` and `#[cannot]` ask for rules", span);
            return self.fail(error);
        }
        let row = match self.place(of)? {
            Place::Row(row) if !row.before => row,
            _ => {
                let error = ExprError::new("`check` takes a row", of.span);
                return self.fail(error.help("a reference (`check(author, 'read')`), a row of `exists`, or `this`"));
            }
        };
        let Kind::Text(name) = &action.kind else {
            return self.fail(ExprError::new("the action is a constant text", action.span).help("write `check(author, 'read')`"));
        };
        let rule = self.rule_of(row.entity, name, action.span)?;
        Some(self.put_in(row, rule, span))
    }

    /// The rule with the row reached in the place of the row that it is about.
    fn put_in(&mut self, mut row: Reached, rule: Expr, span: Span) -> Expr {
        let same_row = row.var == 0 && row.hops.is_empty() && self.allow.before;
        // Of other rows only what they are is known: nothing changes them here.
        let rule = match same_row {
            true => rule,
            false => map(rule, &mut |node| match node {
                Node::Before(field) => Node::Field(field),
                other => other,
            }),
        };
        let Some(field) = row.hops.pop() else {
            return Expr {
                span,
                ..rebase(rule, row.var, &mut self.next)
            };
        };
        let var: Var = self.next;
        self.next = self.next.saturating_add(1);
        let exists = Exists {
            from: row.var,
            entity: row.start,
            hops: row.hops,
            field,
            target: row.entity,
            var,
            quantifier: Quantifier::Some,
            body: rebase(rule, var, &mut self.next),
        };
        Expr {
            node: Node::Exists(Box::new(exists)),
            ty: Type::BOOL,
            span,
        }
    }

    /// The whole rule of an entity for an action.
    fn rule_of(&mut self, ix: EntityIx, action: &str, span: Span) -> Option<Expr> {
        let entity = self.entity(ix);
        if action == "create" {
            return self.fail(ExprError::new("a row that is there can't be created", span).help("use 'read', 'update' or 'delete'"));
        }
        let known = matches!(action, "read" | "update" | "delete") || entity.rules.iter().any(|rule| rule.action == action);
        if !known {
            let error = ExprError::new(format!("no rule of {} speaks of '{action}'", entity.name), span);
            return self.fail(error.help("actions are 'read', 'update' and 'delete'"));
        }
        // What Glaze keeps for itself is changed by operations of its own only.
        if entity.ownership == Ownership::System && action != "read" {
            return Some(Expr::bool(false));
        }
        self.enter(ix, action, span)?;
        let mut compiled = Vec::new();
        for rule in entity.rules.iter().filter(|rule| rule.action == action) {
            let when = match &rule.when {
                None => Some(Expr::bool(true)),
                Some(when) => self.other_rule(ix, action, &when.0, span),
            };
            compiled.push((rule.effect, when));
        }
        self.chain.rules.pop();
        let compiled: Option<Vec<_>> = compiled.into_iter().map(|(effect, when)| Some((effect, when?))).collect();
        Some(combine(compiled?, false))
    }

    fn enter(&mut self, ix: EntityIx, action: &str, span: Span) -> Option<()> {
        let here = (ix, action.to_owned());
        if self.chain.rules.contains(&here) {
            let shown = |(ix, action): &(EntityIx, String)| format!("{action} of {}", self.entity(*ix).name);
            let circle: Vec<String> = self.chain.rules.iter().chain([&here]).map(shown).collect();
            let error = ExprError::new(format!("this rule asks for itself: {}", circle.join(" → ")), span);
            return self.fail(error.help("write out what is meant in one of them"));
        }
        if self.chain.rules.len() > MAX_CHAIN || self.chain.taken_in >= MAX_TAKEN_IN {
            let error = ExprError::new(
                format!("rules go through more than {MAX_CHAIN} others one behind the other, or {MAX_TAKEN_IN} in all"),
                span,
            );
            return self.fail(error.help("write out what is meant"));
        }
        self.chain.rules.push(here);
        self.chain.taken_in += 1;
        Some(())
    }

    /// A condition that stands at another entity. What is wrong with it is said there; here only that it can't be asked for, except
    /// for circles, which are nobody's alone.
    fn other_rule(&mut self, ix: EntityIx, action: &str, text: &str, span: Span) -> Option<Expr> {
        let name = self.entity(ix).name.clone();
        let Ok(ast) = parse(text) else {
            return self.fail(ExprError::new(format!("the rule of {name} for '{action}' has errors"), span));
        };
        let chain = std::mem::take(&mut self.chain);
        let checked = super::run_in(self.model, &name, &ast, &Expected::Bool, allowed_in(action), chain);
        self.chain = checked.chain;
        match (checked.expr, checked.errors.into_iter().next()) {
            (Some(expr), None) => Some(expr),
            (_, error) => {
                let message = format!("the rule of {name} for '{action}' can't be asked for");
                let why = error.map(|error| error.message);
                let error = ExprError::new(message, span);
                self.fail(match why {
                    Some(why) => error.help(why),
                    None => error,
                })
            }
        }
    }
}
