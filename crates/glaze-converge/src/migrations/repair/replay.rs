//! Repairs that need to know what the migrations make: they are run on an empty scratch database.

use super::super::apply::{ApplyOptions, apply};
use super::super::folder::{Entry, Folder, Snapshot, hash, write};
use super::super::proof::{self, prove};
use super::files::{entry, write_snapshot};
use super::{RepairError, Repaired, Site};
use crate::catalog::Catalog;
use crate::port::{Content, Database};

/// Goes on with an interrupted migration.
pub(super) async fn resume(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let options = ApplyOptions {
        up_to: Some(name.to_owned()),
        ..site.options.clone()
    };
    let applied = apply(&site.folder()?, site.database, site.dialect, site.builtin, &options).await?;
    Ok(Repaired::said(format!("applied {}", applied.ran.join(", "))))
}

/// Runs the first `count` migrations of the folder from nothing, then `more`, and reads what they have made.
async fn made(
    site: Site<'_>,
    folder: &Folder,
    count: usize,
    more: &str,
    against: Option<&Catalog>,
) -> Result<(Catalog, Vec<String>), RepairError> {
    let scratch = site.database.scratch(Content::Empty).await?;
    let done = run(site, &*scratch.database, folder, count, more, against).await;
    site.database.discard(scratch).await?;
    done
}

async fn run(
    site: Site<'_>,
    scratch: &dyn Database,
    folder: &Folder,
    count: usize,
    more: &str,
    against: Option<&Catalog>,
) -> Result<(Catalog, Vec<String>), RepairError> {
    crate::system::ensure_system(site.builtin, scratch, site.dialect)
        .await
        .map_err(super::ApplyError::from)?;
    for entry in folder.journal.entries.iter().take(count) {
        let sql = folder
            .sql(entry)?
            .ok_or_else(|| RepairError::Impossible(format!("{} is missing too; repair that first", folder.sql_path(entry).display())))?;
        scratch.execute(&site.dialect.split(&sql)).await?;
    }
    scratch.execute(&site.dialect.split(more)).await?;
    let scope = &site.options.scope;
    let differences = match against {
        Some(catalog) => prove(catalog, scratch, site.dialect, scope).await?,
        None => Vec::new(),
    };
    Ok((proof::current(scratch, site.dialect, scope).await?, differences))
}

/// An edit that makes no difference counts as what was run.
pub(super) async fn accept_edit(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let mut folder = site.folder()?;
    let at = entry(&folder, name)?.clone();
    let Some(sql) = folder.sql(&at)? else {
        return Err(RepairError::Impossible(format!("{name}.sql is missing")));
    };
    let mut row = super::row(site, name).await?;
    let same_words = row.sql.as_ref().is_some_and(|before| super::words(before) == super::words(&sql));
    if !same_words {
        let count = folder.journal.entries.iter().take_while(|entry| **entry != at).count() + 1;
        let promised = folder.snapshot(&at)?.catalog;
        let (_, differences) = made(site, &folder, count, "", Some(&promised)).await?;
        if !differences.is_empty() {
            return Err(RepairError::Impossible(format!(
                "the edit changes what {name} makes: {}; undo it, and write what you meant as a new migration",
                differences.join(", ")
            )));
        }
    }
    row.hash = hash(sql.as_bytes());
    row.statements = u32::try_from(site.dialect.split(&sql).len()).unwrap_or(u32::MAX);
    row.statements_done = row.statements;
    row.sql = Some(sql);
    site.database.record(&row).await?;
    folder.rehash()?;
    Ok(Repaired::said(format!("{name}.sql as it is now counts as what was run")))
}

/// The snapshot of a migration, from what the migrations make. The model is that of the nearest snapshot: it only tells who was who.
pub(super) async fn rebuild_snapshot(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let folder = site.folder()?;
    let at = entry(&folder, name)?.clone();
    let place = folder.journal.entries.iter().position(|entry| *entry == at).unwrap_or_default();
    let (catalog, _) = made(site, &folder, place + 1, "", None).await?;
    let near = folder.journal.entries[place + 1..]
        .iter()
        .chain(folder.journal.entries[..place].iter().rev())
        .find_map(|entry| folder.snapshot(entry).ok());
    let mut snapshot = Snapshot::new(near.map(|near| near.model).unwrap_or_default(), catalog, &at.parent_hash);
    // The chain stays as it is: what follows was made for this state.
    snapshot.hash.clone_from(&at.state_hash);
    let path = write_snapshot(&folder, &at, &snapshot)?;
    Ok(Repaired::said(format!("the snapshot of {name} was written from what the migrations make")).file(path))
}

/// A migration that only the database has comes into the folder.
pub(super) async fn bring_in(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let mut folder = site.folder()?;
    let row = super::row(site, name).await?;
    let numbered = name.split_once('_').and_then(|(number, rest)| Some((number.parse().ok()?, rest)));
    let (Some(sql), Some((number, rest))) = (row.sql, numbered) else {
        return Err(RepairError::Impossible(format!("the database has not kept the text of {name}")));
    };
    let last = folder.latest()?;
    let count = folder.journal.entries.len();
    let (catalog, _) = made(site, &folder, count, &sql, None).await?;
    let parent = last.as_ref().map_or("", |last| last.hash.as_str());
    let snapshot = Snapshot::new(last.as_ref().map(|last| last.model.clone()).unwrap_or_default(), catalog, parent);
    let entry = Entry {
        number,
        name: rest.to_owned(),
        file_hash: hash(sql.as_bytes()),
        parent_hash: snapshot.parent_hash.clone(),
        state_hash: snapshot.hash.clone(),
        created_at: row.started_at,
        baseline: false,
    };
    let path = folder.sql_path(&entry);
    write(&path, &sql)?;
    let mut out = Repaired::said(format!("{name} is in the folder; generate what the schema says besides"));
    out.files = folder.add(entry, &sql, &snapshot)?;
    Ok(out)
}
