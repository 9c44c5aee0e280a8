//! `/api/auth/…`: people. Every answer is for who asked and for nobody else to keep.

mod client;
mod cookie;
mod mails;
pub(crate) mod origin;
mod pages;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
    routing::any,
};
use glaze_app::{
    App, Problem,
    accounts::{self, Client, Entered, Later, Registered},
    convergence, problem,
};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::{actor, answer, body, content, edge};

pub(crate) use cookie::{clear, session};
pub(crate) use mails::mails;

/// What can be asked: by path, with the methods it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Login,
    Logout,
    Register,
    Me,
    Sessions,
    Session,
    Password,
    Forgot,
    Reset,
    Verify,
    SendVerification,
    Link,
    LinkLogin,
    PageFile,
}

impl Place {
    const ALL: [Place; 14] = [
        Place::Login,
        Place::Logout,
        Place::Register,
        Place::Me,
        Place::Sessions,
        Place::Session,
        Place::Password,
        Place::Forgot,
        Place::Reset,
        Place::Verify,
        Place::SendVerification,
        Place::Link,
        Place::LinkLogin,
        Place::PageFile,
    ];

    const fn path(self) -> &'static str {
        match self {
            Place::Login => "/api/auth/login",
            Place::Logout => "/api/auth/logout",
            Place::Register => "/api/auth/register",
            Place::Me => "/api/auth/me",
            Place::Sessions => "/api/auth/sessions",
            Place::Session => "/api/auth/sessions/{id}",
            Place::Password => "/api/auth/password",
            Place::Forgot => "/api/auth/password/forgot",
            Place::Reset => "/api/auth/password/reset",
            Place::Verify => "/api/auth/verify",
            Place::SendVerification => "/api/auth/verify/send",
            Place::Link => "/api/auth/magic-link",
            Place::LinkLogin => "/api/auth/magic-link/login",
            Place::PageFile => "/api/auth/page/{file}",
        }
    }

    const fn allow(self) -> &'static str {
        match self {
            Place::Me | Place::PageFile => "GET, HEAD, OPTIONS",
            Place::Sessions => "GET, HEAD, DELETE, OPTIONS",
            Place::Session => "DELETE, OPTIONS",
            Place::Register | Place::Reset | Place::Verify | Place::LinkLogin => "GET, HEAD, POST, OPTIONS",
            Place::Login | Place::Logout | Place::Password | Place::Forgot | Place::SendVerification | Place::Link => "POST, OPTIONS",
        }
    }
}

/// The routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Place::ALL.into_iter().fold(Router::new(), |router, place| {
        let handle = move |app: Arc<App>, request: Request| answered(place, app, request);
        router.route(
            place.path(),
            any(move |State(app): State<Arc<App>>, request: Request| edge::run(app, request, handle)),
        )
    })
}

async fn answered(place: Place, app: Arc<App>, request: Request) -> Result<Response, Problem> {
    let method = match *request.method() {
        Method::HEAD => "GET",
        ref other => other.as_str(),
    };
    if !place.allow().split(", ").any(|allowed| allowed == method) || method == "OPTIONS" {
        return Ok(edge::methods(request.method(), place.allow()));
    }
    if method == "GET" && !matches!(place, Place::Me | Place::Sessions) {
        if actor::has_token(request.headers()) && place != Place::PageFile {
            // What is presented and does not hold opens nothing, not even a page that is for everybody.
            actor::of(&app, request.headers()).await?;
        }
        return pages::show(request.uri());
    }
    let removes = method == "DELETE";
    let (parts, sent) = request.into_parts();
    let sent = match method_has_body(&parts, place) {
        true => body::parse(&app, &body::read(&app, &parts.headers, sent).await?)?,
        false => Json::Null,
    };
    // What was begun is finished when the client goes away.
    let mut response = content::finish(async move { asked(place, removes, app, parts, sent).await }).await?;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn method_has_body(parts: &Parts, place: Place) -> bool {
    parts.method == Method::POST && !matches!(place, Place::Logout | Place::SendVerification)
}

async fn asked(place: Place, removes: bool, app: Arc<App>, parts: Parts, sent: Json) -> Result<Response, Problem> {
    let client = client::of(&app, &parts);
    match place {
        Place::Login => entered(&app, &accounts::login(&app, form(sent)?, &client).await?, StatusCode::OK),
        Place::LinkLogin => entered(&app, &accounts::link_login(&app, form(sent)?, &client).await?, StatusCode::OK),
        Place::Register => match accounts::register(&app, form(sent)?, &client).await? {
            Registered::Entered(one) => entered(&app, &one, StatusCode::CREATED),
            Registered::Mailed(later) => Ok(mailed(later)),
        },
        Place::Forgot => Ok(mailed(accounts::forgot(&app, form(sent)?, &client)?)),
        Place::Link => Ok(mailed(accounts::link(&app, form(sent)?, &client)?)),
        Place::Reset => {
            accounts::reset(&app, form(sent)?, &client).await?;
            Ok(answer::no_content())
        }
        Place::Verify => {
            accounts::verify(&app, form(sent)?, &client).await?;
            Ok(answer::no_content())
        }
        Place::Logout => logout(&app, &parts.headers).await,
        Place::Me => {
            let (actor, session) = actor::with_session(&app, &parts.headers).await?;
            shown(&accounts::me(&app, &actor, session).await?)
        }
        Place::Sessions | Place::Session | Place::Password | Place::SendVerification => {
            own(place, removes, &app, &parts, sent, &client).await
        }
        Place::PageFile => Err(Problem::new(&problem::NOT_FOUND, "There is nothing at this address.")),
    }
}

/// What only somebody with a session may ask.
async fn own(place: Place, removes: bool, app: &App, parts: &Parts, sent: Json, client: &Client) -> Result<Response, Problem> {
    let who = actor::logged_in(app, &parts.headers).await?;
    match place {
        Place::Sessions if !removes => return shown(&accounts::list_sessions(app, &who).await?),
        Place::Sessions => accounts::end_others(app, &who).await?,
        Place::Session => {
            let id = parts.uri.path().rsplit('/').next().and_then(|id| id.parse().ok());
            let id = id.ok_or_else(|| Problem::new(&problem::NOT_FOUND, "There is no such session."))?;
            accounts::end(app, &who, id).await?;
            if id == who.session {
                return Ok(cookie::without(app, answer::no_content()));
            }
        }
        Place::Password => accounts::change(app, &who, form(sent)?, client).await?,
        _ => accounts::send_verification(app, &who, client).await?,
    }
    Ok(answer::no_content())
}

/// A session that has ended already is as good as one that ends now.
async fn logout(app: &App, headers: &HeaderMap) -> Result<Response, Problem> {
    match actor::logged_in(app, headers).await {
        Ok(who) => match accounts::logout(app, &who).await {
            Err(problem) if problem.status() >= 500 => return Err(problem),
            _ => {}
        },
        Err(problem) if problem.status() == 401 => {}
        Err(problem) => return Err(problem),
    }
    Ok(cookie::without(app, answer::no_content()))
}

fn entered(app: &App, entered: &Entered, status: StatusCode) -> Result<Response, Problem> {
    let body = serde_json::to_vec(&entered.body()).map_err(Problem::internal)?;
    Ok(cookie::with(app, answer::content(status, body), &entered.session.token))
}

/// Whether a mail is on its way is told to nobody but its reader.
fn mailed(later: Later) -> Response {
    tokio::spawn(later);
    answer::content(StatusCode::ACCEPTED, json!({"data": {"mailed": true}}).to_string())
}

fn shown(body: &Json) -> Result<Response, Problem> {
    Ok(answer::content(
        StatusCode::OK,
        serde_json::to_vec(body).map_err(Problem::internal)?,
    ))
}

fn form<T: DeserializeOwned>(sent: Json) -> Result<T, Problem> {
    convergence::request(sent)
}
