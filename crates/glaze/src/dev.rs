//! `glaze dev`: serves while somebody works on the schema. Every save is read, migrated where that is safe, and served.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use glaze_model::{Model, Ownership};
use glaze_source::SourceFile;
use notify_debouncer_full::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use tokio::sync::mpsc;

use crate::{Error, Glaze, Project, builder, migrate};

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
    /// A saved schema is being served.
    Reloaded {
        /// The project's entities.
        entities: usize,
        /// From noticing the save to serving.
        millis: u128,
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
    /// The process was told to stop.
    Stopping,
}

/// Editors write a file in several steps.
const SETTLE: Duration = Duration::from_millis(60);

/// Serves until the process is told to stop.
///
/// # Errors
/// When there is no schema, the database can't be reached, or the address is taken.
pub async fn run(project: Project, colored: bool, show: impl Fn(Event) + Send + Sync + 'static) -> Result<(), Error> {
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
    let model = glaze.app().live().schema.model().clone();
    report(migrate::converge(&project, glaze.backend(), &model).await, &*show);
    let listener = glaze.listen().await?;
    show(Event::Listening {
        address: builder::address(&listener),
        entities: own_entities(&model),
    });
    let served = glaze.clone();
    let serving = served.serve_on(listener);
    let stopping = show.clone();
    let watching = async move {
        while saves.recv().await.is_some() {
            let begun = Instant::now();
            match project.sources() {
                Ok(now) if now == sources => {}
                Ok(now) => {
                    sources = now;
                    follow(&project, &glaze, &sources, begun, colored, &*show).await;
                }
                Err(error) => show(Event::Failed { error: error.to_string() }),
            }
        }
    };
    tokio::select! {
        result = serving => {
            stopping(Event::Stopping);
            result
        }
        () = watching => Ok(()),
    }
}

/// A saved schema: read, migrate, serve. Whatever goes wrong, the earlier model goes on serving.
async fn follow(
    project: &Project,
    glaze: &Glaze,
    sources: &[SourceFile],
    begun: Instant,
    colored: bool,
    show: &(dyn Fn(Event) + Send + Sync),
) {
    let Some(model) = model_or_findings(sources, colored, true, show) else {
        return;
    };
    if !report(migrate::converge(project, glaze.backend(), &model).await, show) {
        return;
    }
    let entities = own_entities(&model);
    match glaze.replace(model) {
        Ok(()) => show(Event::Reloaded {
            entities,
            millis: begun.elapsed().as_millis(),
        }),
        Err(error) => show(Event::Failed { error: error.to_string() }),
    }
}

/// Tells what a migration did; whether the database now has the model's tables.
fn report(done: Result<migrate::Convergence, Error>, show: &(dyn Fn(Event) + Send + Sync)) -> bool {
    match done {
        Ok(migrate::Convergence { files, summary, .. }) => {
            if !summary.is_empty() {
                show(Event::Migrated { files, summary });
            }
            true
        }
        Err(Error::Refused(reason)) => {
            show(Event::Refused { reason });
            false
        }
        Err(error) => {
            show(Event::Failed { error: error.to_string() });
            false
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
