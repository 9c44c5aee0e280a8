//! All hazard codes. A code never changes its meaning; its page is `docs/hazards/<code>.md`.

/// What a hazard is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Data is lost.
    Destructive,
    /// Fails on rows that are there.
    Failing,
    /// Keeps others waiting, or writes a table anew.
    Locking,
    /// Programs that use the database or the API find something else than before.
    Clients,
    /// A peculiarity of one database.
    Dialect,
}

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HazardCode {
    /// `column_dropped`
    pub code: &'static str,
    /// What it is about.
    pub family: Family,
    /// In a few words.
    pub title: &'static str,
}

impl HazardCode {
    /// Its page, from the root of the repository.
    pub fn page(&self) -> String {
        format!("docs/hazards/{}.md", self.code)
    }
}

const fn code(code: &'static str, family: Family, title: &'static str) -> HazardCode {
    HazardCode { code, family, title }
}

/// Every code that a step can have.
pub const HAZARDS: &[HazardCode] = &[
    code("table_dropped", Family::Destructive, "A table goes with its rows"),
    code("column_dropped", Family::Destructive, "A column goes with its values"),
    code("schema_dropped", Family::Destructive, "A schema goes"),
    code("enum_value_removed", Family::Destructive, "A value of an enum goes"),
    code("narrowing", Family::Destructive, "The new type does not hold every value"),
    code("lossy_conversion", Family::Destructive, "Values change with their type"),
    code(
        "scale_reduced",
        Family::Destructive,
        "Digits after the point go, rounded without an error",
    ),
    code(
        "own_conversion",
        Family::Destructive,
        "Values are converted by an expression of one's own",
    ),
    code("no_conversion", Family::Destructive, "No conversion is known"),
    code("generated_changed", Family::Destructive, "A column is computed anew"),
    code("sequence_dropped", Family::Destructive, "A sequence goes with its position"),
    code("not_null_over_nulls", Family::Failing, "Required, where rows have no value"),
    code("nulls_filled", Family::Failing, "Rows without a value get one"),
    code(
        "required_without_value",
        Family::Failing,
        "A new required column without a value for the rows that are there",
    ),
    code("unique_over_duplicates", Family::Failing, "Unique, where values are there twice"),
    code("check_over_violators", Family::Failing, "A check that rows do not satisfy"),
    code("fk_over_orphans", Family::Failing, "A foreign key over rows that refer to nothing"),
    code("table_rewrite", Family::Locking, "The table is written anew"),
    code("volatile_default", Family::Locking, "A default that differs from row to row"),
    code("identity_added", Family::Locking, "An identity column over rows that are there"),
    code(
        "generated_stored_added",
        Family::Locking,
        "A stored generated column over rows that are there",
    ),
    code(
        "set_not_null_scan",
        Family::Locking,
        "All rows are looked at under an exclusive lock",
    ),
    code("check_validation", Family::Locking, "A check is validated under an exclusive lock"),
    code(
        "fk_validation",
        Family::Locking,
        "A foreign key is validated while both tables cannot be written",
    ),
    code("index_blocks_writes", Family::Locking, "Nobody writes while the index is built"),
    code(
        "unique_blocks_access",
        Family::Locking,
        "Nobody reads or writes while the key is built",
    ),
    code("backfill_at_once", Family::Locking, "All rows are written in one transaction"),
    code("breaks_clients", Family::Clients, "What clients use is gone, renamed or required"),
    code(
        "enum_value_in_transaction",
        Family::Dialect,
        "A new enum value cannot be used in its transaction",
    ),
    code(
        "rebuild_under_foreign_keys",
        Family::Dialect,
        "A table that others refer to is rebuilt",
    ),
    code("session_time_zone", Family::Dialect, "The time zone of the session decides"),
    code("column_under_view", Family::Dialect, "A view reads the column"),
];
