//! The form of a case file: sections that begin with `--- name`.
//!
//! ```text
//! # What it is about (optional).
//! --- both             declarations of both schemas (optional)
//! --- a                the first schema
//! --- b                the second schema
//! --- answers ->       what a person would answer on the way from a to b (JSON); `<-` on the way back. What is left open is
//!                      answered as obvious: renames confirmed, missing values given, removed enum values become the first left
//! --- rows ->          `posts.v = 'x', NULL, 'y'` values of the three rows (`sqlite posts.v = …` on one database), `posts none`
//! --- expect           lines `-> …` or `<- …`, perhaps with a database (`-> sqlite …`):
//!                        kinds column.add fk.add     exactly these kinds of step
//!                        risk destructive            the worst risk of a step
//!                        hazard narrowing            a step has it
//!                        rows posts.v = 1, 2, NULL   values afterwards, in the order of the key
//!                        fails                       on the rows, and everything is as it was
//!                        asks using                  only a person can say how, by this kind of question
//!                        unlike pk.set               differs from a fresh database by these kinds of step, and rightly so
//!                        refused has_dependents      it cannot be done, by the code of the refusal
//! --- sqlite ->        golden: questions (?), steps with risk and hazards (*), statements, values that changed (=); `GLAZE_BLESS=1`
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use glaze_converge::hints::Answers;
use glaze_model::Model;

/// From the first schema to the second, or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    There,
    Back,
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if *self == Way::There { "->" } else { "<-" })
    }
}

/// One file.
#[derive(Debug)]
pub struct Case {
    /// `family/name`
    pub name: String,
    pub path: PathBuf,
    head: String,
    sections: Vec<(String, String)>,
    /// By section (`sqlite ->`).
    pub golden: BTreeMap<String, String>,
}

impl Case {
    /// All cases whose name contains `only`.
    pub fn all(only: &str) -> Vec<Case> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/cases");
        let entries = |path: &Path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = entries(&root).flat_map(|family| entries(&family).collect::<Vec<_>>()).collect();
        files.sort();
        let mut cases: Vec<Case> = files.into_iter().map(|path| Case::read(&root, path)).collect();
        cases.retain(|case| case.name.contains(only));
        cases
    }

    fn read(root: &Path, path: PathBuf) -> Case {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut case = Case {
            name: path.strip_prefix(root).unwrap().with_extension("").display().to_string(),
            path,
            head: String::new(),
            sections: Vec::new(),
            golden: BTreeMap::new(),
        };
        let mut at: Option<(String, String)> = None;
        for line in text.lines().map(Some).chain([None]) {
            if let Some(line) = line.filter(|line| !line.starts_with("--- ")) {
                let text = at.as_mut().map_or(&mut case.head, |(_, text)| text);
                text.push_str(line);
                text.push('\n');
                continue;
            }
            if let Some((name, text)) = at.take() {
                if name.starts_with("sqlite ") || name.starts_with("postgres ") {
                    case.golden.insert(name, text);
                } else {
                    assert!(KNOWN.contains(&name.as_str()), "{}: unknown section {name}", case.name);
                    case.sections.push((name, text));
                }
            }
            at = line.map(|line| (line[4..].trim().to_owned(), String::new()));
        }
        case
    }

    fn section(&self, name: &str) -> &str {
        self.sections
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, text)| text.as_str())
    }

    fn model(&self, section: &str) -> Result<Model, String> {
        let text = format!("use glaze::schema::*;\n{}\n{}", self.section(section), self.section("both"));
        super::support::read(&text).map_err(|error| format!("schema {section}: {error}"))
    }

    pub fn a(&self) -> Result<Model, String> {
        self.model("a")
    }

    pub fn b(&self) -> Result<Model, String> {
        self.model("b")
    }

    pub fn answers(&self, way: Way) -> Result<Answers, String> {
        match self.section(&format!("answers {way}")) {
            "" => Ok(Answers::default()),
            text => serde_json::from_str(text).map_err(|error| format!("answers: {error}")),
        }
    }

    /// What the lines of a section say on this way and database: verb and rest.
    pub fn expected(&self, way: Way, dialect: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for line in self.section("expect").lines().filter(|line| !line.trim().is_empty()) {
            let Some(rest) = line.strip_prefix(&way.to_string()) else {
                assert!(line.starts_with("->") || line.starts_with("<-"), "{}: {line}", self.name);
                continue;
            };
            if let Some(rest) = for_dialect(rest.trim(), dialect) {
                let (verb, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                assert!(VERBS.contains(&verb), "{}: {line}", self.name);
                out.push((verb.to_owned(), rest.trim().to_owned()));
            }
        }
        out
    }

    /// What the rows are to hold before: column (`posts.v`) to literals; a table that is to be empty has none.
    pub fn rows(&self, way: Way, dialect: &str) -> BTreeMap<String, Vec<String>> {
        let mut out = BTreeMap::new();
        for line in self.section(&format!("rows {way}")).lines().filter(|line| !line.trim().is_empty()) {
            let Some(rest) = for_dialect(line.trim(), dialect) else { continue };
            match rest.split_once(" = ") {
                Some((column, values)) => out.insert(column.trim().to_owned(), split(values)),
                None => out.insert(rest.trim_end_matches(" none").to_owned(), Vec::new()),
            };
        }
        out
    }

    /// The file with these golden sections instead of its own ones.
    pub fn write(&self, made: impl Iterator<Item = (String, String)>) {
        let mut golden = Case::read(self.path.parent().unwrap().parent().unwrap(), self.path.clone()).golden;
        golden.extend(made);
        let mut text = self.head.clone();
        for (name, section) in &self.sections {
            text += &format!("--- {name}\n{section}");
        }
        for name in ["sqlite ->", "sqlite <-", "postgres ->", "postgres <-"] {
            if let Some(section) = golden.get(name) {
                text += &format!("--- {name}\n{section}");
            }
        }
        std::fs::write(&self.path, text).unwrap();
    }
}

const KNOWN: [&str; 8] = ["a", "b", "both", "answers ->", "answers <-", "rows ->", "rows <-", "expect"];
const VERBS: [&str; 8] = ["kinds", "risk", "hazard", "rows", "unlike", "fails", "asks", "refused"];

/// The line without the database it is for, if it is for this one.
fn for_dialect<'a>(line: &'a str, dialect: &str) -> Option<&'a str> {
    match line.split_once(' ') {
        Some((first, rest)) if super::support::DIALECTS.contains(&first) => (first == dialect).then_some(rest),
        _ => Some(line),
    }
}

/// Values between commas that are not within quotes, brackets or braces.
pub fn split(values: &str) -> Vec<String> {
    let (mut out, mut quoted, mut depth) = (vec![String::new()], false, 0);
    for char in values.chars() {
        match char {
            '\'' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        match char {
            ',' if !quoted && depth == 0 => out.push(String::new()),
            other => out.last_mut().unwrap().push(other),
        }
    }
    out.into_iter().map(|value| value.trim().to_owned()).collect()
}
