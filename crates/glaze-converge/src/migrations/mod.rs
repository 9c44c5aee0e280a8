//! Migrations on disk: `migrations/<dialect>/0007_add_excerpt.sql`, `meta/0007.snapshot.json` and `journal.json`; running them,
//! proving what they did, and finding the way back when their history is broken.

mod apply;
mod effects;
mod folder;
mod generate;
mod guard;
mod history;
mod log;
mod naming;
mod proof;
mod rehearse;
mod repair;
mod run;
mod statements;
pub mod words;

pub use apply::{Applied, ApplyError, ApplyOptions, NothingLost, apply, run_plan};
pub use effects::Effects;
pub use folder::{Entry, Folder, FolderError, Journal, Snapshot, file_hash};
pub use generate::{AtHand, GenerateError, Generated, baseline, create_everything, generate, generate_for};
pub use guard::Drift;
pub use history::{History, HistoryProblem, history, history_of};
pub use log::{LogEntry, LogState, log};
pub use naming::auto_name;
pub use proof::{Proof, TableRows, prove};
pub use rehearse::{Rehearsal, Rehearsed, SAMPLE, rehearse};
pub use repair::{Choice, Problem, Repair, RepairError, Repaired, Site, problems, repair};
pub use statements::REPEAT;
