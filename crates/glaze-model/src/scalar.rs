//! The scalar types of the schema language.

use serde::{Deserialize, Serialize};

/// A scalar type. The wire form is that of JSON unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// `true`, `false`.
    Bool,
    /// 16-bit integer.
    I16,
    /// 32-bit integer.
    I32,
    /// 64-bit integer. On the wire a number when exact in a double (|n| ≤ 2^53 − 1), else a string.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// Short text, one line.
    String,
    /// Long text.
    Text,
    /// UUID, lower case with hyphens.
    Uuid,
    /// `2026-11-21`.
    Date,
    /// `06:52:00` with up to six digits of fraction, trailing zeros left out.
    Time,
    /// RFC 3339 in UTC: `2026-11-21T06:52:00Z`, up to six digits of fraction, trailing zeros left out.
    DateTime,
    /// ISO 8601 duration: `PT1H30M`.
    Duration,
    /// Any JSON.
    Json,
    /// Base64 (standard alphabet, padded).
    Bytes,
    /// Exact decimal, a string on the wire. `precision` 19 and `scale` 4 unless said.
    Decimal,
    /// Amount of money in major units, a string on the wire. `precision` 19 and `scale` 2 unless said.
    Money,
    /// ProseMirror document (JSON object with `type: "doc"`).
    RichText,
    /// E-mail address.
    Email,
    /// Absolute `http` or `https` URL.
    Url,
    /// `lower-case-words`.
    Slug,
    /// `#rrggbb` or `#rrggbbaa`, lower case.
    Color,
    /// `{"lat": 52.5, "lng": 13.4}`.
    Point,
}

impl Scalar {
    /// Every scalar with its name in the schema language, in the order the reference lists them.
    pub const ALL: [(&'static str, Scalar); 23] = [
        ("bool", Scalar::Bool),
        ("i16", Scalar::I16),
        ("i32", Scalar::I32),
        ("i64", Scalar::I64),
        ("f32", Scalar::F32),
        ("f64", Scalar::F64),
        ("String", Scalar::String),
        ("Text", Scalar::Text),
        ("Uuid", Scalar::Uuid),
        ("Date", Scalar::Date),
        ("Time", Scalar::Time),
        ("DateTime", Scalar::DateTime),
        ("Duration", Scalar::Duration),
        ("Json", Scalar::Json),
        ("Bytes", Scalar::Bytes),
        ("Decimal", Scalar::Decimal),
        ("Money", Scalar::Money),
        ("RichText", Scalar::RichText),
        ("Email", Scalar::Email),
        ("Url", Scalar::Url),
        ("Slug", Scalar::Slug),
        ("Color", Scalar::Color),
        ("Point", Scalar::Point),
    ];

    /// Name in the schema language.
    pub fn name(self) -> &'static str {
        Scalar::ALL.iter().find(|(_, scalar)| *scalar == self).map_or("?", |(name, _)| name)
    }

    /// The scalar of this name.
    pub fn from_name(name: &str) -> Option<Scalar> {
        Scalar::ALL
            .iter()
            .find(|(candidate, _)| *candidate == name)
            .map(|(_, scalar)| *scalar)
    }

    /// Stored and compared as text.
    pub fn is_text(self) -> bool {
        use Scalar::*;
        matches!(self, String | Text | Email | Url | Slug | Color)
    }

    /// 16, 32 or 64-bit integer.
    pub fn is_integer(self) -> bool {
        matches!(self, Scalar::I16 | Scalar::I32 | Scalar::I64)
    }

    /// Any number.
    pub fn is_numeric(self) -> bool {
        self.is_integer() || matches!(self, Scalar::F32 | Scalar::F64 | Scalar::Decimal | Scalar::Money)
    }

    /// A date, a time, both, or a duration.
    pub fn is_temporal(self) -> bool {
        matches!(self, Scalar::Date | Scalar::Time | Scalar::DateTime | Scalar::Duration)
    }

    /// Has an order that `<` and `sort` can use.
    pub fn is_ordered(self) -> bool {
        !matches!(self, Scalar::Json | Scalar::Bytes | Scalar::RichText | Scalar::Point)
    }

    /// Precision and scale when none are given.
    pub fn default_precision(self) -> Option<(u32, u32)> {
        match self {
            Scalar::Decimal => Some((19, 4)),
            Scalar::Money => Some((19, 2)),
            _ => None,
        }
    }
}
