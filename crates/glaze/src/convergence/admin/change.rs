//! Edits made and taken back: schema files, migration and database in one go.

use glaze_app::{
    Problem,
    convergence::{EditRequest, Told, UndoRequest},
    problem as kinds,
};
use glaze_converge::{catalog::ObjectName, hints::Answers, plan::Plan, states::Status, step::Step};
use glaze_source::SourceFile;
use serde_json::{Map, Value as Json};

use super::{
    Admin, builder,
    problems::{self, answers, consent, problem, undecided},
    shown,
    turns::Turn,
};
use crate::{
    Error,
    convergence::{Consent, preview::Proposal, session::Session, whole::Whole},
    migrate,
};

/// How many changes can be taken back.
const KEPT: usize = 50;

/// A change that was made.
#[derive(Clone)]
pub(super) struct Change {
    /// The files that it changed, before and after.
    before: Vec<SourceFile>,
    after: Vec<SourceFile>,
    /// What it renamed, back to the old names.
    renames: Vec<(String, String)>,
}

/// A plan to change files, and what was decided about it.
struct Wanted {
    proposal: Proposal,
    answers: Answers,
    consent: Consent,
}

impl Wanted {
    fn report(&self) -> Result<(Map<String, Json>, bool), Problem> {
        let preview = self.proposal.preview(&self.answers, &self.consent);
        Ok((shown::preview(&self.proposal, &preview)?, preview.reasons.is_empty()))
    }
}

impl Admin {
    /// What edits would do.
    pub(super) async fn look(&self, request: EditRequest) -> Result<Told, Problem> {
        let files = self.project.sources().map_err(problem)?;
        let tag = shown::tag(&files);
        let (members, _) = self.wanted(&self.session(), files, request).await?.report()?;
        Ok(Told {
            body: Json::Object(members),
            tag: Some(tag),
        })
    }

    /// Makes edits.
    pub(super) async fn make(&self, request: EditRequest, if_match: Option<String>) -> Result<Told, Problem> {
        let mut turn = self.turns.soon().await?;
        let session = self.session();
        let files = self.matching(if_match)?;
        let wanted = self.wanted(&session, files, request).await?;
        let (told, change) = self.carry_out(&session, wanted, &mut turn).await?;
        if let Some(change) = change {
            let mut done = self.done.lock();
            if done.len() == KEPT {
                done.remove(0);
            }
            done.push(change);
        }
        self.finished(told)
    }

    /// Takes the last change back.
    pub(super) async fn take_back(&self, request: UndoRequest, if_match: Option<String>) -> Result<Told, Problem> {
        let mut turn = self.turns.soon().await?;
        let session = self.session();
        let files = self.matching(if_match)?;
        let last = self.last(&files)?;
        let mut answers = answers(request.answers)?;
        for (from, to) in last.renames {
            answers.renames.entry(from).or_insert(Some(to));
        }
        let tag = shown::tag(&files);
        let wanted = Wanted {
            proposal: Proposal::of(&session, files, last.before, &answers).await.map_err(problem)?,
            answers,
            consent: consent(request.consent),
        };
        if request.dry_run {
            return Ok(Told {
                body: Json::Object(wanted.report()?.0),
                tag: Some(tag),
            });
        }
        let (told, _) = self.carry_out(&session, wanted, &mut turn).await?;
        self.done.lock().pop();
        self.finished(told)
    }

    /// The files, if they are those that were asked for.
    fn matching(&self, if_match: Option<String>) -> Result<Vec<SourceFile>, Problem> {
        let files = self.project.sources().map_err(problem)?;
        match if_match {
            Some(tags) if !shown::tag(&files).is_in(&tags, false) => Err(problems::changed()),
            Some(_) | None => Ok(files),
        }
    }

    async fn wanted(&self, session: &Session, files: Vec<SourceFile>, request: EditRequest) -> Result<Wanted, Problem> {
        let (answers, consent) = (answers(request.answers)?, consent(request.consent));
        let changed = glaze_source::edit::apply(&files, &request.edits).map_err(problems::edit_refused)?;
        Ok(Wanted {
            proposal: Proposal::of(session, files, changed, &answers).await.map_err(problem)?,
            answers,
            consent,
        })
    }

    /// The last change, while the files still are what it made of them.
    fn last(&self, files: &[SourceFile]) -> Result<Change, Problem> {
        let done = self.done.lock();
        let last = done.last().ok_or_else(|| {
            Problem::new(
                &kinds::NOT_POSSIBLE,
                "There is nothing to take back: no change was made here since the server started.",
            )
        })?;
        match last.after.iter().all(|file| files.contains(file)) {
            true => Ok(last.clone()),
            false => Err(problems::changed()),
        }
    }

    /// Writes the files, then the migration, and applies it; whatever fails, all is as it was.
    async fn carry_out(
        &self,
        session: &Session,
        wanted: Wanted,
        turn: &mut Turn<'_>,
    ) -> Result<(Map<String, Json>, Option<Change>), Problem> {
        let (mut members, allowed) = wanted.report()?;
        if !allowed {
            let detail = "The change needs consent or an answer, or can't be done as things are; `reasons` says which.";
            return Err(undecided(detail, &members)?);
        }
        let Wanted { proposal, answers, .. } = wanted;
        // A model that can't be served is found before anything is written.
        builder::live(proposal.three.model.clone(), &self.backend)
            .map_err(|error| Problem::new(&kinds::EDIT_REFUSED, error.to_string()))?;
        let mut whole = Whole::begin(session).await.map_err(problem)?;
        whole.write(&proposal.before, &proposal.changed).map_err(problems::not_written)?;
        let migrated = match proposal.three.compared.plan.is_empty() {
            true => Ok(Migrated::default()),
            false => migrated(session, &answers).await,
        };
        let migrated = match migrated {
            Ok(migrated) => migrated,
            Err(error) => return Err(problem(whole.give_up(session, error).await)),
        };
        self.follow(turn)?;
        let mut files: Vec<_> = proposal.changed.iter().map(|file| self.project.root.join(&file.path)).collect();
        files.extend(migrated.files);
        members.insert("files".into(), shown::files(&self.project, &files));
        members.insert("migrations".into(), migrated.names.into());
        // What was left was no table's affair.
        if proposal.three.history.pending.is_empty() && proposal.three.compared.drift.is_empty() {
            members.insert("status".into(), serde_json::to_value(Status::InSync).map_err(Problem::internal)?);
        }
        Ok((members, Change::of(&proposal)))
    }

    /// The answer to a change that was made.
    fn finished(&self, mut members: Map<String, Json>) -> Result<Told, Problem> {
        members.insert("undo".into(), self.done.lock().len().into());
        let files = self.project.sources().map_err(problem)?;
        Ok(Told {
            body: Json::Object(members),
            tag: Some(shown::tag(&files)),
        })
    }
}

/// What was written and applied.
#[derive(Default)]
struct Migrated {
    files: Vec<std::path::PathBuf>,
    names: Vec<String>,
}

async fn migrated(session: &Session, answers: &Answers) -> Result<Migrated, Error> {
    let generated = migrate::generate(&session.project, None, answers).await?;
    Ok(Migrated {
        files: generated.files,
        names: migrate::apply_on(session).await?,
    })
}

impl Change {
    /// Nothing when no file was changed.
    fn of(proposal: &Proposal) -> Option<Change> {
        let changed = |file: &&SourceFile| proposal.changed.iter().any(|new| new.path == file.path);
        (!proposal.changed.is_empty()).then(|| Change {
            before: proposal.before.iter().filter(changed).cloned().collect(),
            after: proposal.changed.clone(),
            renames: back(&proposal.three.compared.plan),
        })
    }
}

/// What a plan renames, from the new names to the old ones. What it adds is not among them: taking that away again is asked about.
fn back(plan: &Plan) -> Vec<(String, String)> {
    let former = |table: &ObjectName| {
        let renamed = plan.steps().find_map(|step| match step {
            Step::TableRename { from, to } if to == table => Some(from.clone()),
            _ => None,
        });
        renamed.unwrap_or_else(|| table.clone())
    };
    let mut out = Vec::new();
    for step in plan.steps() {
        match step {
            Step::TableRename { from, to } | Step::EnumRename { from, to } => out.push((to.to_string(), from.to_string())),
            // A question names the column on its table as it will be, or as it is.
            Step::ColumnRename { table, from, to } => {
                let old = former(table);
                out.push((format!("{table}.{to}"), format!("{old}.{from}")));
                out.push((format!("{old}.{to}"), format!("{old}.{from}")));
            }
            Step::EnumRenameValue {
                name, from, to, column, ..
            } => {
                let owner = column
                    .as_ref()
                    .map_or_else(|| name.to_string(), |column| format!("{name}.{column}"));
                out.push((format!("{owner}.{to}"), format!("{owner}.{from}")));
            }
            _ => {}
        }
    }
    out
}
