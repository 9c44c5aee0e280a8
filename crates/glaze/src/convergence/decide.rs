//! `glaze dev`: brings code, migrations and database together, and asks somebody wherever something would be lost or was changed by others.

use std::{path::PathBuf, sync::Arc};

use glaze_converge::{accept::ItemKey, hints::Answers};
use glaze_model::Model;

use super::{
    accept::accept,
    consent::{Consent, Reason},
    differences::{Differences, differences},
    reject::reject,
    session::{Session, Three},
    source::SourceDiff,
};
use crate::{
    Error,
    migrate::{self, Converged},
};

/// Somebody who can be asked. Called on a thread of its own: it may take as long as a person does.
pub trait Ask: Send + Sync {
    /// What is to be done about this.
    fn ask(&self, matter: &Matter) -> Choice;
}

/// What has to be decided, with all that a person may want to see before.
#[derive(Debug, Clone)]
pub struct Matter {
    /// How the three states differ.
    pub differences: Differences,
    /// Why the pending changes don't run by themselves.
    pub reasons: Vec<Reason>,
}

/// What a person decides.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// Leave everything as it is for now.
    Skip,
    /// Leave everything, and end.
    Stop,
    /// Run the pending changes, also where something is lost.
    ApplyPending,
    /// These are the answers to questions.
    Answer(Box<Answers>),
    /// Items by side: those that the code takes over from the database, those that the database gives back. `None` is all of them.
    Resolve {
        /// Taken over into the code.
        accept: Option<Vec<ItemKey>>,
        /// Undone in the database.
        reject: Option<Vec<ItemKey>>,
    },
}

impl Choice {
    /// The database is right.
    pub fn accept_database() -> Choice {
        Choice::Resolve {
            accept: None,
            reject: Some(Vec::new()),
        }
    }

    /// The database goes back.
    pub fn reject_database() -> Choice {
        Choice::Resolve {
            accept: Some(Vec::new()),
            reject: None,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// The database is what the code says.
    pub in_sync: bool,
    /// The person wants to end.
    pub stopped: bool,
    /// Files that were written.
    pub files: Vec<PathBuf>,
    /// What was done, in a few words.
    pub done: Vec<String>,
    /// Words of the schema that have done their work (`#[was]`).
    pub renamed: Vec<String>,
    /// Why something was left.
    pub reason: Option<String>,
}

/// A person who answers the same question again and again is let go.
const ROUNDS: usize = 20;

/// Brings the three states together, asking wherever that is needed. Nobody there: nothing is lost, and the reason is said.
///
/// # Errors
/// When a state can't be read or a statement fails.
pub async fn settle(session: &Session, ask: Option<Arc<dyn Ask>>) -> Result<Settled, Error> {
    let mut settled = Settled::default();
    let (mut answers, mut consent) = (Answers::default(), Consent::None);
    for _ in 0..ROUNDS {
        let model = session.project.model()?;
        let (compared, reasons) = match migrate::try_converge(session, &model, &answers, &consent).await? {
            Converged::Done(done) => {
                settled.files.extend(done.files);
                settled.renamed = done.renamed;
                settled.done.extend((!done.summary.is_empty()).then_some(done.summary));
                settled.in_sync = true;
                return Ok(settled);
            }
            Converged::Undecided(compared, reasons) => (compared, reasons),
        };
        let Some(ask) = ask.clone() else {
            settled.reason = Some(migrate::undecided(&compared, &reasons));
            return Ok(settled);
        };
        let matter = Matter {
            differences: differences(session, &answers).await?,
            reasons,
        };
        let choice = tokio::task::spawn_blocking(move || ask.ask(&matter)).await;
        match choice.map_err(|error| Error::Config(format!("the question could not be asked: {error}")))? {
            Choice::Skip => break,
            Choice::Stop => {
                settled.stopped = true;
                return Ok(settled);
            }
            Choice::ApplyPending => consent = Consent::All,
            Choice::Answer(more) => merge(&mut answers, *more),
            Choice::Resolve { accept, reject } => resolve(session, accept, reject, &answers, &mut settled).await?,
        }
    }
    settled.reason = Some("left as it is; save the schema again, or run `glaze convergence sync`, to come back to it".into());
    Ok(settled)
}

async fn resolve(
    session: &Session,
    accepted: Option<Vec<ItemKey>>,
    rejected: Option<Vec<ItemKey>>,
    answers: &Answers,
    settled: &mut Settled,
) -> Result<(), Error> {
    // First the database goes back: what is left of the drift is what was chosen for the code.
    if rejected.as_ref().is_none_or(|keys| !keys.is_empty()) {
        let done = reject(session, rejected.as_deref(), answers, &Consent::All).await?;
        settled
            .done
            .extend(done.rejected.iter().map(|key| format!("{key} restored in the database")));
    }
    if accepted.as_ref().is_none_or(|keys| !keys.is_empty()) {
        let done = accept(session, accepted.as_deref(), answers).await?;
        settled
            .done
            .extend(done.accepted.iter().map(|key| format!("{key} taken over from the database")));
        settled.files.extend(done.files);
    }
    Ok(())
}

/// What the code has changed since the last migration, in the words of the schema language.
pub(super) fn pending_source(three: &Three) -> Vec<SourceDiff> {
    // A rule or a label changes nothing in the database.
    if three.compared.plan.is_empty() && three.compared.plan.questions.is_empty() {
        return Vec::new();
    }
    let before = three.snapshot.as_ref().map(|snapshot| printed(&snapshot.model));
    let after = printed(&three.model);
    SourceDiff::between("schema.rs", &before.unwrap_or_default(), &after)
        .into_iter()
        .collect()
}

/// A model as a schema file; the stable ids of snapshots are no part of it.
fn printed(model: &Model) -> String {
    let mut model = model.clone();
    for entity in &mut model.entities {
        entity.id = None;
        entity.fields.iter_mut().for_each(|field| field.id = None);
    }
    model.enums.iter_mut().for_each(|item| item.id = None);
    glaze_source::print(&model)
}

fn merge(answers: &mut Answers, more: Answers) {
    answers.renames.extend(more.renames);
    answers.using.extend(more.using);
    answers.backfill.extend(more.backfill);
    answers.enum_value_map.extend(more.enum_value_map);
}
