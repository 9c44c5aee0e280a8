//! The inputs that others are made from.

use std::{collections::HashSet, path::Path};

use anyhow::Context;

/// More than this and new finds replace old ones: mutation of a huge corpus goes nowhere.
const MOST: usize = 4_000;

/// Inputs, and the outcomes they stand for.
pub struct Corpus {
    inputs: Vec<Vec<u8>>,
    seen: HashSet<u64>,
}

impl Corpus {
    /// The files of `seeds/<target>`; in a `.txt` every line is one, any other file is one as a whole.
    pub fn of(target: &str) -> anyhow::Result<Corpus> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&folder).with_context(|| format!("no seeds for `{target}`"))? {
            paths.push(entry?.path());
        }
        // In one order everywhere: a run is repeated by its seed.
        paths.sort();
        let mut inputs = Vec::new();
        for path in paths {
            let content = std::fs::read(&path)?;
            if path.extension().is_some_and(|extension| extension == "txt") {
                inputs.extend(content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec));
            } else {
                inputs.push(content);
            }
        }
        anyhow::ensure!(!inputs.is_empty(), "no seeds for `{target}`");
        Ok(Corpus { inputs, seen: HashSet::new() })
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
