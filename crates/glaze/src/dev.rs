//! `glaze dev`: serves while somebody works on the schema. Every save is read, migrated where that is safe, and served.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use glaze_data::access;
use glaze_model::{Model, Ownership};
use glaze_source::SourceFile;
use notify_debouncer_full::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use tokio::sync::mpsc;

use crate::{
    Error, Glaze, Project, builder,
    convergence::{Ask, Session, settle},
};

/// What happened, for whoever watches.
#[derive(Debug, Clone)]
pub enum Event {
    /// Connections are accepted.
    Listening {
        /// Where.
        address: SocketAddr,
        /// The project's entities.
        entities: usize,
    },
    /// A migration was written and applied.
    Migrated {
        /// Files that were written.
        files: Vec<PathBuf>,
        /// The steps in a few words.
        summary: String,
    },
    /// A migrated rename: the word for it has done its work.
    RenameDone {
        /// `#[was("body")] on Note.content`
        word: String,
    },
    /// A saved schema is being served.
    Reloaded {
        /// The project's entities.
        entities: usize,
        /// From noticing the save to serving.
        millis: u128,
    },
    /// The saved schema lets somebody do more, less or something else than the one before.
    AccessChanged {
        /// In sentences: `anonymous may now read Post`.
        changes: Vec<String>,
    },
    /// The schema has errors or warnings.
    Findings {
        /// As a terminal shows them.
        rendered: String,
        /// Whether an earlier model goes on serving.
        serving: bool,
    },
    /// A change needs somebody's consent or an answer; nothing was done.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
    /// Something else went wrong; the earlier model goes on serving.
    Failed {
        /// What.
        error: String,
    },
    /// A mail was caught.
    Mail(glaze_app::mail::Mail),
    /// The process was told to stop.
    Stopping,
}

/// Editors write a file in several steps.
const SETTLE: Duration = Duration::from_millis(60);

/// Serves until the process is told to stop. `ask` is whoever decides where something would be lost or was changed by others; without
/// anybody such changes are said and left.
///
/// # Errors
/// When there is no schema, the database can't be reached, or the address is taken.
pub async fn run(
    project: Project,
    colored: bool,
    ask: Option<Arc<dyn Ask>>,
    show: impl Fn(Event) + Send + Sync + 'static,
) -> Result<(), Error> {
    let show: Arc<dyn Fn(Event) + Send + Sync> = Arc::new(show);
    let (saved, mut saves) = mpsc::unbounded_channel();
    let _watcher = watch(&project, saved)?;
    let mut sources = project.sources()?;
    while model_or_findings(&sources, colored, false, &*show).is_none() {
        tokio::select! {
            _ = saves.recv() => sources = project.sources()?,
            () = builder::stop_signal() => return Ok(()),
        }
    }
    let glaze = Glaze::of_project(&project, false).await?;
    let mails = show.clone();
    glaze.app().mailbox.watch(move |mail| mails(Event::Mail(mail.clone())));
    let session = Session::on(&project, glaze.backend());
    let follower = Follower {
        project,
        glaze: glaze.clone(),
        session,
        colored,
        ask,
        show: show.clone(),
    };
    match follower.settle().await {
        Outcome::Stopped => return Ok(()),
        // What was taken over from the database is in the files by now.
        Outcome::InSync => drop(follower.serve_what_is_saved()),
        Outcome::Left => {}
    }
    let model = glaze.app().live().schema.model().clone();
    let listener = glaze.listen().await?;
    show(Event::Listening {
        address: builder::address(&listener),
        entities: own_entities(&model),
    });
    let served = glaze.clone();
    let stopping = show.clone();
    // Said when the signal comes: the requests being worked on may take a while yet.
    let stop = async move {
        builder::stop_signal().await;
        stopping(Event::Stopping);
    };
    let serving = served.serve_until(listener, stop);
    let watching = async move {
        while saves.recv().await.is_some() {
            let begun = Instant::now();
            // A change of the admin API that is being made is not looked at half way.
            let mut turn = follower.glaze.turns().take().await;
            match follower.project.sources() {
                Ok(now) if now == sources => {}
                Ok(now) if turn.has_served(&now) => sources = now,
                Ok(now) => {
                    sources = now;
                    if let Outcome::Stopped = follower.follow(&sources, begun).await {
                        break;
                    }
                    // Accepting the database writes the files itself.
                    sources = follower.project.sources().unwrap_or(sources);
                }
                Err(error) => (follower.show)(Event::Failed { error: error.to_string() }),
            }
        }
    };
    tokio::select! {
        result = serving => result,
        () = watching => Ok(()),
    }
}

/// What came of a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The database is what the code says.
    InSync,
    /// Something was left; the earlier model goes on serving.
    Left,
    /// Whoever was asked wants to end.
    Stopped,
}

/// Follows the saves of the schema.
struct Follower {
    project: Project,
    glaze: Glaze,
    session: Session,
    colored: bool,
    ask: Option<Arc<dyn Ask>>,
    show: Arc<dyn Fn(Event) + Send + Sync>,
}

impl Follower {
    /// A saved schema: read, migrate, serve. Whatever goes wrong, the earlier model goes on serving.
    async fn follow(&self, sources: &[SourceFile], begun: Instant) -> Outcome {
        if model_or_findings(sources, self.colored, true, &*self.show).is_none() {
            return Outcome::Left;
        }
        let outcome = self.settle().await;
        if outcome == Outcome::InSync
            && let Some(entities) = self.serve_what_is_saved()
        {
            (self.show)(Event::Reloaded {
                entities,
                millis: begun.elapsed().as_millis(),
            });
        }
        outcome
    }

    /// Brings code and database together, and tells what was done.
    async fn settle(&self) -> Outcome {
        let show = &*self.show;
        let settled = match settle(&self.session, self.ask.clone()).await {
            Ok(settled) => settled,
            Err(Error::Refused(reason)) => {
                show(Event::Refused { reason });
                return Outcome::Left;
            }
            Err(error) => {
                show(Event::Failed { error: error.to_string() });
                return Outcome::Left;
            }
        };
        if !settled.done.is_empty() {
            show(Event::Migrated {
                files: settled.files,
                summary: settled.done.join("; "),
            });
        }
        settled.renamed.into_iter().for_each(|word| show(Event::RenameDone { word }));
        if let Some(reason) = settled.reason {
            show(Event::Refused { reason });
        }
        match (settled.stopped, settled.in_sync) {
            (true, _) => Outcome::Stopped,
            (false, true) => Outcome::InSync,
            (false, false) => Outcome::Left,
        }
    }

    /// Serves the model of the files as they are now; gives the number of its entities.
    fn serve_what_is_saved(&self) -> Option<usize> {
        let model = self.project.model().ok()?;
        let entities = own_entities(&model);
        let before = access::matrix(&self.glaze.app().live().schema);
        match self.glaze.replace(model) {
            Ok(()) => {
                let after = access::matrix(&self.glaze.app().live().schema);
                let changes = access::sentences(&access::difference(&before, &after));
                if !changes.is_empty() {
                    (self.show)(Event::AccessChanged { changes });
                }
                Some(entities)
            }
            Err(error) => {
                (self.show)(Event::Failed { error: error.to_string() });
                None
            }
        }
    }
}

fn model_or_findings(sources: &[SourceFile], colored: bool, serving: bool, show: &(dyn Fn(Event) + Send + Sync)) -> Option<Model> {
    let reading = glaze_source::read(sources);
    if !reading.diagnostics.is_empty() {
        let rendered = glaze_source::render(&reading.diagnostics, sources, colored);
        show(Event::Findings {
            rendered,
            serving: serving && reading.model.is_none(),
        });
    }
    reading.model
}

fn own_entities(model: &Model) -> usize {
    model.entities.iter().filter(|entity| entity.ownership != Ownership::System).count()
}

type Watcher = notify_debouncer_full::Debouncer<notify_debouncer_full::notify::RecommendedWatcher, notify_debouncer_full::RecommendedCache>;

/// Watches the schema. For a single file its folder is watched, because editors replace the file.
fn watch(project: &Project, saved: mpsc::UnboundedSender<()>) -> Result<Watcher, Error> {
    let schema = project.schema_path();
    let whole_folder = schema.is_dir();
    let folder = match (whole_folder, schema.parent()) {
        (true, _) => schema.clone(),
        (false, Some(parent)) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        (false, _) => PathBuf::from("."),
    };
    let name = schema.file_name().map(std::ffi::OsStr::to_os_string);
    let concerns = move |path: &Path| whole_folder || path.file_name() == name.as_deref();
    let failed = |error: notify_debouncer_full::notify::Error| Error::Config(format!("cannot watch the schema: {error}"));
    let mut watcher = new_debouncer(SETTLE, None, move |events: DebounceEventResult| {
        let Ok(events) = events else { return };
        if events
            .iter()
            .any(|event| !event.kind.is_access() && event.paths.iter().any(|path| concerns(path)))
        {
            let _ = saved.send(());
        }
    })
    .map_err(failed)?;
    watcher.watch(&folder, RecursiveMode::NonRecursive).map_err(failed)?;
    Ok(watcher)
}
