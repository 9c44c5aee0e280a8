//! What a client wrote, judged field by field: JSON in, typed values out, every problem with its path, all at once.
//!
//! Nothing here asks a database or a policy: only the model decides. References are checked for their form, not for their target.

pub mod canonical;
mod constraints;
mod error;
mod key;
mod nested;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod value;

pub use constraints::check;
pub use error::{FieldError, Path, suggestion};
pub use key::{key_json, read_key, read_key_parts, ref_scalars, scalars_of_columns};
pub use nested::embedded_defaults;
pub(crate) use value::whole_key;
pub use value::{default_value, empty_value, read_scalar, read_value};
