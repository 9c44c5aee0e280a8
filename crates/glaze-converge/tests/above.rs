//! What stands on a table that the schema changes: taken down and made again around the change, or the reason to refuse it.
#![allow(clippy::unwrap_used)]

mod support;

use glaze_converge::hints::Answers;
use support::{DIALECTS, Place, block_on, empty, model};

const BEFORE: &str = "use glaze::schema::*;
#[entity(timestamps = false)]
pub struct Post { pub title: Text, pub views: i32 }";
const WIDER: &str = "use glaze::schema::*;
#[entity(timestamps = false)]
pub struct Post { pub title: Text, #[was(\"views\")] pub hits: i64 }";

async fn prepared(dialect: &str) -> Place {
    let place = empty(dialect).await;
    place.create(&model(BEFORE)).await.unwrap();
    let id = "00000000-0000-7000-8000-000000000001";
    let mut statements = vec![
        "CREATE VIEW popular AS SELECT id, views FROM posts WHERE views > 10".to_owned(),
        "CREATE VIEW best AS SELECT views FROM popular".to_owned(),
        format!("INSERT INTO posts (id, title, views) VALUES ('{id}', 'One', 11)"),
    ];
    if dialect == "postgres" {
        statements.extend(
            [
                "CREATE MATERIALIZED VIEW counted AS SELECT views, count(*) AS n FROM popular GROUP BY views",
                "CREATE UNIQUE INDEX counted_views ON counted (views)",
                "COMMENT ON COLUMN popular.views IS 'how often'",
                "GRANT SELECT ON best TO PUBLIC",
                "CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$",
                "CREATE TRIGGER watch BEFORE UPDATE OF views ON posts FOR EACH ROW WHEN (new.views > 5) EXECUTE FUNCTION seen()",
                "CREATE POLICY few ON posts USING (views < 1000)",
            ]
            .map(str::to_owned),
        );
    }
    place.database.execute(&statements).await.unwrap();
    place
}

#[test]
fn views_on_a_column_with_another_name_and_type_keep_their_own_columns() {
    block_on(async {
        for dialect in DIALECTS {
            let place = prepared(dialect).await;
            let plan = place.plan(&model(WIDER), Some(&model(BEFORE)), &Answers::default()).await;
            assert!(plan.refusals.is_empty(), "{dialect}: {:?}", plan.refusals);
            place.run(&plan).await.unwrap();
            assert!(place.difference(&model(WIDER)).await.is_empty(), "{dialect}");
            if dialect == "postgres" {
                let rows = place.rows("SELECT views FROM best").await;
                assert_eq!(rows[0][0].as_deref(), Some("11"));
                let kept = "SELECT (SELECT n FROM counted)::text, col_description('popular'::regclass, 2),
                    (SELECT count(*) FROM pg_indexes WHERE indexname = 'counted_views')::text,
                    (SELECT count(*) FROM pg_trigger WHERE tgname = 'watch')::text,
                    (SELECT count(*) FROM pg_policies WHERE policyname = 'few')::text,
                    has_table_privilege('public', 'best', 'SELECT')::text";
                let rows = place.rows(kept).await;
                let found: Vec<&str> = rows[0].iter().map(|value| value.as_deref().unwrap_or_default()).collect();
                assert_eq!(found, ["1", "how often", "1", "1", "1", "true"]);
            } else {
                assert_eq!(place.rows("SELECT * FROM best").await[0][0].as_deref(), Some("11"));
            }
        }
    });
}

#[test]
fn every_view_that_would_break_is_named() {
    block_on(async {
        for dialect in DIALECTS {
            let place = prepared(dialect).await;
            let without = BEFORE.replace(", pub views: i32", "");
            let plan = place.plan(&model(&without), Some(&model(BEFORE)), &Answers::default()).await;
            let said: Vec<&str> = plan.refusals.iter().map(|refusal| refusal.message.as_str()).collect();
            assert!(said.iter().any(|message| message.contains("popular")), "{dialect}: {said:?}");
            assert!(plan.refusals.iter().all(|refusal| refusal.code == "has_dependents"), "{dialect}");
        }
    });
}
