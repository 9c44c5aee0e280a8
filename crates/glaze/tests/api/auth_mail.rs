//! What is mailed to people and comes back: a new password, a verified address, logging in without a password, an invitation.

use std::{sync::Arc, time::Duration};

use glaze_app::{App, accounts};
use serde_json::json;

use crate::{
    auth::{PASSWORD, SCHEMA, ann, bearer, log_in, post, with},
    world::{Admin, Anonymous, Caller, World},
};

const OPEN: &str = "[auth]\nregistration = \"open\"\n";
const INVITE: &str = "[auth]\nregistration = \"invite\"\n";

/// The text of the mail that comes after `before` others.
async fn mail(app: &Arc<App>, before: usize) -> glaze_app::mail::Mail {
    for _ in 0..200 {
        let all = app.mailbox.all();
        if all.len() > before {
            return all[0].mail.clone();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no mail came");
}

fn token(text: &str) -> String {
    let (_, rest) = text.split_once("?token=").unwrap_or_else(|| panic!("no link: {text}"));
    rest.lines().next().unwrap().to_owned()
}

/// Asks for a mail and gives its token.
async fn mailed(side: Caller<'_>, path: &str, email: &str) -> String {
    let before = side.app().mailbox.all().len();
    let reply = post(side, path, json!({"email": email})).await.is(202);
    reply.says(r#"{"data":{"mailed":true}}"#);
    let mail = mail(side.app(), before).await;
    assert_eq!(mail.to, email.to_lowercase());
    token(&mail.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_once_by_who_reads_the_mail() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            ann(side).await;
            let session = bearer(&log_in(side, "ann@example.org", PASSWORD).await.is(200));
            let unknown = post(side, "/api/auth/password/forgot", json!({"email": "bob@example.org"}))
                .await
                .is(202);
            let known = mailed(side, "/api/auth/password/forgot", "Ann@example.org").await;
            assert_eq!(unknown.text, r#"{"data":{"mailed":true}}"#);
            let reset = |password: &str| json!({"token": known, "password": password});
            let path = "/api/auth/password/reset";
            post(side, path, reset("short")).await.fails(422, "validation");
            // A token is for one thing only.
            post(side, "/api/auth/magic-link/login", json!({"token": known}))
                .await
                .fails(401, "unauthenticated");
            post(side, path, reset("another horse")).await.is(204);
            post(side, path, reset("a third horse")).await.fails(401, "unauthenticated");
            with(side, &session, "GET", "/api/auth/me", "").await.fails(401, "unauthenticated");
            log_in(side, "ann@example.org", PASSWORD).await.fails(401, "unauthenticated");
            log_in(side, "ann@example.org", "another horse").await.is(200);
            assert_eq!(side.app().mailbox.all().len(), 1, "nobody else got a mail");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_magic_link_logs_in_once() {
    let world = World::new(SCHEMA).await;
    world
        .each(async |side| {
            ann(side).await;
            let link = mailed(side, "/api/auth/magic-link", "ann@example.org").await;
            // Programs that look at mails open the link: that changes nothing.
            let page = side
                .get(Anonymous, &format!("/api/auth/magic-link/login?token={link}"))
                .await
                .is(200);
            assert!(page.text.contains("../page/page.js") && !page.text.contains(&link));
            let csp = page.header("content-security-policy").unwrap();
            assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe"), "{csp}");
            side.get(Anonymous, "/api/auth/page/page.js").await.is(200);
            side.get(Anonymous, "/api/auth/page/x").await.fails(404, "not_found");
            let body = json!({"token": link});
            let session = bearer(&post(side, "/api/auth/magic-link/login", body.clone()).await.is(200));
            with(side, &session, "GET", "/api/auth/me", "").await.is(200);
            post(side, "/api/auth/magic-link/login", body).await.fails(401, "unauthenticated");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_is_for_everybody_where_it_is_open_and_tells_nobody_who_has_an_account() {
    let world = World::configured(SCHEMA, OPEN).await;
    world
        .each(async |side| {
            ann(side).await;
            let register = |email: &str| json!({"email": email, "name": "Bob", "password": PASSWORD});
            let path = "/api/auth/register";
            let taken = post(side, path, register("ann@example.org")).await.is(202);
            assert!(!mail(side.app(), 0).await.text.contains("token="));
            let new = post(side, path, register("bob@example.org")).await.is(202);
            assert_eq!(taken.text, new.text);
            let verify = token(&mail(side.app(), 1).await.text);
            let unverified = log_in(side, "bob@example.org", PASSWORD).await.fails(401, "unauthenticated");
            let nobody = log_in(side, "carl@example.org", PASSWORD).await.fails(401, "unauthenticated");
            assert_eq!(unverified.text, nobody.text);
            post(side, "/api/auth/verify", json!({"token": verify})).await.is(204);
            post(side, "/api/auth/verify", json!({"token": verify}))
                .await
                .fails(401, "unauthenticated");
            let reply = log_in(side, "bob@example.org", PASSWORD).await.is(200);
            assert_eq!(reply.json()["data"]["user"]["roles"], json!([]));
            assert_eq!(reply.json()["data"]["user"]["emailVerified"], true);
            let admin = json!({"email": "eve@example.org", "password": PASSWORD, "roles": ["admin"]});
            post(side, path, admin).await.fails(400, "invalid_body");
            let mails = side.get(Admin, "/api/admin/mails").await.is(200);
            assert_eq!(mails.column("to"), ["bob@example.org", "ann@example.org"]);
            side.get(Anonymous, "/api/admin/mails").await.fails(401, "unauthenticated");
            with(side, &bearer(&reply), "GET", "/api/admin/mails", "")
                .await
                .fails(403, "forbidden");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_set_a_password_for_somebody_elses_address_is_shut_out_when_its_owner_comes() {
    let world = World::configured(SCHEMA, "[auth]\nregistration = \"open\"\nrequire_verified = false\n").await;
    world
        .each(async |side| {
            let register = json!({"email": "ann@example.org", "password": "the thief's own"});
            post(side, "/api/auth/register", register).await.is(202);
            mail(side.app(), 0).await;
            let thief = bearer(&log_in(side, "ann@example.org", "the thief's own").await.is(200));
            let link = mailed(side, "/api/auth/magic-link", "ann@example.org").await;
            post(side, "/api/auth/magic-link/login", json!({"token": link})).await.is(200);
            with(side, &thief, "GET", "/api/auth/me", "").await.fails(401, "unauthenticated");
            log_in(side, "ann@example.org", "the thief's own")
                .await
                .fails(401, "unauthenticated");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_one_account_with_its_roles() {
    let closed = World::new(SCHEMA).await;
    let body = json!({"email": "bob@example.org", "password": PASSWORD});
    closed
        .post(Anonymous, "/api/auth/register", body.clone())
        .await
        .fails(403, "forbidden");
    for app in closed.apps() {
        assert!(accounts::invite(app, "bob@example.org", &[]).await.is_err());
    }
    let world = World::configured(SCHEMA, INVITE).await;
    world.post(Anonymous, "/api/auth/register", body).await.fails(403, "forbidden");
    world
        .each(async |side| {
            let link = accounts::invite(side.app(), "Bob@example.org", &["editor".into()]).await.unwrap();
            assert!(link.starts_with("http://127.0.0.1:4000/api/auth/register?token=glv_"), "{link}");
            let body = json!({"token": token(&link), "name": "Bob", "password": PASSWORD});
            let reply = post(side, "/api/auth/register", body.clone()).await.is(201);
            assert_eq!(reply.json()["data"]["user"]["email"], "bob@example.org");
            assert_eq!(reply.json()["data"]["user"]["roles"], json!(["editor"]));
            post(side, "/api/auth/register", body).await.fails(401, "unauthenticated");
            log_in(side, "bob@example.org", PASSWORD).await.is(200);
        })
        .await;
}
