//! What a schema file needs to compile as a module of a Rust application: `use glaze::schema::*;`.
//!
//! The macros turn declarations into plain structs with the JSON of the content API. A typed query API comes later, on the
//! same names.
//!
//! A module may simply be the file (`mod schema;`), as long as the values of its plain enums have no attributes; the macro
//! [`schema!`](crate::schema::schema) takes any file that reads.

use std::marker::PhantomData;
use std::ops::Deref;

use glaze_model::{Scalar, Value};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use glaze_macros::{blocks, db, embedded, entity, extends, schema, was};

/// A struct that is an entity of the schema: what hooks are registered for.
pub trait Entity {
    /// Name in the schema (`BlogPost`).
    const NAME: &'static str;
}

/// Long text.
pub type Text = std::string::String;
/// E-mail address.
pub type Email = std::string::String;
/// Absolute `http` or `https` URL.
pub type Url = std::string::String;
/// `lower-case-words`.
pub type Slug = std::string::String;
/// `#rrggbb` or `#rrggbbaa`.
pub type Color = std::string::String;
/// Any native type of the database, as text.
pub type Custom = std::string::String;
/// UUID.
pub type Uuid = uuid::Uuid;
/// Calendar date.
pub type Date = jiff::civil::Date;
/// Time of day.
pub type Time = jiff::civil::Time;
/// Point in time.
pub type DateTime = jiff::Timestamp;
/// Length of time.
pub type Duration = jiff::SignedDuration;
/// Any JSON.
pub type Json = serde_json::Value;
/// ProseMirror document.
pub type RichText = serde_json::Value;
/// Exact decimal.
pub type Decimal = rust_decimal::Decimal;
/// Amount of money in major units.
pub type Money = rust_decimal::Decimal;

/// A place on earth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lng: f64,
}

/// Bytes; base64 in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Value::Bytes(self.0.clone()).to_string())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        let text = std::string::String::deserialize(deserializer)?;
        match Value::parse(Scalar::Bytes, &text) {
            Ok(Value::Bytes(bytes)) => Ok(Bytes(bytes)),
            _ => Err(D::Error::custom("expected base64")),
        }
    }
}

/// A reference: the key, or the entry itself when it was included.
#[derive(Debug, Clone, PartialEq)]
pub enum Ref<T> {
    /// The key as the API writes it: text or a number, an object when it has several parts. Null when the entry was asked for
    /// and may not be read.
    Key(Json),
    /// The entry.
    Entry(Box<T>),
}

impl<T> Ref<T> {
    /// A reference by key.
    pub fn key(key: impl Into<Json>) -> Ref<T> {
        Ref::Key(key.into())
    }

    /// The entry, when it was included.
    pub fn entry(&self) -> Option<&T> {
        match self {
            Ref::Key(_) => None,
            Ref::Entry(entry) => Some(entry),
        }
    }
}

impl<T> From<Uuid> for Ref<T> {
    fn from(id: Uuid) -> Ref<T> {
        Ref::Key(Json::String(id.to_string()))
    }
}

impl<T: Serialize> Serialize for Ref<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Ref::Key(key) => key.serialize(serializer),
            Ref::Entry(entry) => entry.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Ref<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ref<T>, D::Error> {
        let json = Json::deserialize(deserializer)?;
        if json.is_object()
            && let Ok(entry) = T::deserialize(&json)
        {
            return Ok(Ref::Entry(Box::new(entry)));
        }
        Ok(Ref::Key(json))
    }
}

/// The entries of a to-many relation: there only when they were included.
#[derive(Debug, Clone, PartialEq)]
pub struct Many<T>(Option<Vec<T>>);

impl<T> Many<T> {
    /// Whether the entries were included.
    pub fn is_included(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the entries were not included.
    pub fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

impl<T> Default for Many<T> {
    fn default() -> Many<T> {
        Many(None)
    }
}

impl<T> From<Vec<T>> for Many<T> {
    fn from(entries: Vec<T>) -> Many<T> {
        Many(Some(entries))
    }
}

/// The entries; none when they were not included.
impl<T> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<T: Serialize> Serialize for Many<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Many<T>, D::Error> {
        Option::<Vec<T>>::deserialize(deserializer).map(Many)
    }
}

/// A polymorphic reference; `T` is the tuple of possible entities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct AnyOf<T> {
    /// Which entity, `snake_case`.
    #[serde(rename = "type")]
    pub kind: std::string::String,
    /// Its key as text.
    pub id: std::string::String,
    /// Its fields, when it was included.
    #[serde(flatten)]
    pub fields: serde_json::Map<std::string::String, Json>,
    #[serde(skip)]
    targets: PhantomData<T>,
}

impl<T> AnyOf<T> {
    /// A reference to an entry of this kind.
    pub fn new(kind: &str, id: &str) -> AnyOf<T> {
        AnyOf {
            kind: kind.to_owned(),
            id: id.to_owned(),
            fields: serde_json::Map::new(),
            targets: PhantomData,
        }
    }
}

/// Somebody who can log in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Key.
    pub id: Uuid,
    /// Name.
    pub name: std::string::String,
    /// E-mail address.
    pub email: Email,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// Picture.
    pub image: Option<Text>,
    /// When the user was made.
    pub created_at: DateTime,
    /// When the user was last changed.
    pub updated_at: DateTime,
}

/// A file with what is known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asset {
    /// Key.
    pub id: Uuid,
    /// `image`, `video`, `audio`, `document` or `other`.
    pub kind: std::string::String,
    /// Name of the file.
    pub file_name: std::string::String,
    /// Name under which it came.
    pub original_name: std::string::String,
    /// Media type.
    pub mime_type: std::string::String,
    /// Bytes.
    #[serde(with = "wire::integer")]
    pub size: i64,
    /// Hash of the content.
    pub sha256: std::string::String,
    /// Pixels.
    pub width: Option<i32>,
    /// Pixels.
    pub height: Option<i32>,
    /// Title.
    pub title: Option<std::string::String>,
    /// What the picture shows, for those who do not see it.
    pub alt: Option<std::string::String>,
    /// Description.
    pub description: Option<Text>,
    /// When the file came.
    pub created_at: DateTime,
    /// When its data last changed.
    pub updated_at: DateTime,
}

/// Forms that JSON needs: used by the macros.
#[doc(hidden)]
pub mod wire {
    use super::{Deserialize, Deserializer, Scalar, Serializer, Value};
    use serde::Serialize;
    use serde::de::Error;

    /// A 64-bit integer, a string where a double would not be exact.
    #[derive(Clone, Copy)]
    struct Integer(i64);

    impl Serialize for Integer {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Value::Int(self.0).to_json().serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Integer {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Integer, D::Error> {
            let json = serde_json::Value::deserialize(deserializer)?;
            match Value::from_json(Scalar::I64, &json) {
                Ok(Value::Int(value)) => Ok(Integer(value)),
                _ => Err(D::Error::custom("expected a whole number")),
            }
        }
    }

    /// `i64`
    pub mod integer {
        use super::*;

        pub fn serialize<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
            Integer(*value).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
            Integer::deserialize(deserializer).map(|value| value.0)
        }
    }

    /// `Option<i64>`
    pub mod optional_integer {
        use super::*;

        pub fn serialize<S: Serializer>(value: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
            value.map(Integer).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
            Option::<Integer>::deserialize(deserializer).map(|value| value.map(|value| value.0))
        }
    }

    /// `Vec<i64>`
    pub mod integers {
        use super::*;

        pub fn serialize<S: Serializer>(values: &[i64], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(values.iter().copied().map(Integer))
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
            let values = Vec::<Integer>::deserialize(deserializer)?;
            Ok(values.into_iter().map(|value| value.0).collect())
        }
    }
}

/// Not for people: what the macros' code refers to.
#[doc(hidden)]
pub mod private {
    pub use serde;
}
