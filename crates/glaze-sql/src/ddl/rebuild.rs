//! A table made anew with its rows, where the database cannot alter in place.
//!
//! The order is the one the SQLite documentation recommends. It needs foreign keys to be off, which a transaction cannot
//! change: whoever runs the statements switches them off before and checks them (`foreign_key_check`) before the commit.

use glaze_converge::catalog::{ObjectName, Table};
use glaze_converge::step::Rebuild;

use super::{DdlDialect, table};

/// Statements of a rebuild.
pub fn rebuild(dialect: &(impl DdlDialect + ?Sized), plan: &Rebuild) -> Vec<String> {
    let working = ObjectName {
        schema: plan.to.name.schema.clone(),
        name: format!("glaze_new_{}", plan.to.name.name),
    };
    let shell = Table {
        name: working.clone(),
        ..plan.to.clone()
    };
    let (old, new) = (dialect.object(&plan.from.name), dialect.object(&working));
    let row_id = dialect.hidden_key(&plan.from, &plan.to);
    let columns: Vec<String> = row_id
        .iter()
        .map(|name| (*name).to_owned())
        .chain(plan.copy.iter().map(|(column, _)| dialect.quote(column)))
        .collect();
    let values: Vec<&str> = row_id
        .into_iter()
        .chain(plan.copy.iter().map(|(_, value)| value.as_str()))
        .collect();
    let mut out = vec![table::create_table_only(dialect, &shell)];
    if !columns.is_empty() {
        out.push(format!(
            "{} {new} ({}) SELECT {} FROM {old}",
            dialect.copy_rows(&shell),
            columns.join(", "),
            values.join(", ")
        ));
    }
    out.extend(dialect.keep_counter(&plan.from, &shell));
    out.push(format!("DROP TABLE {old}"));
    // The new rules would look into views and triggers that speak of the table which is just gone.
    out.push("PRAGMA legacy_alter_table = ON".to_owned());
    out.push(format!("ALTER TABLE {new} RENAME TO {}", dialect.quote(&plan.to.name.name)));
    out.push("PRAGMA legacy_alter_table = OFF".to_owned());
    out.extend(table::create_indexes(dialect, &plan.to));
    out.extend(plan.recreate.iter().filter_map(|item| item.sql.clone()));
    out
}
