//! What stands beside the tables in a database at hand is known to the plan, though no migration has made it.

use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, AtHand, Folder};
use glaze_converge::online::OnlineOptions;
use glaze_converge::port::Scope;

use crate::project::{FIRST, NOW, apply, by_hand, grown, report};
use crate::support::{Place, block_on, model};

/// Needs the table to be made anew.
const LOOSER: &str = "use glaze::schema::*;
#[entity]
pub struct Post { pub title: Option<String>, pub owner: Option<Ref<User>> }";

const BY_HAND: [&str; 2] = [
    "CREATE VIEW titles AS SELECT title FROM posts",
    "CREATE TRIGGER by_hand AFTER UPDATE ON posts BEGIN SELECT 1; END",
];

async fn generate_beside(root: &std::path::Path, place: &Place, text: &str) {
    let mut folder = Folder::open(root, place.dialect.name()).unwrap();
    let scope = Scope::default();
    let at_hand = AtHand {
        database: &*place.database,
        online: OnlineOptions::default(),
        scope: &scope,
    };
    let answers = Answers::default();
    migrations::generate_for(&mut folder, &mut model(text), &*place.dialect, &answers, None, NOW, Some(at_hand))
        .await
        .unwrap();
}

async fn there(place: &Place) -> (usize, usize) {
    let catalog = place.catalog().await;
    let triggers = catalog.unmodelled.iter().filter(|item| item.kind == "trigger").count();
    (triggers, catalog.views.len())
}

#[test]
fn a_rebuild_keeps_what_was_made_by_hand_since_the_last_migration() {
    block_on(async {
        let (place, root) = grown("sqlite", &[FIRST]).await;
        by_hand(&place, &BY_HAND).await;
        let before = report(root.path(), &place, &model(LOOSER)).await;
        assert!(before.drift.is_empty(), "{before:?}");
        let sql = before
            .steps
            .iter()
            .flat_map(|step| &step.sql)
            .cloned()
            .collect::<Vec<_>>()
            .join(";\n");
        assert!(sql.contains("CREATE TRIGGER by_hand"), "{sql}");

        generate_beside(root.path(), &place, LOOSER).await;
        apply(root.path(), &place).await.unwrap();
        assert_eq!(there(&place).await, (1, 1));
        assert!(report(root.path(), &place, &model(LOOSER)).await.steps.is_empty());

        // The migration knew of them: what has become of them since is told, and is no drift.
        by_hand(&place, &["DROP TRIGGER by_hand"]).await;
        let after = report(root.path(), &place, &model(LOOSER)).await;
        assert!(after.drift.is_empty() && after.steps.is_empty(), "{after:?}");
        let told = |text: &&String| text.contains("by_hand") && text.contains("no longer");
        assert!(after.unmodelled.iter().any(|text| told(&text)), "{:?}", after.unmodelled);
    });
}
