//! Questions: everything that can be asked of every field, the hidden ones included.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    content::{Known, NAMES, SECRETS, WORDS},
    project::{Field, Kind, Project, See},
    random::Chance,
};

/// What questions are made from.
pub struct Reads<'a> {
    pub project: &'a Project,
    pub known: &'a Known,
}

/// As in an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Name in JSON.
pub fn json_name(name: &str) -> String {
    let mut parts = name.split('_');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.extend(part.chars().next().map(|first| first.to_ascii_uppercase()));
        text.push_str(part.get(1..).unwrap_or_default());
    }
    text
}

impl Reads<'_> {
    /// A list, an entry or an aggregate.
    pub fn question(&self, chance: &mut Chance) -> String {
        let closed = |at: &usize| self.project.entities[*at].see == See::Closed;
        let mut at = chance.below(self.project.entities.len());
        if closed(&at) && !chance.one_in(4) {
            at = (at + 1) % self.project.entities.len();
        }
        match chance.below(8) {
            0 | 1 => self.one(chance, at),
            2 => self.aggregate(chance, at),
            _ => self.list(chance, at),
        }
    }

    /// The key of any row: light, dark, of one side only, or of none.
    pub fn key(&self, chance: &mut Chance, at: usize) -> Uuid {
        let from = match chance.below(14) {
            0 => &self.known.core[at],
            1 | 2 => &self.known.extra[at],
            3 if chance.one_in(3) => return chance.uuid(),
            _ => &self.known.light[at],
        };
        chance.any(from).copied().unwrap_or_else(|| chance.uuid())
    }

    /// Fields to ask about: mostly those about which there is an answer, else all there are.
    fn askable(&self, chance: &mut Chance, at: usize) -> Vec<&Field> {
        let fields = &self.project.entities[at].fields;
        if chance.one_in(12) {
            return fields.iter().collect();
        }
        fields.iter().filter(|field| self.project.is_answered(field)).collect()
    }

    fn one(&self, chance: &mut Chance, at: usize) -> String {
        let path = self.project.entities[at].path;
        let mut params = Vec::new();
        self.shown(chance, at, &mut params);
        format!("/api/{path}/{}{}", self.key(chance, at), query(&params))
    }

    pub fn list(&self, chance: &mut Chance, at: usize) -> String {
        let path = self.project.entities[at].path;
        let mut params = Vec::new();
        if !chance.one_in(3) {
            params.push(format!("limit={}", 1 + chance.below(5)));
        }
        if chance.one_in(3) {
            params.push(format!("filter={}", encoded(&self.filter(chance, at, 0).to_string())));
        }
        if chance.one_in(2) {
            params.push(format!("sort={}", self.sort(chance, at)));
        }
        if chance.one_in(3) {
            params.push(format!("count={}", chance.pick(&["exact", "estimated", "none"])));
        }
        if chance.one_in(6) {
            let words = if chance.one_in(2) { SECRETS } else { WORDS };
            let text: &str = chance.pick::<&str>(words);
            params.push(format!("search={}", encoded(text)));
        }
        if chance.one_in(8) {
            params.push(format!("offset={}", chance.below(4)));
        }
        self.shown(chance, at, &mut params);
        format!("/api/{path}{}", query(&params))
    }

    fn aggregate(&self, chance: &mut Chance, at: usize) -> String {
        let path = self.project.entities[at].path;
        let mut params = vec!["count=*".to_owned()];
        for word in ["sum", "min", "max", "countDistinct", "groupBy"] {
            if chance.one_in(3) {
                params.push(format!("{word}={}", self.path(chance, at, 1)));
            }
        }
        if chance.one_in(2) {
            params.push(format!("filter={}", encoded(&self.filter(chance, at, 0).to_string())));
        }
        format!("/api/{path}/aggregate{}", query(&params))
    }

    /// `fields` and `include`.
    fn shown(&self, chance: &mut Chance, at: usize, params: &mut Vec<String>) {
        if chance.one_in(6) {
            let fields: Vec<String> = (0..1 + chance.below(3)).map(|_| self.path(chance, at, 1)).collect();
            params.push(format!("fields={}", fields.join(",")));
        }
        if chance.one_in(2) {
            let relations: Vec<&Field> = self.askable(chance, at).into_iter().filter(|field| ends(field).is_some()).collect();
            let mut named = Vec::new();
            for field in chance.some(&relations, 3) {
                self.included(chance, field, &mut named, params);
            }
            if !named.is_empty() {
                params.push(format!("include={}", named.join(",")));
            }
        }
    }

    fn included(&self, chance: &mut Chance, field: &Field, named: &mut Vec<String>, params: &mut Vec<String>) {
        let name = json_name(&field.name);
        let target = ends(field).unwrap_or_default();
        let further: Vec<&Field> = self
            .askable(chance, target)
            .into_iter()
            .filter(|field| ends(field).is_some())
            .collect();
        match chance.any(&further) {
            Some(next) if chance.one_in(3) && !matches!(field.kind, Kind::Any(_)) => {
                named.push(format!("{name}.{}", json_name(&next.name)));
            }
            _ => named.push(name.clone()),
        }
        if !matches!(field.kind, Kind::Many(_) | Kind::Inverse(..)) {
            return;
        }
        if chance.one_in(3) {
            params.push(format!("include[{name}][limit]={}", 1 + chance.below(3)));
        }
        if chance.one_in(3) {
            params.push(format!("include[{name}][sort]={}", self.sort(chance, target)));
        }
        if chance.one_in(3) {
            let filter = self.filter(chance, target, 1).to_string();
            params.push(format!("include[{name}][filter]={}", encoded(&filter)));
        }
    }

    fn sort(&self, chance: &mut Chance, at: usize) -> String {
        let sign = if chance.one_in(2) { "-" } else { "" };
        let first = format!("{sign}{}", self.path(chance, at, 2));
        if chance.one_in(3) { format!("{first},title") } else { first }
    }

    /// A path that ends at a value most of the time.
    fn path(&self, chance: &mut Chance, at: usize, hops: usize) -> String {
        let fields = self.askable(chance, at);
        let references: Vec<&Field> = fields.iter().copied().filter(|field| matches!(field.kind, Kind::Ref(_))).collect();
        if let Some(field) = chance.any(&references)
            && hops > 0
            && chance.one_in(3)
        {
            let Kind::Ref(target) = field.kind else { return "title".to_owned() };
            return format!("{}.{}", json_name(&field.name), self.path(chance, target, hops - 1));
        }
        let ordered = |field: &&Field| {
            !matches!(
                field.kind,
                Kind::Many(_) | Kind::Inverse(..) | Kind::Labels | Kind::Blocks | Kind::Any(_)
            )
        };
        let plain: Vec<&Field> = fields.iter().copied().filter(ordered).collect();
        let from = if chance.one_in(20) { &fields } else { &plain };
        let field = chance.any(from).copied();
        match field {
            Some(field) if field.kind == Kind::Extra => format!("{}.rank", field.name),
            Some(field) if field.kind == Kind::Json => format!("{}.b.c", field.name),
            Some(field) => json_name(&field.name),
            None => "id".to_owned(),
        }
    }

    pub fn filter(&self, chance: &mut Chance, at: usize, depth: usize) -> Json {
        if depth < 3 && chance.one_in(5) {
            let inner = |chance: &mut Chance| self.filter(chance, at, depth + 1);
            return match chance.below(3) {
                0 => json!({"_not": inner(chance)}),
                1 => json!({"_or": [inner(chance), inner(chance)]}),
                _ => json!({"_and": [inner(chance), inner(chance)]}),
            };
        }
        let fields = self.askable(chance, at);
        let leaves: Vec<&Field> = fields.iter().copied().filter(|field| ends(field).is_none()).collect();
        let from = if depth >= 3 { &leaves } else { &fields };
        let field = chance.any(from).copied();
        let Some(field) = field else { return json!({"title": "x"}) };
        json!({json_name(&field.name): self.test(chance, field, depth)})
    }

    fn test(&self, chance: &mut Chance, field: &Field, depth: usize) -> Json {
        let further = |chance: &mut Chance, target| self.filter(chance, target, depth + 1);
        match &field.kind {
            Kind::Ref(target) => match chance.below(4) {
                0 => json!(self.key(chance, *target)),
                1 => json!({"_null": chance.one_in(2)}),
                _ => further(chance, *target),
            },
            Kind::Many(target) | Kind::Inverse(target, _) => {
                let word = *chance.pick(&["_some", "_every", "_none"]);
                match chance.below(4) {
                    0 => json!({"_empty": chance.one_in(2)}),
                    1 => further(chance, *target),
                    _ => json!({word: further(chance, *target)}),
                }
            }
            Kind::Any(targets) => {
                let target = *chance.pick(targets);
                match chance.below(3) {
                    0 => json!({"type": NAMES[target]}),
                    1 => json!({"_null": chance.one_in(2)}),
                    _ => json!({NAMES[target]: further(chance, target)}),
                }
            }
            Kind::Extra => json!({*chance.pick(&["note", "rank"]): {"_null": chance.one_in(2)}}),
            Kind::Json => json!({"b": {"c": {*chance.pick(&["_eq", "_neq"]): chance.pick(SECRETS)}}}),
            Kind::Labels => json!({"_contains": chance.pick(SECRETS)}),
            Kind::Blocks => json!({"_empty": chance.one_in(2)}),
            _ => compared(chance, field),
        }
    }
}

/// An operator that mostly fits.
fn compared(chance: &mut Chance, field: &Field) -> Json {
    let number = chance.below(9) as i64 - 3;
    let words = if chance.one_in(2) { SECRETS } else { WORDS };
    let operand = match field.kind {
        Kind::Int => json!(number),
        Kind::Float => json!(number as f64 / 2.0),
        Kind::Money => json!(format!("{number}.50")),
        Kind::Bool => json!(number > 0),
        Kind::Date => json!(format!("2026-01-{:02}", number + 4)),
        Kind::Time => json!(format!("2026-0{}-01T10:00:00Z", number + 4)),
        Kind::Stage => json!(chance.pick(&["hidden", "shown", "gone"])),
        Kind::Uuid => json!(chance.uuid()),
        _ if field.name == "code" => json!(format!("l{}", number + 3)),
        _ => json!(chance.pick(words)),
    };
    let text = matches!(field.kind, Kind::Text | Kind::Computed);
    let ordered = !matches!(field.kind, Kind::Bool | Kind::Stage | Kind::Uuid);
    match chance.below(6) {
        0 if field.nullable => json!({"_null": chance.one_in(2)}),
        1 => json!({*chance.pick(&["_in", "_nin"]): [operand]}),
        2 if chance.one_in(3) => json!({*chance.pick(&["_in", "_nin"]): []}),
        3 if ordered => json!({*chance.pick(&["_lt", "_lte", "_gt", "_gte"]): operand}),
        4 | 5 if text => {
            let word = *chance.pick(&[
                "_contains",
                "_icontains",
                "_starts_with",
                "_iends_with",
                "_istarts_with",
                "_ends_with",
            ]);
            json!({word: operand})
        }
        _ => json!({*chance.pick(&["_eq", "_neq"]): operand}),
    }
}

/// Where a relation leads.
pub fn ends(field: &Field) -> Option<usize> {
    match &field.kind {
        Kind::Ref(target) | Kind::Many(target) | Kind::Inverse(target, _) => Some(*target),
        Kind::Any(targets) => targets.first().copied(),
        _ => None,
    }
}

fn query(params: &[String]) -> String {
    if params.is_empty() {
        String::new()
    } else {
        format!("?{}", params.join("&"))
    }
}
