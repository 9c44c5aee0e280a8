//! Changes of schema files as lines that a person reads, for terminals and for the admin.

use glaze_source::SourceFile;
use serde::{Deserialize, Serialize};
use similar::{Algorithm, ChangeTag, TextDiff};

/// Lines around a change.
const CONTEXT: usize = 3;

/// A file that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceDiff {
    /// Path relative to the project.
    pub path: String,
    /// Places that change, each with the lines around it.
    pub hunks: Vec<Hunk>,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hunk {
    /// Number of the first line as it is now, from 1.
    pub line: usize,
    /// The lines.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What happens to it.
    pub change: LineChange,
    /// Its text, without the end of the line.
    pub text: String,
}

/// What happens to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// It stays.
    Same,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

impl SourceDiff {
    /// What differs between two texts of a file; `None` when nothing does.
    pub fn between(path: &str, before: &str, after: &str) -> Option<SourceDiff> {
        if before == after {
            return None;
        }
        let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(before, after);
        let hunks = diff
            .grouped_ops(CONTEXT)
            .iter()
            .map(|group| Hunk {
                line: group.first().map_or(1, |first| first.old_range().start + 1),
                lines: group.iter().flat_map(|part| diff.iter_changes(part)).map(line).collect(),
            })
            .collect();
        Some(SourceDiff {
            path: path.to_owned(),
            hunks,
        })
    }

    /// What changes in the files of a project; `after` holds only those that change.
    pub fn of_files(before: &[SourceFile], after: &[SourceFile]) -> Vec<SourceDiff> {
        after
            .iter()
            .filter_map(|new| {
                let old = before.iter().find(|old| old.path == new.path).map_or("", |old| old.text.as_str());
                SourceDiff::between(&new.path, old, &new.text)
            })
            .collect()
    }
}

fn line(change: similar::Change<&str>) -> Line {
    Line {
        change: match change.tag() {
            ChangeTag::Equal => LineChange::Same,
            ChangeTag::Delete => LineChange::Removed,
            ChangeTag::Insert => LineChange::Added,
        },
        text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_is_shown_with_the_lines_around_it() {
        let before: String = (1..=20).map(|number| format!("line {number}\n")).collect();
        let after = before.replace("line 10\n", "line ten\n");
        let diff = SourceDiff::between("schema.rs", &before, &after).expect("differs");
        let [hunk] = diff.hunks.as_slice() else {
            panic!("one hunk: {diff:?}")
        };
        assert_eq!((hunk.line, hunk.lines.len()), (7, 8));
        let changed: Vec<(LineChange, &str)> = hunk
            .lines
            .iter()
            .filter(|line| line.change != LineChange::Same)
            .map(|line| (line.change, line.text.as_str()))
            .collect();
        assert_eq!(changed, [(LineChange::Removed, "line 10"), (LineChange::Added, "line ten")]);
        assert_eq!(SourceDiff::between("schema.rs", &before, &before), None);
    }
}
