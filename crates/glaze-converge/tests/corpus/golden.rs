//! The text of a plan in a case file.

use std::collections::BTreeSet;

use glaze_converge::assess::{Risk, StepReport};
use glaze_converge::dialect::CatalogDialect;
use glaze_converge::diff::Question;
use glaze_converge::plan::Plan;

pub fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Safe => "safe",
        Risk::Caution => "caution",
        Risk::Destructive => "destructive",
    }
}

/// Questions, steps with their hazards, statements.
pub fn text(asked: &[Question], plan: &Plan, report: &[StepReport], dialect: &dyn CatalogDialect) -> String {
    let mut out = String::new();
    for question in asked {
        out += &format!("? {} {} to {}\n", question.kind, question.from, question.to);
    }
    for step in report {
        let hazards: Vec<String> = step
            .hazards
            .iter()
            .map(|hazard| {
                let rows = hazard.rows.map_or(String::new(), |rows| format!(" {rows}"));
                let blocks = if hazard.blocks { "!" } else { "" };
                format!("{}{rows}{blocks}", hazard.code)
            })
            .collect();
        let colon = if hazards.is_empty() { "" } else { ": " };
        out += &format!(
            "* {} {}, {}{colon}{}\n",
            step.kind,
            step.object,
            risk(step.risk),
            hazards.join(", ")
        );
    }
    for statement in plan.statements(dialect) {
        out += statement.trim();
        out += ";\n";
    }
    out
}

/// Lines that are only in one of the two.
pub fn changes(was: &str, is: &str) -> String {
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) = (was.lines().collect(), is.lines().collect());
    let gone = was.lines().filter(|line| !after.contains(line)).map(|line| format!("  - {line}"));
    let new = is.lines().filter(|line| !before.contains(line)).map(|line| format!("  + {line}"));
    let lines: Vec<String> = gone.chain(new).collect();
    match lines.is_empty() {
        true => "  the same lines in another order".to_owned(),
        false => lines.join("\n"),
    }
}
