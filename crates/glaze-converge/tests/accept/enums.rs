//! Enums: native types on PostgreSQL, checks on SQLite; the file says the same either way.

use glaze_converge::hints::Answers;

use crate::cases::{Case, Change, check, run};
use crate::renames;

const TASK: &str = r#"use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Task {
    pub name: String,
    #[default(Open)]
    pub state: State,
    pub old_state: Option<State>,
}

/// How far it is.
pub enum State {
    Open, // nobody began
    /// Somebody is at it.
    InWork,
    Done,
}
"#;

#[test]
fn a_new_value() {
    check(
        TASK,
        Change::Schema(&[("Done,", "Done,\n    GivenUp,")]),
        &[("Done,", "Done,\n    GivenUp,")],
    );
    check(
        TASK,
        Change::Postgres("ALTER TYPE state ADD VALUE 'paused' BEFORE 'done'"),
        &[("InWork,\n", "InWork,\n    Paused,\n")],
    );
    check(
        TASK,
        Change::Postgres("ALTER TYPE state ADD VALUE 'not yet' BEFORE 'open'"),
        &[("    Open, //", "    #[db(value = \"not yet\")]\n    NotYet,\n    Open, //")],
    );
}

#[test]
fn a_value_is_gone() {
    check(
        TASK,
        Change::Schema(&[("    /// Somebody is at it.\n    InWork,\n", "")]),
        &[("    /// Somebody is at it.\n    InWork,\n", "")],
    );
}

#[test]
fn a_value_is_called_otherwise() {
    run(Case {
        before: TASK,
        change: Change::Postgres("ALTER TYPE state RENAME VALUE 'done' TO 'finished'"),
        answers: renames(&[("public.state.done", "public.state.finished")]),
        after: &[("    Done,", "    #[was(\"Done\")]\n    Finished,")],
    });
    run(Case {
        before: TASK,
        change: Change::Postgres("ALTER TYPE state RENAME VALUE 'open' TO 'to do'; ALTER TABLE tasks ALTER state SET DEFAULT 'to do'"),
        answers: renames(&[("public.state.open", "public.state.to do")]),
        after: &[("    Open, //", "    #[was(\"open\")]\n    #[db(value = \"to do\")]\n    Open, //")],
    });
}

#[test]
fn values_in_another_order() {
    check(
        TASK,
        Change::Schema(&[("    Open, // nobody began\n", ""), ("    Done,\n", "    Done,\n    Open,\n")]),
        &[
            ("    Open, // nobody began\n", ""),
            ("    Done,\n", "    Done,\n    Open, // nobody began\n"),
        ],
    );
}

#[test]
fn a_new_enum() {
    check(
        TASK,
        Change::Postgres("CREATE TYPE mood AS ENUM ('glad', 'so so'); ALTER TABLE tasks ADD COLUMN mood mood"),
        &[
            (
                "old_state: Option<State>,\n",
                "old_state: Option<State>,\n    pub mood: Option<Mood>,\n",
            ),
            (
                "    Done,\n}\n",
                "    Done,\n}\n\npub enum Mood {\n    Glad,\n    #[db(value = \"so so\")]\n    SoSo,\n}\n",
            ),
        ],
    );
    check(
        TASK,
        Change::Sqlite("ALTER TABLE tasks ADD COLUMN mood TEXT CHECK (mood IN ('glad', 'sad'))"),
        &[
            (
                "old_state: Option<State>,\n",
                "old_state: Option<State>,\n    pub mood: Option<TaskMood>,\n",
            ),
            ("    Done,\n}\n", "    Done,\n}\n\npub enum TaskMood {\n    Glad,\n    Sad,\n}\n"),
        ],
    );
}

#[test]
fn an_enum_becomes_text_and_text_an_enum() {
    check(
        TASK,
        Change::Schema(&[("    pub old_state: Option<State>", "    pub old_state: Option<Text>")]),
        &[("Option<State>", "Option<Text>")],
    );
    check(
        TASK,
        Change::Schema(&[("pub name: String", "pub name: State")]),
        &[("pub name: String", "pub name: State")],
    );
}

#[test]
fn an_enum_goes_with_its_columns() {
    run(Case {
        before: TASK,
        change: Change::Postgres("ALTER TABLE tasks DROP COLUMN state, DROP COLUMN old_state; DROP TYPE state"),
        answers: Answers::default(),
        after: &[
            (
                "    #[default(Open)]\n    pub state: State,\n    pub old_state: Option<State>,\n",
                "",
            ),
            (
                "\n/// How far it is.\npub enum State {\n    Open, // nobody began\n    /// Somebody is at it.\n    InWork,\n    Done,\n}\n",
                "",
            ),
        ],
    });
}

#[test]
fn a_type_is_called_otherwise() {
    run(Case {
        before: TASK,
        change: Change::Postgres("ALTER TYPE state RENAME TO stage"),
        answers: renames(&[("public.state", "public.stage")]),
        after: &[
            ("pub state: State", "pub state: Stage"),
            ("Option<State>", "Option<Stage>"),
            ("pub enum State", "#[was(\"State\")]\npub enum Stage"),
        ],
    });
    run(Case {
        before: TASK,
        change: Change::Postgres("ALTER TYPE state RENAME TO \"the Stage\""),
        answers: renames(&[("public.state", "public.the Stage")]),
        after: &[("pub enum State", "#[db(type = \"the Stage\")]\npub enum State")],
    });
}
