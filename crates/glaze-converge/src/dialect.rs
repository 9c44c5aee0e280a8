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

/// What a check allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckValues {
    /// The column.
    pub column: String,
    /// The values, in order.
    pub values: Vec<String>,
    /// The column holds lists, and the values are those of their items.
    pub list: bool,
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
    /// Names that differ only in upper and lower case are the same.
    pub fold_case: bool,
    /// A view can be given another query where it stands, and holds on to the columns that it reads.
    pub views_hold_columns: bool,
}

/// How values get from one column type to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversion {
    /// Expression over the old column; `None` when the value can stay as it is.
    pub using: Option<String>,
    /// What can happen to values.
    pub kind: ConversionKind,
    /// Condition over the old column that holds for rows whose value makes the conversion fail.
    pub fails: Option<String>,
    /// Condition over the old column that holds for rows whose value becomes another, without an error.
    pub changes: Option<String>,
    /// What is to be known about it.
    pub note: ConversionNote,
    /// The database writes the table anew for it.
    pub rewrites: bool,
}

/// What is to be known about a conversion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversionNote {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Digits are rounded away without an error.
    Rounds,
    /// By itself the database would ask the session for its time zone; the expression says UTC.
    SessionZone,
}

/// What a conversion does to values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversionKind {
    /// Every value fits.
    #[default]
    Widening,
    /// Some values may not fit; those make it fail.
    Narrowing,
    /// Values may change (rounding, text that is cut).
    Lossy,
    /// No sensible conversion: needs an answer (`using`).
    Impossible,
}

/// What a step holds up, or has to write anew, in a database that others use meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocking {
    /// The table is written anew, under an exclusive lock.
    Rewrite,
    /// The same, because a default differs from row to row.
    VolatileDefault,
    /// The same, because every row gets a number.
    Identity,
    /// The same, because a value is computed for every row.
    StoredGenerated,
    /// All rows are looked at for null, under an exclusive lock.
    NotNullScan,
    /// All rows are looked at for a check, under an exclusive lock.
    CheckScan,
    /// All rows are looked at for a foreign key; nobody writes either table.
    ForeignKeyScan,
    /// Nobody writes while an index is built.
    IndexBuild,
    /// Nobody reads or writes while the index of a constraint is built.
    UniqueBuild,
    /// Rows are written in one transaction.
    Backfill,
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
    /// Whether two normalised expressions, queries or statements say the same where their texts differ (quotes that are not needed).
    fn same_text(&self, a: &str, b: &str) -> bool {
        a == b
    }
    /// Whether two normalised defaults give the column the same value.
    fn same_default(&self, _column: &Column, a: &str, b: &str) -> bool {
        self.same_text(a, b)
    }
    /// The column and values of a check that says `column IN ('a', 'b')`, of the column or of each item of the lists in it, in
    /// whatever way this database spells it.
    fn check_values(&self, check: &str) -> Option<CheckValues>;
    /// Whether a list (an expression) has the item, as a condition.
    fn has_item(&self, list: &str, item: &str) -> String;
    /// A list (an expression) with items replaced, old to new; null stays null.
    fn replaced_items(&self, list: &str, cases: &[(String, String)]) -> String;
    /// Whether the check only says what the column's type says anyway, where this database has no such type.
    fn implied_check(&self, _column: &Column, _check: &str) -> bool {
        false
    }
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
    /// The same in pieces that hold nobody up for long, with batches of so many rows; none where there is no such form that is right
    /// for every table.
    fn render_online(&self, _action: &Action, _batch: u64) -> Option<Vec<String>> {
        None
    }
    /// What a step holds up; none when it is done at once, or nobody else is there.
    fn blocking(&self, _step: &crate::step::Step) -> Option<Blocking> {
        None
    }
    /// A query that gives one row: how many rows a table has and how many bytes, as estimated, or no row.
    fn table_size(&self, _table: &ObjectName) -> Option<String> {
        None
    }
    /// What is to be looked at again in a migration written by hand.
    fn lint(&self, _sql: &str) -> Vec<crate::lint::LintFinding> {
        Vec::new()
    }
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
