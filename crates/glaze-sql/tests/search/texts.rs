//! Random texts and questions, the same in every run.

/// A sequence of numbers that looks random.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// A text of several words with all that can stand between them.
    pub fn text(&mut self) -> String {
        let mut out = String::new();
        for _ in 0..self.below(7) {
            out.push_str(self.one(WORDS));
            if self.below(4) == 0 {
                out.push_str(self.one(WORDS));
            }
            out.push_str(self.one(BETWEEN));
        }
        if self.below(40) == 0 {
            out.push_str(&"long".repeat(1 + self.below(900)));
        }
        out
    }

    /// Beginnings of one or two words, or something that is found nowhere.
    pub fn question(&mut self) -> String {
        let mut out = String::new();
        for _ in 0..1 + self.below(2) {
            let word: Vec<char> = self.one(WORDS).chars().collect();
            out.extend(&word[..1 + self.below(word.len())]);
            out.push_str(self.one(BETWEEN));
        }
        if self.below(20) == 0 { "longlonglong".repeat(6) } else { out }
    }
}

const WORDS: &[&str] = &[
    "rust",
    "Rust",
    "RUSTY",
    "trust",
    "über",
    "Über",
    "straße",
    "STRASSE",
    "naïve",
    "naive",
    "été",
    "日本",
    "日本語",
    "слово",
    "Слово",
    "λόγος",
    "42",
    "3",
    "1984",
    "a1b2",
    "x",
    "I",
    "İstanbul",
    "mail",
    "example",
    "com",
    "snake",
    "case",
    "don",
    "t",
    "NULL",
    "OR",
    "AND",
    "NOT",
    "NEAR",
    "한국어",
];

const BETWEEN: &[&str] = &[
    " ", " ", " ", ", ", ".", "-", "_", "@", "/", "'", "\"", "*", ":", "(", ")", "|", "&", "!", "\\", "—", "“", "”", "\u{a0}", "\n", "\t",
    "…", "🦀", "%", "^", "$1", "\u{200b}", "«",
];
