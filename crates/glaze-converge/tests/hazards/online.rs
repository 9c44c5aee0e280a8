//! Online forms: they end where the plain ones end, and what they spare others is said of the plain ones.

use glaze_converge::assess::{AssessOptions, assess_with};
use glaze_converge::hints::Answers;
use glaze_converge::migrations::REPEAT;
use glaze_converge::online::{OnlineMode, OnlineOptions, choose};

use super::support::{Place, block_on};
use super::{between, everything, filled, find};

/// Codes that are said of large tables only.
pub const CODES: &[&str] = &[
    "set_not_null_scan",
    "check_validation",
    "fk_validation",
    "index_blocks_writes",
    "unique_blocks_access",
    "backfill_at_once",
];

const BEFORE: &str = "CREATE TABLE p (id integer PRIMARY KEY); INSERT INTO p SELECT generate_series(1, 50); \
     CREATE TABLE a (id integer, p integer, v text, n integer, old text); \
     INSERT INTO a SELECT i, 1 + i % 50, 'v' || i, CASE WHEN i % 2 = 0 THEN i END, 'x' FROM generate_series(1, 500) AS i; \
     CREATE INDEX a_old ON a (old)";
const AFTER: &str = "CREATE TABLE p (id integer PRIMARY KEY); \
     CREATE TABLE a (id integer NOT NULL, p integer, v text, n integer NOT NULL, old text, code uuid NOT NULL DEFAULT gen_random_uuid(), \
     CONSTRAINT a_pkey PRIMARY KEY (id), CONSTRAINT a_p_fkey FOREIGN KEY (p) REFERENCES p (id), CONSTRAINT a_v_key UNIQUE (v), \
     CONSTRAINT a_n_check CHECK (n >= 0)); CREATE INDEX a_n_idx ON a (n); COMMENT ON COLUMN a.code IS 'told'";

fn answers() -> Answers {
    serde_json::from_str(r#"{"backfill": {"public.a.n": "0"}}"#).unwrap()
}

fn options(mode: OnlineMode) -> OnlineOptions {
    OnlineOptions {
        mode,
        batch: 100,
        ..OnlineOptions::default()
    }
}

/// As the runner does it: one statement after the other, those that say so until there is nothing left.
async fn run(place: &Place, statements: &[String]) {
    for statement in statements {
        while place.database.step(statement).await.unwrap_or_else(|error| panic!("{error}")) > 0 && statement.contains(REPEAT) {}
    }
}

#[test]
fn the_online_form_ends_where_the_plain_one_ends() {
    block_on(async {
        let target = filled("postgres", AFTER).await;
        let mut ends = Vec::new();
        for mode in [OnlineMode::Never, OnlineMode::Always] {
            let place = filled("postgres", BEFORE).await;
            let mut plan = between(&place, &target, &answers()).await;
            choose(&mut plan, &*place.dialect, Some(&*place.database), &options(mode))
                .await
                .unwrap();
            let statements = plan.statements(&*place.dialect);
            let concurrently = statements.iter().filter(|statement| statement.contains("CONCURRENTLY")).count();
            let batches = statements.iter().filter(|statement| statement.starts_with(REPEAT)).count();
            match mode {
                OnlineMode::Always => {
                    assert_eq!((concurrently, batches), (4, 2), "{statements:#?}");
                    assert!(
                        statements.iter().any(|statement| statement.contains("USING INDEX")),
                        "{statements:#?}"
                    );
                    assert_eq!(
                        statements.iter().filter(|text| text.contains("VALIDATE")).count(),
                        5,
                        "{statements:#?}"
                    );
                }
                _ => assert_eq!((concurrently, batches), (0, 0), "{statements:#?}"),
            }
            run(&place, &statements).await;
            let left = between(&place, &target, &Answers::default()).await;
            assert!(left.is_empty(), "{:?}", left.actions);
            let codes = place
                .rows("SELECT count(DISTINCT code), count(*), sum(n), count(*) FILTER (WHERE n = 0) FROM a")
                .await;
            assert_eq!(codes, [["500", "500", "62750", "250"].map(|cell| Some(cell.to_owned())).to_vec()]);
            let (catalog, mut rows) = (place.catalog().await, everything(&place).await);
            rows.retain(|(table, _)| table.contains("\"p\""));
            ends.push((catalog, rows));
        }
        assert!(ends[0] == ends[1]);
    });
}

#[test]
fn large_tables_take_the_online_form_and_small_ones_do_not() {
    block_on(async {
        let (place, target) = (filled("postgres", BEFORE).await, filled("postgres", AFTER).await);
        place.database.execute(&["ANALYZE a".to_owned()]).await.unwrap();
        for (rows, large) in [(400, true), (600, false)] {
            let mut plan = between(&place, &target, &answers()).await;
            let size = OnlineOptions {
                rows,
                ..OnlineOptions::default()
            };
            choose(&mut plan, &*place.dialect, Some(&*place.database), &size).await.unwrap();
            assert_eq!(!plan.online.tables.is_empty(), large);
        }
        let mut plan = between(&place, &target, &answers()).await;
        choose(&mut plan, &*place.dialect, None, &OnlineOptions::default()).await.unwrap();
        assert!(plan.online.tables.is_empty(), "nobody knows how large it is");
    });
}

#[test]
fn what_holds_others_up_is_said_of_large_tables_and_of_unknown_ones() {
    const PLAIN: [(&str, &str); 6] = [
        (
            "set_not_null_scan",
            "CREATE TABLE a (id integer NOT NULL, p integer, v text, n integer, old text)",
        ),
        (
            "check_validation",
            "CREATE TABLE a (id integer, p integer, v text, n integer, old text, CONSTRAINT c CHECK (n > 0))",
        ),
        (
            "fk_validation",
            "CREATE TABLE a (id integer, p integer, v text, n integer, old text, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id))",
        ),
        (
            "index_blocks_writes",
            "CREATE TABLE a (id integer, p integer, v text, n integer, old text); CREATE INDEX i ON a (v)",
        ),
        (
            "unique_blocks_access",
            "CREATE TABLE a (id integer, p integer, v text, n integer, old text, CONSTRAINT u UNIQUE (v))",
        ),
        (
            "backfill_at_once",
            "CREATE TABLE a (id integer, p integer, v text, n integer NOT NULL, old text)",
        ),
    ];
    block_on(async {
        let place = filled("postgres", &BEFORE.replace("; CREATE INDEX a_old ON a (old)", "")).await;
        place.database.execute(&["ANALYZE a".to_owned()]).await.unwrap();
        for (code, after) in PLAIN {
            let target = filled("postgres", &format!("CREATE TABLE p (id integer PRIMARY KEY); {after}")).await;
            let given = if code == "backfill_at_once" {
                answers()
            } else {
                Answers::default()
            };
            let mut plan = between(&place, &target, &given).await;
            let mut options = AssessOptions::default();
            let small = assess_with(&plan, &*place.dialect, Some(&*place.database), &options).await.unwrap();
            assert!(find(&small, code).is_none(), "{code}: {small:#?}");
            options.online.rows = 400;
            let large = assess_with(&plan, &*place.dialect, Some(&*place.database), &options).await.unwrap();
            let (_, hazard) = find(&large, code).unwrap_or_else(|| panic!("{code}: {large:#?}"));
            assert_eq!((hazard.rows, hazard.blocks), (Some(500), false), "{code}");
            assert!(hazard.message.contains("online"), "{code}");
            let unknown = assess_with(&plan, &*place.dialect, None, &options).await.unwrap();
            assert!(find(&unknown, code).is_some(), "{code}: {unknown:#?}");
            options.online.mode = OnlineMode::Always;
            choose(&mut plan, &*place.dialect, None, &options.online).await.unwrap();
            let online = assess_with(&plan, &*place.dialect, Some(&*place.database), &options).await.unwrap();
            assert!(find(&online, code).is_none(), "{code}: {online:#?}");
        }
    });
}
