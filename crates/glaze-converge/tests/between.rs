//! From one database to another, both as they are: `tests/between/<case>/` holds the SQL of step n (`a`) and of step n+1 (`b`) in the style
//! of real migration histories, for one database or both, each run both ways.
//!
//! | file | what |
//! |---|---|
//! | `a.sql`, `b.sql` | for both databases; `a.postgres.sql` and the like for one |
//! | `seed.a.sql`, `seed.b.sql` | rows, when the way begins there (also with `.postgres`) |
//! | `answers.json` | `{"forward": …, "back": …}`, each as `--answers` takes it |
//! | `expect.json` | `{"forward": {"kinds": […], "refused": "code", "questions": n, "moves": true}, "back": …}` |
//! | `rows.forward.sql`, `rows.back.sql` | queries, one a line, with ` -- ` and the value expected |
//!
//! `GLAZE_CASE=name` runs one.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use glaze_converge::catalog::Catalog;
use glaze_converge::diff::diff_catalogs;
use glaze_converge::hints::Answers;
use glaze_converge::plan::{Plan, plan};
use glaze_converge::port::Scope;
use support::{Place, block_on, empty};

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ways<T: Default> {
    forward: T,
    back: T,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Expected {
    kinds: Vec<String>,
    never: Vec<String>,
    refused: Option<String>,
    questions: usize,
    /// Rows change tables: their numbers are not compared.
    moves: bool,
}

#[test]
fn every_case_both_ways_on_sqlite() {
    run_all("sqlite");
}

#[test]
fn every_case_both_ways_on_postgres() {
    run_all("postgres");
}

fn run_all(dialect: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/between");
    let only = std::env::var("GLAZE_CASE").ok();
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| only.as_ref().is_none_or(|only| case.ends_with(only)));
    cases.sort();
    let mut wrong = Vec::new();
    let mut ran = 0;
    block_on(async {
        let (one, two) = (empty(dialect).await, empty(dialect).await);
        let mut places = (one, two);
        for case in &cases {
            let (Some(a), Some(b)) = (text(case, "a", dialect), text(case, "b", dialect)) else {
                continue;
            };
            for forward in [true, false] {
                ran += 1;
                places = (wiped(places.0).await, wiped(places.1).await);
                let way = Way {
                    case,
                    forward,
                    from: &places.0,
                    to: &places.1,
                };
                let sql = if forward { (&a, &b) } else { (&b, &a) };
                if let Err(problem) = way.run(sql.0, sql.1).await {
                    let name = case.file_name().unwrap().to_string_lossy().into_owned();
                    wrong.push(format!(
                        "{name} {} on {dialect}: {problem}",
                        if forward { "forward" } else { "back" }
                    ));
                }
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {ran} ways:\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(only.is_some() || ran > 50, "{ran}");
}

/// From nothing to a real database, and nothing is left to do.
#[test]
fn an_empty_database_becomes_each_sample() {
    for sample in glaze_testkit::Sample::ALL {
        let there = sample.database();
        block_on(async {
            let place = empty("postgres").await;
            let database = glaze_postgres::PostgresDatabase::connect(&there.url).await.unwrap();
            let wanted = glaze_converge::port::Database::introspect(&database, &Scope::default())
                .await
                .unwrap();
            let dialect = &*place.dialect;
            let answers = Answers::default();
            let first = plan(diff_catalogs(&catalog(&place).await, &wanted, &answers, dialect), &answers, dialect);
            assert!(first.refusals.is_empty(), "{}: {:?}", sample.name(), first.refusals);
            place.database.execute(&first.statements(dialect)).await.unwrap();
            let again = plan(diff_catalogs(&catalog(&place).await, &wanted, &answers, dialect), &answers, dialect);
            let left: Vec<&str> = again.steps().map(|step| step.kind()).collect();
            assert!(left.is_empty(), "{}: {left:?}", sample.name());
        });
    }
}

/// The database as if it had just been made.
async fn wiped(place: Place) -> Place {
    if place.dialect.name() == "sqlite" {
        return empty("sqlite").await;
    }
    let sql = "DO $$ DECLARE item record; BEGIN
        FOR item IN SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql' LOOP
            EXECUTE format('DROP EXTENSION %I CASCADE', item.name); END LOOP;
        FOR item IN SELECT nspname AS name FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' LOOP
            EXECUTE format('DROP SCHEMA %I CASCADE', item.name); END LOOP;
        CREATE SCHEMA public; END $$";
    place.database.execute(&[sql.to_owned()]).await.unwrap();
    place
}

fn text(case: &Path, name: &str, dialect: &str) -> Option<String> {
    let read = |name: String| std::fs::read_to_string(case.join(name)).ok();
    read(format!("{name}.{dialect}.sql")).or_else(|| read(format!("{name}.sql")))
}

fn json<T: Default + serde::de::DeserializeOwned>(case: &Path, name: &str, dialect: &str) -> Ways<T> {
    let read = |name: String| std::fs::read_to_string(case.join(name)).ok();
    match read(format!("{name}.{dialect}.json")).or_else(|| read(format!("{name}.json"))) {
        Some(text) => serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display())),
        None => Ways {
            forward: T::default(),
            back: T::default(),
        },
    }
}

struct Way<'a> {
    case: &'a Path,
    forward: bool,
    from: &'a Place,
    to: &'a Place,
}

fn scope() -> Scope {
    Scope {
        schemas: ["public", "app", "audit"].map(str::to_owned).to_vec(),
        ..Scope::default()
    }
}

async fn catalog(place: &Place) -> Catalog {
    let scope = if place.dialect.name() == "sqlite" {
        Scope::default()
    } else {
        scope()
    };
    place.database.introspect(&scope).await.unwrap()
}

impl Way<'_> {
    fn pick<T: Default>(&self, ways: Ways<T>) -> T {
        if self.forward { ways.forward } else { ways.back }
    }

    async fn load(&self, place: &Place, sql: &str) -> Result<(), String> {
        let statements = place.dialect.split(sql);
        place
            .database
            .execute(&statements)
            .await
            .map_err(|error| format!("the case itself: {error}"))
    }

    async fn plan(&self, answers: &Answers) -> Plan {
        let (from, to) = (catalog(self.from).await, catalog(self.to).await);
        let dialect = &*self.from.dialect;
        plan(diff_catalogs(&from, &to, answers, dialect), answers, dialect)
    }

    async fn run(&self, from: &str, to: &str) -> Result<(), String> {
        let dialect = self.from.dialect.name();
        self.load(self.from, from).await?;
        self.load(self.to, to).await?;
        if let Some(seed) = text(self.case, if self.forward { "seed.a" } else { "seed.b" }, dialect) {
            self.load(self.from, &seed).await?;
        }
        let answers: Answers = self.pick(json(self.case, "answers", dialect));
        let expected: Expected = self.pick(json(self.case, "expect", dialect));
        let before = catalog(self.from).await;
        let plan = self.plan(&answers).await;
        check_plan(&plan, &expected)?;
        if expected.refused.is_some() || expected.questions > 0 {
            return Ok(());
        }
        let rows = self.rows(&plan).await;
        let statements = plan.statements(&*self.from.dialect);
        let shown = || format!("\n  {}", statements.join(";\n  "));
        if let Err(error) = self.from.database.execute(&statements).await {
            return Err(format!("{error}{}", shown()));
        }
        self.proven(&answers).await.map_err(|problem| problem + &shown())?;
        self.dumped().map_err(|problem| problem + &shown())?;
        let now = self.rows(&plan).await;
        if rows != now && !expected.moves {
            return Err(format!("rows {rows:?} became {now:?}{}", shown()));
        }
        self.still_there(&before, &plan).await.map_err(|problem| problem + &shown())?;
        self.values().await.map_err(|problem| problem + &shown())
    }

    /// A second comparison finds nothing, from either side.
    async fn proven(&self, answers: &Answers) -> Result<(), String> {
        let said = |plan: &Plan| -> Vec<String> { plan.steps().map(|step| format!("{step:?}")).collect() };
        let again = self.plan(&Answers::default()).await;
        if !again.is_empty() || !again.questions.is_empty() {
            return Err(format!("the second plan is not empty: {:#?} {:?}", said(&again), again.questions));
        }
        let back = Way {
            from: self.to,
            to: self.from,
            ..*self
        };
        let back = back.plan(answers).await;
        // What is never dropped may be more here than there.
        let more: Vec<&str> = back
            .steps()
            .map(|step| step.kind())
            .filter(|kind| !NEVER_DROPPED.contains(kind))
            .collect();
        match more.is_empty() {
            true => Ok(()),
            false => Err(format!("seen from the other side: {:#?}", said(&back))),
        }
    }

    /// What `pg_dump` says of the other database it says of this one too: a witness that knows nothing of our catalog.
    fn dumped(&self) -> Result<(), String> {
        if self.from.dialect.name() == "sqlite" {
            return Ok(());
        }
        let here = dump(&self.from.address);
        let missing: Vec<String> = dump(&self.to.address).difference(&here).cloned().collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(format!("pg_dump misses {missing:#?}")),
        }
    }

    /// Row counts of the tables that stay, by the name they have in the end.
    async fn rows(&self, plan: &Plan) -> BTreeMap<String, Option<String>> {
        let there = catalog(self.from).await;
        let mut out = BTreeMap::new();
        let staying = plan.to.tables.iter().filter(|table| plan.from.table(&table.name).is_some());
        for table in staying {
            let old = plan.hints.tables.iter().find(|(_, new)| **new == table.name).map(|(old, _)| old);
            let name = old.filter(|old| there.table(old).is_some()).unwrap_or(&table.name);
            let sql = format!("SELECT count(*) FROM {}", self.from.dialect.quote_table(name));
            let count = self.from.database.query(&sql).await.unwrap()[0][0].clone();
            out.insert(table.name.to_string(), count);
        }
        out
    }

    /// What nobody asked to drop.
    async fn still_there(&self, before: &Catalog, plan: &Plan) -> Result<(), String> {
        let now = catalog(self.from).await;
        let names = |catalog: &Catalog| -> BTreeSet<(String, String)> {
            let items = catalog.unmodelled.iter();
            items
                .map(|item| (item.kind.clone(), item.name.rsplit('.').next().unwrap().to_owned()))
                .collect()
        };
        let gone: BTreeSet<(String, String)> = before
            .unmodelled
            .iter()
            .filter(|item| {
                let table = item.table.as_ref().map(|table| plan.hints.tables.get(table).unwrap_or(table));
                table.is_none_or(|table| plan.to.table(table).is_some())
            })
            .filter(|item| {
                !plan
                    .steps()
                    .any(|step| step.kind().ends_with(".drop") && step.object() == item.name)
            })
            .map(|item| (item.kind.clone(), item.name.rsplit('.').next().unwrap().to_owned()))
            .collect::<BTreeSet<_>>()
            .difference(&names(&now))
            .filter(|(kind, _)| kind != "partition")
            .cloned()
            .collect();
        match gone.is_empty() {
            true => Ok(()),
            false => Err(format!("no longer there: {gone:?}")),
        }
    }

    async fn values(&self) -> Result<(), String> {
        let name = if self.forward { "rows.forward" } else { "rows.back" };
        let Some(checks) = text(self.case, name, self.from.dialect.name()) else {
            return Ok(());
        };
        for line in checks.lines().filter(|line| !line.trim().is_empty()) {
            let (sql, wanted) = line.split_once(" -- ").unwrap_or((line, "1"));
            let found = self.from.database.query(sql).await.map_err(|error| error.to_string())?;
            let found: Vec<String> = found
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|value| value.clone().unwrap_or_else(|| "null".to_owned()))
                        .collect::<Vec<_>>()
                        .join("|")
                })
                .collect();
            if found.join(" ") != wanted.trim() {
                return Err(format!("{sql} gave {found:?}"));
            }
        }
        Ok(())
    }
}

/// The lines of a dump, without the names of constraints and indexes, the sequences behind columns (which keep their names when tables get
/// new ones) and what has been validated meanwhile.
fn dump(url: &str) -> BTreeSet<String> {
    let program = glaze_testkit::Postgres::shared().program("pg_dump");
    let output = std::process::Command::new(program)
        .args(["-s", "-x", "--no-owner", "-d", url])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = |line: &&str| !line.starts_with("--") && !line.starts_with("SET ") && !line.trim().is_empty() && !line.starts_with('\\');
    let counts = |line: &&str| said(line) && !line.contains("_id_seq") && !line.ends_with(" NOT VALID;");
    let heading = |line: &&str| line.starts_with("ALTER TABLE ") && !line.ends_with(';');
    text.lines().filter(|line| counts(line) && !heading(line)).map(nameless).collect()
}

fn nameless(line: &str) -> String {
    let mut words: Vec<&str> = line.trim().trim_end_matches([',', ';']).split_whitespace().collect();
    let after = |words: &[&str], word: &str| words.iter().position(|other| *other == word).map(|at| at + 1);
    let named = match words.as_slice() {
        ["CREATE", "INDEX", ..] | ["CREATE", "UNIQUE", "INDEX", ..] => after(&words, "INDEX"),
        ["ADD", "CONSTRAINT", ..] | ["CONSTRAINT", ..] => after(&words, "CONSTRAINT"),
        _ => None,
    };
    if let Some(at) = named.filter(|at| *at < words.len()) {
        words.remove(at);
    }
    words.join(" ")
}

/// What is never dropped, what is said of it, and checks that hold more than they promise.
const NEVER_DROPPED: [&str; 14] = [
    "collation.create",
    "comment.set",
    "fk.validate",
    "check.validate",
    "trigger.create",
    "function.create",
    "procedure.create",
    "policy.create",
    "row_security.create",
    "rule.create",
    "statistics.create",
    "extension.create",
    "type.create",
    "virtual_table.create",
];

fn check_plan(plan: &Plan, expected: &Expected) -> Result<(), String> {
    let kinds: Vec<&str> = plan.steps().map(|step| step.kind()).collect();
    if plan.questions.len() != expected.questions {
        return Err(format!("questions {:?}", plan.questions));
    }
    match &expected.refused {
        Some(code) if !plan.refusals.iter().any(|refusal| refusal.code == *code) => {
            return Err(format!("not refused ({code}): {:?}, steps {kinds:?}", plan.refusals));
        }
        None if !plan.refusals.is_empty() => return Err(format!("refused {:?}, steps {kinds:?}", plan.refusals)),
        _ => {}
    }
    let missing: Vec<&String> = expected.kinds.iter().filter(|kind| !kinds.contains(&kind.as_str())).collect();
    let unwanted: Vec<&String> = expected.never.iter().filter(|kind| kinds.contains(&kind.as_str())).collect();
    match missing.is_empty() && unwanted.is_empty() {
        true => Ok(()),
        false => Err(format!("steps {kinds:?}: missing {missing:?}, unwanted {unwanted:?}")),
    }
}
