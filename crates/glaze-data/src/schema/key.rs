//! Keys as they stand in paths.

use glaze_expr::tree::Type;
use glaze_model::{Scalar, Value};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::EntityInfo;

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The entity has no key.
    #[error("`{0}` has no key, so single entries can't be named")]
    NoKey(String),
    /// Another number of parts.
    #[error("the key has {wanted} parts joined by `,`, here are {found}")]
    Parts {
        /// Columns of the key.
        wanted: usize,
        /// Parts given.
        found: usize,
    },
    /// A part has a wrong format.
    #[error("`{part}`: {message}")]
    Format {
        /// Name of the part.
        part: String,
        /// What was expected.
        message: String,
    },
}

/// Left as they are in a path segment.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':')
    .remove(b'@');

pub(super) fn parse(entity: &EntityInfo, text: &str) -> Result<Vec<Value>, KeyError> {
    if entity.key.is_empty() {
        return Err(KeyError::NoKey(entity.name.clone()));
    }
    // A comma inside a part of a compound key is percent-encoded; a single-part key may have it as it is.
    let parts: Vec<&str> = if entity.key.len() == 1 {
        vec![text]
    } else {
        text.split(',').collect()
    };
    if parts.len() != entity.key.len() {
        return Err(KeyError::Parts {
            wanted: entity.key.len(),
            found: parts.len(),
        });
    }
    let read = |(part, text): (&super::KeyPart, &str)| {
        let fail = |message: String| KeyError::Format {
            part: part.json.clone(),
            message,
        };
        let text = percent_decode_str(text)
            .decode_utf8()
            .map_err(|_| fail("expected UTF-8".to_owned()))?;
        match &part.ty {
            // A key is compared, not stored: it needs no checking of e-mail addresses and the like.
            Type::Scalar(scalar) if scalar.is_text() => Value::parse(Scalar::String, &text),
            Type::Scalar(scalar) => Value::parse(*scalar, &text),
            _ => Value::parse(Scalar::String, &text),
        }
        .map_err(|error| fail(error.message))
    };
    entity.key.iter().zip(parts).map(read).collect()
}

pub(super) fn format(key: &[Value]) -> String {
    let parts: Vec<String> = key
        .iter()
        .map(|value| utf8_percent_encode(&value.to_string(), KEPT).to_string())
        .collect();
    parts.join(",")
}
