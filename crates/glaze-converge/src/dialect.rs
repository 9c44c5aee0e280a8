//! What a database means structurally, without a connection: how the model's fields are stored in it, how it spells things,
//! what it can alter, and how a step becomes statements. One implementation in each adapter (`structure/dialect.rs`).

use glaze_model::{Constraints, DbHints, EnumType, Expression, Model, Scalar, Value};

use crate::catalog::{Catalog, Column, ObjectName, Table};
use crate::step::Action;

/// What a column holds, in the model's terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stored<'a> {
    /// One scalar.
    Scalar(Scalar),
    /// A list of a scalar.
    List(Scalar),
    /// A value of an enum.
    Enum(&'a EnumType),
    /// A list of values of an enum.
    EnumList(&'a EnumType),
    /// A JSON array that Glaze fills: `Vec<Embedded>`, blocks.
    JsonList,
    /// The native type of [`DbHints::ty`], not understood.
    Custom,
}

/// One column as the model wants it; what a dialect turns into a type, checks and a default.
#[derive(Debug, Clone)]
pub struct ColumnSpec<'a> {
    /// Column name.
    pub column: String,
    /// What it holds.
    pub stored: Stored<'a>,
    /// Limits. Empty for columns of references (the target's own limits hold).
    pub constraints: Constraints,
    /// `#[db(…)]` of the field; of a reference's target where the reference says nothing.
    pub db: DbHints,
    /// May be null.
    pub nullable: bool,
    /// The column refers to another table's key: no limits, no identity.
    pub reference: bool,
}

/// What a database can do. Data, asked by the planner; behaviour is a method of [`CatalogDialect`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Has schemas.
    pub schemas: bool,
    /// Has enums of its own.
    pub native_enums: bool,
    /// Keeps comments on tables and columns.
    pub comments: bool,
    /// `ALTER TABLE` can change a column's type, nullability, default and the like, and add and drop constraints. Where it can't, the
    /// planner rebuilds the table.
    pub alter_in_place: bool,
    /// Foreign keys can be added to a table that exists. Where not, they stand in `CREATE TABLE` and may name tables that come later.
    pub add_foreign_keys: bool,
    /// A unique index is as good as a unique constraint, and the two are not told apart.
    pub unique_is_index: bool,
    /// Schema changes are transactional.
    pub transactional: bool,
}

/// How values get from one column type to another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversion {
    /// Expression over the old column; `None` when the value can stay as it is.
    pub using: Option<String>,
    /// What can happen to values.
    pub kind: ConversionKind,
    /// Condition over the old column that holds for rows which would lose something or make the conversion fail.
    pub loses: Option<String>,
}

/// What a conversion does to values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversionKind {
    /// Every value fits.
    Widening,
    /// Some values may not fit; those make it fail.
    Narrowing,
    /// Values may change (rounding, text that is cut).
    Lossy,
    /// No sensible conversion: needs an answer (`using`).
    Impossible,
}

/// One database's structural rules.
pub trait CatalogDialect: Send + Sync {
    /// `postgres`, `sqlite`, …: name of the folder under `migrations/`.
    fn name(&self) -> &'static str;
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Name of a table or type. `schema` as in the model: `None` is the default one, `glaze` the system's.
    fn object_name(&self, schema: Option<&str>, name: &str) -> ObjectName;
    /// Type of a column in the catalog's spelling.
    fn column_type(&self, spec: &ColumnSpec<'_>) -> String;
    /// Checks that the type and the limits need, in catalog spelling. Where `spec.db.ty` is set, those that only replace a type
    /// (booleans, JSON, enum values, text length) are left out: the table is somebody else's design.
    fn checks(&self, spec: &ColumnSpec<'_>) -> Vec<String>;
    /// A literal default in catalog spelling; `None` when the database cannot say it.
    fn literal(&self, spec: &ColumnSpec<'_>, value: &Value) -> Option<String>;
    /// An expression for the time of the statement, as this column stores it; for filling columns whose default is `now`.
    fn now(&self, spec: &ColumnSpec<'_>) -> Option<String>;
    /// An expression for a new UUID, as this column stores it.
    fn uuid(&self, spec: &ColumnSpec<'_>) -> Option<String>;
    /// CEL over the columns of `entity` as SQL (stored computed fields, partial indexes).
    ///
    /// # Errors
    /// Why it cannot be said in SQL.
    fn expression(&self, model: &Model, entity: &str, expression: &Expression) -> Result<String, String>;
    /// Table options of tables that we make (`STRICT`).
    fn table_options(&self) -> Vec<String> {
        Vec::new()
    }
    /// Brings a catalog, desired or read, into the one spelling in which it is compared.
    fn normalise(&self, catalog: &mut Catalog);
    /// The column and values of a check of the form `column IN ('a', 'b')`, in whatever way this database spells it.
    fn check_values(&self, check: &str) -> Option<(String, Vec<String>)>;
    /// What a native type holds, in the model's terms; `None` when only the database understands it.
    fn read_type(&self, ty: &str) -> Option<crate::pull::ReadType> {
        crate::pull::standard_type(ty)
    }
    /// How values get from one type to another.
    fn convert(&self, from: &Column, to: &Column) -> Conversion;
    /// A column name as it is written in SQL.
    fn quote(&self, name: &str) -> String;
    /// A table name as it is written in SQL.
    fn quote_table(&self, name: &ObjectName) -> String;
    /// Longest name, in bytes.
    fn max_name(&self) -> usize {
        63
    }
    /// Statements that do it.
    fn render(&self, action: &Action) -> Vec<String>;
    /// Whether `ALTER TABLE … ADD COLUMN` takes this column as it is (asked where [`Capabilities::alter_in_place`] is false).
    fn can_add_column(&self, _table: &Table, _column: &Column) -> bool {
        true
    }
    /// Statements that make the journal table and the lock (`glaze.migrations`), each harmless when it is there.
    fn journal_tables(&self) -> Vec<String>;
    /// Cuts a file into statements.
    fn split(&self, sql: &str) -> Vec<String>;
    /// Whether this statement can't run in a transaction (`CREATE INDEX CONCURRENTLY`).
    fn outside_transaction(&self, _statement: &str) -> bool {
        false
    }
}
