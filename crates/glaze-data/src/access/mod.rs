//! Who may do what, and why: the rules of the schema told instead of applied. It asks the same functions as binding and writing do
//! ([`crate::bind::policy`], [`crate::bind::field_policy`]), so that what is told is what happens.
//!
//! It must not know who exists: an [`crate::Actor`] is handed in.

mod ask;
mod explain;
mod matrix;

use glaze_expr::{print, tree::Expr, unparse};
use serde::Serialize;

pub use ask::{holds_for, sql_of};
pub use explain::{Because, Explanation, JudgedRule, Step, explain};
pub use matrix::{Change, Effect, Matrix, Row, difference, matrix, sentences};

use crate::schema::Schema;

/// Whether something is allowed, as far as that is known without looking at an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// For no entry.
    Never,
    /// For entries of which a condition holds.
    Sometimes,
    /// For every entry.
    Always,
}

/// Whether something is allowed, and for which entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether at all.
    pub allowed: Allowed,
    /// For which entries, when it depends on them: in the language of expressions, with what is known of the actor put in.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

impl Verdict {
    pub(crate) const NEVER: Verdict = Verdict {
        allowed: Allowed::Never,
        condition: None,
    };

    /// What a bound condition says.
    pub(crate) fn of(schema: &Schema, expr: &Expr) -> Verdict {
        let allowed = match (expr.is_true(), expr.is_false()) {
            (true, _) => Allowed::Always,
            (_, true) => Allowed::Never,
            _ => Allowed::Sometimes,
        };
        let condition = (allowed == Allowed::Sometimes).then(|| print(&unparse(schema.model(), expr)));
        Verdict { allowed, condition }
    }
}
