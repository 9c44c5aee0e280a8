//! The HTTP surface: axum routes over the operations.
