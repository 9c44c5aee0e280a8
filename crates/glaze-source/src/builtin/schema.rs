// The entities that every project has, in the language of projects. Their tables are in the database schema `glaze` (the
// prefix `glaze_` where there are no schemas). The columns of users and keys are those of Better Auth, so that an
// application in TypeScript can share the login.

/// Somebody who can log in. They may read themselves, and so refer to themselves.
#[entity(label = name, icon = "user")]
#[db(table = "user")]
#[can(read, "id == me.id")]
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

/// What Glaze knows of a user beyond what Better Auth does.
#[entity(internal, timestamps = false)]
#[db(table = "user_profile")]
pub struct LoginProfile {
    #[unique]
    #[on_delete(cascade)]
    #[db(column = "userId")]
    pub user: Ref<User>,
    #[default([])]
    pub roles: Vec<String>,
    /// A suspended user cannot log in.
    #[default(false)]
    pub suspended: bool,
    pub preferences: Option<Json>,
    #[default(now)]
    #[db(column = "createdAt")]
    pub created_at: DateTime,
    #[default(now)]
    #[db(column = "updatedAt")]
    pub updated_at: DateTime,
}

/// Somebody who is logged in, on one device. The token is kept as its hash.
#[entity(internal, timestamps = false)]
#[db(table = "session")]
#[index(user)]
#[index(expires_at)]
pub struct LoginSession {
    #[unique]
    #[private]
    pub token: String,
    #[on_delete(cascade)]
    #[db(column = "userId")]
    pub user: Ref<User>,
    /// Those of the profile when the session began: a change of roles ends the sessions.
    #[default([])]
    pub roles: Vec<String>,
    #[db(column = "expiresAt")]
    pub expires_at: DateTime,
    #[db(column = "ipAddress")]
    pub ip_address: Option<Text>,
    #[db(column = "userAgent")]
    pub user_agent: Option<Text>,
    #[default(now)]
    #[db(column = "createdAt")]
    pub created_at: DateTime,
    #[default(now)]
    #[db(column = "updatedAt")]
    pub updated_at: DateTime,
}

/// A way to log in: a password (`providerId` is `credential`), or a provider's account.
#[entity(internal, timestamps = false)]
#[db(table = "account")]
#[unique(provider_id, account_id)]
#[index(user)]
pub struct LoginAccount {
    #[db(column = "accountId")]
    pub account_id: String,
    #[db(column = "providerId")]
    pub provider_id: String,
    #[on_delete(cascade)]
    #[db(column = "userId")]
    pub user: Ref<User>,
    #[private]
    #[db(column = "accessToken")]
    pub access_token: Option<Text>,
    #[private]
    #[db(column = "refreshToken")]
    pub refresh_token: Option<Text>,
    #[private]
    #[db(column = "idToken")]
    pub id_token: Option<Text>,
    #[db(column = "accessTokenExpiresAt")]
    pub access_token_expires_at: Option<DateTime>,
    #[db(column = "refreshTokenExpiresAt")]
    pub refresh_token_expires_at: Option<DateTime>,
    pub scope: Option<Text>,
    #[private]
    pub password: Option<Text>,
    #[default(now)]
    #[db(column = "createdAt")]
    pub created_at: DateTime,
    #[default(now)]
    #[db(column = "updatedAt")]
    pub updated_at: DateTime,
}

/// What was mailed to somebody and is to come back once: by purpose and hash of the token.
#[entity(internal, timestamps = false)]
#[db(table = "verification")]
#[index(identifier)]
#[index(expires_at)]
pub struct LoginVerification {
    pub identifier: String,
    #[private]
    pub value: Text,
    #[db(column = "expiresAt")]
    pub expires_at: DateTime,
    #[default(now)]
    #[db(column = "createdAt")]
    pub created_at: DateTime,
    #[default(now)]
    #[db(column = "updatedAt")]
    pub updated_at: DateTime,
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
