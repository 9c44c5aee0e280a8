//! Two branches that have both made migrations: what was applied stays where it is, the rest is made again after it.

use super::super::folder::{Entry, Folder, Journal, Snapshot, hash, parse, read_optional, write};
use super::super::generate::generate;
use super::super::words::words;
use super::files::{remove, sides, write_snapshot};
use super::{Choice, Repair, RepairError, Repaired, Site, merge, way};
use crate::dialect::CatalogDialect;
use crate::hints::Answers;
use crate::plan::plan_model;
use crate::port::Database;

/// Which migration can be moved to the end.
pub(super) async fn repairs(folder: &Folder, code: &str, name: &str, database: &dyn Database) -> Result<Vec<Repair>, RepairError> {
    let Some(moved) = movable(folder, code, name, database).await? else {
        return Ok(Vec::new());
    };
    Ok(vec![way(
        Choice::Renumber,
        true,
        format!(
            "{} was not applied here: makes it again after all others, from their last state; statements written by hand are kept at its end",
            moved.full_name()
        ),
    )])
}

/// The migration that has to give way: not applied to this database.
async fn movable(folder: &Folder, code: &str, name: &str, database: &dyn Database) -> Result<Option<Entry>, RepairError> {
    let applied: Vec<String> = database.journal().await?.into_iter().map(|row| row.name).collect();
    let free = |entry: &&Entry| !applied.contains(&entry.full_name());
    let entries = &folder.journal.entries;
    let at = entries.iter().position(|entry| entry.full_name() == name);
    let Some(at) = at else { return Ok(None) };
    Ok(match code {
        // The one that starts from another state; when that was applied, the one before it.
        "forked" => Some(&entries[at])
            .filter(free)
            .or_else(|| entries[..at].last().filter(free))
            .cloned(),
        // The one that waits although a later one was applied.
        _ => entries[..at].iter().find(free).cloned(),
    })
}

/// Moves the migration to the end.
pub(super) async fn renumber(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let mut folder = site.folder()?;
    let code = match super::history(&folder, &site.database.journal().await?)?
        .problems
        .iter()
        .find(|problem| problem.migration == name && matches!(problem.code.as_str(), "forked" | "out_of_order"))
    {
        Some(problem) => problem.code.clone(),
        None => return Ok(Repaired::said(format!("{name} is in order already"))),
    };
    let Some(moved) = movable(&folder, &code, name, site.database).await? else {
        return Err(RepairError::Impossible(
            "both branches' migrations were applied to this database; restore one of the orders from version control".to_owned(),
        ));
    };
    let own = folder.snapshot(&moved).ok().filter(|snapshot| snapshot.hash == moved.state_hash);
    let base = state(&folder, &moved.parent_hash)?;
    let Some(target) = own else {
        return Err(RepairError::Impossible(format!(
            "the snapshot of {} is another branch's: take its file out of the folder and out of journal.json, and generate it again from the schema",
            moved.full_name()
        )));
    };
    let text = folder.sql(&moved)?.unwrap_or_default();
    let shared = folder.journal.entries.iter().filter(|entry| entry.number == moved.number).count() > 1;
    folder.journal.entries.retain(|entry| *entry != moved);
    relink(&mut folder)?;
    let journal = folder.save()?;
    if !shared {
        remove(&folder.snapshot_path(&moved))?;
    }
    let old = folder.sql_path(&moved);
    let later = Later {
        entry: moved,
        text,
        target,
        base,
    };
    let mut out = again(site, &mut folder, later).await?;
    if !out.files.contains(&old) {
        remove(&old)?;
        out = out.file(old);
    }
    Ok(out.file(journal))
}

/// The state with this hash.
fn state(folder: &Folder, wanted: &str) -> Result<Option<Snapshot>, RepairError> {
    let Some(entry) = folder.journal.entries.iter().find(|entry| entry.state_hash == wanted) else {
        return Ok(None);
    };
    Ok(Some(folder.snapshot(entry)?))
}

/// After one was taken out, those that started from it start from the one before: only where it was at the end of its branch.
fn relink(folder: &mut Folder) -> Result<(), RepairError> {
    let mut parent = String::new();
    for entry in &folder.journal.entries {
        if entry.parent_hash != parent {
            return Err(RepairError::Impossible(format!(
                "more than one migration of each branch is concerned ({}): bring journal.json of one branch back from version control, and generate the rest again",
                entry.full_name()
            )));
        }
        parent.clone_from(&entry.state_hash);
    }
    Ok(())
}

/// A migration that comes after what another branch has made.
struct Later {
    entry: Entry,
    text: String,
    target: Snapshot,
    base: Option<Snapshot>,
}

/// Makes it again from the folder's last state.
async fn again(site: Site<'_>, folder: &mut Folder, later: Later) -> Result<Repaired, RepairError> {
    let base = later.base.as_ref().map(|base| base.model.clone()).unwrap_or_default();
    let first = folder.latest()?.map(|latest| latest.model).unwrap_or_default();
    let mut model = merge::models(&base, &first, &later.target.model)?;
    let by_hand = by_hand(&later, site.dialect)?;
    let answers = Answers::default();
    let made = generate(
        folder,
        &mut model,
        site.dialect,
        &answers,
        Some(&later.entry.name),
        &site.options.now,
    )
    .await?;
    let Some(made) = made else {
        if by_hand.is_empty() {
            return Ok(Repaired::said(format!(
                "{} does what the other branch has done already; it is gone",
                later.entry.full_name()
            )));
        }
        return Err(RepairError::Impossible(format!(
            "{} does what the other branch has done already, but for statements written by hand: keep those in a migration of their own",
            later.entry.full_name()
        )));
    };
    if !by_hand.is_empty()
        && let Some(entry) = folder.journal.entries.last()
    {
        let path = folder.sql_path(entry);
        let mut text = read_optional(&path)?.unwrap_or_default();
        text += &format!("\n-- written by hand in {}\n", later.entry.full_name());
        for statement in &by_hand {
            text += &format!("{statement};\n");
        }
        write(&path, &text)?;
    }
    Ok(Repaired {
        done: vec![format!("{} is {} now", later.entry.full_name(), made.name)],
        files: made.files,
    })
}

/// Statements of the file that were not generated. None when the file is as it was generated.
fn by_hand(later: &Later, dialect: &dyn CatalogDialect) -> Result<Vec<String>, RepairError> {
    if later.entry.file_hash == hash(later.text.as_bytes()) {
        return Ok(Vec::new());
    }
    let from = later.base.as_ref().map(|base| base.catalog.clone()).unwrap_or_default();
    let previous = later.base.as_ref().map(|base| &base.model);
    let plan = plan_model(&from, &later.target.model, previous, &Answers::default(), dialect)
        .map_err(|error| RepairError::Impossible(error.to_string()))?;
    let generated: Vec<_> = plan.statements(dialect).iter().map(|statement| words(statement)).collect();
    let mut own = dialect.split(&later.text);
    own.retain(|statement| !generated.contains(&words(statement)));
    Ok(own)
}

/// Takes `journal.json` with merge markers apart and puts the branches one after the other.
pub(super) async fn merge(site: Site<'_>) -> Result<Repaired, RepairError> {
    let path = site.path().join("journal.json");
    let text = read_optional(&path)?.unwrap_or_default();
    let Some((ours, theirs)) = sides(&text) else {
        return Err(RepairError::Impossible("journal.json has no merge markers".to_owned()));
    };
    let (ours, theirs): (Journal, Journal) = (parse(&path, &ours)?, parse(&path, &theirs)?);
    let applied: Vec<String> = site.database.journal().await?.into_iter().map(|row| row.name).collect();
    let tail = |one: &Journal, other: &Journal| -> Vec<Entry> {
        one.entries.iter().filter(|entry| !other.entries.contains(entry)).cloned().collect()
    };
    let (our_tail, their_tail) = (tail(&ours, &theirs), tail(&theirs, &ours));
    let is_applied = |tail: &[Entry]| tail.iter().any(|entry| applied.contains(&entry.full_name()));
    let ours_first = match (is_applied(&our_tail), is_applied(&their_tail)) {
        (true, true) => {
            return Err(RepairError::Impossible(
                "migrations of both branches were applied to this database; put them into journal.json in the order in which they were"
                    .to_owned(),
            ));
        }
        (_, theirs) => !theirs,
    };
    let (first, later) = if ours_first { (ours, their_tail) } else { (theirs, our_tail) };
    let mut folder = Folder {
        path: site.path(),
        journal: first,
    };
    let moved = take_apart(&folder, later, ours_first)?;
    let mut out = Repaired::default().file(folder.save()?);
    for item in moved {
        let old = folder.sql_path(&item.entry);
        let done = again(site, &mut folder, item).await?;
        if !done.files.contains(&old) && !folder.journal.entries.iter().any(|entry| folder.sql_path(entry) == old) {
            remove(&old)?;
            out.files.push(old);
        }
        out.files.extend(done.files);
        out.done.extend(done.done);
    }
    Ok(out)
}

/// Reads the later branch's migrations and leaves the first branch's snapshots in their places.
fn take_apart(folder: &Folder, later: Vec<Entry>, ours_first: bool) -> Result<Vec<Later>, RepairError> {
    let mut out: Vec<Later> = Vec::new();
    for entry in later {
        let place = folder.snapshot_path(&entry);
        let text = read_optional(&place)?.unwrap_or_default();
        let (first, second) = match sides(&text) {
            Some((ours, theirs)) if ours_first => (ours, theirs),
            Some((ours, theirs)) => (theirs, ours),
            None => (text.clone(), text),
        };
        let target: Snapshot = parse(&place, &second)?;
        if target.hash != entry.state_hash {
            return Err(RepairError::Impossible(format!(
                "the snapshot of {} is another branch's: take its file away and generate it again from the schema",
                entry.full_name()
            )));
        }
        let own = folder.journal.entries.iter().find(|other| other.number == entry.number);
        match own {
            Some(own) => {
                write_snapshot(folder, own, &parse(&place, &first)?)?;
            }
            None => remove(&place)?,
        }
        let base = match out.iter().find(|before| before.target.hash == entry.parent_hash) {
            Some(before) => Some(before.target.clone()),
            None => state(folder, &entry.parent_hash)?,
        };
        out.push(Later {
            text: folder.sql(&entry)?.unwrap_or_default(),
            entry,
            target,
            base,
        });
    }
    Ok(out)
}
