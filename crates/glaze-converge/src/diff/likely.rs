//! How likely it is that what is gone goes on under another name: by what it holds, what it refers to, its name and its place. Says
//! nothing of whether it does; that is asked.

use crate::catalog::{Catalog, Column, ObjectName, Table};
use crate::dialect::CatalogDialect;
use crate::text;
use glaze_model::Scalar;

/// Names as near as that are probably the same, written otherwise.
const NEAR: f64 = 0.8;

/// Columns that most tables have: they say nothing of which table it is.
const COMMON: [&str; 3] = ["id", "created_at", "updated_at"];

/// Types between which values move without loss, or nearly so.
#[derive(Debug, Clone, PartialEq)]
enum Family {
    Text,
    Integer,
    /// Decimals, money and floats.
    Fraction,
    Bool,
    /// Dates and times of a day.
    Day,
    Time,
    Duration,
    Json,
    Uuid,
    Bytes,
    Point,
    /// With its values.
    Enum(Vec<String>),
    List(Box<Family>),
    /// A type that only the database understands.
    Other(String),
}

/// A column with what its table and catalog say of it.
pub(super) struct Candidate<'a> {
    column: &'a Column,
    place: usize,
    family: Family,
    /// The table it refers to by itself.
    target: Option<&'a ObjectName>,
    /// That table is there on the other side too: it has no other name there.
    settled: bool,
}

impl<'a> Candidate<'a> {
    pub(super) fn new(
        (catalog, other): (&Catalog, &Catalog),
        table: &'a Table,
        place: usize,
        dialect: &dyn CatalogDialect,
    ) -> Candidate<'a> {
        let column = &table.columns[place];
        let target = table.foreign_keys.iter().find(|key| key.columns == [column.name.as_str()]);
        Candidate {
            column,
            place,
            family: family(catalog, table, column, dialect),
            target: target.map(|key| &key.target),
            settled: target.is_some_and(|key| other.table(&key.target).is_some()),
        }
    }

    pub(super) fn name(&self) -> &'a str {
        &self.column.name
    }

    /// How much speaks for it that `new` is this column under another name; none when it holds something else.
    pub(super) fn likeness(&self, new: &Candidate<'_>) -> Option<f64> {
        let near = strsim::jaro_winkler(self.name(), new.name());
        let generated = self.column.generated.is_some() == new.column.generated.is_some();
        let apart = self.settled || new.settled;
        let elsewhere = apart && self.target.zip(new.target).is_some_and(|(old, new)| old != new);
        let same_target = self.target == new.target;
        let exact = self.column.ty == new.column.ty && self.column.generated == new.column.generated;
        let values = match (&self.family, &new.family) {
            (Family::Enum(old), Family::Enum(new)) => overlap(old, new),
            (old, new) if old == new => true,
            (old, new) => near > NEAR && related(old, new),
        };
        if !generated || elsewhere || !values || !(exact || same_target || near > NEAR) {
            return None;
        }
        let by_place = 1.0 / (1.0 + self.place.abs_diff(new.place) as f64);
        let small = |holds: bool, weight: f64| if holds { weight } else { 0.0 };
        let nullable = small(self.column.nullable == new.column.nullable, 0.1);
        Some(near + by_place + nullable + small(exact, 0.3) + small(same_target && self.target.is_some(), 0.5))
    }
}

fn overlap(old: &[String], new: &[String]) -> bool {
    old.is_empty() || new.is_empty() || old.iter().any(|value| new.contains(value))
}

/// Different families between which a column moves when its name says so.
fn related(old: &Family, new: &Family) -> bool {
    use Family as F;
    match (old, new) {
        (F::Integer | F::Fraction, F::Integer | F::Fraction)
        | (F::Text | F::Enum(_), F::Text | F::Enum(_))
        | (F::Json, F::List(_))
        | (F::List(_), F::Json)
        | (F::Text, F::Uuid | F::Json) => true,
        (F::List(old), F::List(new)) => old == new || related(old, new),
        _ => false,
    }
}

fn family(catalog: &Catalog, table: &Table, column: &Column, dialect: &dyn CatalogDialect) -> Family {
    let named = |item: &&crate::catalog::EnumDef| text::mentions(&column.ty, &item.name.name);
    if let Some(item) = catalog.enums.iter().find(named) {
        let values = Family::Enum(item.values.clone());
        return match column.ty.ends_with("[]") {
            true => Family::List(Box::new(values)),
            false => values,
        };
    }
    let Some(read) = dialect.read_type(&column.ty) else {
        return Family::Other(column.ty.clone());
    };
    let family = of_scalar(read.scalar);
    let listed = || {
        table
            .checks
            .iter()
            .filter_map(|check| dialect.check_values(&check.expr))
            .find_map(|found| (found.column == column.name && found.list == read.list).then_some(found.values))
    };
    let family = match family {
        Family::Text => listed().map_or(Family::Text, Family::Enum),
        other => other,
    };
    match read.list {
        true => Family::List(Box::new(family)),
        false => family,
    }
}

fn of_scalar(scalar: Scalar) -> Family {
    match scalar {
        Scalar::Bool => Family::Bool,
        Scalar::I16 | Scalar::I32 | Scalar::I64 => Family::Integer,
        Scalar::F32 | Scalar::F64 | Scalar::Decimal | Scalar::Money => Family::Fraction,
        Scalar::String | Scalar::Text | Scalar::Email | Scalar::Url | Scalar::Slug | Scalar::Color => Family::Text,
        Scalar::Uuid => Family::Uuid,
        Scalar::Date | Scalar::DateTime => Family::Day,
        Scalar::Time => Family::Time,
        Scalar::Duration => Family::Duration,
        Scalar::Json | Scalar::RichText => Family::Json,
        Scalar::Bytes => Family::Bytes,
        Scalar::Point => Family::Point,
    }
}

/// How much speaks for it that table `b` is table `a` under another name; none when too little does.
pub(super) fn tables((from, a): (&Catalog, &Table), (to, b): (&Catalog, &Table), dialect: &dyn CatalogDialect) -> Option<f64> {
    let near = strsim::jaro_winkler(&a.name.name, &b.name.name);
    let own = |table: &Table| {
        let places = (0..table.columns.len()).filter(|at| !COMMON.contains(&table.columns[*at].name.as_str()));
        places.collect::<Vec<_>>()
    };
    let (mine, other) = (own(a), own(b));
    let goes_on = |at: &&usize| {
        let column = &a.columns[**at];
        let place = b.columns.iter().position(|other| other.name == column.name);
        place.is_some_and(|place| {
            b.columns[place].ty == column.ty || family(from, a, column, dialect) == family(to, b, &b.columns[place], dialect)
        })
    };
    let same = mine.iter().filter(goes_on).count();
    let share = match mine.len() + other.len() {
        // Nothing but a key: only the name speaks.
        0 => return (near > NEAR).then_some(near),
        all => 2.0 * same as f64 / all as f64,
    };
    let enough = if near > NEAR { 0.3 } else { 0.5 };
    // One column in common is a coincidence, unless there is hardly another.
    let coincidence = same == 1 && mine.len() > 2 && other.len() > 2;
    (share > enough && !coincidence).then_some(share + near / 4.0)
}

/// Whether an enum goes on as another one: most of its values do.
pub(super) fn enums(old: &[String], new: &[String]) -> Option<f64> {
    let same = old.iter().filter(|value| new.contains(value)).count();
    let share = 2.0 * same as f64 / (old.len() + new.len()).max(1) as f64;
    (share >= 0.5).then_some(share)
}

/// Pairs of positions, the likeliest first, each position once.
pub(super) fn best(old: usize, new: usize, likeness: impl Fn(usize, usize) -> Option<f64>) -> Vec<(usize, usize)> {
    let mut all: Vec<(f64, usize, usize)> = (0..old)
        .flat_map(|a| (0..new).map(move |b| (a, b)))
        .filter_map(|(a, b)| likeness(a, b).map(|score| (score, a, b)))
        .collect();
    all.sort_by(|one, two| two.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(two.1, two.2))));
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (_, a, b) in all {
        if !out.iter().any(|(x, y)| *x == a || *y == b) {
            out.push((a, b));
        }
    }
    out
}
