//! Structural steps as statements. The algorithm and the default text are here, in the form that the SQL standard and PostgreSQL
//! share; each adapter's `structure/render.rs` overrides the leaves.

mod alter;
mod enums;
mod objects;
mod online;
mod rebuild;
mod split;
mod table;

use glaze_converge::catalog::{Column, ObjectName, Table};
use glaze_converge::step::{Action, Step};

pub use alter::alter;
pub use enums::replace_enum;
pub use objects::{create_view, own_sequence};
pub use online::online;
pub use rebuild::rebuild;
pub use split::{SplitRules, split};
pub use table::{check, column_list, create_index, create_table, foreign_key, key, referential_action};

/// The leaves in which databases differ. Names come only from the model or a catalog, and are quoted and escaped here.
pub trait DdlDialect {
    /// A column, constraint or index name.
    fn quote(&self, name: &str) -> String {
        quote(name)
    }

    /// A table or type name.
    fn object(&self, name: &ObjectName) -> String {
        match &name.schema {
            Some(schema) => format!("{}.{}", quote(schema), quote(&name.name)),
            None => quote(&name.name),
        }
    }

    /// A column type as DDL writes it, from the catalog's spelling.
    fn column_type(&self, ty: &str) -> String {
        ty.to_owned()
    }

    /// A column in `CREATE TABLE` or `ADD COLUMN`.
    fn column(&self, table: &Table, column: &Column) -> String {
        table::column(self, table, column)
    }

    /// `GENERATED … AS IDENTITY` and the like, with a leading space.
    fn identity(&self, _column: &Column) -> String {
        String::new()
    }

    /// Whether the key stands at its column (SQLite's row id), and is not to be repeated.
    fn key_in_column(&self, _table: &Table) -> bool {
        false
    }

    /// Unique keys are indexes of their own.
    fn unique_is_index(&self) -> bool {
        false
    }

    /// After the closing parenthesis of `CREATE TABLE`.
    fn table_tail(&self, table: &Table) -> String {
        match &table.partition_by {
            Some(by) => format!(" PARTITION BY {by}"),
            None => String::new(),
        }
    }

    /// Column that numbers rows without being declared, when a rebuild should keep the numbers: full-text tables of others may refer to it.
    fn hidden_key(&self, _from: &Table, _to: &Table) -> Option<&'static str> {
        None
    }

    /// How the copy of a rebuild begins.
    fn copy_rows(&self, _table: &Table) -> &'static str {
        "INSERT INTO"
    }

    /// Statements after the copy of a rebuild that keep the last number given where it is.
    fn keep_counter(&self, _from: &Table, _working: &Table) -> Vec<String> {
        Vec::new()
    }

    /// Triggers are named together with their table.
    fn trigger_on_table(&self) -> bool {
        true
    }

    /// `COMMENT ON …`; none where the database keeps no comments.
    fn comments(&self) -> bool {
        true
    }

    /// Name of an index in `DROP INDEX`: in the schema of its table.
    fn index_name(&self, table: &ObjectName, index: &str) -> String {
        self.object(&ObjectName {
            schema: table.schema.clone(),
            name: index.to_owned(),
        })
    }

    /// A step that the default text does not fit.
    fn special(&self, _step: &Step) -> Option<Vec<String>> {
        None
    }
}

/// Statements of an action.
pub fn render(dialect: &(impl DdlDialect + ?Sized), action: &Action) -> Vec<String> {
    match action {
        Action::Alter(step) => dialect.special(step).unwrap_or_else(|| alter(dialect, step)),
        Action::Rebuild(plan) => rebuild(dialect, plan),
    }
}

/// A name in double quotes, with those inside doubled.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Text as an SQL literal.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
