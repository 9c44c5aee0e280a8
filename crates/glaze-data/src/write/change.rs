//! What is asked of one entry, typed.

use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::Value;

/// Values of a key, in key order.
pub type Key = Vec<Value>;

/// How missing fields are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A new entry: missing fields take their defaults.
    Create,
    /// `PUT`: missing fields take their defaults, the entry stays itself.
    Replace,
    /// `PATCH`: missing fields stay.
    Patch,
}

/// What is asked of one entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Whose.
    pub entity: EntityIx,
    /// How missing fields are taken.
    pub mode: Mode,
    /// Where it stands in what was sent: prefix of the paths of errors.
    pub path: String,
    /// Stored fields with their new values, in table order.
    pub set: Vec<Assign>,
    /// Embedded structs of which only some members change.
    pub partial: Vec<Partial>,
    /// Slugs to be made from another field, once that is known: the slug's field.
    pub slugs: Vec<FieldIx>,
    /// To-one references whose target is made first.
    pub targets: Vec<NewTarget>,
    /// To-many relations.
    pub relations: Vec<ToMany>,
    /// The reference that the entry around this one fills in: its target needs no looking for.
    pub parent: Option<FieldIx>,
}

/// A stored field with its new value.
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    /// The field.
    pub field: FieldIx,
    /// What it becomes.
    pub value: Value,
    /// The client named it (else: a default, a time, a hook): rules on the field bind, and references must be readable.
    pub by_client: bool,
}

/// An embedded struct of which only some members change.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// The embedded field.
    pub field: FieldIx,
    /// Inner fields by position.
    pub set: Vec<(FieldIx, Value)>,
    /// The client named it.
    pub by_client: bool,
}

/// `{"create": {…}}` at a reference.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTarget {
    /// The reference.
    pub field: FieldIx,
    /// The target.
    pub create: Change,
    /// The client named it.
    pub by_client: bool,
}

/// A change of a to-many relation (`Many` or `Inverse`; an `Inverse` with `one` too).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToMany {
    /// The relation.
    pub field: FieldIx,
    /// Where it stands in what was sent.
    pub path: String,
    /// Exactly these, besides the created ones.
    pub set: Option<Vec<Key>>,
    /// These too.
    pub connect: Vec<Key>,
    /// These no longer.
    pub disconnect: Vec<Key>,
    /// New ones.
    pub create: Vec<Change>,
    /// The client named it.
    pub by_client: bool,
}

impl Change {
    /// The new value of a field.
    pub fn get(&self, field: FieldIx) -> Option<&Value> {
        self.set.iter().find(|assign| assign.field == field).map(|assign| &assign.value)
    }

    /// Gives a field a value, replacing the one it was to get.
    pub fn put(&mut self, field: FieldIx, value: Value) {
        match self.set.iter_mut().find(|assign| assign.field == field) {
            Some(assign) => assign.value = value,
            None => self.set.push(Assign {
                field,
                value,
                by_client: false,
            }),
        }
    }

    /// Whether the rows themselves can be written without looking: no slug to be found, nothing to make first, no inner merge.
    pub fn is_plain(&self) -> bool {
        self.partial.is_empty() && self.targets.is_empty() && self.relations.is_empty()
    }
}
