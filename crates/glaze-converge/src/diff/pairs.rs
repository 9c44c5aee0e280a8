//! Pairing what two tables have: equal things cancel one by one, those with the same name first.

/// What one side has more of than the other.
pub(super) fn unmatched<T: Clone + PartialEq>(from: &[T], to: &[T], same: impl Fn(&T, &T) -> bool) -> (Vec<T>, Vec<T>) {
    let (pairs, new) = pairs(from, to, same);
    let gone = (0..from.len()).filter(|at| !pairs.iter().any(|(old, _)| old == at));
    (
        gone.map(|at| from[at].clone()).collect(),
        new.into_iter().map(|at| to[at].clone()).collect(),
    )
}

/// Positions of what is the same on both sides, and of what only `to` has.
pub(super) fn pairs<T: PartialEq>(from: &[T], to: &[T], same: impl Fn(&T, &T) -> bool) -> (Vec<(usize, usize)>, Vec<usize>) {
    let mut left: Vec<usize> = (0..from.len()).collect();
    let mut pairs = Vec::new();
    let mut rest = Vec::new();
    for (at, item) in to.iter().enumerate() {
        match left.iter().position(|old| from[*old] == *item) {
            Some(place) => pairs.push((left.remove(place), at)),
            None => rest.push(at),
        }
    }
    let mut new = Vec::new();
    for at in rest {
        match left.iter().position(|old| same(&from[*old], &to[at])) {
            Some(place) => pairs.push((left.remove(place), at)),
            None => new.push(at),
        }
    }
    (pairs, new)
}
