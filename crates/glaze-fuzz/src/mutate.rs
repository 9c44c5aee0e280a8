//! New inputs from old ones.

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

/// Longest input made.
const LONGEST: usize = 40_000;

/// A changed copy of one of `inputs`. `words` are pieces of the target's language.
pub fn mutate(inputs: &[Vec<u8>], words: &[&str], random: &mut StdRng) -> Vec<u8> {
    let mut input = inputs.choose(random).cloned().unwrap_or_default();
    for _ in 0..1 << random.random_range(0..4u32) {
        change(&mut input, inputs, words, random);
    }
    input.truncate(LONGEST);
    input
}

fn change(input: &mut Vec<u8>, inputs: &[Vec<u8>], words: &[&str], random: &mut StdRng) {
    let at = random.random_range(0..=input.len());
    match random.random_range(0..9u32) {
        0 => insert(input, at, &[random.random()]),
        1 => insert(input, at, words.choose(random).map_or(b"", |word| word.as_bytes())),
        2 => {
            let range = some_range(input.len(), random);
            input.drain(range);
        }
        3 => {
            let piece = input[some_range(input.len(), random)].to_vec();
            insert(input, at, &piece);
        }
        // Repeated: depth and length.
        4 => {
            let piece = input[some_range(input.len().min(40), random)].to_vec();
            let times = 1 << random.random_range(0..8u32);
            insert(input, at, &piece.repeat(times));
        }
        5 => {
            if let Some(other) = inputs.choose(random) {
                let piece = other[some_range(other.len(), random)].to_vec();
                insert(input, at, &piece);
            }
        }
        6 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.random_range(0..8u32);
            }
        }
        7 => replace_word(input, words, random),
        _ => replace_number(input, at, random),
    }
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    input.splice(at..at, piece.iter().copied());
}

/// A range, short ones more often.
fn some_range(length: usize, random: &mut StdRng) -> std::ops::Range<usize> {
    if length == 0 {
        return 0..0;
    }
    let start = random.random_range(0..length);
    let most = (length - start).min(1 << random.random_range(0..10u32));
    start..start + random.random_range(0..=most)
}

/// Another word in the place of a run of letters.
fn replace_word(input: &mut Vec<u8>, words: &[&str], random: &mut StdRng) {
    let starts: Vec<usize> = (0..input.len())
        .filter(|at| is_word(input[*at]) && (*at == 0 || !is_word(input[at - 1])))
        .collect();
    if let (Some(start), Some(word)) = (starts.choose(random).copied(), words.choose(random)) {
        let end = (start..input.len()).find(|at| !is_word(input[*at])).unwrap_or(input.len());
        input.splice(start..end, word.bytes());
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1e308",
    "0.1",
    "255",
    "32768",
    "2147483648",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1e-400",
];

fn replace_number(input: &mut Vec<u8>, at: usize, random: &mut StdRng) {
    let Some(start) = (at..input.len()).find(|at| input[*at].is_ascii_digit()) else {
        return;
    };
    let end = (start..input.len()).find(|at| !input[*at].is_ascii_digit()).unwrap_or(input.len());
    if let Some(number) = NUMBERS.choose(random) {
        input.splice(start..end, number.bytes());
    }
}
