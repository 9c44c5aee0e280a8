//! People: logging in and out, sessions, passwords, and what a page of another origin may not do.

use glaze_app::accounts;
use glaze_auth::users::{self, Profile};
use serde_json::{Value as Json, json};

use crate::world::{Anonymous, Caller, Reply, World};

pub const SCHEMA: &str = r#"
use glaze::schema::*;

#[entity(label = text, timestamps = false)]
#[can(read, "owner == me")]
#[can(create, "'editor' in me.roles && owner == me")]
#[can(update, "owner == me")]
pub struct Note {
    #[id]
    pub id: i64,
    pub text: String,
    pub owner: Ref<User>,
}
"#;

pub const PASSWORD: &str = "correct horse battery";
/// `pässword correct`, as Better Auth keeps it.
const BETTER_AUTH: &str = "00112233445566778899aabbccddeeff:213bc5b8819a0968457ba865d1fe4d70f449c5e59e01aba9f16c4e522c3731b187b3ae9c1de34fb5d535477c4a8c76d42cb454a804740b9dad8ca612e9831ad1";

/// Ann is an editor and has a password.
pub async fn ann(side: Caller<'_>) -> users::User {
    accounts::create(side.app(), "Ann@Example.org", "Ann", &["editor".into()], Some(PASSWORD))
        .await
        .unwrap()
}

pub async fn post(side: Caller<'_>, path: &str, body: Json) -> Reply {
    side.send(Anonymous, "POST", path, &[], &body.to_string()).await
}

pub async fn log_in(side: Caller<'_>, email: &str, password: &str) -> Reply {
    post(side, "/api/auth/login", json!({"email": email, "password": password})).await
}

/// The token of who has just logged in, as a header.
pub fn bearer(reply: &Reply) -> String {
    format!("Bearer {}", reply.json()["data"]["token"].as_str().unwrap())
}

pub async fn with(side: Caller<'_>, token: &str, method: &str, path: &str, body: &str) -> Reply {
    side.send(Anonymous, method, path, &[("authorization", token)], body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_logs_in_acts_as_themselves_and_logs_out() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            let user = ann(side).await;
            let reply = log_in(side, "ann@example.ORG", PASSWORD).await.is(200);
            assert_eq!(reply.json()["data"]["user"]["email"], "ann@example.org");
            assert_eq!(reply.json()["data"]["user"]["roles"], json!(["editor"]));
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            let cookie = reply.header("set-cookie").unwrap().to_owned();
            assert!(
                cookie.starts_with("glaze_session=gls_") && cookie.contains("HttpOnly; SameSite=Lax"),
                "{cookie}"
            );
            let token = bearer(&reply);
            let note = json!({"id": 1, "text": "Mine", "owner": user.id}).to_string();
            with(side, &token, "POST", "/api/notes", &note).await.is(201);
            let other = json!({"id": 2, "text": "Not mine", "owner": uuid::Uuid::now_v7()}).to_string();
            assert!(with(side, &token, "POST", "/api/notes", &other).await.status >= 400);
            assert_eq!(with(side, &token, "GET", "/api/notes", "").await.is(200).column("text"), ["Mine"]);
            side.get(Anonymous, "/api/notes").await.fails(403, "forbidden");
            let me = with(side, &token, "GET", "/api/auth/me", "").await.is(200).json();
            assert_eq!(me["data"]["user"]["id"], json!(user.id));
            with(side, &token, "POST", "/api/auth/logout", "").await.is(204);
            with(side, &token, "GET", "/api/notes", "").await.fails(401, "unauthenticated");
            side.get(Anonymous, "/api/auth/me").await.fails(401, "unauthenticated");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_unknown_and_what_is_wrong_are_refused_in_the_same_words() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            // Before there is any user, and any table for them.
            let nobody = log_in(side, "bob@example.org", PASSWORD).await.fails(401, "unauthenticated");
            ann(side).await;
            let wrong = log_in(side, "ann@example.org", "wrong horse battery")
                .await
                .fails(401, "unauthenticated");
            let unknown = log_in(side, "bob@example.org", PASSWORD).await.fails(401, "unauthenticated");
            let nonsense = log_in(side, "\u{0}", "").await.fails(401, "unauthenticated");
            let long = log_in(side, "ann@example.org", &"x".repeat(5000))
                .await
                .fails(401, "unauthenticated");
            for other in [&nobody, &unknown, &nonsense, &long] {
                assert_eq!(wrong.text, other.text);
                assert_eq!(wrong.header("set-cookie"), other.header("set-cookie"));
            }
            let body = json!({"email": "ann@example.org", "password": PASSWORD, "roles": ["admin"]});
            post(side, "/api/auth/login", body).await.fails(400, "invalid_body");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_is_for_pages_of_this_origin() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            let user = ann(side).await;
            let reply = log_in(side, "ann@example.org", PASSWORD).await.is(200);
            let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
            let note = |id: i64| json!({"id": id, "text": "Mine", "owner": user.id}).to_string();
            let own = [("cookie", cookie.as_str()), ("host", "shop.example")];
            side.send(Anonymous, "GET", "/api/auth/me", &own, "").await.is(200);
            for (at, header) in [
                None,
                Some(("origin", "https://evil.example")),
                Some(("origin", "null")),
                Some(("sec-fetch-site", "cross-site")),
                Some(("sec-fetch-site", "same-site")),
            ]
            .into_iter()
            .enumerate()
            {
                let mut headers = own.to_vec();
                headers.extend(header);
                for (method, path) in [
                    ("POST", "/api/notes"),
                    ("PATCH", "/api/notes/1"),
                    ("DELETE", "/api/notes/1"),
                    ("POST", "/api/auth/logout"),
                    ("POST", "/api/auth/password"),
                    ("DELETE", "/api/auth/sessions"),
                    ("POST", "/api/admin/schema/edits"),
                ] {
                    side.send(Anonymous, method, path, &headers, &note(at as i64))
                        .await
                        .fails(403, "cross_origin");
                }
            }
            for (at, header) in [("origin", "https://shop.example"), ("sec-fetch-site", "same-origin")]
                .into_iter()
                .enumerate()
            {
                let mut headers = own.to_vec();
                headers.push(header);
                side.send(Anonymous, "POST", "/api/notes", &headers, &note(at as i64)).await.is(201);
            }
            // Another origin cannot log its visitors in as somebody either.
            let body = json!({"email": "ann@example.org", "password": PASSWORD}).to_string();
            side.send(Anonymous, "POST", "/api/auth/login", &[("origin", "https://evil.example")], &body)
                .await
                .fails(403, "cross_origin");
            // A cookie that does not hold any more is never nobody, and is taken away.
            with(side, &bearer(&reply), "DELETE", "/api/auth/sessions", "").await.is(204);
            with(side, &bearer(&reply), "POST", "/api/auth/logout", "").await.is(204);
            let ended = side
                .send(Anonymous, "GET", "/api/notes", &own, "")
                .await
                .fails(401, "session_ended");
            assert!(ended.header("set-cookie").unwrap().starts_with("glaze_session=; Path=/; Max-Age=0"));
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_seen_and_ended() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            ann(side).await;
            accounts::create(side.app(), "bob@example.org", "", &[], Some(PASSWORD))
                .await
                .unwrap();
            let bob = bearer(&log_in(side, "bob@example.org", PASSWORD).await.is(200));
            let mut tokens = Vec::new();
            for _ in 0..3 {
                tokens.push(bearer(&log_in(side, "ann@example.org", PASSWORD).await.is(200)));
            }
            let all = with(side, &tokens[0], "GET", "/api/auth/sessions", "").await.is(200);
            let current: Vec<bool> = all.column("current").iter().filter_map(Json::as_bool).collect();
            assert_eq!(current, [true, false, false]);
            assert!(!all.text.contains("token") && !all.text.contains("gls_"));
            let second = all.column("id")[1].as_str().unwrap().to_owned();
            let path = format!("/api/auth/sessions/{second}");
            with(side, &bob, "DELETE", &path, "").await.fails(404, "not_found");
            with(side, &tokens[0], "DELETE", &path, "").await.is(204);
            with(side, &tokens[1], "GET", "/api/auth/me", "")
                .await
                .fails(401, "unauthenticated");
            with(side, &tokens[0], "DELETE", "/api/auth/sessions", "").await.is(204);
            with(side, &tokens[2], "GET", "/api/auth/me", "")
                .await
                .fails(401, "unauthenticated");
            with(side, &tokens[0], "GET", "/api/auth/me", "").await.is(200);
            with(side, &bob, "GET", "/api/auth/me", "").await.is(200);
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_the_other_sessions() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            ann(side).await;
            let here = bearer(&log_in(side, "ann@example.org", PASSWORD).await.is(200));
            let there = bearer(&log_in(side, "ann@example.org", PASSWORD).await.is(200));
            let change = |current: &str, password: &str| json!({"current": current, "password": password}).to_string();
            let path = "/api/auth/password";
            let short = with(side, &here, "POST", path, &change(PASSWORD, "short"))
                .await
                .fails(422, "validation");
            assert_eq!(short.json()["errors"][0]["code"], "too_short");
            with(side, &here, "POST", path, &change("wrong", "another horse"))
                .await
                .fails(401, "unauthenticated");
            with(side, &here, "POST", path, &change(PASSWORD, "another horse")).await.is(204);
            with(side, &here, "GET", "/api/auth/me", "").await.is(200);
            with(side, &there, "GET", "/api/auth/me", "").await.fails(401, "unauthenticated");
            log_in(side, "ann@example.org", PASSWORD).await.fails(401, "unauthenticated");
            log_in(side, "ann@example.org", "another horse").await.is(200);
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_roles_and_suspension_count_at_once() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            let user = ann(side).await;
            let profile = |roles: &[&str], suspended| Profile {
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                suspended,
            };
            let token = bearer(&log_in(side, "ann@example.org", PASSWORD).await.is(200));
            with(side, &token, "GET", "/api/auth/me", "").await.is(200);
            accounts::set_profile(side.app(), &user, &profile(&[], false)).await.unwrap();
            with(side, &token, "GET", "/api/auth/me", "").await.fails(401, "unauthenticated");
            let token = bearer(&log_in(side, "ann@example.org", PASSWORD).await.is(200));
            let note = json!({"id": 1, "text": "Mine", "owner": user.id}).to_string();
            with(side, &token, "POST", "/api/notes", &note).await.fails(403, "forbidden");
            accounts::set_profile(side.app(), &user, &profile(&["editor"], true)).await.unwrap();
            with(side, &token, "GET", "/api/auth/me", "").await.fails(401, "unauthenticated");
            log_in(side, "ann@example.org", PASSWORD).await.fails(403, "suspended");
            // Only who knows the password learns that.
            log_in(side, "ann@example.org", "wrong horse battery")
                .await
                .fails(401, "unauthenticated");
            accounts::set_profile(side.app(), &user, &profile(&["editor"], false))
                .await
                .unwrap();
            log_in(side, "ann@example.org", PASSWORD).await.is(200);
            assert!(
                accounts::set_profile(side.app(), &user, &profile(&["No Role"], false))
                    .await
                    .is_err()
            );
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_tries_too_often_waits() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            ann(side).await;
            for _ in 0..10 {
                log_in(side, "ann@example.org", "wrong horse battery")
                    .await
                    .fails(401, "unauthenticated");
            }
            let reply = log_in(side, "ANN@example.org", PASSWORD).await.fails(429, "too_many_requests");
            let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=31).contains(&seconds), "{seconds}");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_better_auth_logs_in_and_gets_a_hash_of_ours() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            let user = accounts::create(side.app(), "eve@example.org", "Eve", &[], None).await.unwrap();
            let live = side.app().live();
            let (model, store) = (live.schema.model(), &*live.store);
            users::set_password(model, store, user.id, BETTER_AUTH, None, false).await.unwrap();
            log_in(side, "eve@example.org", "pässword wrong")
                .await
                .fails(401, "unauthenticated");
            log_in(side, "eve@example.org", "pässword correct").await.is(200);
            let kept = users::password(model, store, user.id).await.unwrap().unwrap();
            assert!(kept.starts_with("$argon2id$"), "{kept}");
            log_in(side, "eve@example.org", "pässword correct").await.is(200);
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_about_people_is_no_content() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            ann(side).await;
            for path in ["login-sessions", "login-accounts", "login-profiles", "login-verifications"] {
                side.get(crate::world::Admin, &format!("/api/{path}")).await.fails(404, "not_found");
            }
            let users = side.get(crate::world::Admin, "/api/users").await.is(200);
            assert!(!users.text.contains("argon2") && users.text.contains("ann@example.org"));
            assert!(accounts::create(side.app(), " ANN@example.org", "", &[], None).await.is_err());
        })
        .await;
}
