//! `glaze seed`: example content from a file, written as Glaze itself through the same life of a write as everything else.
//!
//! The file is a list of `{"entity": "Post", "entries": [{…}]}` in the words of the API. `"$key": "ann"` names an entry, and `"@ann"`
//! anywhere later stands for its key. An entity that has entries already is left alone, so seeding twice does no harm.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
};

use glaze_data::{
    Actor,
    bound::{Args, Load},
    store::{Job, JobError, JobOutput, Tx},
    write::{self, WriteContext, WriteError},
};
use glaze_expr::tree::{EntityIx, Expr};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::{Error, Glaze, Project};

/// What happened to one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    /// Name of the entity.
    pub entity: String,
    /// Entries added.
    pub added: usize,
    /// Entries that were there already; then none was added.
    pub skipped: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    entity: String,
    entries: Vec<Map<String, Json>>,
}

/// Entries written in one transaction.
const BATCH: usize = 200;

/// Fills the project's database from `file`.
///
/// # Errors
/// When the file is not one of seeds, names something unknown, or an entry is refused: with its place in the file.
pub async fn run(project: &Project, file: &Path) -> Result<Vec<Seeded>, Error> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::Config(format!(
                "there is no {}: this template has no example content, or give the file",
                file.display()
            )));
        }
        Err(error) => return Err(Error::io("read", file, error)),
    };
    let groups: Vec<Group> = serde_json::from_str(&text).map_err(|error| Error::Config(format!("{}: {error}", file.display())))?;
    let glaze = Glaze::ready(project).await?;
    glaze.app().ensure_system().await?;
    let mut seeder = Seeder::new(&glaze, &groups);
    let mut done = Vec::new();
    for group in &groups {
        done.push(seeder.group(group).await?);
    }
    Ok(done)
}

struct Seeder {
    context: WriteContext,
    /// Names given with `$key`.
    names: HashSet<String>,
    /// Keys of named entries written so far.
    keys: HashMap<String, Json>,
}

impl Seeder {
    fn new(glaze: &Glaze, groups: &[Group]) -> Seeder {
        let live = glaze.app().live();
        let names = groups
            .iter()
            .flat_map(|group| &group.entries)
            .filter_map(|entry| entry.get("$key")?.as_str().map(str::to_owned));
        let now = jiff::Timestamp::now();
        let context = WriteContext {
            schema: live.schema.clone(),
            store: live.store.clone(),
            actor: Actor::System,
            now: jiff::Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now),
            hooks: glaze.app().hooks.clone(),
            limits: write::WriteLimits::default(),
        };
        Seeder {
            context,
            names: names.collect(),
            keys: HashMap::new(),
        }
    }

    async fn group(&mut self, group: &Group) -> Result<Seeded, Error> {
        let Some(entity) = self.context.schema.entity_by_name(&group.entity).map(|info| info.ix) else {
            return Err(Error::Config(format!(
                "the seeds name the entity `{}`, which the schema does not have",
                group.entity
            )));
        };
        let there = self.count(entity).await?;
        if there > 0 {
            return Ok(Seeded {
                entity: group.entity.clone(),
                added: 0,
                skipped: there,
            });
        }
        let mut batch: Vec<(usize, Option<String>, Json)> = Vec::new();
        for (position, entry) in group.entries.iter().enumerate() {
            let waits = batch
                .iter()
                .any(|(_, name, _)| name.as_ref().is_some_and(|name| mentions(entry, name)));
            if waits || batch.len() == BATCH {
                self.write(group, entity, std::mem::take(&mut batch)).await?;
            }
            let mut entry = entry.clone();
            let name = entry.remove("$key").and_then(|name| name.as_str().map(str::to_owned));
            let mut body = Json::Object(entry);
            self.resolve(&mut body).map_err(|name| {
                Error::Config(format!(
                    "{} {}: `@{name}` names an entry that comes later or was not added",
                    group.entity,
                    position + 1
                ))
            })?;
            batch.push((position, name, body));
        }
        self.write(group, entity, batch).await?;
        Ok(Seeded {
            entity: group.entity.clone(),
            added: group.entries.len(),
            skipped: 0,
        })
    }

    async fn write(&mut self, group: &Group, entity: EntityIx, batch: Vec<(usize, Option<String>, Json)>) -> Result<(), Error> {
        let Some(first) = batch.first().map(|(position, ..)| *position) else {
            return Ok(());
        };
        let bodies: Vec<Json> = batch.iter().map(|(_, _, body)| body.clone()).collect();
        let written = write::create_many(&self.context, entity, &bodies, &write::Reply::default())
            .await
            .map_err(|error| Error::Refused(format!("{} from entry {}: {}", group.entity, first + 1, explain(&error))))?;
        for ((_, name, _), written) in batch.into_iter().zip(written) {
            if let Some(name) = name {
                self.keys.insert(name, write::key_json(&self.context.schema, entity, &written.key));
            }
        }
        Ok(())
    }

    /// Puts keys where names stand.
    fn resolve(&self, json: &mut Json) -> Result<(), String> {
        match json {
            Json::String(text) => {
                let name = text.strip_prefix('@').filter(|name| self.names.contains(*name)).map(str::to_owned);
                if let Some(name) = name {
                    *json = self.keys.get(&name).cloned().ok_or(name)?;
                }
                Ok(())
            }
            Json::Array(items) => items.iter_mut().try_for_each(|item| self.resolve(item)),
            Json::Object(members) => members.values_mut().try_for_each(|member| self.resolve(member)),
            _ => Ok(()),
        }
    }

    async fn count(&self, entity: EntityIx) -> Result<u64, Error> {
        let load = Load {
            entity,
            filter: Expr::bool(true),
            fields: Vec::new(),
            lock: false,
            limit: None,
        };
        let counted = self
            .context
            .store
            .transact(Arc::new(Count {
                load,
                args: self.context.args(Vec::new()),
            }))
            .await;
        match counted {
            Ok(output) => Ok(output.downcast::<u64>().map(|count| *count).unwrap_or(0)),
            Err(JobError::Store(error)) => Err(error.into()),
            Err(JobError::Refused(_)) => Ok(0),
        }
    }
}

struct Count {
    load: Load,
    args: Args,
}

impl Job for Count {
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> futures_util::future::BoxFuture<'t, Result<JobOutput, JobError>> {
        Box::pin(async move { Ok(Box::new(tx.count(&self.load, &self.args).await?) as JobOutput) })
    }
}

fn mentions(entry: &Map<String, Json>, name: &str) -> bool {
    fn within(json: &Json, name: &str) -> bool {
        match json {
            Json::String(text) => text.strip_prefix('@') == Some(name),
            Json::Array(items) => items.iter().any(|item| within(item, name)),
            Json::Object(members) => members.values().any(|member| within(member, name)),
            _ => false,
        }
    }
    entry.values().any(|member| within(member, name))
}

fn explain(error: &WriteError) -> String {
    match error {
        WriteError::Validation(errors) => {
            let lines: Vec<String> = errors
                .iter()
                .take(5)
                .map(|error| format!("{}: {}", error.path, error.message))
                .collect();
            lines.join("; ")
        }
        other => other.to_string(),
    }
}
