//! The inputs that others are made from.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use anyhow::Context;

/// More than this and new finds replace old ones: mutation of a huge corpus goes nowhere.
const MOST: usize = 4_000;

/// Inputs, and the outcomes they stand for.
pub struct Corpus {
    inputs: Vec<Vec<u8>>,
    seen: HashSet<u64>,
}

impl Corpus {
    /// Seeds from files and folders below `crates/`: of a `.txt` every line, of a `.rs` the whole. Other files are not seeds.
    pub fn of(places: &[&str]) -> anyhow::Result<Corpus> {
        let mut inputs = Vec::new();
        for place in places {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(place);
            for path in files(&path).with_context(|| format!("no seeds at crates/{place}"))? {
                let content = std::fs::read(&path)?;
                match path.extension().and_then(|extension| extension.to_str()) {
                    Some("txt") => inputs.extend(
                        content
                            .split(|byte| *byte == b'\n')
                            .filter(|line| !line.is_empty())
                            .map(<[u8]>::to_vec),
                    ),
                    Some("rs") => inputs.push(content),
                    _ => {}
                }
            }
        }
        anyhow::ensure!(!inputs.is_empty(), "no seeds at {}", places.join(", "));
        Ok(Corpus {
            inputs,
            seen: HashSet::new(),
        })
    }

    /// Every input.
    pub fn inputs(&self) -> &[Vec<u8>] {
        &self.inputs
    }

    /// Notes the outcome of an input, which is kept when it is the first of its kind.
    pub fn note(&mut self, input: Vec<u8>, outcome: u64) {
        if !self.seen.insert(outcome) {
            return;
        }
        if self.inputs.len() < MOST {
            self.inputs.push(input);
        } else {
            let at = (outcome % MOST as u64) as usize;
            self.inputs[at] = input;
        }
    }

    /// How many kinds of outcome there were.
    pub fn outcomes(&self) -> usize {
        self.seen.len()
    }
}

/// The file itself, or the files of a folder in one order everywhere: a run is repeated by its seed.
fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut paths = std::fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
