//! Migrations on disk: `migrations/<dialect>/0007_add_excerpt.sql`, `meta/0007.snapshot.json` and `journal.json`.

mod apply;
mod folder;
mod generate;
mod naming;

pub use apply::{Applied, ApplyError, ApplyOptions, History, HistoryProblem, apply, history, history_of, prove};
pub use folder::{Entry, Folder, FolderError, Journal, Snapshot};
pub use generate::{GenerateError, Generated, baseline, create_everything, generate};
pub use naming::auto_name;
