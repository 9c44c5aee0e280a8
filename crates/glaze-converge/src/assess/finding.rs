//! What a family found: a hazard before anything was counted.

use super::Risk;
use super::probe::Probe;

/// A hazard and the rows that are counted for it.
pub(super) struct Finding {
    pub(super) risk: Risk,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The rows concerned.
    pub(super) probe: Option<Probe>,
    /// A query that the database refuses where the step would fail.
    pub(super) trial: Option<String>,
    /// Rows that were estimated elsewhere.
    pub(super) rows: Option<u64>,
    /// Rows found make the step fail, rather than being lost.
    pub(super) fails: bool,
    /// Said even when no row is concerned: other databases have other rows.
    pub(super) always: bool,
}

impl Finding {
    fn new(risk: Risk, code: &'static str, message: String) -> Finding {
        Finding {
            risk,
            code,
            message,
            probe: None,
            trial: None,
            rows: None,
            fails: false,
            always: true,
        }
    }

    /// Data is lost.
    pub(super) fn lost(code: &'static str, message: String, probe: Option<Probe>) -> Finding {
        Finding {
            probe,
            ..Finding::new(Risk::Destructive, code, message)
        }
    }

    /// Fails on the rows that the probe finds; of no concern when there are none.
    pub(super) fn fails(code: &'static str, message: String, probe: Option<Probe>) -> Finding {
        Finding {
            probe,
            fails: true,
            always: false,
            ..Finding::new(Risk::Caution, code, message)
        }
    }

    /// To be thought of.
    pub(super) fn caution(code: &'static str, message: String) -> Finding {
        Finding::new(Risk::Caution, code, message)
    }

    /// Good to know.
    pub(super) fn note(code: &'static str, message: String) -> Finding {
        Finding::new(Risk::Safe, code, message)
    }
}
