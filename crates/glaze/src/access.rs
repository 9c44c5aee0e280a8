//! Who may do what, and why: for the command line and whoever else asks in the words of people.

use glaze_auth::users;
pub use glaze_data::access::{Allowed, Change, Explanation, JudgedRule, Matrix, Row, Step, Verdict, difference, sentences};
use glaze_data::{Actor, Schema, access, schema::EntityInfo};
use serde::Serialize;
use uuid::Uuid;

use crate::{Error, Glaze, Project};

const ACTIONS: [&str; 4] = ["read", "create", "update", "delete"];

/// The answer to "may they?".
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Who was asked about, as it was written.
    pub who: String,
    /// Their roles.
    pub roles: Vec<String>,
    /// Key of the entry asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Whether it is allowed: on the entry, or on every one where none was named.
    pub may: bool,
    /// What decides, in sentences.
    pub reasons: Vec<String>,
    /// The rules, one by one.
    #[serde(flatten)]
    pub explanation: Explanation,
    /// The statement that finds the entries, where it depends on them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

/// Whether `who` (`anonymous`, `role:NAME` or several with commas, `key:PREFIX`, or the id or the e-mail address of a user) may do `action` to
/// `of`: an entity (`Post`, `posts`), or one entry of it (`Post/ID`).
///
/// # Errors
/// For a user, an action, an entity or an entry that is not there, or by the database.
pub async fn can(project: &Project, who: &str, action: &str, of: &str) -> Result<Answer, Error> {
    let glaze = Glaze::open(project).await?;
    can_in(&glaze, who, action, of).await
}

async fn can_in(glaze: &Glaze, who: &str, action: &str, of: &str) -> Result<Answer, Error> {
    let live = glaze.app().live();
    let (schema, store) = (&*live.schema, &*live.store);
    let (name, id) = match of.split_once('/') {
        Some((name, id)) => (name, Some(id)),
        None => (of, None),
    };
    let entity = entity(schema, name)?;
    if !ACTIONS.contains(&action) {
        return Err(Error::Refused(format!("there is no action `{action}`: use {}", ACTIONS.join(", "))));
    }
    if action == "create" && id.is_some() {
        return Err(Error::Refused(format!(
            "an entry that is there can't be created: ask about `{}`",
            entity.name
        )));
    }
    let actor = actor(glaze, who).await?;
    let mut explanation = access::explain(schema, &actor, entity.ix, action);
    let may = match id {
        None => explanation.verdict.allowed == Allowed::Always,
        Some(id) => {
            let missing = || Error::Refused(format!("{} has no entry `{id}`", entity.name));
            let key = schema.parse_key(entity, id).map_err(|_| missing())?;
            if !access::holds_for(schema, store, &Actor::System, entity.ix, &key, glaze_expr::tree::Expr::bool(true)).await? {
                return Err(missing());
            }
            explanation.on(schema, store, &actor, entity.ix, &key).await?
        }
    };
    // What is written is judged before it is there: no statement chooses it.
    let sql = match explanation.verdict.allowed {
        Allowed::Sometimes if action != "create" => access::sql_of(schema, store, entity.ix, explanation.condition.clone())?,
        _ => None,
    };
    Ok(Answer {
        who: who.to_owned(),
        roles: actor.roles().to_vec(),
        entry: id.map(str::to_owned),
        may,
        reasons: explanation.reasons(),
        explanation,
        sql,
    })
}

/// Who may do what in the schema of a project, without looking at its database.
///
/// # Errors
/// When the schema can't be read.
pub fn matrix(project: &Project) -> Result<Matrix, Error> {
    let schema = Schema::new(project.model()?).map_err(|error| Error::Config(error.to_string()))?;
    Ok(access::matrix(&schema))
}

fn entity<'s>(schema: &'s Schema, name: &str) -> Result<&'s EntityInfo, Error> {
    let found = schema.entity_by_name(name).or_else(|| schema.entity_by_path(name));
    found.filter(|entity| !entity.internal).ok_or_else(|| {
        let known: Vec<&str> = schema.public().map(|entity| entity.name.as_str()).collect();
        Error::Refused(format!("there is no entity `{name}`: there are {}", known.join(", ")))
    })
}

async fn actor(glaze: &Glaze, who: &str) -> Result<Actor, Error> {
    if who == "anonymous" {
        return Ok(Actor::Anonymous);
    }
    if let Some(roles) = who.strip_prefix("role:") {
        let roles = roles.split(',').map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned);
        // Somebody in these roles, whoever it is: no entry is theirs.
        return Ok(Actor::User {
            id: Uuid::nil(),
            roles: roles.collect(),
        });
    }
    if let Some(prefix) = who.strip_prefix("key:") {
        let keys = glaze_app::keys::list(glaze.app()).await?;
        let mut found = keys.into_iter().filter(|key| key.prefix == prefix || key.id.to_string() == prefix);
        return match (found.next(), found.next()) {
            (Some(key), None) if key.state() == "active" => Ok(Actor::Key {
                id: key.id,
                roles: key.roles,
            }),
            (Some(key), None) => Err(Error::Refused(format!("the key `{prefix}` is {}: it may do nothing", key.state()))),
            (Some(_), Some(_)) => Err(Error::Refused(format!("several keys have the prefix `{prefix}`: give the id"))),
            (None, _) => Err(Error::Refused(format!(
                "there is no key `{prefix}`: `glaze key list` shows ids and prefixes"
            ))),
        };
    }
    user(glaze, who).await
}

async fn user(glaze: &Glaze, who: &str) -> Result<Actor, Error> {
    let missing = || {
        Error::Refused(format!(
            "there is no user `{who}`: give an id, an e-mail address, `anonymous`, `role:NAME` or `key:PREFIX`"
        ))
    };
    if !glaze.app().has_system().await? {
        return Err(missing());
    }
    let live = glaze.app().live();
    let (model, store) = (live.schema.model(), &*live.store);
    let failed = |error| Error::from(glaze_app::Problem::from(error));
    let found = match (Uuid::parse_str(who), users::email(who)) {
        (Ok(id), _) => users::by_id(model, store, id).await.map_err(failed)?,
        (_, Ok(email)) => users::by_email(model, store, &email).await.map_err(failed)?,
        _ => None,
    };
    let user = found.ok_or_else(missing)?;
    let profile = users::profile_of(model, store, user.id).await.map_err(failed)?;
    if profile.suspended {
        return Err(Error::Refused(format!("`{who}` is suspended: they may not even log in")));
    }
    Ok(Actor::User {
        id: user.id,
        roles: profile.roles,
    })
}
