//! One change at a time: those of the admin API, and those of somebody who saves a file.

use std::time::Duration;

use glaze_app::{Problem, problem};
use glaze_source::SourceFile;
use tokio::sync::{Mutex, MutexGuard};

/// How long a request waits for another change; a person who is asked in a terminal may take longer.
const WAIT: Duration = Duration::from_secs(15);

/// Whose turn it is to change files and database.
#[derive(Default)]
pub(crate) struct Turns(Mutex<Option<Vec<SourceFile>>>);

/// A turn: nobody else changes anything while it is held.
pub(crate) struct Turn<'t>(MutexGuard<'t, Option<Vec<SourceFile>>>);

impl Turns {
    /// Waits as long as it takes.
    pub(crate) async fn take(&self) -> Turn<'_> {
        Turn(self.0.lock().await)
    }

    /// Waits for as long as a request may.
    pub(super) async fn soon(&self) -> Result<Turn<'_>, Problem> {
        tokio::time::timeout(WAIT, self.take()).await.map_err(|_| {
            Problem::new(
                &problem::CONFLICT,
                "Another change is being made; perhaps a question waits for an answer in the terminal. Try again after it.",
            )
        })
    }
}

impl Turn<'_> {
    /// These files are served already: who sees them saved has nothing to do.
    pub(super) fn served(&mut self, files: Vec<SourceFile>) {
        *self.0 = Some(files);
    }

    /// Whether these files are the ones that a change of the admin API has written last, and serves.
    pub(crate) fn has_served(&mut self, files: &[SourceFile]) -> bool {
        // Asked once for each save: what is saved later is looked at again, even when it goes back to these.
        self.0.take().is_some_and(|served| served == files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<SourceFile> {
        vec![SourceFile {
            path: "schema.rs".into(),
            text: text.into(),
        }]
    }

    #[tokio::test]
    async fn what_was_served_is_known_until_something_else_is_saved() {
        let turns = Turns::default();
        turns.take().await.served(files("a"));
        assert!(turns.take().await.has_served(&files("a")));
        turns.take().await.served(files("a"));
        assert!(!turns.take().await.has_served(&files("b")));
        assert!(!turns.take().await.has_served(&files("a")), "gone back by hand: looked at again");
    }
}
