//! Who asks.

use uuid::Uuid;

/// The one on whose behalf something is read or written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Nobody is logged in: `me` is null.
    Anonymous,
    /// A user with a session (issue "Identity").
    User {
        /// `me.id`
        id: Uuid,
        /// `me.roles`
        roles: Vec<String>,
    },
    /// An API key.
    Key {
        /// Id of the key; `me.id`.
        id: Uuid,
        /// Roles granted to the key; `me.roles`.
        roles: Vec<String>,
    },
    /// Glaze itself: seeding, jobs. No policy applies; private fields stay closed to every output.
    System,
}

/// The built-in role that may do everything except read private fields.
pub const ADMIN: &str = "admin";

impl Actor {
    /// `me.id`; `None` is `me == null`.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Actor::User { id, .. } | Actor::Key { id, .. } => Some(*id),
            Actor::Anonymous | Actor::System => None,
        }
    }

    /// `me.roles`.
    pub fn roles(&self) -> &[String] {
        match self {
            Actor::User { roles, .. } | Actor::Key { roles, .. } => roles,
            Actor::Anonymous | Actor::System => &[],
        }
    }

    /// Policies don't bind: the system itself and holders of the built-in role `admin`.
    pub fn is_unrestricted(&self) -> bool {
        matches!(self, Actor::System) || self.roles().iter().any(|role| role == ADMIN)
    }
}
