//! The attributes of the schema language: one table, used by the reader, its suggestions, the macros and the generated
//! reference.

pub(crate) mod check;
mod table;

pub(crate) use table::ATTRIBUTES;

/// What an attribute can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Entity,
    Embedded,
    Enum,
    EnumValue,
    Blocks,
    BlockKind,
    Field,
}

impl Place {
    /// How a person calls it.
    pub fn word(self) -> &'static str {
        match self {
            Place::Entity => "an entity",
            Place::Embedded => "an embedded struct",
            Place::Enum => "an enum",
            Place::EnumValue => "an enum value",
            Place::Blocks => "a set of blocks",
            Place::BlockKind => "a kind of block",
            Place::Field => "a field",
        }
    }
}

/// One attribute.
#[derive(Debug)]
pub(crate) struct AttributeSpec {
    pub name: &'static str,
    pub places: &'static [Place],
    /// May stand several times on one thing.
    pub repeat: bool,
    /// What comes without a key.
    pub positional: Positional,
    pub keys: &'static [KeySpec],
    /// Not supported yet: understood only to say so.
    pub later: bool,
    /// For the reference: how it is written.
    pub syntax: &'static [&'static str],
    /// For the reference: what it does.
    pub doc: &'static str,
}

impl AttributeSpec {
    /// The attribute of this name.
    pub fn named(name: &str) -> Option<&'static AttributeSpec> {
        ATTRIBUTES.iter().find(|spec| spec.name == name)
    }
}

/// Arguments without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Positional {
    /// None at all.
    None,
    /// Exactly one name.
    Word,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Names of fields, each perhaps with `desc`.
    Fields,
    /// Names of fields when it stands on a declaration, nothing on a field.
    FieldsOrNothing,
    /// One text.
    Text,
    /// Two texts.
    TwoTexts,
    /// A name, then perhaps a text.
    WordThenText,
    /// One literal, name or list.
    Value,
    /// A whole number, or nothing.
    NumberOrNothing,
}

/// An argument with a key.
#[derive(Debug)]
pub(crate) struct KeySpec {
    pub name: &'static str,
    pub value: KeyValue,
    /// Where it may be used, when not everywhere the attribute may.
    pub places: &'static [Place],
    pub repeat: bool,
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyValue {
    /// `key` alone.
    Flag,
    /// `key = true | false`.
    Bool,
    /// `key = "…"`.
    Text,
    /// `key = name`.
    Word,
    /// `key = name` or `key = "name"`.
    WordOrText,
    /// One of these, as a name or a text.
    OneOf(&'static [&'static str]),
    /// A number that counts something.
    Count,
    /// A number, or a number as a text.
    Number,
}
