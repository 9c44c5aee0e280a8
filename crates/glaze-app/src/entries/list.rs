//! `GET /api/{entity}`

use super::{DATA, ListPlan, Request, args, entity, plan};
use crate::{App, Problem};

/// Entries: `{"data":[…],"page":{…}}`.
///
/// # Errors
/// `not_found` for the entity, `invalid_query` with everything that is wrong, `forbidden`, or by the database.
pub async fn list(app: &App, request: Request<'_>) -> Result<Vec<u8>, Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    let plan = plan::list(app, &live, request.actor, entity, request.query)?;
    let mut body = Vec::with_capacity(4096);
    body.extend_from_slice(DATA);
    let args = args(request.actor, Vec::new());
    let answer = live.store.read(&plan.read, &args, body).await?;
    let page = Page::of(app, &plan, &answer);
    let mut body = answer.body;
    page.write(&mut body);
    Ok(body)
}

/// Where to go on.
struct Page {
    next: Option<String>,
    previous: Option<String>,
    total: Option<u64>,
}

impl Page {
    fn of(app: &App, plan: &ListPlan, answer: &glaze_data::store::Answer) -> Page {
        let (more_after, more_before) = match plan.before {
            // The row the cursor was made from is still to come.
            true => (true, answer.more),
            false => (answer.more, plan.continued),
        };
        let edge = |there: bool, first: bool| {
            let (start, end) = answer.edges.as_ref().filter(|_| there)?;
            Some(app.cursors.encode(&plan.scope, if first { start } else { end }, first))
        };
        Page {
            next: edge(more_after, false),
            previous: edge(more_before, true),
            total: answer.total,
        }
    }

    fn write(&self, body: &mut Vec<u8>) {
        let mut cursor = |name: &[u8], cursor: &Option<String>| {
            body.extend_from_slice(name);
            match cursor {
                // Cursors are base64url: nothing to escape.
                Some(text) => {
                    body.push(b'"');
                    body.extend_from_slice(text.as_bytes());
                    body.push(b'"');
                }
                None => body.extend_from_slice(b"null"),
            }
        };
        cursor(b",\"page\":{\"next\":", &self.next);
        cursor(b",\"previous\":", &self.previous);
        if let Some(total) = self.total {
            body.extend_from_slice(format!(",\"total\":{total}").as_bytes());
        }
        body.extend_from_slice(b"}}");
    }
}
