//! Rows of two databases that a reader can't tell apart.
//!
//! - Light rows are in both, equal in all that somebody may see of them.
//! - Dark rows that light ones refer to are in both, with other content in each.
//! - Other dark rows, and links to dark rows, are in one of the two only.

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    project::{Entity, Field, Kind, Project, See, Sight},
    random::Chance,
};

/// Rows of one database by entity, in an order in which they can be made.
pub type Rows = Vec<Vec<Json>>;

/// What the tests know of the rows.
pub struct Content {
    pub sides: [Rows; 2],
    pub known: Known,
}

/// Keys by entity.
#[derive(Default)]
pub struct Known {
    /// Of rows that are equal in both.
    pub light: Vec<Vec<Uuid>>,
    /// Of dark rows that are in both.
    pub core: Vec<Vec<Uuid>>,
    /// Of dark rows of one of the two.
    pub extra: Vec<Vec<Uuid>>,
    /// Who asks, when a reader with a key does.
    pub reader: Uuid,
}

pub const WORDS: &[&str] = &[
    "amber",
    "blue",
    "cat",
    "dog",
    "x",
    "a_b",
    "50%",
    "Ünder",
    "zeta amber",
    "dog cat blue",
];
/// What only hidden texts say.
pub const SECRETS: &[&str] = &["amber", "dusk", "zzz secret", "blue moon", "x", "0secret"];

impl Content {
    pub fn random(project: &Project, chance: &mut Chance, reader: Uuid) -> Content {
        let known = Known {
            reader,
            ..Known::default()
        };
        let mut content = Content {
            sides: [Vec::new(), Vec::new()],
            known,
        };
        for (at, entity) in project.entities.iter().enumerate() {
            let (light, core) = match entity.see {
                See::Open => (3 + chance.below(6), 0),
                See::Marked(_) => (3 + chance.below(8), 1 + chance.below(4)),
                See::Closed => (0, 2 + chance.below(3)),
            };
            let keys = |chance: &mut Chance, count| (0..count).map(|_| chance.uuid()).collect::<Vec<_>>();
            content.known.light.push(keys(chance, light));
            content.known.core.push(keys(chance, core));
            content.known.extra.push(Vec::new());
            let mut rows = content.common(project, chance, at);
            if entity.see != See::Open {
                for side in &mut rows {
                    let count = chance.below(6);
                    let extra = keys(chance, count);
                    for key in &extra {
                        let row = content.dark(entity, chance, *key);
                        side.push(row);
                    }
                    content.known.extra[at].extend(extra);
                }
            }
            let [one, two] = rows;
            content.sides[0].push(one);
            content.sides[1].push(two);
        }
        content
    }

    /// Rows that are in both.
    fn common(&self, project: &Project, chance: &mut Chance, at: usize) -> [Vec<Json>; 2] {
        let entity = &project.entities[at];
        let mut rows = [Vec::new(), Vec::new()];
        for (number, key) in self.known.light[at].iter().enumerate() {
            let base = self.light(entity, chance, *key, number);
            let open = base.get("open").is_none_or(|open| *open == json!(true));
            for side in &mut rows {
                let mut row = base.clone();
                for field in entity.stored() {
                    let hidden = match field.sight {
                        Sight::Row => false,
                        Sight::Private | Sight::Role => true,
                        Sight::OpenRows => !open,
                    };
                    if hidden && !chance.one_in(3) {
                        row.insert(field.name.clone(), self.hidden_value(field, chance));
                    }
                    if let Kind::Many(target) = field.kind {
                        self.link_dark(&mut row, field, target, chance);
                    }
                }
                side.push(Json::Object(row));
            }
        }
        for key in &self.known.core[at] {
            let one = self.dark(entity, chance, *key);
            let mut two = self.dark(entity, chance, *key);
            // What goes away with what must be the same.
            for field in entity.stored().filter(|field| matches!(field.kind, Kind::Ref(_) | Kind::Any(_))) {
                two[&field.name] = one[&field.name].clone();
            }
            rows[0].push(one);
            rows[1].push(two);
        }
        rows
    }

    fn light(&self, entity: &Entity, chance: &mut Chance, key: Uuid, number: usize) -> Map<String, Json> {
        let mut row = Map::new();
        row.insert("id".to_owned(), json!(key));
        for field in entity.stored() {
            let value = match (&field.kind, field.name.as_str()) {
                (_, "code") => json!(format!("l{number}")),
                (_, "owner") => [json!(self.known.reader), json!(chance.uuid()), Json::Null][chance.below(3)].clone(),
                (_, "level") => [json!(1), json!(2), json!(3), json!(4), Json::Null][chance.below(5)].clone(),
                (Kind::Ref(target), _) => self.reference(field, *target, chance),
                (Kind::Many(target), _) => json!(chance.some(&self.known.light[*target], 3)),
                (Kind::Any(targets), _) => self.any(targets, chance),
                _ => value(field, WORDS, chance),
            };
            row.insert(field.name.clone(), value);
        }
        row
    }

    fn dark(&self, entity: &Entity, chance: &mut Chance, key: Uuid) -> Json {
        let mut row = Map::new();
        row.insert("id".to_owned(), json!(key));
        for field in entity.stored() {
            let value = match (&field.kind, field.name.as_str()) {
                (_, "code") => json!(format!("d{}", key.simple())),
                (_, "open") => json!(false),
                (Kind::Stage, "stage") => [json!("hidden"), json!("gone")][chance.below(2)].clone(),
                (_, "owner") => [json!(chance.uuid()), Json::Null][chance.below(2)].clone(),
                (_, "level") => [json!(5), json!(9), Json::Null][chance.below(3)].clone(),
                (Kind::Ref(target), _) => self.reference(field, *target, chance),
                (Kind::Many(target), _) => json!(chance.some(&[&self.known.light[*target][..], &self.known.core[*target]].concat(), 4)),
                (Kind::Any(targets), _) => self.any(targets, chance),
                _ => value(field, SECRETS, chance),
            };
            row.insert(field.name.clone(), value);
        }
        Json::Object(row)
    }

    fn hidden_value(&self, field: &Field, chance: &mut Chance) -> Json {
        match &field.kind {
            Kind::Ref(target) => self.reference(field, *target, chance),
            Kind::Any(targets) => self.any(targets, chance),
            _ => value(field, SECRETS, chance),
        }
    }

    fn link_dark(&self, row: &mut Map<String, Json>, field: &Field, target: usize, chance: &mut Chance) {
        if let Some(Json::Array(keys)) = row.get_mut(&field.name) {
            keys.extend(chance.some(&self.known.core[target], 2).into_iter().map(|key| json!(key)));
        }
    }

    /// A row that is in both.
    fn reference(&self, field: &Field, target: usize, chance: &mut Chance) -> Json {
        let dark = self.known.light[target].is_empty() || chance.one_in(3);
        let from = if dark {
            &self.known.core[target]
        } else {
            &self.known.light[target]
        };
        match chance.any(from) {
            Some(key) if !field.nullable || !chance.one_in(4) => json!(key),
            _ if field.nullable => Json::Null,
            _ => json!(chance.any(&self.known.light[target])),
        }
    }

    /// A row that may be there or not: nobody but Glaze sees to polymorphic references.
    fn any(&self, targets: &[usize], chance: &mut Chance) -> Json {
        if chance.one_in(5) {
            return Json::Null;
        }
        let target = *chance.pick(targets);
        let from = match chance.below(3) {
            0 => &self.known.core[target],
            1 => &self.known.extra[target],
            _ => &self.known.light[target],
        };
        let key = chance.any(from).copied().unwrap_or_else(Uuid::nil);
        json!({"type": NAMES[target], "id": key})
    }
}

/// How entities are called in polymorphic references.
pub const NAMES: [&str; 6] = ["alpha", "bravo", "cobra", "delta", "echo", "fable"];

/// A value that fits a field without relation.
pub fn value(field: &Field, words: &[&str], chance: &mut Chance) -> Json {
    if field.nullable && chance.one_in(4) {
        return Json::Null;
    }
    let number = chance.below(9) as i64 - 3;
    match &field.kind {
        Kind::Text => json!(chance.pick(words)),
        Kind::Int => json!(number),
        Kind::Float => json!(number as f64 / 2.0),
        Kind::Money => json!(format!("{number}.50")),
        Kind::Bool => json!(number > 0),
        Kind::Date => json!(format!("2026-01-{:02}", number + 4)),
        Kind::Time => json!(format!("2026-0{}-01T10:00:00Z", number + 4)),
        Kind::Json => json!({"a": number, "b": {"c": chance.pick(words)}}),
        Kind::Labels => json!(chance.some(words, 2)),
        Kind::Extra => json!({"note": chance.pick(words), "rank": number}),
        Kind::Blocks => match chance.below(3) {
            0 => json!([]),
            1 => json!([{"type": "words", "text": chance.pick(words)}]),
            _ => json!([{"type": "number", "value": number}, {"type": "words", "text": chance.pick(words)}]),
        },
        Kind::Stage => json!(chance.pick(&["hidden", "shown", "gone"])),
        Kind::Uuid => json!(chance.uuid()),
        Kind::Computed | Kind::Ref(_) | Kind::Many(_) | Kind::Inverse(..) | Kind::Any(_) => Json::Null,
    }
}
