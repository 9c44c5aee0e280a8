//! Mail: the port behind which it is sent, and the box that catches it in development.

use std::{collections::VecDeque, sync::OnceLock};

use async_trait::async_trait;
use jiff::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;

/// How many caught mails are kept.
const KEPT: usize = 100;

/// A mail to one person, in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// Why a mail was not sent.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct MailError(pub String);

/// Sends mails.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail to whoever delivers it.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// A mail that was not sent but kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caught {
    /// When.
    pub at: Timestamp,
    /// The mail.
    #[serde(flatten)]
    pub mail: Mail,
}

/// Somebody who is told of each caught mail.
type Watcher = Box<dyn Fn(&Mail) + Send + Sync>;

/// Catches mails in development: nobody gets a mail from somebody's attempts.
#[derive(Default)]
pub struct Mailbox {
    caught: Mutex<VecDeque<Caught>>,
    watcher: OnceLock<Watcher>,
}

impl Mailbox {
    /// Tells somebody of each mail from now on; the first who asks.
    pub fn watch(&self, watcher: impl Fn(&Mail) + Send + Sync + 'static) {
        let _ = self.watcher.set(Box::new(watcher));
    }

    /// The last mails, newest first.
    pub fn all(&self) -> Vec<Caught> {
        self.caught.lock().iter().rev().cloned().collect()
    }

    pub(crate) fn catch(&self, mail: Mail) {
        if let Some(watcher) = self.watcher.get() {
            watcher(&mail);
        }
        let mut caught = self.caught.lock();
        if caught.len() == KEPT {
            caught.pop_front();
        }
        caught.push_back(Caught {
            at: Timestamp::now(),
            mail,
        });
    }
}
