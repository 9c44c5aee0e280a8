//! API keys over HTTP.

use glaze_auth::keys::NewKey;

use crate::{journal::journal, world::Anonymous};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_hold_is_never_nobody() {
    let world = journal().await;
    for token in ["x", "glz_aaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""] {
        let value = format!("Bearer {token}");
        let reply = world
            .send(Anonymous, "GET", "/api/posts", &[("authorization", &value)], None)
            .await
            .fails(401, "unauthenticated");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
    }
    world
        .send(Anonymous, "GET", "/api/posts", &[("authorization", "Basic eDp5")], None)
        .await
        .fails(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_works_until_it_is_revoked_or_expires() {
    let world = journal().await;
    world
        .each(async |side| {
            let app = side.app().clone();
            let new = NewKey {
                name: "short".into(),
                roles: vec!["editor".into()],
                expires_at: None,
            };
            let key = glaze_app::keys::create(&app, new).await.unwrap();
            let value = format!("Bearer {}", key.key);
            let header = [("authorization", value.as_str())];
            let drafts = "/api/posts?filter[status]=draft&count=exact";
            let reply = side.send(Anonymous, "GET", drafts, &header, "").await.is(200);
            assert_eq!(reply.json()["page"]["total"], 3);
            assert!(
                glaze_app::keys::list(&app)
                    .await
                    .unwrap()
                    .iter()
                    .any(|known| known.id == key.record.id && known.enabled)
            );
            assert!(glaze_app::keys::revoke(&app, key.record.id).await.unwrap());
            side.send(Anonymous, "GET", drafts, &header, "").await.fails(401, "unauthenticated");
            assert!(
                glaze_app::keys::list(&app)
                    .await
                    .unwrap()
                    .iter()
                    .any(|known| known.id == key.record.id && !known.enabled)
            );

            let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_millis(300);
            let new = NewKey {
                name: "brief".into(),
                roles: vec![],
                expires_at: Some(soon),
            };
            let value = format!("Bearer {}", glaze_app::keys::create(&app, new).await.unwrap().key);
            let header = [("authorization", value.as_str())];
            side.send(Anonymous, "GET", "/api/posts", &header, "").await.is(200);
            tokio::time::sleep(std::time::Duration::from_millis(350)).await;
            side.send(Anonymous, "GET", "/api/posts", &header, "")
                .await
                .fails(401, "unauthenticated");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_that_could_not_be_written_are_refused() {
    let world = journal().await;
    for app in world.apps() {
        for role in ["", "Admin!", "a b"] {
            let new = NewKey {
                name: "x".into(),
                roles: vec![role.into()],
                expires_at: None,
            };
            assert!(glaze_app::keys::create(app, new).await.is_err(), "{role}");
        }
    }
}
