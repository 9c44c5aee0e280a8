//! Dates and times. Where PostgreSQL would ask the session for its time zone, UTC is said.

use glaze_converge::dialect::Conversion;

use super::{Family, Way};

pub(super) fn convert(way: &Way<'_>, from: Family, to: Family) -> Conversion {
    use Family::{Date, Time, Timestamp};
    let c = &way.column;
    let utc = format!("{c} AT TIME ZONE 'UTC'");
    match (from, to) {
        (Date, Timestamp(false, _)) => way.widening(Some(way.cast())),
        (Date, Timestamp(true, _)) => Way::by_zone(way.widening(Some(format!("{c}::timestamp AT TIME ZONE 'UTC'")))),
        (Timestamp(false, _), Date) => way.lossy(Some(way.cast()), Some(format!("date_trunc('day', {c}) <> {c}"))),
        (Timestamp(true, _), Date) => {
            Way::by_zone(way.lossy(Some(format!("({utc})::date")), Some(format!("date_trunc('day', {utc}) <> ({utc})"))))
        }
        (Timestamp(false, _), Time(..)) => way.lossy(Some(way.cast()), Some(way.held())),
        (Timestamp(true, _), Time(..)) => Way::by_zone(way.lossy(Some(format!("({utc})::{}", way.to)), Some(way.held()))),
        // No value becomes another, when those that are there are meant in UTC.
        (Timestamp(false, a), Timestamp(true, b)) => Way::by_zone(precision(way, utc.clone(), a, b)),
        (Timestamp(true, _), Timestamp(false, _)) => Way::by_zone(way.lossy(Some(utc), Some(way.held()))),
        (Timestamp(_, a), Timestamp(_, b)) | (Time(true, a), Time(true, b)) | (Time(false, a), Time(false, b)) if a <= b => {
            Conversion::default()
        }
        (Timestamp(..), Timestamp(..)) | (Time(true, _), Time(true, _)) | (Time(false, _), Time(false, _)) => {
            way.lossy(Some(way.cast()), Some(format!("{} <> {c}", way.cast())))
        }
        (Time(false, _), Time(true, _)) => Way::by_zone(way.widening(Some(utc))),
        (Time(true, _), Time(false, _)) => Way::by_zone(way.lossy(Some(way.cast()), Some(way.held()))),
        _ => way.impossible(),
    }
}

fn precision(way: &Way<'_>, using: String, from: i64, to: i64) -> Conversion {
    let changes = format!("{c}::timestamp({to}) <> {c}", c = way.column);
    if from <= to {
        way.widening(Some(using))
    } else {
        way.lossy(Some(using), Some(changes))
    }
}
