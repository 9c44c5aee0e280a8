// The entities that every project has, in the language of projects. Their tables are in the database schema `glaze` (the
// prefix `glaze_` where there are no schemas). The columns of users and keys are those of Better Auth, so that an
// application in TypeScript can share the login.

/// Somebody who can log in.
#[entity(label = name, icon = "user")]
#[db(table = "user")]
pub struct User {
    pub name: String,
    #[unique]
    pub email: Email,
    #[db(column = "emailVerified")]
    #[default(false)]
    pub email_verified: bool,
    pub image: Option<Text>,
    #[db(column = "createdAt")]
    pub created_at: DateTime,
    #[db(column = "updatedAt")]
    pub updated_at: DateTime,
}

/// A file with what is known about it.
#[entity(label = file_name, icon = "image")]
pub struct Asset {
    #[default(Other)]
    pub kind: AssetKind,
    pub file_name: String,
    pub original_name: String,
    pub mime_type: String,
    #[field(min = 0)]
    pub size: i64,
    #[field(min = 64, max = 64)]
    pub sha256: String,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub title: Option<String>,
    pub alt: Option<String>,
    pub description: Option<Text>,
    /// Where the file lies in its storage.
    #[unique]
    #[private]
    pub path: String,
}

/// What a file is, as far as forms and pickers care.
#[db(native = false)]
pub enum AssetKind {
    Image,
    Video,
    Audio,
    Document,
    Other,
}

/// A key for programs. The key itself is shown once and never kept; its hash is.
#[entity(internal, timestamps = false)]
#[db(table = "apikey")]
pub struct ApiKey {
    pub name: String,
    /// The first characters, to recognise it by.
    pub prefix: String,
    #[unique]
    #[private]
    pub key_hash: String,
    #[default([])]
    pub roles: Vec<String>,
    #[default(true)]
    pub enabled: bool,
    pub expires_at: Option<DateTime>,
    pub last_used_at: Option<DateTime>,
    #[default(now)]
    pub created_at: DateTime,
}

/// What a request with an `Idempotency-Key` was answered.
#[entity(internal, timestamps = false)]
#[db(table = "idempotency")]
#[index(expires_at)]
pub struct Idempotency {
    /// The client's key.
    #[id]
    pub key: String,
    /// Who sent it: the keys of others are never found.
    #[id]
    pub actor: String,
    pub request_hash: String,
    /// Missing while the first request is being worked on.
    pub status: Option<i32>,
    pub headers: Option<Json>,
    pub body: Option<Bytes>,
    #[default(now)]
    pub created_at: DateTime,
    pub expires_at: DateTime,
}
