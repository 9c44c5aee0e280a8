//! One project with its two databases, and what is asked of them.

use std::collections::VecDeque;

use crate::{
    content::{Content, Known},
    project::Project,
    random::Chance,
    reads::Reads,
    sides::{Answered, Asked, Engine, Sides, Who},
    writes::Writes,
};

/// How many requests of a failure are told.
const TOLD: usize = 12;

pub struct World {
    seed: u64,
    project: Project,
    known: Known,
    sides: Sides,
    fresh: usize,
    past: VecDeque<String>,
    /// Lists that go on.
    pages: Vec<Asked>,
    /// Entries that were seen, with their tags.
    tags: Vec<(Asked, String)>,
    asked: Vec<Asked>,
    pub tally: Tally,
}

/// What was tried.
#[derive(Debug, Default)]
pub struct Tally {
    worlds: usize,
    requests: usize,
    read: usize,
    written: usize,
    refused: usize,
    pages: usize,
    unlike: usize,
}

impl Tally {
    pub fn add(&mut self, other: &Tally) {
        self.worlds += 1;
        self.requests += other.requests;
        self.read += other.read;
        self.written += other.written;
        self.refused += other.refused;
        self.pages += other.pages;
        self.unlike += other.unlike;
    }

    /// Whether the run says anything.
    pub fn judge(&self) {
        assert!(self.read * 5 > self.requests, "too few reads were answered: {self:?}");
        assert!(self.written * 25 > self.requests, "too few writes were done: {self:?}");
        assert!(self.pages > 0 && self.refused > 0, "{self:?}");
        assert!(self.unlike >= self.worlds, "an administrator saw too little difference: {self:?}");
    }
}

impl World {
    pub async fn new(engine: Engine, seed: u64, chance: &mut Chance) -> World {
        let project = Project::random(chance);
        let source = project.source();
        let (sides, reader) = Sides::new(engine, &source).await;
        let content = Content::random(&project, chance, reader);
        sides.fill(&content.sides).await;
        World {
            seed,
            project,
            known: content.known,
            sides,
            fresh: 0,
            past: VecDeque::new(),
            pages: Vec::new(),
            tags: Vec::new(),
            asked: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Asks as those who may not see everything, then as an administrator who does.
    pub async fn run(&mut self, chance: &mut Chance, requests: usize) {
        for _ in 0..requests {
            let who = if chance.one_in(3) { Who::Anonymous } else { Who::Reader };
            let asked = self.next(chance, who);
            let answer = self.same(&asked).await;
            self.remember(chance, &asked, &answer).await;
        }
        for mut asked in std::mem::take(&mut self.asked) {
            asked.who = Who::Admin;
            let [one, two] = self.sides.send(&asked).await;
            self.tally.unlike += usize::from(one != two);
        }
    }

    fn next(&mut self, chance: &mut Chance, who: Who) -> Asked {
        let reads = Reads {
            project: &self.project,
            known: &self.known,
        };
        let read = |target| Asked {
            who,
            method: "GET",
            target,
            headers: Vec::new(),
            body: None,
        };
        match chance.below(10) {
            0..=1 if !self.pages.is_empty() => self.pages.swap_remove(chance.below(self.pages.len())),
            2 if !self.tags.is_empty() => {
                let (mut asked, tag) = self.tags.swap_remove(chance.below(self.tags.len()));
                conditional(&mut asked, tag, chance);
                asked
            }
            3..=6 => read(reads.question(chance)),
            _ => {
                let mut writes = Writes {
                    reads,
                    fresh: &mut self.fresh,
                    made: Vec::new(),
                };
                let asked = writes.request(chance, who);
                for (at, key) in writes.made {
                    self.known.light[at].push(key);
                }
                asked
            }
        }
    }

    /// Both answer the same.
    async fn same(&mut self, asked: &Asked) -> Answered {
        let [one, two] = self.sides.send(asked).await;
        self.tally.requests += 1;
        if self.past.len() == TOLD {
            self.past.pop_front();
        }
        self.past.push_back(format!("{asked:?}\n    -> {} {}", one.status, one.body));
        if one != two {
            let past: Vec<String> = self.past.iter().cloned().collect();
            panic!(
                "GLAZE_SEED={}\n{}\n{}\n\none: {one:#?}\ntwo: {two:#?}",
                self.seed,
                self.project.source(),
                past.join("\n")
            );
        }
        // A failure of the server's own is nobody's answer.
        assert!(
            one.status < 500,
            "GLAZE_SEED={}\n{}\n{asked:?}\n{one:#?}",
            self.seed,
            self.project.source()
        );
        one
    }

    async fn remember(&mut self, chance: &mut Chance, asked: &Asked, answer: &Answered) {
        let done = (200..400).contains(&answer.status);
        match (asked.method, done) {
            ("GET", true) => self.tally.read += 1,
            (_, true) => self.tally.written += 1,
            (_, false) => self.tally.refused += 1,
        }
        if asked.method == "GET" && done && asked.headers.is_empty() {
            self.asked.push(asked.clone());
            self.go_on(asked, answer);
            let tag = answer.headers.iter().find(|(name, _)| name == "etag");
            self.tags.extend(tag.map(|(_, tag)| (asked.clone(), tag.clone())));
        }
        // The number of entries is told, and may be confirmed; what was done once may be sent again.
        if answer.status == 409
            && let Some(count) = confirmable(answer)
        {
            let confirmed = Asked {
                target: format!("{}&confirm={count}", asked.target),
                ..asked.clone()
            };
            let answer = self.same(&confirmed).await;
            self.tally.written += usize::from(answer.status == 200);
        } else if !asked.headers.is_empty() && chance.one_in(2) {
            self.same(asked).await;
        }
    }

    fn go_on(&mut self, asked: &Asked, answer: &Answered) {
        let Ok(json) = serde_json::from_str::<serde_json::Value>(&answer.body) else {
            return;
        };
        for (word, name) in [("after", "next"), ("before", "previous")] {
            let Some(cursor) = json["page"][name].as_str() else { continue };
            let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
            let kept = query.split('&').filter(|param| {
                let name = param.split('=').next().unwrap_or_default();
                !param.is_empty() && !matches!(name, "after" | "before" | "offset")
            });
            let params: Vec<String> = kept.map(str::to_owned).chain([format!("{word}={cursor}")]).collect();
            self.tally.pages += 1;
            self.pages.push(Asked {
                target: format!("{path}?{}", params.join("&")),
                ..asked.clone()
            });
        }
    }
}

/// The same entry again, depending on what was seen.
fn conditional(asked: &mut Asked, tag: String, chance: &mut Chance) {
    match chance.below(4) {
        0 | 1 => asked.headers.push(("if-none-match", tag)),
        2 => {
            asked.method = "PATCH";
            asked.headers.push(("if-match", tag));
            asked.body = Some(r#"{"title":"x"}"#.to_owned());
        }
        _ => {
            asked.method = "DELETE";
            asked.headers.push(("if-match", tag));
        }
    }
}

fn confirmable(answer: &Answered) -> Option<u64> {
    let json: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
    (json["code"] == "confirm_count").then(|| json["count"].as_u64()).flatten()
}
