//! Reads and edits schema files.
