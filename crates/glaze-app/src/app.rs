//! What all surfaces hold.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use glaze_auth::keys::Verifier;
use glaze_data::{Actor, cursor::Cursors, store::StoreError, write::Hooks};
use parking_lot::Mutex;

use crate::{
    Live, Problem, Settings, System,
    accounts::Accounts,
    convergence::SchemaAdmin,
    mail::{Mail, Mailbox, Mailer},
};

/// How long it is believed that the system tables are not there: looking for them is not cheap.
const MISSED: Duration = Duration::from_secs(1);

/// The application: one for each process, shared by all surfaces.
pub struct App {
    /// What the operator decided.
    pub settings: Settings,
    /// Code of the application around writes.
    pub hooks: Arc<Hooks>,
    /// Nobody, ready to be lent.
    pub anonymous: Arc<Actor>,
    /// Mails that were caught, in development.
    pub mailbox: Mailbox,
    pub(crate) accounts: Accounts,
    pub(crate) verifier: Verifier,
    pub(crate) cursors: Cursors,
    live: ArcSwap<Live>,
    system: Arc<dyn System>,
    system_present: AtomicBool,
    /// When they were last looked for in vain.
    system_missed: Mutex<Option<Instant>>,
    pending_migrations: ArcSwap<Vec<String>>,
    stopping: AtomicBool,
    schema_admin: OnceLock<Arc<dyn SchemaAdmin>>,
    mailer: OnceLock<Arc<dyn Mailer>>,
}

impl App {
    /// An application that serves `live`.
    pub fn new(settings: Settings, hooks: Hooks, live: Live, system: Arc<dyn System>) -> Arc<App> {
        let cursors = Cursors::new(&settings.cursor_secret);
        Arc::new(App {
            settings,
            hooks: Arc::new(hooks),
            anonymous: Arc::new(Actor::Anonymous),
            mailbox: Mailbox::default(),
            accounts: Accounts::default(),
            verifier: Verifier::default(),
            cursors,
            live: ArcSwap::from_pointee(live),
            system,
            system_present: AtomicBool::new(false),
            system_missed: Mutex::new(None),
            pending_migrations: ArcSwap::default(),
            stopping: AtomicBool::new(false),
            schema_admin: OnceLock::new(),
            mailer: OnceLock::new(),
        })
    }

    /// What is being served. A request takes it once and stays with it to its end.
    pub fn live(&self) -> Arc<Live> {
        self.live.load_full()
    }

    /// Serves another schema from now on. Requests that have begun finish with the former one.
    pub fn replace(&self, live: Live) {
        self.live.store(Arc::new(live));
    }

    /// Tells which migrations wait to be applied; while there are any, the node is not ready.
    pub fn set_pending_migrations(&self, pending: Vec<String>) {
        self.pending_migrations.store(Arc::new(pending));
    }

    /// Migrations that wait to be applied.
    pub fn pending_migrations(&self) -> Vec<String> {
        self.pending_migrations.load().as_ref().clone()
    }

    /// Hands over what administers the schema, once; an application without it, and every one in production, has no such routes.
    pub fn administered_by(&self, admin: Arc<dyn SchemaAdmin>) {
        let _ = self.schema_admin.set(admin);
    }

    pub(crate) fn schema_admin(&self) -> Option<Arc<dyn SchemaAdmin>> {
        self.schema_admin.get().cloned()
    }

    /// Hands over what sends mails, once. Without it mails are caught in development, and cannot be sent in production.
    pub fn mails_by(&self, mailer: Arc<dyn Mailer>) {
        let _ = self.mailer.set(mailer);
    }

    /// Sends a mail, or catches it in development.
    pub(crate) async fn send(&self, mail: Mail) -> Result<(), Problem> {
        if !self.settings.production {
            self.mailbox.catch(mail);
            return Ok(());
        }
        match self.mailer.get() {
            Some(mailer) => mailer.send(&mail).await.map_err(Problem::internal),
            None => Err(Problem::internal("a mail can't be sent: `[mail]` is missing in glaze.toml")),
        }
    }

    /// The node takes its leave: no longer ready, still answering.
    pub fn begin_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the node takes its leave.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Whether the system tables are there. Once they are, they stay.
    ///
    /// # Errors
    /// By the database.
    pub async fn has_system(&self) -> Result<bool, StoreError> {
        if self.system_present.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let missed = *self.system_missed.lock();
        if missed.is_some_and(|at| at.elapsed() < MISSED) {
            return Ok(false);
        }
        let present = self.system.present().await?;
        self.system_present.store(present, Ordering::Relaxed);
        *self.system_missed.lock() = (!present).then(Instant::now);
        Ok(present)
    }

    /// Makes the system tables, where they are missing.
    ///
    /// # Errors
    /// By the database.
    pub async fn ensure_system(&self) -> Result<(), StoreError> {
        if !self.system_present.load(Ordering::Relaxed) {
            self.system.ensure().await?;
            self.system_present.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.settings).finish_non_exhaustive()
    }
}
