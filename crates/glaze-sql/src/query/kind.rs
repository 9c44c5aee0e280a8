//! What a column or an expression holds, seen from the rows: chooses the writer of a cell and the form of a parameter.

use glaze_model::{Field, FieldKind, Scalar, Value};

/// One value as it lies in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Cell {
    Bool,
    Int,
    Float32,
    Float64,
    Text,
    /// A value of an enum: a native type where the database has them, else text.
    Enum,
    Uuid,
    Date,
    Time,
    DateTime,
    Duration,
    Json,
    Bytes,
    Decimal {
        /// Digits after the point on the wire; `None` writes as many as the value has.
        scale: Option<u32>,
        /// Stored as an integer multiplied by 10^scale.
        scaled: bool,
    },
    Point,
    /// A native type passed through as text.
    Opaque,
}

/// A value or a list of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The value, or each item.
    pub cell: Cell,
    /// A list of them.
    pub list: bool,
    /// In a column whose native type was chosen by somebody else (`#[db(type)]`), so that its form is not the one we write.
    pub foreign: bool,
}

impl From<Cell> for Kind {
    fn from(cell: Cell) -> Kind {
        Kind {
            cell,
            list: false,
            foreign: false,
        }
    }
}

impl Kind {
    /// A list of `cell`.
    pub fn list_of(cell: Cell) -> Kind {
        Kind {
            cell,
            list: true,
            foreign: false,
        }
    }

    /// Each item of a list, or the value itself.
    pub fn item(self) -> Kind {
        Kind { list: false, ..self }
    }

    /// Of a scalar. `scaled`: whether the database keeps decimals as scaled integers.
    pub fn of_scalar(scalar: Scalar, scaled: bool) -> Kind {
        let scale = scalar.default_precision().map(|(_, scale)| scale);
        cell_of(scalar, scale, scaled).into()
    }

    /// Of the column of a field that has one; references and embedded structs are resolved by [`super::Tables`].
    pub fn of_field(field: &Field, scaled: bool) -> Kind {
        let foreign = field.db.ty.is_some();
        let scalar_cell = |scalar: Scalar| {
            let default = if foreign {
                None
            } else {
                scalar.default_precision().map(|(_, scale)| scale)
            };
            cell_of(scalar, field.constraints.scale.or(default), scaled && !foreign)
        };
        let (cell, list) = match &field.kind {
            FieldKind::Scalar(scalar) => (scalar_cell(*scalar), false),
            FieldKind::List(scalar) => (scalar_cell(*scalar), true),
            FieldKind::Enum(_) => (Cell::Enum, false),
            FieldKind::EnumList(_) => (Cell::Enum, true),
            FieldKind::EmbeddedList(_) | FieldKind::Blocks(_) => (Cell::Json, false),
            FieldKind::AnyOf(_) => (Cell::Text, false),
            FieldKind::Custom => (Cell::Opaque, false),
            FieldKind::Ref(_) | FieldKind::Many(_) | FieldKind::Inverse(_) | FieldKind::Embedded(_) => (Cell::Text, false),
        };
        Kind { cell, list, foreign }
    }

    /// Of a constant.
    pub fn of_value(value: &Value, scaled: bool) -> Kind {
        let cell = match value {
            Value::Null | Value::Text(_) => Cell::Text,
            Value::Bool(_) => Cell::Bool,
            Value::Int(_) => Cell::Int,
            Value::Float(_) => Cell::Float64,
            Value::Decimal(decimal) => Cell::Decimal {
                scale: Some(decimal.scale()),
                scaled,
            },
            Value::Uuid(_) => Cell::Uuid,
            Value::Date(_) => Cell::Date,
            Value::Time(_) => Cell::Time,
            Value::DateTime(_) => Cell::DateTime,
            Value::Duration(_) => Cell::Duration,
            Value::Bytes(_) => Cell::Bytes,
            Value::Json(_) => Cell::Json,
            Value::Point { .. } => Cell::Point,
            Value::List(items) => {
                let first = items.iter().find(|item| !item.is_null());
                return Kind {
                    list: true,
                    ..first.map_or(Cell::Text.into(), |item| Kind::of_value(item, scaled))
                };
            }
        };
        cell.into()
    }

    /// Any number.
    pub fn is_numeric(self) -> bool {
        !self.list && matches!(self.cell, Cell::Int | Cell::Float32 | Cell::Float64 | Cell::Decimal { .. })
    }

    /// Compared as text.
    pub fn is_text(self) -> bool {
        !self.list && matches!(self.cell, Cell::Text | Cell::Enum | Cell::Opaque)
    }

    /// The scale, when stored as a scaled integer.
    pub fn scaled(self) -> Option<u32> {
        match self.cell {
            Cell::Decimal { scale, scaled: true } => scale,
            _ => None,
        }
    }
}

fn cell_of(scalar: Scalar, scale: Option<u32>, scaled: bool) -> Cell {
    match scalar {
        Scalar::Bool => Cell::Bool,
        Scalar::I16 | Scalar::I32 | Scalar::I64 => Cell::Int,
        Scalar::F32 => Cell::Float32,
        Scalar::F64 => Cell::Float64,
        Scalar::String | Scalar::Text | Scalar::Email | Scalar::Url | Scalar::Slug | Scalar::Color => Cell::Text,
        Scalar::Uuid => Cell::Uuid,
        Scalar::Date => Cell::Date,
        Scalar::Time => Cell::Time,
        Scalar::DateTime => Cell::DateTime,
        Scalar::Duration => Cell::Duration,
        Scalar::Json | Scalar::RichText => Cell::Json,
        Scalar::Bytes => Cell::Bytes,
        Scalar::Decimal | Scalar::Money => Cell::Decimal {
            scale,
            scaled: scaled && scale.is_some(),
        },
        Scalar::Point => Cell::Point,
    }
}

/// How a value is handed to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// By its own type, or by the type the database expects.
    Plain,
    /// As an integer multiplied by 10^n (a float when it has more digits than that).
    Scaled(u32),
    /// As a double.
    Float,
    /// As text.
    Text,
    /// As JSON text.
    Json,
    /// The words of a search, as the dialect's `search` wants them.
    Words,
    /// As an item of a list column.
    Item,
    /// A list as one array parameter, each item in this kind's form.
    Items(Kind),
    /// For a column of this kind (writes, keys).
    Column(Kind),
}
