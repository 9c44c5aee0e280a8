//! Chance that can be repeated.

use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// A source of decisions, all of which follow from its seed.
pub struct Chance(StdRng);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(StdRng::seed_from_u64(seed))
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { self.0.random_range(0..end) }
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of them, when there are any.
    pub fn any<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// Some of them, in their order.
    pub fn some<'a, T>(&mut self, from: &'a [T], most: usize) -> Vec<&'a T> {
        let mut left = self.below(most + 1);
        let mut chosen = Vec::new();
        for (at, item) in from.iter().enumerate() {
            if left > 0 && self.below(from.len() - at) < left {
                chosen.push(item);
                left -= 1;
            }
        }
        chosen
    }

    pub fn uuid(&mut self) -> Uuid {
        Uuid::from_u128(self.0.random())
    }
}
