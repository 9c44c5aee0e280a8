//! Questions about many rows at once: `aggregate?count=*&sum=price&groupBy=status,publishedAt:month`.

use glaze_expr::tree::{EntityIx, Type};
use glaze_model::Scalar;
use serde_json::{Map, Value as Json};

use super::{FieldPath, Filter, Param, ParamError, error::unknown, path::is_ordered, reader::Reader, tree};
use crate::{
    bound::TimeUnit,
    limits::Limits,
    schema::{EntityInfo, Schema},
};

/// The words an aggregate understands.
pub const AGGREGATE_WORDS: &[&str] = &[
    "filter",
    "search",
    "count",
    "countDistinct",
    "sum",
    "avg",
    "min",
    "max",
    "groupBy",
    "sort",
    "limit",
    "offset",
];

/// A question about groups of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateQuery {
    /// Whose rows.
    pub entity: EntityIx,
    /// Condition on rows.
    pub filter: Option<Filter>,
    /// Text to look for.
    pub search: Option<String>,
    /// Grouping.
    pub group: Vec<GroupBy>,
    /// What is computed: name in JSON (a dot nests), how, and of which field.
    pub values: Vec<(String, Computation, Option<FieldPath>)>,
    /// Order over the names of the output; descending.
    pub sort: Vec<(String, bool)>,
    /// Most groups.
    pub limit: u64,
    /// Groups passed over.
    pub offset: u64,
}

/// A key to group by.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupBy {
    /// Name in JSON, with `group.` before it.
    pub json: String,
    /// The field.
    pub path: FieldPath,
    /// Unit to which a time is cut.
    pub unit: Option<TimeUnit>,
}

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Computation {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

const COMPUTATIONS: [(&str, Computation); 6] = [
    ("count", Computation::Count),
    ("countDistinct", Computation::CountDistinct),
    ("sum", Computation::Sum),
    ("avg", Computation::Avg),
    ("min", Computation::Min),
    ("max", Computation::Max),
];

const UNITS: [(&str, TimeUnit); 4] = [
    ("year", TimeUnit::Year),
    ("month", TimeUnit::Month),
    ("day", TimeUnit::Day),
    ("hour", TimeUnit::Hour),
];

/// Reads the parameters of an aggregate.
///
/// # Errors
/// Everything that is wrong with them.
pub fn parse_aggregate(
    schema: &Schema,
    entity: &EntityInfo,
    params: &[Param<'_>],
    limits: &Limits,
) -> Result<AggregateQuery, Vec<ParamError>> {
    let mut errors = Vec::new();
    let tree = tree::read(params, AGGREGATE_WORDS, limits, &mut errors);
    let mut reader = Reader::new(schema, limits, errors);
    let query = reader.aggregate(entity, &tree);
    reader.finish(query)
}

impl<'a> Reader<'a> {
    fn aggregate(&mut self, entity: &'a EntityInfo, tree: &Map<String, Json>) -> Option<AggregateQuery> {
        let filter = tree.get("filter").and_then(|json| self.filter(entity, json));
        let search = tree.get("search").and_then(|json| self.search(entity, json));
        let group = tree
            .get("groupBy")
            .map(|json| self.at("groupBy", |reader| reader.group_by(entity, json)))
            .unwrap_or_default();
        let mut values = Vec::new();
        for (word, computation) in COMPUTATIONS {
            if let Some(json) = tree.get(word) {
                self.at(word, |reader| reader.computations(entity, word, computation, json, &mut values));
            }
        }
        if values.is_empty() {
            values.push(("count".to_owned(), Computation::Count, None));
        }
        if values.len() > self.limits.aggregates {
            return self.wrong(
                "too_many",
                format!("{} aggregates: the limit is {}", values.len(), self.limits.aggregates),
            );
        }
        let sort = tree
            .get("sort")
            .map(|json| self.at("sort", |reader| reader.group_sort(json, &group, &values)))
            .unwrap_or_default();
        let limit = match tree.get("limit") {
            Some(json) => self.at("limit", |reader| reader.bounded(json, 1, reader.limits.groups_max)),
            None => Some(self.limits.groups_max),
        };
        let offset = match tree.get("offset") {
            Some(json) => self.at("offset", |reader| reader.bounded(json, 0, reader.limits.offset_max)),
            None => Some(0),
        };
        Some(AggregateQuery {
            entity: entity.ix,
            filter,
            search,
            group,
            values,
            sort,
            limit: limit?,
            offset: offset?,
        })
    }

    fn group_by(&mut self, entity: &'a EntityInfo, json: &Json) -> Vec<GroupBy> {
        let mut keys: Vec<GroupBy> = Vec::new();
        for word in self.words(json, self.limits.sort) {
            let (name, unit) = match word.split_once(':') {
                Some((name, unit)) => (name, Some(unit)),
                None => (word.as_str(), None),
            };
            let Some(path) = self.path(entity, name) else { continue };
            let Some(unit) = self.unit(&path, unit) else { continue };
            let json = format!("group.{name}");
            let nests = |other: &str| other == json || other.starts_with(&format!("{json}.")) || json.starts_with(&format!("{other}."));
            if keys.iter().any(|key| nests(&key.json)) {
                self.wrong::<()>("twice", format!("`{name}` is there twice"));
            } else if !is_groupable(&path.at.ty) {
                self.wrong::<()>("wrong_type", format!("rows can't be grouped by `{name}`"));
            } else {
                keys.push(GroupBy { json, path, unit });
            }
        }
        keys
    }

    /// The outer `None` is a unit that does not fit.
    fn unit(&mut self, path: &FieldPath, unit: Option<&str>) -> Option<Option<TimeUnit>> {
        let Some(word) = unit else { return Some(None) };
        let Some((_, unit)) = UNITS.iter().find(|(known, _)| *known == word) else {
            let message = unknown("unit", word, UNITS.iter().map(|(known, _)| *known));
            return self.wrong("invalid_value", message);
        };
        let fits = match path.at.ty {
            Type::Scalar(Scalar::DateTime) => true,
            Type::Scalar(Scalar::Date) => *unit != TimeUnit::Hour,
            _ => false,
        };
        if fits {
            return Some(Some(*unit));
        }
        self.wrong("wrong_type", format!("`{}` can't be cut to `{word}`", path.json))
    }

    fn computations(
        &mut self,
        entity: &'a EntityInfo,
        word: &str,
        computation: Computation,
        json: &Json,
        values: &mut Vec<(String, Computation, Option<FieldPath>)>,
    ) {
        for name in self.words(json, self.limits.aggregates) {
            if name == "*" && computation == Computation::Count {
                values.push(("count".to_owned(), computation, None));
                continue;
            }
            let Some(path) = self.path(entity, &name) else { continue };
            if !fits(computation, &path.at.ty) {
                self.wrong::<()>("wrong_type", format!("`{word}` does not fit `{name}`"));
                continue;
            }
            // `count` is a number already.
            let head = if computation == Computation::Count { "countOf" } else { word };
            let json = format!("{head}.{name}");
            let nests = |other: &str| other == json || other.starts_with(&format!("{json}.")) || json.starts_with(&format!("{other}."));
            if values.iter().any(|(other, ..)| nests(other)) {
                self.wrong::<()>("twice", format!("`{name}` is there twice"));
                continue;
            }
            values.push((json, computation, Some(path)));
        }
    }

    /// Names of the output: `-count`, `sum.price`, `group.status` or simply `status`.
    fn group_sort(&mut self, json: &Json, group: &[GroupBy], values: &[(String, Computation, Option<FieldPath>)]) -> Vec<(String, bool)> {
        let mut sort = Vec::new();
        for word in self.words(json, self.limits.sort) {
            let (desc, name) = match word.strip_prefix('-') {
                Some(name) => (true, name),
                None => (false, word.as_str()),
            };
            let known = || {
                group
                    .iter()
                    .map(|key| key.json.as_str())
                    .chain(values.iter().map(|(json, ..)| json.as_str()))
            };
            let grouped = format!("group.{name}");
            let found = known()
                .find(|known| *known == name)
                .or_else(|| known().find(|known| **known == grouped));
            match found {
                Some(found) if sort.iter().any(|(name, _): &(String, bool)| name == found) => {
                    self.wrong::<()>("twice", format!("`{name}` is there twice"));
                }
                Some(found) => sort.push((found.to_owned(), desc)),
                None => {
                    let message = unknown("name", name, known());
                    self.wrong::<()>("unknown_field", message);
                }
            }
        }
        sort
    }
}

fn is_groupable(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => scalar.is_ordered(),
        Type::Enum(_) => true,
        _ => false,
    }
}

fn fits(computation: Computation, ty: &Type) -> bool {
    match computation {
        Computation::Count => true,
        Computation::CountDistinct => is_groupable(ty),
        Computation::Sum | Computation::Avg => matches!(ty, Type::Scalar(scalar) if scalar.is_numeric()),
        // Of enums and truths databases have no smallest that they agree on.
        Computation::Min | Computation::Max => is_ordered(ty) && !matches!(ty, Type::Enum(_) | Type::Scalar(Scalar::Bool | Scalar::Uuid)),
    }
}
