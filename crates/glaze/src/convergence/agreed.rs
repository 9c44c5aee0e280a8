//! What the migrations and the code agree on, as the acceptance of drift asks for it.

use glaze_converge::{
    accept::{Accepting, Intend, ItemKey},
    catalog::Catalog,
    hints::Answers,
};
use glaze_model::{Edit, Model};

use super::session::Three;

impl Three {
    /// Where drift is counted from: the snapshot; before there are migrations, what the code says.
    pub(crate) fn agreed(&self) -> &Catalog {
        match self.snapshot {
            Some(_) => &self.compared.start,
            None => &self.compared.plan.to,
        }
    }

    /// The model that belongs to it.
    pub(crate) fn origin(&self) -> &Model {
        self.snapshot.as_ref().map_or(&self.model, |snapshot| &snapshot.model)
    }

    /// The question of taking over from the database.
    pub(crate) fn accepting<'a>(&'a self, code: &'a Model, answers: &'a Answers, only: Option<&'a [ItemKey]>) -> Accepting<'a> {
        Accepting {
            code,
            origin: self.origin(),
            snapshot: self.agreed(),
            database: &self.compared.current,
            answers,
            only,
            intend: INTEND,
        }
    }
}

/// What an edit means, as the editor of schema files has it.
pub(crate) const INTEND: &Intend<'static> =
    &|model: &Model, edit: &Edit| glaze_source::edit::intended(model, edit).map_err(|refused| refused.to_string());
