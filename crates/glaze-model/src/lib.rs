//! The domain model of a Glaze project: entities, fields, relations, policies and values, and the diagnostics that
//! reading them gives.
//!
//! Everything else is derived from one [`Model`]: tables, routes, forms, types. The model is plain data; it is
//! independent of the syntax it was read from.
//!
//! This crate must not know files, SQL or HTTP.

pub mod diagnostic;
mod edit;
mod entity;
mod field;
mod foreign_key;
mod lookup;
mod naming;
mod scalar;
pub mod snapshot;
mod value;

pub use diagnostic::{Diagnostic, Diagnostics, Severity, Span};
pub use edit::{Attribute, Edit};
pub use entity::{
    BlockKind, BlockSet, Computed, Effect, Embedded, Entity, EnumType, EnumValue, Expression, Index, IndexPart, Model, Origin, Ownership,
    Rule, UniqueSet, Validation,
};
pub use field::{AnyOf, Constraints, DbHints, DefaultValue, Field, FieldKind, GeneratedHint, IdentityHint, Inverse, Many, OnDelete, Ref};
pub use foreign_key::{DbForeignKey, column_list, parse_column_list};
pub use naming::{camel_case, plural, singular, snake_case};
pub use scalar::Scalar;
pub use value::{Value, ValueError, format_duration, parse_duration};
