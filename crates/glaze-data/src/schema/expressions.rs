//! Compiling the expressions of a model.

use glaze_expr::{ExprError, check_computed, check_rule, check_validation, combine, needs, tree::Expr};
use glaze_model::{Effect, Entity, Field, Model, Rule};

use super::{Actions, SchemaProblem, Validation};

/// Compiles expressions and collects what is wrong with them.
pub(super) struct Compiler<'a> {
    pub(super) model: &'a Model,
    pub(super) problems: Vec<SchemaProblem>,
}

/// Where an expression stands.
struct Place<'a> {
    entity: &'a Entity,
    field: Option<&'a Field>,
    part: String,
}

impl Compiler<'_> {
    /// The entity's rules by action: see [`combine`].
    pub(super) fn actions(&mut self, entity: &Entity) -> Actions {
        let mut actions: Vec<&str> = Vec::new();
        for rule in &entity.rules {
            if !actions.contains(&rule.action.as_str()) {
                actions.push(&rule.action);
            }
        }
        let combine = |action: &str| {
            let compiled = self.compiled(entity, None, &entity.rules, action);
            (action.to_owned(), combine(compiled, false))
        };
        Actions {
            rules: actions.into_iter().map(combine).collect(),
        }
    }

    /// The field's rules for one action; `None` when there is none. What only `#[cannot]` speaks of is the entity's to allow.
    pub(super) fn field_rules(&mut self, entity: &Entity, field: &Field, action: &str) -> Option<Expr> {
        let compiled = self.compiled(entity, Some(field), &field.rules, action);
        if compiled.is_empty() {
            return None;
        }
        let open = compiled.iter().all(|(effect, _)| *effect == Effect::Deny);
        Some(combine(compiled, open))
    }

    /// The rules that speak of an action.
    fn compiled(&mut self, entity: &Entity, field: Option<&Field>, rules: &[Rule], action: &str) -> Vec<(Effect, Expr)> {
        let speaking = rules.iter().filter(|rule| rule.action == action);
        let compile = |rule: &Rule| {
            let place = Place {
                entity,
                field,
                part: format!("{}({action})", rule.effect.attribute()),
            };
            (rule.effect, self.condition(&place, rule))
        };
        speaking.map(compile).collect()
    }

    /// The rows' own rules.
    pub(super) fn validations(&mut self, entity: &Entity) -> Vec<Validation> {
        let mut compiled = Vec::with_capacity(entity.validations.len());
        for validation in &entity.validations {
            let checked = check_validation(self.model, &entity.name, &validation.holds.0);
            let place = Place {
                entity,
                field: None,
                part: "rule".to_owned(),
            };
            if let Some(holds) = self.settled(&place, checked) {
                let needs = needs(&holds);
                let field = if needs.fields.len() == 1 {
                    needs.fields.first().copied()
                } else {
                    None
                };
                compiled.push(Validation {
                    holds,
                    message: validation.message.clone(),
                    field,
                });
            }
        }
        compiled
    }

    /// A computed field's value.
    pub(super) fn computed(&mut self, entity: &Entity, field: &Field) -> Option<Expr> {
        let computed = field.computed.as_ref()?;
        let checked = check_computed(self.model, &entity.name, field, &computed.expr.0);
        let place = Place {
            entity,
            field: Some(field),
            part: "computed".to_owned(),
        };
        self.settled(&place, checked)
    }

    fn condition(&mut self, place: &Place<'_>, rule: &Rule) -> Expr {
        let Some(when) = &rule.when else { return Expr::bool(true) };
        let checked = check_rule(self.model, &place.entity.name, &rule.action, &when.0);
        // Nothing is built from a model with problems; until then what can't be read allows nothing.
        self.settled(place, checked).unwrap_or_else(|| Expr::bool(false))
    }

    fn settled(&mut self, place: &Place<'_>, checked: Result<Expr, Vec<ExprError>>) -> Option<Expr> {
        match checked {
            Ok(expr) => Some(expr),
            Err(errors) => {
                self.problems.extend(errors.into_iter().map(|error| SchemaProblem {
                    entity: place.entity.name.clone(),
                    field: place.field.map(|field| field.name.clone()),
                    part: place.part.clone(),
                    message: error.message,
                    help: error.help,
                }));
                None
            }
        }
    }
}
