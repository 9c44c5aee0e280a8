//! How much a client may ask for. Every limit is refused with a 400 that names it; nothing is cut silently.

/// Limits of one request. The defaults are those of `glaze.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Parameters in a query string.
    pub params: usize,
    /// Bytes of one parameter's value.
    pub param_bytes: usize,
    /// Nesting of filters: logic, relations and embedded structs together.
    pub filter_depth: usize,
    /// Conditions and groups in one filter.
    pub filter_nodes: usize,
    /// Values in one list (`_in`).
    pub list_items: usize,
    /// Nesting of included relations.
    pub include_depth: usize,
    /// Included relations in all.
    pub includes: usize,
    /// Fields named in `fields`.
    pub fields: usize,
    /// Keys of the order.
    pub sort: usize,
    /// Entries of a page when not said.
    pub page: u64,
    /// Most entries of a page.
    pub page_max: u64,
    /// Largest offset; cursors reach further.
    pub offset_max: u64,
    /// Related rows per entry of an included to-many relation when not said.
    pub include_rows: u64,
    /// Most related rows per entry.
    pub include_rows_max: u64,
    /// Characters of a search text.
    pub search_chars: usize,
    /// Words of a search text.
    pub search_words: usize,
    /// Aggregates in one request, and keys to group by.
    pub aggregates: usize,
    /// Most groups in an answer.
    pub groups_max: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            params: 200,
            param_bytes: 16 * 1024,
            filter_depth: 8,
            filter_nodes: 256,
            list_items: 500,
            include_depth: 4,
            includes: 32,
            fields: 200,
            sort: 8,
            page: 25,
            page_max: 100,
            offset_max: 1_000_000,
            include_rows: 100,
            include_rows_max: 1000,
            search_chars: 200,
            search_words: 16,
            aggregates: 32,
            groups_max: 1000,
        }
    }
}
