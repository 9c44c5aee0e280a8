//! Compiling the expressions of a model.

use glaze_expr::{ExprError, check_computed, check_rule, check_validation, needs, tree::Expr};
use glaze_model::{Entity, Field, Model, Rule};

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
    /// The entity's rules by action, several for one action joined by *or*.
    pub(super) fn actions(&mut self, entity: &Entity) -> Actions {
        let mut actions = Actions::default();
        for rule in &entity.rules {
            let place = Place {
                entity,
                field: None,
                part: format!("can({})", rule.action),
            };
            let when = self.condition(&place, rule);
            match actions.rules.iter_mut().find(|(name, _)| *name == rule.action) {
                Some((_, so_far)) => {
                    let before = std::mem::replace(so_far, Expr::bool(false));
                    *so_far = Expr::or([before, when]);
                }
                None => actions.rules.push((rule.action.clone(), when)),
            }
        }
        actions
    }

    /// The field's rules for one action; `None` when there is none.
    pub(super) fn field_rules(&mut self, entity: &Entity, field: &Field, action: &str) -> Option<Expr> {
        let rules: Vec<&Rule> = field.rules.iter().filter(|rule| rule.action == action).collect();
        if rules.is_empty() {
            return None;
        }
        let place = Place {
            entity,
            field: Some(field),
            part: format!("can({action})"),
        };
        let conditions: Vec<Expr> = rules.into_iter().map(|rule| self.condition(&place, rule)).collect();
        Some(Expr::or(conditions))
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
