//! Who shares a commit.

use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use super::writer::Work;

/// However slow the disk is, nobody waits longer for company.
const LONGEST_WAIT: Duration = Duration::from_millis(1);

/// The works that may still join a commit. Clients that were answered together ask again together, a moment apart: where the last commit
/// served several, the next one waits for as many, at most a quarter of what a commit takes. Whoever is alone never waits.
pub struct Company<'a> {
    queue: &'a Receiver<Box<dyn Work>>,
    /// Most works in a commit.
    most: usize,
    /// How many the last commit served.
    last: usize,
    /// How long the last commit took.
    commit: Duration,
}

impl<'a> Company<'a> {
    pub fn new(queue: &'a Receiver<Box<dyn Work>>, most: usize) -> Company<'a> {
        Company {
            queue,
            most,
            last: 1,
            commit: Duration::ZERO,
        }
    }

    /// One more beside the `present`, when there is room and somebody is there or expected. `waited` is what this group has waited already.
    pub fn next(&self, present: usize, waited: &mut Duration) -> Option<Box<dyn Work>> {
        if present >= self.most {
            return None;
        }
        if let Ok(work) = self.queue.try_recv() {
            return Some(work);
        }
        let patience = (self.commit / 4).min(LONGEST_WAIT).saturating_sub(*waited);
        if present >= self.last || patience.is_zero() {
            return None;
        }
        let from = Instant::now();
        let work = self.queue.recv_timeout(patience).ok();
        *waited += from.elapsed();
        work
    }

    /// A commit of so many is done.
    pub fn committed(&mut self, served: usize, took: Duration) {
        self.last = served;
        self.commit = took;
    }
}
