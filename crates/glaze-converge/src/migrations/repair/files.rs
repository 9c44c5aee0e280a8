//! Repairs of the files: journal, migrations and snapshots that are missing, damaged, edited or too many.

use std::path::{Path, PathBuf};

use super::super::folder::{Entry, Folder, FolderError, Journal, Snapshot, VERSION, hash, io, json, read_optional, write};
use super::{Choice, Problem, Repair, RepairError, Repaired, Site, way};
use crate::port::AppliedMigration;

/// The entry of this name.
pub(super) fn entry<'a>(folder: &'a Folder, name: &str) -> Result<&'a Entry, RepairError> {
    let found = folder.journal.entries.iter().find(|entry| entry.full_name() == name);
    found.ok_or_else(|| RepairError::Impossible(format!("journal.json does not list {name}")))
}

/// `journal.json` cannot be read.
pub(super) fn damaged(site: Site<'_>, error: &FolderError) -> Result<Problem, RepairError> {
    let text = read_optional(&site.path().join("journal.json"))?.unwrap_or_default();
    let conflict = sides(&text);
    Ok(Problem {
        code: if conflict.is_some() {
            "journal_conflict"
        } else {
            "journal_damaged"
        }
        .to_owned(),
        migration: "journal.json".to_owned(),
        message: match conflict {
            Some(_) => "journal.json has merge markers in it: two branches have made migrations".to_owned(),
            None => error.to_string(),
        },
        repairs: vec![match conflict {
            Some(_) => way(
                Choice::MergeBranches,
                true,
                "keeps the branch that was applied (else the first), and makes the other branch's migrations again after it",
            ),
            None => way(
                Choice::RebuildJournal,
                true,
                "writes journal.json from the migrations and their snapshots; what it was is kept as journal.json.damaged",
            ),
        }],
    })
}

/// The two sides of a file with merge markers.
pub(super) fn sides(text: &str) -> Option<(String, String)> {
    enum Part {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let (mut ours, mut theirs, mut part, mut found) = (String::new(), String::new(), Part::Both, false);
    for line in text.lines() {
        let starts = |mark: &str| line.starts_with(mark);
        part = match part {
            _ if starts("<<<<<<<") => {
                found = true;
                Part::Ours
            }
            Part::Ours if starts("|||||||") => Part::Base,
            Part::Ours | Part::Base if starts("=======") => Part::Theirs,
            Part::Theirs if starts(">>>>>>>") => Part::Both,
            same => {
                let line = format!("{line}\n");
                if matches!(same, Part::Both | Part::Ours) {
                    ours += &line;
                }
                if matches!(same, Part::Both | Part::Theirs) {
                    theirs += &line;
                }
                same
            }
        };
    }
    found.then_some((ours, theirs))
}

/// Writes `journal.json` from what is in the folder: the chain of snapshots is what it is made from.
pub(super) fn rebuild_journal(site: Site<'_>) -> Result<Repaired, RepairError> {
    let path = site.path();
    let known = site.folder().ok();
    let damaged = known.is_none();
    let folder = known.unwrap_or_else(|| Folder {
        path: path.clone(),
        journal: Journal::default(),
    });
    let mut entries = folder.journal.entries.clone();
    for name in folder.unlisted()? {
        entries.push(from_file(&folder, &name)?);
    }
    entries.sort_by_key(|entry| entry.number);
    let place = path.join("journal.json");
    if damaged && place.exists() {
        let kept = path.join("journal.json.damaged");
        std::fs::rename(&place, &kept).map_err(|source| io(&place, source))?;
    }
    let journal = Journal { version: VERSION, entries };
    write(&place, &json(&place, &journal)?)?;
    Ok(Repaired::said(format!("journal.json lists {} migrations again", journal.entries.len())).file(place))
}

/// The entry that a file and its snapshot speak of.
fn from_file(folder: &Folder, name: &str) -> Result<Entry, RepairError> {
    let numbered = name
        .split_once('_')
        .and_then(|(number, rest)| Some((number.parse::<u32>().ok()?, rest.to_owned())));
    let Some((number, rest)) = numbered else {
        return Err(RepairError::Impossible(format!(
            "{name}.sql is no migration (0007_name.sql): take it out of the folder first"
        )));
    };
    let mut entry = Entry {
        number,
        baseline: number == 0 && rest == "baseline",
        name: rest,
        file_hash: String::new(),
        parent_hash: String::new(),
        state_hash: String::new(),
        created_at: String::new(),
    };
    let snapshot = folder.snapshot(&entry)?;
    let text = folder.sql(&entry)?.unwrap_or_default();
    entry.file_hash = hash(text.as_bytes());
    entry.parent_hash = snapshot.parent_hash;
    entry.state_hash = snapshot.hash;
    Ok(entry)
}

/// Writes the file as the journal says it was run.
pub(super) async fn restore(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let row = super::row(site, name).await?;
    let Some(sql) = row.sql.filter(|sql| hash(sql.as_bytes()) == row.hash) else {
        return Err(RepairError::Impossible(format!(
            "the database has not kept the text of {name}: bring the file back from version control"
        )));
    };
    let path = site.path().join(format!("{name}.sql"));
    let mut out = Repaired::said(format!("{name}.sql is as it was run"));
    if path.exists() {
        let kept = beside(&path, "edited");
        std::fs::rename(&path, &kept).map_err(|source| io(&path, source))?;
        out = out.file(kept);
    }
    write(&path, &sql)?;
    Ok(out.file(path))
}

fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{word}"));
    PathBuf::from(name)
}

/// Takes an entry that was never applied out of the journal; those after it start from where it started.
pub(super) fn drop_entry(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let mut folder = site.folder()?;
    let entry = entry(&folder, name)?.clone();
    if folder.journal.entries.last() != Some(&entry) {
        return Err(RepairError::Impossible(format!(
            "later migrations stand on {name}: bring its file back from version control"
        )));
    }
    let snapshot = folder.snapshot_path(&entry);
    folder.journal.entries.pop();
    let journal = folder.save()?;
    remove(&snapshot)?;
    Ok(Repaired::said(format!("{name} is no migration any more"))
        .file(journal)
        .file(snapshot))
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), FolderError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io(path, error)),
        _ => Ok(()),
    }
}

/// A file that the journal does not list: put beside; or listed, when its snapshot says that it comes next.
pub(super) fn unlisted(folder: &Folder, name: &str) -> Result<Vec<Repair>, RepairError> {
    let mut out = Vec::new();
    let last = folder.journal.entries.last();
    if let Ok(found) = from_file(folder, name) {
        let fits =
            found.parent_hash == last.map_or("", |last| last.state_hash.as_str()) && last.is_none_or(|last| last.number < found.number);
        if fits {
            out.push(way(
                Choice::RebuildJournal,
                true,
                format!("its snapshot follows the last migration: lists {name} in journal.json"),
            ));
        }
    }
    out.push(way(
        Choice::SetAside,
        out.is_empty(),
        format!("renames it to {name}.sql.aside; what it does and the schema does not say has to be generated again"),
    ));
    Ok(out)
}

pub(super) fn set_aside(site: Site<'_>, name: &str) -> Result<Repaired, RepairError> {
    let path = site.path().join(format!("{name}.sql"));
    let aside = beside(&path, "aside");
    std::fs::rename(&path, &aside).map_err(|source| io(&path, source))?;
    Ok(Repaired::said(format!("{name}.sql is {name}.sql.aside")).file(aside))
}

/// A migration that the database has had and the folder has not.
pub(super) fn unknown(folder: &Folder, name: &str, row: Option<&AppliedMigration>) -> Vec<Repair> {
    let number = name.split_once('_').and_then(|(number, _)| number.parse::<u32>().ok());
    let next = number.is_some_and(|number| folder.journal.entries.iter().all(|entry| entry.number < number));
    let mut out = Vec::new();
    if row.is_some_and(|row| row.sql.is_some()) && next {
        out.push(way(
            Choice::BringIn,
            false,
            format!("writes {name}.sql as it was run, and its snapshot from the migrations; better is to merge the branch that it is from"),
        ));
    }
    out.push(way(
        Choice::Forget,
        false,
        format!("the database no longer counts {name} as applied; right only when what it did was undone, else it is drift"),
    ));
    out
}

/// Writes a snapshot under its number.
pub(super) fn write_snapshot(folder: &Folder, entry: &Entry, snapshot: &Snapshot) -> Result<PathBuf, FolderError> {
    let path = folder.snapshot_path(entry);
    if let Some(meta) = path.parent() {
        std::fs::create_dir_all(meta).map_err(|source| io(meta, source))?;
    }
    write(&path, &json(&path, snapshot)?)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::sides;

    #[test]
    fn both_sides_of_a_conflict_are_had() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> other\nd\n";
        assert_eq!(sides(text), Some(("a\nb\nd\n".to_owned(), "a\nc\nd\n".to_owned())));
        assert_eq!(sides("a\n=======\nb\n"), None);
    }
}
