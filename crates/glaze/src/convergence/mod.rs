//! Convergence for a project and for any two states: what differs, what it would cost, and bringing one to the other. The command line
//! and the admin API call the same functions; everything they get is plain, serialisable data.
//!
//! Must not know terminals, and nothing of how a difference is found: that is `glaze-converge`.

mod accept;
mod admin;
mod agreed;
mod apply;
mod between;
mod consent;
mod decide;
mod differences;
mod items;
pub(crate) mod place;
mod preview;
mod reject;
mod session;
mod source;
mod status;
mod sync;
mod whole;

pub use accept::{AcceptReport, accept, acceptable};
pub use apply::{ApplyReport, apply};
pub use between::{StateOptions, diff};
pub use consent::{Consent, Reason};
pub use decide::{Ask, Choice, Matter, Settled, settle};
pub use differences::{Differences, differences};
pub use items::{ItemReport, ItemState};
pub use preview::{Preview, preview};
pub use reject::{RejectReport, reject, rejectable};
pub use session::Session;
pub use source::{Hunk, Line, LineChange, SourceDiff};
pub use status::{ConvergenceReport, status};
pub use sync::{Right, SyncOptions, SyncReport, sync};

pub(crate) use admin::{Admin, Turns};
pub(crate) use consent::reasons;
