//! Changes, with the doors beside the front door: nested entries, relations, many at once, conditions, repetitions.

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    content::{NAMES, SECRETS, WORDS, value},
    project::{Entity, Field, Kind, See, Sight},
    random::Chance,
    reads::{Reads, encoded, json_name},
    sides::{Asked, Who},
};

/// Makes requests that write.
pub struct Writes<'a> {
    pub reads: Reads<'a>,
    /// Counts names that nobody has yet.
    pub fresh: &'a mut usize,
    /// Entries that the request makes if it is allowed to, by entity.
    pub made: Vec<(usize, Uuid)>,
}

impl Writes<'_> {
    /// A request that may change something.
    pub fn request(&mut self, chance: &mut Chance, who: Who) -> Asked {
        let kind = chance.below(12);
        let at = self.place(chance, kind);
        let path = self.reads.project.entities[at].path;
        let key = self.reads.key(chance, at);
        let one = format!("/api/{path}/{key}");
        let (method, target, body) = match kind {
            0..=2 => ("POST", format!("/api/{path}"), Some(self.entry(chance, at, 0, true))),
            3 => {
                let entries = (0..1 + chance.below(3)).map(|_| self.entry(chance, at, 0, true)).collect();
                ("POST", format!("/api/{path}"), Some(Json::Array(entries)))
            }
            4..=7 => ("PATCH", one, Some(self.entry(chance, at, 0, false))),
            8 => ("PUT", one, Some(self.entry(chance, at, 0, false))),
            9 => ("DELETE", one, None),
            10 => ("PATCH", self.many(chance, at), Some(self.entry(chance, at, 0, false))),
            _ => ("DELETE", self.many(chance, at), None),
        };
        let mut headers = Vec::new();
        if method == "POST" && chance.one_in(6) {
            headers.push(("idempotency-key", format!("once-{}", chance.below(4))));
        }
        Asked {
            who,
            method,
            target,
            headers,
            body: body.map(|body| body.to_string()),
        }
    }

    /// An entity that mostly takes such a request.
    fn place(&self, chance: &mut Chance, kind: usize) -> usize {
        let entities = &self.reads.project.entities;
        let takes = |entity: &Entity| match kind {
            0..=3 => entity.create,
            9 | 11 => entity.delete && entity.see != See::Closed,
            _ => entity.update.is_some() && entity.see != See::Closed,
        };
        let fitting: Vec<usize> = (0..entities.len()).filter(|at| takes(&entities[*at])).collect();
        match chance.any(&fitting) {
            Some(at) if !chance.one_in(8) => *at,
            _ => chance.below(entities.len()),
        }
    }

    fn many(&self, chance: &mut Chance, at: usize) -> String {
        let path = self.reads.project.entities[at].path;
        let filter = encoded(&self.reads.filter(chance, at, 1).to_string());
        format!("/api/{path}?filter={filter}")
    }

    /// A body. A whole one has what is needed; another names a few fields.
    fn entry(&mut self, chance: &mut Chance, at: usize, depth: usize, whole: bool) -> Json {
        let mut body = Map::new();
        if whole {
            let key = self.new_key(chance, at);
            body.insert("id".to_owned(), json!(key));
        }
        let project = self.reads.project;
        for field in &project.entities[at].fields {
            let needed = whole && !field.nullable && !matches!(field.kind, Kind::Many(_) | Kind::Inverse(..));
            let named = (needed && !chance.one_in(30)) || chance.one_in(6);
            let refused = field.kind == Kind::Computed || field.sight == Sight::Private || (field.name == "open" && !whole);
            if named && (!refused || chance.one_in(15)) {
                let value = self.given(chance, field, depth);
                body.insert(json_name(&field.name), value);
            }
        }
        Json::Object(body)
    }

    /// A key that is free, or one that is taken in both databases.
    fn new_key(&mut self, chance: &mut Chance, at: usize) -> Uuid {
        let taken = match chance.below(16) {
            0 => chance.any(&self.reads.known.light[at]),
            1 => chance.any(&self.reads.known.core[at]),
            _ => None,
        };
        if let Some(taken) = taken {
            return *taken;
        }
        let key = chance.uuid();
        self.made.push((at, key));
        key
    }

    fn given(&mut self, chance: &mut Chance, field: &Field, depth: usize) -> Json {
        match &field.kind {
            _ if field.name == "code" => {
                *self.fresh += 1;
                if chance.one_in(3) {
                    json!(format!("l{}", chance.below(6)))
                } else {
                    json!(format!("n{}", self.fresh))
                }
            }
            _ if field.name == "level" => json!(chance.below(6)),
            _ if field.name == "owner" => json!([self.reads.known.reader, chance.uuid()][chance.below(2)]),
            Kind::Ref(target) => match chance.below(6) {
                0 if depth < 2 => json!({"create": self.entry(chance, *target, depth + 1, true)}),
                1 => json!({"connect": self.reads.key(chance, *target)}),
                2 if field.nullable => Json::Null,
                _ => json!(self.reads.key(chance, *target)),
            },
            Kind::Any(targets) => {
                let target = *chance.pick(targets);
                json!({"type": NAMES[target], "id": self.reads.key(chance, target)})
            }
            Kind::Many(target) | Kind::Inverse(target, _) => self.related(chance, *target, depth, field),
            Kind::Extra if chance.one_in(2) => [json!({"rank": 1}), json!({"note": "n"})][chance.below(2)].clone(),
            Kind::Text if chance.one_in(12) => json!("refused"),
            Kind::Labels | Kind::Blocks | Kind::Text if chance.one_in(20) => json!({"wrong": 1}),
            _ => value(field, if chance.one_in(2) { SECRETS } else { WORDS }, chance),
        }
    }

    fn related(&mut self, chance: &mut Chance, target: usize, depth: usize, field: &Field) -> Json {
        let count = chance.below(3);
        let keys: Vec<Uuid> = (0..count).map(|_| self.reads.key(chance, target)).collect();
        match chance.below(6) {
            0 => json!(keys),
            1 => json!({"set": keys}),
            2 => json!({"connect": keys}),
            3 | 4 => json!({"disconnect": keys}),
            _ if depth < 2 => {
                let mut entry = self.entry(chance, target, depth + 1, true);
                if let (Kind::Inverse(_, by), Some(entry)) = (&field.kind, entry.as_object_mut()) {
                    entry.remove(&json_name(by));
                }
                json!({"create": [entry]})
            }
            _ => json!([]),
        }
    }
}
