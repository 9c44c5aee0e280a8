//! Counting rows, bounded in time, and showing a few.

use super::finding::Finding;
use super::{AssessOptions, Hazard};
use crate::port::{Database, DatabaseError};

/// Longest value that is shown.
const WIDTH: usize = 80;

/// Rows to be counted and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Probe {
    /// What comes after `FROM`.
    pub(super) from: String,
    /// Expressions that are shown, each with its name.
    pub(super) show: Vec<(String, String)>,
    /// What is counted.
    pub(super) count: &'static str,
}

impl Probe {
    /// Counts rows.
    pub(super) fn rows(from: String, show: Vec<(String, String)>) -> Probe {
        Probe {
            from,
            show,
            count: "count(*)",
        }
    }
}

/// Asks the database, where there is one.
pub(super) struct Prober<'a> {
    pub(super) database: Option<&'a dyn Database>,
    pub(super) options: &'a AssessOptions,
}

impl Prober<'_> {
    /// The hazard of a finding; none when it was counted and concerns nobody's row.
    pub(super) async fn hazard(&self, finding: Finding) -> Result<Option<Hazard>, DatabaseError> {
        let mut rows = finding.rows;
        let (mut samples, mut query) = (Vec::new(), None);
        if let Some(probe) = &finding.probe {
            let asked = query.insert(format!("SELECT {} FROM {}", probe.count, probe.from));
            rows = self.count(asked).await?;
            if rows.is_some_and(|rows| rows > 0) {
                samples = self.samples(probe).await?;
            }
        }
        if rows == Some(0) && !finding.always {
            return Ok(None);
        }
        let mut hazard = Hazard {
            code: finding.code.to_owned(),
            message: finding.message,
            rows,
            samples,
            blocks: finding.fails && rows.is_some_and(|rows| rows > 0),
            count: query,
        };
        if let Some(words) = self.trial(finding.trial.as_deref()).await? {
            hazard.message += &format!(": {words}");
            hazard.blocks = true;
        }
        Ok(Some(hazard))
    }

    /// The number that a query gives; none where it cannot be had.
    pub(super) async fn count(&self, query: &str) -> Result<Option<u64>, DatabaseError> {
        let rows = self.ask(query).await?;
        Ok(rows.and_then(|rows| rows.first()?.first()?.as_ref()?.parse().ok()))
    }

    async fn samples(&self, probe: &Probe) -> Result<Vec<String>, DatabaseError> {
        if probe.show.is_empty() || self.options.samples == 0 {
            return Ok(Vec::new());
        }
        let values: Vec<&str> = probe.show.iter().map(|(_, value)| value.as_str()).collect();
        let query = format!("SELECT {} FROM {} LIMIT {}", values.join(", "), probe.from, self.options.samples);
        let rows = self.ask(&query).await?.unwrap_or_default();
        let shown = |row: Vec<Option<String>>| {
            let cells = probe.show.iter().zip(row);
            let cells = cells.map(|((name, _), value)| format!("{name}={}", value.map_or("null".to_owned(), |value| cut(&value))));
            cells.collect::<Vec<_>>().join(", ")
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    /// In its own words why the database refuses a query; none when it does not, or is not asked.
    async fn trial(&self, query: Option<&str>) -> Result<Option<String>, DatabaseError> {
        let (Some(database), Some(query)) = (self.database, query) else {
            return Ok(None);
        };
        match database.probe(query, self.options.within).await {
            Ok(_) => Ok(None),
            Err(DatabaseError::Refused { message, .. }) => Ok(Some(message)),
            Err(DatabaseError::Blocked { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn ask(&self, query: &str) -> Result<Option<Vec<Vec<Option<String>>>>, DatabaseError> {
        let Some(database) = self.database else { return Ok(None) };
        match database.probe(query, self.options.within).await {
            Ok(rows) => Ok(rows),
            // Something in it is not there yet, or a value cannot be computed: then there is no number.
            Err(DatabaseError::Refused { .. } | DatabaseError::Blocked { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// On one line, and not too long.
fn cut(value: &str) -> String {
    let mut out: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WIDTH).collect();
    if value.chars().nth(WIDTH).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn long_values_are_cut_for_show() {
        assert_eq!(cut("a\nb"), "a b");
        assert_eq!(cut(&"ü".repeat(81)), format!("{}…", "ü".repeat(80)));
        assert_eq!(cut(&"ü".repeat(80)), "ü".repeat(80));
    }
}
