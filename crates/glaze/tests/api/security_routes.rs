//! Every address there is, with who may come there. A new route fails here until somebody has said so.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use glaze_app::{App, Live, NoSystem, Settings};
use tower::ServiceExt;

use crate::journal::journal;

/// Who may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Permission {
    /// Everybody: nothing there depends on who asks.
    Public,
    /// The rules of the schema decide, row by row.
    Rules,
    /// Whoever proves who they are there; refused without.
    Identity,
    /// Holders of the role `admin`, in development only.
    Development,
}

use Permission::*;

const ROUTES: &[(&str, Permission)] = &[
    // Whatever is nowhere else: the way to the documentation, or a 404.
    ("/", Public),
    ("/api/{entity}", Rules),
    ("/api/{entity}/{id}", Rules),
    ("/api/{entity}/aggregate", Rules),
    ("/api/openapi.json", Public),
    ("/api/docs", Public),
    ("/api/docs/{file}", Public),
    ("/healthz", Public),
    ("/readyz", Public),
    ("/metrics", Public),
    ("/api/auth/login", Identity),
    ("/api/auth/logout", Identity),
    ("/api/auth/register", Identity),
    ("/api/auth/me", Identity),
    ("/api/auth/sessions", Identity),
    ("/api/auth/sessions/{id}", Identity),
    ("/api/auth/password", Identity),
    ("/api/auth/password/forgot", Identity),
    ("/api/auth/password/reset", Identity),
    ("/api/auth/verify", Identity),
    ("/api/auth/verify/send", Identity),
    ("/api/auth/magic-link", Identity),
    ("/api/auth/magic-link/login", Identity),
    ("/api/auth/page/{file}", Public),
    ("/api/admin/mails", Development),
    ("/api/admin/schema", Development),
    ("/api/admin/schema/preview", Development),
    ("/api/admin/schema/edits", Development),
    ("/api/admin/schema/undo", Development),
    ("/api/admin/convergence", Development),
    ("/api/admin/convergence/diff", Development),
    ("/api/admin/convergence/accept", Development),
    ("/api/admin/convergence/reject", Development),
    ("/api/admin/convergence/apply", Development),
    ("/api/admin/convergence/migrations", Development),
    ("/api/admin/convergence/migrations/repair", Development),
];

/// The addresses of a router, as the router itself tells them.
fn addresses(router: &Router) -> BTreeSet<String> {
    let told = format!("{router:?}");
    let quoted = told.split('"').skip(1).step_by(2);
    quoted
        .filter(|text| text.starts_with('/') && !text.contains("__private__"))
        .map(str::to_owned)
        .collect()
}

fn declared(production: bool) -> BTreeSet<String> {
    let there = |(_, permission): &&(&str, Permission)| !production || *permission != Development;
    ROUTES.iter().filter(there).map(|(path, _)| (*path).to_owned()).collect()
}

fn served(app: &Arc<App>, production: bool) -> Router {
    let live = app.live();
    let settings = Settings {
        production,
        ..Settings::default()
    };
    let live = Live::new(live.schema.clone(), live.store.clone());
    glaze_server::router(App::new(settings, glaze_data::write::Hooks::default(), live, Arc::new(NoSystem)))
}

async fn status(router: &Router, method: &str, path: &str) -> StatusCode {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "application/json").body(Body::from("{}")).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_says_who_may_come() {
    let world = journal().await;
    for app in world.apps() {
        for production in [false, true] {
            let router = served(app, production);
            assert_eq!(
                addresses(&router),
                declared(production),
                "say in ROUTES who may come to a new address (production: {production})"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn development_is_not_there_in_production_and_closed_to_strangers_elsewhere() {
    let world = journal().await;
    let app = world.apps().next().unwrap().clone();
    let (development, production) = (served(&app, false), served(&app, true));
    for (_, path) in glaze_server::development_routes() {
        assert!(ROUTES.contains(&(path, Development)), "{path}");
    }
    for (path, _) in ROUTES.iter().filter(|(_, permission)| *permission == Development) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert_eq!(status(&production, method, path).await, 404, "{method} {path}");
            let stranger = status(&development, method, path).await;
            assert!(matches!(stranger.as_u16(), 401 | 403 | 404 | 405), "{method} {path}: {stranger}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_hold_opens_nothing_anywhere() {
    let world = journal().await;
    let router = served(world.apps().next().unwrap(), false);
    // Leaving works for whoever is not there, and tells nothing.
    let closed = |(path, permission): &&(&str, Permission)| *permission != Public && *path != "/api/auth/logout";
    for (path, permission) in ROUTES.iter().filter(closed) {
        let path = path.replace("{entity}", "posts").replace("{id}", &crate::journal::id(2, 1));
        for method in ["GET", "POST", "PATCH", "PUT", "DELETE"] {
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header("authorization", "Bearer glz_no");
            let request = request.header("content-type", "application/json").body(Body::from("{}")).unwrap();
            let status = router.clone().oneshot(request).await.unwrap().status();
            let fine = status.is_success() || status.is_redirection();
            assert!(!fine, "{method} {path} ({permission:?}): {status}");
        }
    }
}
