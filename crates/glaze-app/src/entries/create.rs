//! `POST /api/{entity}`

use glaze_data::write;
use serde_json::Value as Json;

use super::{DATA, Request, context, entity, enveloped, key_object, reply};
use crate::{App, ETag, Problem, problem};

/// What was made.
#[derive(Debug, Clone)]
pub struct Created {
    /// `{"data":{…}}`, or `{"data":[…]}` for many.
    pub body: Vec<u8>,
    /// Key of the one entry as it stands in a path.
    pub key: Option<String>,
    /// Tag of the one entry.
    pub etag: Option<ETag>,
}

/// Makes one entry from an object, or many from an array, in one transaction.
///
/// # Errors
/// `validation` with everything that is wrong, `forbidden`, and so on. Nothing has changed then.
pub async fn create(app: &App, request: Request<'_>, body: &Json) -> Result<Created, Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    let reply = reply(app, &live, &request, entity, None)?;
    let ctx = context(app, &live, request.actor);
    match body {
        Json::Object(_) => {
            let written = write::create_one(&ctx, entity.ix, body, &reply).await?;
            let entry = enveloped(entity, &written.key, written.answer.body);
            Ok(Created {
                body: entry.body,
                key: Some(live.schema.format_key(&written.key)),
                etag: Some(entry.etag),
            })
        }
        Json::Array(bodies) => {
            let all = write::create_many(&ctx, entity.ix, bodies, &reply).await?;
            let mut body = DATA.to_vec();
            body.push(b'[');
            for (at, written) in all.into_iter().enumerate() {
                if at > 0 {
                    body.push(b',');
                }
                match written.answer.body {
                    unseen if unseen.is_empty() => body.extend_from_slice(&key_object(entity, &written.key)),
                    seen => body.extend_from_slice(&seen),
                }
            }
            body.extend_from_slice(b"]}");
            Ok(Created {
                body,
                key: None,
                etag: None,
            })
        }
        _ => Err(Problem::new(
            &problem::INVALID_BODY,
            "Send an object for one entry, or an array of objects for many.",
        )),
    }
}
