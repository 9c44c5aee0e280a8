//! `glaze apply --from URL --to STATE`: the plan that `glaze diff` shows, run and proven, or refused with every reason.

use glaze_converge::{
    migrations::Proof,
    states::{DiffReport, Status},
};
use serde::Serialize;

use super::{
    between::{Between, StateOptions, between},
    consent::{Consent, Reason, nothing_lost, reasons},
    place::Place,
};
use crate::{Error, migrate};

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplyReport {
    /// The plan; its status is `in_sync` once it has been run and proven.
    #[serde(flatten)]
    pub report: DiffReport,
    /// The database is what was asked for: nothing was refused, and what had to run has run.
    pub applied: bool,
    /// Why nothing was run.
    pub refused: Vec<Reason>,
    /// What was proven of the run; null when nothing had to run.
    pub proof: Option<Proof>,
}

/// Brings a database to a state. Nothing is run unless all of it may be.
///
/// # Errors
/// When a state can't be read, `from` is no database, a statement fails, or the database is not afterwards what it should be. Then, unless
/// the message says otherwise, all is as it was.
pub async fn apply(from: &str, to: &str, options: &StateOptions, consent: &Consent) -> Result<ApplyReport, Error> {
    let (from, to) = (Place::of(from)?, Place::of(to)?);
    let Place::Database(location) = &from else {
        return Err(Error::Config(
            "--from must be a database: give sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME".into(),
        ));
    };
    let between = between(&from, &to, options).await?;
    let refused = reasons(&between.report, &options.answers, consent);
    if !refused.is_empty() {
        return Ok(ApplyReport {
            report: between.report,
            applied: false,
            refused,
            proof: None,
        });
    }
    let (mut report, mut proof) = (between.report.clone(), None);
    if !between.plan.is_empty() {
        // Made now when it was not there: a refusal leaves no empty file behind.
        let database = location.database(true).await?;
        let still = nothing_lost(&between.report.steps, &options.answers, consent);
        let Between {
            engine,
            scope,
            plan,
            start,
            ..
        } = between;
        proof = Some(migrate::run_plan(&*database, engine, scope, &plan, &start, still).await?);
    }
    report.status = Status::InSync;
    Ok(ApplyReport {
        report,
        applied: true,
        refused,
        proof,
    })
}
