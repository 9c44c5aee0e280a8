//! What the operator decides: production, origins, compression, where it is mounted, hooks, another schema at run time.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response},
};
use glaze_app::{App, Live, NoSystem, Settings};
use glaze_data::{
    Schema,
    write::{Action, Hook, HookError, HookEvent, Hooks},
};
use serde_json::{Map, Value as Json, json};
use tower::ServiceExt;

use crate::{
    journal::{id, journal},
    world::{Anonymous, World},
};

/// The same content under other settings, on each database.
fn again(world: &World, settings: &Settings, hooks: &Hooks) -> Vec<Arc<App>> {
    let again = |app: &Arc<App>| {
        let live = app.live();
        App::new(
            settings.clone(),
            hooks.clone(),
            Live::new(live.schema.clone(), live.store.clone()),
            Arc::new(NoSystem),
        )
    };
    world.apps().map(again).collect()
}

async fn ask(router: Router, request: axum::http::request::Builder, body: &str) -> Response<Body> {
    router.oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

async fn json(response: Response<Body>) -> Json {
    serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_production_development_is_not_there() {
    let world = journal().await;
    for app in again(
        &world,
        &Settings {
            production: true,
            ..Settings::default()
        },
        &Hooks::default(),
    ) {
        let get = |path: &str| ask(glaze_server::router(app.clone()), Request::get(path), "");
        let (there, nowhere) = (get("/api/admin/schema").await, get("/api/admin/nowhere").await);
        assert_eq!(
            (there.status(), nowhere.status()),
            (404.try_into().unwrap(), 404.try_into().unwrap())
        );
        assert_eq!(json(there).await["code"], "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_of_named_origins_may_call() {
    let world = journal().await;
    let settings = Settings {
        cors: vec!["https://app.example".into()],
        ..Settings::default()
    };
    for app in again(&world, &settings, &Hooks::default()) {
        let router = glaze_server::router(app);
        let preflight = |origin: &str| {
            let request = Request::options("/api/posts")
                .header("origin", origin)
                .header("access-control-request-method", "PATCH");
            ask(router.clone(), request, "")
        };
        let allowed = preflight("https://app.example").await;
        assert_eq!(allowed.status(), 204);
        assert_eq!(allowed.headers()["access-control-allow-origin"], "https://app.example");
        assert!(
            preflight("https://evil.example")
                .await
                .headers()
                .get("access-control-allow-origin")
                .is_none()
        );
        let answer = ask(
            router.clone(),
            Request::get("/api/posts").header("origin", "https://app.example"),
            "",
        )
        .await;
        assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example");
        assert!(answer.headers().get_all("vary").iter().any(|vary| vary == "origin"));
        assert!(answer.headers().get("access-control-allow-credentials").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_compressed_when_asked_for_and_switched_on() {
    let world = journal().await;
    let request = || Request::get("/api/posts").header("accept-encoding", "gzip");
    for app in again(
        &world,
        &Settings {
            compression: true,
            ..Settings::default()
        },
        &Hooks::default(),
    ) {
        assert_eq!(
            ask(glaze_server::router(app), request(), "").await.headers()["content-encoding"],
            "gzip"
        );
    }
    for app in again(&world, &Settings::default(), &Hooks::default()) {
        assert!(
            ask(glaze_server::router(app), request(), "")
                .await
                .headers()
                .get("content-encoding")
                .is_none()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_mounted_anywhere() {
    let world = journal().await;
    for app in again(&world, &Settings::default(), &Hooks::default()) {
        let router = Router::new().nest("/content/v1", glaze_server::router(app));
        let answer = ask(router.clone(), Request::get(format!("/content/v1/api/posts/{}", id(2, 1))), "").await;
        assert_eq!(answer.status(), 200);
        let request = Request::post("/content/v1/api/visits").header("content-type", "application/json");
        let made = ask(router.clone(), request, r#"{"page": "/"}"#).await;
        assert!(made.headers()["location"].to_str().unwrap().starts_with("/content/v1/api/visits/"));
        let document = json(ask(router.clone(), Request::get("/content/v1/api/openapi.json"), "").await).await;
        assert_eq!(document["servers"][0]["url"], "/content/v1");
        let home = ask(router.clone(), Request::get("/content/v1"), "").await;
        assert_eq!(home.headers()["location"], "/content/v1/api/docs");
        assert_eq!(ask(router, Request::get("/content/v1/nothing"), "").await.status(), 404);
    }
}

/// Refuses the page `/no`, panics at `/panic`, and sees that every page begins with a slash.
struct Pages;

#[async_trait::async_trait]
impl Hook for Pages {
    async fn before(&self, _: &HookEvent<'_>, data: &mut Map<String, Json>) -> Result<(), HookError> {
        match data.get("page").and_then(Json::as_str).map(str::to_owned).as_deref() {
            Some("/no") => Err(HookError::new("not_this_page", "This page is not counted.").at("page")),
            Some("/panic") => panic!("a defect of the application"),
            Some(page) if !page.starts_with('/') => {
                data.insert("page".into(), format!("/{page}").into());
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_change_refuse_and_even_panic() {
    let world = journal().await;
    let mut hooks = Hooks::default();
    hooks.add("Visit", Some(Action::Create), Arc::new(Pages));
    for app in again(&world, &Settings::default(), &hooks) {
        let router = glaze_server::router(app);
        let visit = |page: &str| {
            let request = Request::post("/api/visits").header("content-type", "application/json");
            let body = json!({"page": page}).to_string();
            let router = router.clone();
            async move { ask(router, request, &body).await }
        };
        assert_eq!(json(visit("here").await).await["data"]["page"], "/here");
        let refused = visit("/no").await;
        assert_eq!(refused.status(), 422);
        let refused = json(refused).await;
        assert_eq!(
            (&refused["code"], &refused["errors"][0]["path"]),
            (&json!("not_this_page"), &json!("page"))
        );
        let broken = visit("/panic").await;
        assert_eq!(broken.status(), 500);
        assert!(broken.headers().contains_key("x-request-id"));
        assert_eq!(json(broken).await["code"], "internal");
        assert_eq!(visit("/still").await.status(), 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_schema_is_served_at_once() {
    let world = journal().await;
    for app in again(&world, &Settings::default(), &Hooks::default()) {
        let router = glaze_server::router(app.clone());
        let get = |path: &str| ask(router.clone(), Request::get(path), "");
        assert_eq!(get("/api/posts").await.status(), 200);
        assert!(json(get("/api/openapi.json").await).await["paths"].get("/api/posts").is_some());
        let live = app.live();
        let mut model = live.schema.model().clone();
        // Nothing else says anything about posts that could be read: they are closed now.
        model
            .entities
            .iter_mut()
            .find(|entity| entity.name == "Post")
            .unwrap()
            .rules
            .clear();
        let schema = Schema::new(model).unwrap();
        app.replace(Live::new(schema, live.store.clone()));
        assert_eq!(get("/api/posts").await.status(), 403);
    }
    world.get(Anonymous, "/api/posts").await.is(200);
}
