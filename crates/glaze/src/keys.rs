//! API keys from the command line, which acts as Glaze itself.

use glaze_auth::keys::{ApiKey, NewKey};

use crate::{Error, Glaze, Project};

/// Makes a key with these roles and gives it in full: it is shown this once.
///
/// # Errors
/// When a role can't be, or the database can't keep it.
pub async fn create(project: &Project, name: &str, roles: &[String], expires_in_days: Option<u32>) -> Result<String, Error> {
    let glaze = Glaze::open(project).await?;
    let expires_at = match expires_in_days {
        None => None,
        Some(days) => {
            let hours = jiff::SignedDuration::from_hours(i64::from(days) * 24);
            let end = jiff::Timestamp::now()
                .checked_add(hours)
                .map_err(|_| Error::Refused(format!("{days} days are too many")))?;
            Some(end)
        }
    };
    let new = NewKey {
        name: name.to_owned(),
        roles: roles.to_vec(),
        expires_at,
    };
    Ok(glaze_app::keys::create(glaze.app(), new).await?.key)
}

/// Every key, without its secret.
///
/// # Errors
/// When the database can't be read.
pub async fn list(project: &Project) -> Result<Vec<ApiKey>, Error> {
    Ok(glaze_app::keys::list(Glaze::open(project).await?.app()).await?)
}

/// Ends the key with this id or prefix.
///
/// # Errors
/// When there is none, several have that prefix, or the database can't be written.
pub async fn revoke(project: &Project, wanted: &str) -> Result<(), Error> {
    let glaze = Glaze::open(project).await?;
    let keys = glaze_app::keys::list(glaze.app()).await?;
    let matching: Vec<&ApiKey> = keys
        .iter()
        .filter(|key| key.id.to_string() == wanted || key.prefix == wanted)
        .collect();
    match matching.as_slice() {
        [key] => {
            glaze_app::keys::revoke(glaze.app(), key.id).await?;
            Ok(())
        }
        [] => Err(Error::Refused(format!(
            "there is no key `{wanted}`: `glaze key list` shows ids and prefixes"
        ))),
        _ => Err(Error::Refused(format!("several keys have the prefix `{wanted}`: give the id"))),
    }
}
