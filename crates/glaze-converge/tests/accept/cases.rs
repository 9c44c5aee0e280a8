//! How one case is run.

use glaze_converge::hints::Answers;

use crate::Drifted;
use crate::support::{DIALECTS, block_on};

/// What somebody did.
pub enum Change {
    /// The same statements on both databases.
    Sql(&'static str),
    /// Statements of one database only.
    Postgres(&'static str),
    /// Statements of one database only.
    Sqlite(&'static str),
    /// Whatever leads to this schema: pairs of what stands in the text and what stands there then.
    Schema(&'static [(&'static str, &'static str)]),
}

/// A case: `after` says what stands otherwise in the file afterwards, as pairs of texts; none when the file stays.
pub struct Case {
    pub before: &'static str,
    pub change: Change,
    pub answers: Answers,
    pub after: &'static [(&'static str, &'static str)],
}

/// A case without answers.
pub fn check(before: &'static str, change: Change, after: &'static [(&'static str, &'static str)]) {
    run(Case {
        before,
        change,
        answers: Answers::default(),
        after,
    });
}

pub fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not in\n{text}");
        text.replacen(from, to, 1)
    })
}

/// Runs a case wherever it can be.
pub fn run(case: Case) {
    for dialect in DIALECTS {
        block_on(async {
            let mut drifted = Drifted::new(dialect, case.before).await;
            match &case.change {
                Change::Postgres(sql) if dialect == "postgres" => drifted.sql(sql).await,
                Change::Sqlite(sql) if dialect == "sqlite" => drifted.sql(sql).await,
                Change::Postgres(_) | Change::Sqlite(_) => return,
                Change::Sql(sql) => drifted.sql(sql).await,
                Change::Schema(pairs) => {
                    let mut answers = Answers::default();
                    answers.renames.clone_from(&case.answers.renames);
                    drifted.lead_to_schema(&replaced(case.before, pairs), &answers).await;
                }
            }
            let answers = in_dialect(&case.answers, dialect);
            let accepted = drifted.accept(&answers, None);
            assert!(accepted.left.is_empty(), "{dialect}: left {:#?}", accepted.left);
            assert!(accepted.questions.is_empty(), "{dialect}: {:?}", accepted.questions);
            let text = drifted.edited(&accepted);
            assert_eq!(text, replaced(case.before, case.after), "{dialect}");
            assert_eq!(drifted.unsaid(&text).await, "", "{dialect}\n{text}");
            drifted.rejected(&answers).await;
        });
    }
}

/// Answers are given with the schema; where there are none they go without.
fn in_dialect(answers: &Answers, dialect: &str) -> Answers {
    if dialect == "postgres" {
        return answers.clone();
    }
    let bare = |name: &String| name.strip_prefix("public.").unwrap_or(name).to_owned();
    Answers {
        renames: answers
            .renames
            .iter()
            .map(|(from, to)| (bare(from), to.as_ref().map(bare)))
            .collect(),
        ..answers.clone()
    }
}
