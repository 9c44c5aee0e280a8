//! Schema and convergence as somebody administers them in development: who may, what can be asked, and the port behind which it is done.
//!
//! Everything here is plain data. Must not know HTTP, schema files or databases: whoever starts the application hands over a [`SchemaAdmin`].

mod port;
mod requests;

use std::sync::Arc;

use glaze_data::Actor;

use crate::{App, Problem, problem};

pub use port::{SchemaAdmin, Told};
pub use requests::{ApplyRequest, ChoiceRequest, Consent, EditRequest, RepairRequest, UndoRequest, edits, request};

/// The administration of the schema, for an actor who may.
///
/// # Errors
/// Nothing is there in production, whoever asks; in development only holders of the role `admin` may.
pub fn admin(app: &App, actor: &Actor) -> Result<Arc<dyn SchemaAdmin>, Problem> {
    let nothing = || Problem::new(&problem::NOT_FOUND, "There is nothing at this address.");
    if app.settings.production {
        return Err(nothing());
    }
    let admin = app.schema_admin().ok_or_else(nothing)?;
    match actor {
        actor if actor.is_unrestricted() => Ok(admin),
        Actor::Anonymous => Err(Problem::new(
            &problem::UNAUTHENTICATED,
            "This needs an API key with the role `admin`.",
        )),
        _ => Err(Problem::new(&problem::FORBIDDEN, "This needs the role `admin`.")),
    }
}
