//! What somebody else changed, as items.

use serde::{Deserialize, Serialize};

use super::Accepting;
use super::key::ItemKey;
use super::naming::Naming;
use crate::catalog::Catalog;
use crate::desired::Desired;
use crate::dialect::CatalogDialect;
use crate::diff::{Question, compare_catalogs, diff};
use crate::hints::Hints;
use crate::rename::renamed;
use crate::step::Step;

/// One difference with its name: what can be accepted or rejected by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Its name.
    pub key: ItemKey,
    /// What was done, as steps from the snapshot to the database.
    pub steps: Vec<Step>,
}

/// The drift between snapshot and database.
pub(super) struct Drift<'a> {
    /// Items, in the order of their first steps.
    pub items: Vec<Item>,
    /// Likely renames that nobody has confirmed or denied.
    pub questions: Vec<Question>,
    /// The snapshot after the renames.
    pub before: Catalog,
    /// The database.
    pub database: Catalog,
    /// Names.
    pub naming: Naming<'a>,
}

/// What differs between the snapshot and the database, item by item.
pub fn items(accepting: &Accepting<'_>, dialect: &dyn CatalogDialect) -> Vec<Item> {
    Drift::between(accepting, dialect).items
}

impl<'a> Drift<'a> {
    /// All of it, with the renames that are confirmed.
    pub fn between(accepting: &Accepting<'a>, dialect: &'a dyn CatalogDialect) -> Drift<'a> {
        let (snapshot, database) = spelled(accepting, dialect);
        let wanted = Desired {
            catalog: database,
            ..Desired::default()
        };
        let found = diff(&snapshot, wanted, None, Hints::default(), accepting.answers, dialect);
        Drift::with(accepting, found.hints, found.questions, dialect)
    }

    /// All of it, with just these renames: every other is a drop and an add.
    pub fn with(accepting: &Accepting<'a>, hints: Hints, questions: Vec<Question>, dialect: &'a dyn CatalogDialect) -> Drift<'a> {
        let (snapshot, database) = spelled(accepting, dialect);
        let before = renamed(&snapshot, &hints);
        let mut steps = rename_steps(&hints);
        steps.extend(compare_catalogs(&before, &database, dialect));
        let naming = Naming::new(accepting, hints, &database, &before, dialect);
        let mut items: Vec<Item> = Vec::new();
        for step in steps {
            let key = naming.key(&step);
            match items.iter_mut().find(|item| item.key == key) {
                Some(item) => item.steps.push(step),
                None => items.push(Item { key, steps: vec![step] }),
            }
        }
        Drift {
            items,
            questions,
            before,
            database,
            naming,
        }
    }
}

fn spelled(accepting: &Accepting<'_>, dialect: &dyn CatalogDialect) -> (Catalog, Catalog) {
    let (mut snapshot, mut database) = (accepting.snapshot.clone(), accepting.database.clone());
    dialect.normalise(&mut snapshot);
    dialect.normalise(&mut database);
    (snapshot, database)
}

fn rename_steps(hints: &Hints) -> Vec<Step> {
    let enums = hints.enums.iter().map(|(from, to)| Step::EnumRename {
        from: from.clone(),
        to: to.clone(),
    });
    let tables = hints.tables.iter().map(|(from, to)| Step::TableRename {
        from: from.clone(),
        to: to.clone(),
    });
    let columns = hints.columns.iter().map(|((table, from), to)| Step::ColumnRename {
        table: table.clone(),
        from: from.clone(),
        to: to.clone(),
    });
    enums.chain(tables).chain(columns).collect()
}
