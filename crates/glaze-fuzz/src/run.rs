//! Running a target, and telling what went wrong.

use std::{
    cell::RefCell,
    hash::{DefaultHasher, Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use rand::{SeedableRng, rngs::StdRng};

use crate::{corpus::Corpus, mutate::mutate, targets::Target};

/// An input that takes longer is a finding: somebody could keep a server busy with it.
const SLOW: Duration = Duration::from_secs(3);

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs every seed, then mutations of them until the time is over. Gives whether every law held.
pub fn bounded(target: &Target, seed: u64, time: Duration) -> anyhow::Result<bool> {
    let mut corpus = Corpus::of(target.seeds)?;
    let mut random = StdRng::seed_from_u64(seed);
    let judge = (target.prepare)();
    println!("{}: seed {seed}", target.name);
    let start = Instant::now();
    let mut count = 0u64;
    for input in corpus.inputs().to_vec() {
        match attempt(&*judge, &input) {
            Ok(outcome) => corpus.note(input, outcome),
            Err(why) => return report(target, seed, &input, &why),
        }
    }
    while start.elapsed() < time {
        let input = mutate(corpus.inputs(), target.words, &mut random);
        count += 1;
        match attempt(&*judge, &input) {
            Ok(outcome) => corpus.note(input, outcome),
            Err(why) => return report(target, seed, &input, &why),
        }
    }
    println!(
        "{}: {count} inputs, {} kinds of outcome, every law held",
        target.name,
        corpus.outcomes()
    );
    Ok(true)
}

/// Runs one input. Gives whether every law held.
pub fn once(target: &Target, input: &[u8]) -> bool {
    let result = attempt(&*(target.prepare)(), input);
    println!(
        "{}: {}",
        target.name,
        result.as_ref().err().map_or("every law held", String::as_str)
    );
    result.is_ok()
}

/// The outcome of an input, or the panic it ended in.
fn attempt(judge: &dyn Fn(&[u8]) -> Outcome, input: &[u8]) -> Result<u64, String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|info| LAST_PANIC.set(info.to_string())));
    let start = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| judge(input)));
    std::panic::set_hook(hook);
    match result {
        Ok(_) if start.elapsed() > SLOW => Err(format!("took {:?}", start.elapsed())),
        Ok(outcome) => Ok(outcome.0.finish()),
        Err(_) => Err(LAST_PANIC.take()),
    }
}

fn report(target: &Target, seed: u64, input: &[u8], why: &str) -> anyhow::Result<bool> {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let folder = std::path::Path::new("target/fuzz");
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{}-{:016x}", target.name, hasher.finish()));
    std::fs::write(&path, input)?;
    println!(
        "{}: {why}\n{}\nagain with: glaze-fuzz {} --input {}  (seed {seed})",
        target.name,
        shown(input),
        target.name,
        path.display()
    );
    Ok(false)
}

fn shown(input: &[u8]) -> String {
    String::from_utf8_lossy(input).chars().take(2_000).collect()
}

/// What became of an input, told so that inputs which take the same way through the code tell the same.
#[derive(Default)]
pub struct Outcome(DefaultHasher);

impl Outcome {
    /// Adds a fact.
    pub fn add(&mut self, fact: impl Hash) {
        fact.hash(&mut self.0);
    }

    /// Adds a message without what it quotes from the input.
    pub fn message(&mut self, message: &str) {
        for (at, part) in message.split(['`', '\'', '"']).enumerate() {
            if at % 2 == 0 {
                part.hash(&mut self.0);
            }
        }
    }
}
