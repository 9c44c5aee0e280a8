//! Accepting drift: what somebody changed in the database becomes edits of the schema file, only what drifted, and of that only what was
//! chosen. Rejecting it: the steps that take the database back.
//!
//! The way: the chosen part of the drift is applied to the snapshot's catalog, which gives the *goal*. Every entity that the choice
//! concerns is brought to its table in the goal with as small a change as says it; what the file has no word for is said the way `pull`
//! says it. Whether that was enough is not believed but compared, and what is left over is named with a reason.
//!
//! This module must not know files: an edit is data, and what it means for a model is asked of the caller.

mod choose;
mod conflict;
mod drift;
mod enums;
mod fields;
mod fit;
mod goal;
mod inner;
mod key;
mod naming;
mod parts;
mod reject;
mod renames;
mod tables;
mod work;

use glaze_model::{Edit, Model};
use serde::{Deserialize, Serialize};

pub use conflict::{Conflict, Resolved, Side, conflicts, resolve};
pub use drift::{Item, items};
pub use key::{ItemKey, NotAKey, Part};
pub use reject::{Rejected, reject};

use crate::catalog::Catalog;
use crate::desired::DesiredError;
use crate::dialect::CatalogDialect;
use crate::diff::Question;
use crate::hints::Answers;

/// What an edit means for a model: `glaze_source::edit::intended`.
pub type Intend<'a> = dyn Fn(&Model, &Edit) -> Result<Model, String> + Sync + 'a;

/// The three states, and what is to be taken over.
#[derive(Clone, Copy)]
pub struct Accepting<'a> {
    /// What the schema files say now, built-in entities included.
    pub code: &'a Model,
    /// The model of the latest snapshot; the code itself where nothing was migrated yet.
    pub origin: &'a Model,
    /// The catalog of the latest snapshot, in the database's spelling ([`crate::port::Database::canonicalise`]).
    pub snapshot: &'a Catalog,
    /// What introspection read.
    pub database: &'a Catalog,
    /// Which renames are some.
    pub answers: &'a Answers,
    /// What is chosen; `None` is everything. What a chosen item cannot do without is taken along.
    pub only: Option<&'a [ItemKey]>,
    /// What an edit means.
    pub intend: &'a Intend<'a>,
}

/// What accepting comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Accepted {
    /// The edits, in order. None when the code says the same already: then the drift needs only be recorded.
    pub edits: Vec<Edit>,
    /// The model after them.
    pub model: Model,
    /// What the snapshot says from now on: its catalog with everything that is accepted, those things too that the schema file has no
    /// word for and that are carried.
    pub catalog: Catalog,
    /// What is accepted.
    pub taken: Vec<ItemKey>,
    /// What was not chosen but is taken along, because something chosen needs it.
    pub along: Vec<Along>,
    /// What cannot be accepted, or not yet.
    pub left: Vec<Left>,
    /// Likely renames that have to be confirmed or denied first (`answers.renames`).
    pub questions: Vec<Question>,
}

/// An item that is taken along with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Along {
    /// The item.
    pub key: ItemKey,
    /// The one that needs it.
    pub needed_by: ItemKey,
}

/// An item that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The item.
    pub key: ItemKey,
    /// Why.
    pub reason: String,
}

/// Why nothing could be accepted at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// The schema does not fit the database.
    #[error(transparent)]
    Desired(#[from] DesiredError),
    /// Something was chosen that is no difference.
    #[error("nothing differs at `{0}`; `glaze convergence status` lists what does")]
    NoSuchItem(ItemKey),
}

/// The edits of the schema that say what the database says.
///
/// # Errors
/// When the code does not fit the database, or an item is chosen that is not there. What cannot be accepted for reasons of its own is no
/// error but in [`Accepted::left`].
pub fn edits(accepting: &Accepting<'_>, dialect: &dyn CatalogDialect) -> Result<Accepted, AcceptError> {
    work::accept(accepting, dialect)
}
