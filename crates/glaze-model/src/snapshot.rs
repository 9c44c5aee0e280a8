//! The canonical JSON form of a model: what `glaze schema print --json` prints and what snapshots keep.

use crate::Model;

/// Canonical JSON: two spaces of indent, keys in the order of declaration, a final newline. The same model gives the
/// same bytes.
pub fn to_json(model: &Model) -> String {
    let mut text = serde_json::to_string_pretty(model).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads what [`to_json`] wrote.
///
/// # Errors
/// When the text is not JSON, or not of a model.
pub fn from_json(text: &str) -> Result<Model, serde_json::Error> {
    serde_json::from_str(text)
}
