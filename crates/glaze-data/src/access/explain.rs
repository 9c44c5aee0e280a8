//! Why somebody may do something, or not.

use glaze_expr::{
    check_rule, map,
    tree::{EntityIx, Expr, Node},
};
use glaze_model::{Effect, Ownership, Rule, Value};
use serde::Serialize;

use super::{Allowed, Verdict, ask::holds_for};
use crate::{
    actor::Actor,
    bind::{for_actor, policy},
    schema::Schema,
    store::{Store, StoreError},
};

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Who asks has the role `admin`.
    Admin,
    /// Glaze keeps the entity itself: it is changed by operations of their own.
    BuiltIn,
    /// No `#[can]` speaks of the action.
    NoRule,
    /// The rules.
    Rules,
}

/// A rule for one who asks.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedRule {
    /// As it is written: `#[can(read, "author == me")]`.
    pub rule: String,
    /// `can` allows and `cannot` forbids where this holds.
    #[serde(rename = "holds")]
    pub verdict: Verdict,
    /// Whether it holds for the entry asked about; null when that is unknown, as it is for a condition that is null.
    #[serde(rename = "holdsHere", skip_serializing_if = "Option::is_none")]
    pub here: Option<bool>,
    #[serde(skip)]
    effect: Effect,
    #[serde(skip)]
    condition: Expr,
}

/// One action that is judged on the way.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// `read`, `create`, `update` or `delete`.
    pub action: String,
    /// What comes of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What decides.
    pub because: Because,
    /// The rules that speak of it, in the order of the schema.
    pub rules: Vec<JudgedRule>,
    /// Whether the entry asked about passes.
    #[serde(rename = "passesHere", skip_serializing_if = "Option::is_none")]
    pub here: Option<bool>,
    #[serde(skip)]
    condition: Expr,
}

/// Whether somebody may do something, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Name of the entity.
    pub entity: String,
    /// The action.
    pub action: String,
    /// What comes of all steps.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The steps in order: what is changed or removed must be readable too.
    pub steps: Vec<Step>,
    /// The condition that entries have to satisfy, all steps together.
    #[serde(skip)]
    pub condition: Expr,
}

/// Explains an action of an actor on the entries of an entity.
pub fn explain(schema: &Schema, actor: &Actor, entity: EntityIx, action: &str) -> Explanation {
    let actions: &[&str] = match action {
        "read" | "create" => &[action],
        _ => &["read", action],
    };
    let steps: Vec<Step> = actions.iter().map(|action| step(schema, actor, entity, action)).collect();
    let condition = Expr::and(steps.iter().map(|step| step.condition.clone()));
    Explanation {
        entity: schema.entity(entity).name.clone(),
        action: action.to_owned(),
        verdict: Verdict::of(schema, &condition),
        steps,
        condition,
    }
}

fn step(schema: &Schema, actor: &Actor, entity: EntityIx, action: &str) -> Step {
    let declared = schema.declared(entity);
    let speaking: Vec<&Rule> = declared.rules.iter().filter(|rule| rule.action == action).collect();
    let because = if action != "read" && declared.ownership == Ownership::System {
        Because::BuiltIn
    } else if actor.is_unrestricted() {
        Because::Admin
    } else if speaking.iter().all(|rule| rule.effect == Effect::Deny) {
        Because::NoRule
    } else {
        Because::Rules
    };
    let condition = as_it_is(policy(schema, actor, entity, action));
    Step {
        action: action.to_owned(),
        verdict: Verdict::of(schema, &condition),
        because,
        rules: speaking.into_iter().map(|rule| judged(schema, actor, entity, rule)).collect(),
        here: None,
        condition,
    }
}

fn judged(schema: &Schema, actor: &Actor, entity: EntityIx, rule: &Rule) -> JudgedRule {
    let name = &schema.entity(entity).name;
    let condition = match &rule.when {
        None => Expr::bool(true),
        // A prepared schema has no rule that does not check; what could not be read would hold for nobody.
        Some(when) => check_rule(schema.model(), name, &rule.action, &when.0).unwrap_or_else(|_| Expr::bool(false)),
    };
    let condition = as_it_is(for_actor(&condition, actor));
    let when = rule.when.as_ref().map(|when| format!(", \"{}\"", when.0)).unwrap_or_default();
    JudgedRule {
        rule: format!("#[{}({}{when})]", rule.effect.attribute(), rule.action),
        verdict: Verdict::of(schema, &condition),
        here: None,
        effect: rule.effect,
        condition,
    }
}

/// The row as it was is the row as it is: nothing has been changed yet.
fn as_it_is(condition: Expr) -> Expr {
    map(condition, &mut |node| match node {
        Node::Before(field) => Node::Field(field),
        other => other,
    })
}

impl Explanation {
    /// Judges everything on one entry. Gives whether the action is allowed on it.
    ///
    /// # Errors
    /// By the database.
    pub async fn on(
        &mut self,
        schema: &Schema,
        store: &dyn Store,
        actor: &Actor,
        entity: EntityIx,
        key: &[Value],
    ) -> Result<bool, StoreError> {
        let mut all = true;
        for step in &mut self.steps {
            let passes = holds_for(schema, store, actor, entity, key, step.condition.clone()).await?;
            step.here = Some(passes);
            all &= passes;
            for rule in &mut step.rules {
                let holds = holds_for(schema, store, actor, entity, key, rule.condition.clone()).await?;
                // Neither the condition nor its opposite: it is null.
                let refuted = holds || holds_for(schema, store, actor, entity, key, rule.condition.clone().not()).await?;
                rule.here = (holds || refuted).then_some(holds);
            }
        }
        Ok(all)
    }

    /// The reasons in sentences, one for each step.
    pub fn reasons(&self) -> Vec<String> {
        self.steps.iter().map(|step| step.reason(&self.entity)).collect()
    }
}

impl Step {
    fn reason(&self, entity: &str) -> String {
        let what = format!("{} of {entity}", self.action);
        match self.because {
            Because::Admin => format!("{what}: the role `admin` may do everything"),
            Because::BuiltIn => format!("{what}: Glaze keeps {entity} itself, no rule opens it"),
            Because::NoRule => format!("{what}: no `#[can({})]` speaks of it, so it is refused", self.action),
            Because::Rules => format!("{what}: {}", self.by_rules()),
        }
    }

    fn by_rules(&self) -> String {
        let holds = |rule: &&JudgedRule| match self.here {
            Some(_) => rule.here == Some(true),
            None => rule.verdict.allowed == Allowed::Always,
        };
        let of = |effect: Effect| self.rules.iter().filter(move |rule| rule.effect == effect);
        // A `#[cannot]` that is null forbids as well.
        let stops = |rule: &&JudgedRule| match self.here {
            Some(_) => rule.here != Some(false),
            None => rule.verdict.allowed == Allowed::Always,
        };
        let allowed = self.here.unwrap_or(self.verdict.allowed == Allowed::Always);
        if allowed {
            return match of(Effect::Allow).find(holds) {
                Some(rule) => format!("{} lets it", rule.rule),
                None => "the rules together let it".to_owned(),
            };
        }
        if let Some(rule) = of(Effect::Deny).find(stops) {
            return format!("{} stops it", rule.rule);
        }
        match &self.verdict.condition {
            Some(condition) if self.here.is_none() => format!("where {condition}"),
            _ => format!("no `#[can({})]` holds", self.action),
        }
    }
}
