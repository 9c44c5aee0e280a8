//! Consent: what may be lost because somebody said so, and why the rest is not done.

use glaze_converge::{
    assess::{Family, HAZARDS, Hazard, Risk, StepReport},
    diff::Question,
    hints::Answers,
    migrations::NothingLost,
    plan::Refusal,
    states::DiffReport,
};
use serde::{Deserialize, Serialize};

/// Which destructive steps may run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Consent {
    /// None, except where nothing is lost.
    #[default]
    None,
    /// All of them.
    All,
    /// Those on these objects (`public.posts.old`, with or without the schema).
    Named(Vec<String>),
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// Stable code: `needs_answer`, `needs_consent`, the code of the hazard that stands in the way, or that of a refusal.
    pub code: String,
    /// What it is about: `public.posts.old`.
    pub object: String,
    /// Why, and what to do.
    pub message: String,
}

impl Consent {
    /// Consent from `--yes [NAME,…]`: without names to everything.
    pub fn of(yes: Option<Vec<String>>) -> Consent {
        match yes {
            None => Consent::None,
            Some(names) if names.is_empty() => Consent::All,
            Some(names) => Consent::Named(names),
        }
    }

    /// Whether the object may be changed or dropped although something is lost.
    pub fn covers(&self, object: &str) -> bool {
        match self {
            Consent::None => false,
            Consent::All => true,
            Consent::Named(names) => names.iter().any(|name| is_same(name, object)),
        }
    }
}

/// Why the plan of a report may not run as it is; empty when it may.
pub(crate) fn reasons(report: &DiffReport, answers: &Answers, consent: &Consent) -> Vec<Reason> {
    let swapped = |question: &Question| {
        report
            .questions
            .iter()
            .any(|other| other.from == question.to && other.kind == question.kind)
    };
    let mut out: Vec<Reason> = report
        .questions
        .iter()
        .map(|question| unanswered(question, swapped(question)))
        .collect();
    out.extend(report.refusals.iter().map(refused));
    for step in &report.steps {
        out.extend(
            step.hazards
                .iter()
                .filter(|hazard| hazard.blocks)
                .map(|hazard| blocked(step, hazard)),
        );
        if loses(step) && !consent.covers(&step.object) && !answered(step, answers) {
            out.push(unconsented(step));
        }
    }
    out
}

/// What runs without anybody's consent only because there is nothing of it: to be counted again when it runs.
pub(crate) fn nothing_lost(steps: &[StepReport], answers: &Answers, consent: &Consent) -> Vec<NothingLost> {
    let mut out = Vec::new();
    for step in steps {
        if step.risk < Risk::Destructive || consent.covers(&step.object) || answered(step, answers) {
            continue;
        }
        let counted = step.hazards.iter().filter(|hazard| destroys(hazard) && hazard.rows == Some(0));
        out.extend(counted.filter_map(|hazard| hazard.count.clone()).map(|count| NothingLost {
            object: step.object.clone(),
            count,
        }));
    }
    out
}

/// Drift that nobody has decided about.
pub(crate) fn drift_left(report: &DiffReport) -> Option<Reason> {
    let objects: Vec<&str> = report.drift.iter().map(|step| step.object.as_str()).collect();
    (!objects.is_empty()).then(|| Reason {
        code: "drift".to_owned(),
        object: objects.join(", "),
        message: "somebody else has changed the database: --accept-database takes it over into the schema, --accept-code undoes it; `glaze convergence diff` shows it".into(),
    })
}

/// Whether running the step would lose something: it is destructive, and what it would destroy was not counted and found to be nothing.
pub(crate) fn loses(step: &StepReport) -> bool {
    let mut destroying = step.hazards.iter().filter(|hazard| destroys(hazard)).peekable();
    step.risk == Risk::Destructive && (destroying.peek().is_none() || destroying.any(|hazard| hazard.rows != Some(0)))
}

fn destroys(hazard: &Hazard) -> bool {
    HAZARDS
        .iter()
        .any(|known| known.code == hazard.code && known.family == Family::Destructive)
}

/// Whether an answer speaks of what the step loses: then it was decided by whoever answered.
fn answered(step: &StepReport, answers: &Answers) -> bool {
    let object = step.object.as_str();
    match step.kind.as_str() {
        "column.drop" | "table.drop" => answers.renames.iter().any(|(name, to)| to.is_none() && is_same(name, object)),
        "column.type" => answers.using.keys().any(|name| is_same(name, object)),
        // The type itself, or one of its values.
        "enum.remove_value" => answers
            .enum_value_map
            .keys()
            .any(|name| is_same(name, object) || object.rsplit_once('.').is_some_and(|(owner, _)| is_same(name, owner))),
        _ => false,
    }
}

/// Objects are named with their schema or without it.
pub(crate) fn is_same(name: &str, object: &str) -> bool {
    name == object || object.split_once('.').is_some_and(|(_, rest)| rest == name)
}

fn unanswered(question: &Question, swapped: bool) -> Reason {
    let message = match question.kind.as_str() {
        "rename" if swapped => format!(
            "#[was] says that {from} becomes {to}, and names change places; from the database alone it cannot be told whether that was done already. Answer \"renames\": {{\"{from}\": \"{to}\"}} for each of them when it is still to be done, {{\"{from}\": null}} when it was done",
            from = question.from,
            to = question.to
        ),
        "rename" => format!(
            "is {to} the former {from}? Say so with #[was], or answer \"renames\": {{\"{from}\": \"{to}\"}}; null instead of the name drops {from}",
            from = question.from,
            to = question.to
        ),
        _ => format!(
            "how does {from} become {to}? Answer with an expression: \"using\": {{\"{from}\": \"…\"}}",
            from = question.from,
            to = question.to
        ),
    };
    Reason {
        code: "needs_answer".to_owned(),
        object: question.from.clone(),
        message,
    }
}

fn refused(refusal: &Refusal) -> Reason {
    Reason {
        code: refusal.code.clone(),
        object: refusal.object.clone(),
        message: refusal.message.clone(),
    }
}

fn blocked(step: &StepReport, hazard: &Hazard) -> Reason {
    Reason {
        code: hazard.code.clone(),
        object: step.object.clone(),
        message: format!("{} would fail: {}{}", step.kind, hazard.message, counted(hazard)),
    }
}

fn unconsented(step: &StepReport) -> Reason {
    let what: Vec<String> = step
        .hazards
        .iter()
        .filter(|hazard| hazard.loses())
        .map(|hazard| format!("{}{}", hazard.message, counted(hazard)))
        .collect();
    Reason {
        code: "needs_consent".to_owned(),
        object: step.object.clone(),
        message: format!("{}: {}. Consent with --yes {}", step.kind, what.join("; "), step.object),
    }
}

fn counted(hazard: &Hazard) -> String {
    match hazard.rows {
        Some(1) => " (1 row)".to_owned(),
        Some(rows) => format!(" ({rows} rows)"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(kind: &str, object: &str, rows: Option<u64>) -> StepReport {
        let json = serde_json::json!({
            "kind": kind, "object": object, "risk": "destructive", "sql": [],
            "hazards": [{"code": "column_dropped", "message": "the values are lost", "rows": rows}],
        });
        serde_json::from_value(json).expect("a step")
    }

    #[test]
    fn what_holds_nothing_needs_no_consent() {
        assert!(loses(&step("column.drop", "public.posts.old", Some(3))));
        assert!(
            loses(&step("column.drop", "public.posts.old", None)),
            "what was not counted may be something"
        );
        assert!(!loses(&step("column.drop", "public.posts.old", Some(0))));
    }

    #[test]
    fn consent_is_to_everything_or_by_name() {
        assert!(!Consent::of(None).covers("public.posts.old"));
        assert!(Consent::of(Some(vec![])).covers("public.posts.old"));
        let named = Consent::of(Some(vec!["posts.old".into()]));
        assert!(named.covers("public.posts.old") && !named.covers("public.posts.older") && !named.covers("public.posts"));
    }

    #[test]
    fn an_answer_is_consent_to_what_it_speaks_of() {
        let answers: Answers = serde_json::from_value(serde_json::json!({
            "renames": {"public.posts.old": null, "posts.a": "posts.b"},
            "using": {"posts.views": "0"},
            "enum_value_map": {"public.status": {"gone": "draft"}},
        }))
        .expect("answers");
        assert!(answered(&step("column.drop", "public.posts.old", None), &answers));
        assert!(!answered(&step("column.drop", "public.posts.a", None), &answers));
        assert!(answered(&step("column.type", "public.posts.views", None), &answers));
        assert!(answered(&step("enum.remove_value", "public.status.gone", None), &answers));
        assert!(!answered(&step("enum.remove_value", "public.other.gone", None), &answers));
    }
}
