//! Databases for rehearsals: made on the same server, empty or as a copy, and dropped afterwards.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use glaze_converge::port::{Content, Database, DatabaseError, Scratch};
use tokio_postgres::Client;

use super::{PostgresDatabase, ident::quote_ident, refused, session::Session, session::batch};
use crate::connect::Target;

/// Extensions that are installed, so that types of theirs are known in the scratch database too.
const EXTENSIONS: &str = "SELECT quote_ident(e.extname), quote_ident(n.nspname) FROM pg_extension e \
     JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql' ORDER BY e.oid";

const SIZE: &str = "SELECT pg_database_size(current_database())";

/// A database larger than this is not copied as a whole.
const LARGE: i64 = 1 << 30;

/// Others are connected: a database in use cannot be a template.
const IN_USE: &str = "55006";

pub(super) async fn make(session: &Session, content: Content) -> Result<Scratch, DatabaseError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("glaze_scratch_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    match content {
        Content::Empty => {
            let extensions = extensions(&*session.client().await?).await?;
            let (_, beside) = beside(session.target()).await?;
            create(&beside, &name, "template0").await?;
            let scratch = open(session.target(), &name).await?;
            for statement in &extensions {
                // What is not needed need not be there; what is needed and missing says so itself.
                if let Err(error) = scratch.step(statement).await {
                    tracing::debug!(%error, "extension left out of the rehearsal");
                }
            }
            Ok(as_scratch(scratch, name))
        }
        Content::Copy => {
            whole(session, &name).await?;
            Ok(as_scratch(open(session.target(), &name).await?, name))
        }
    }
}

fn as_scratch(database: PostgresDatabase, place: String) -> Scratch {
    Scratch {
        database: Arc::new(database),
        place,
    }
}

/// Copies the database as a whole. Our own connection has to go meanwhile.
async fn whole(session: &Session, name: &str) -> Result<(), DatabaseError> {
    let size = {
        let client = session.client().await?;
        let rows = client.query_typed(SIZE, &[]).await.map_err(|error| refused(&error, SIZE))?;
        rows.first().map_or(0, |row| row.get::<_, i64>(0))
    };
    if size > LARGE {
        return Err(DatabaseError::Blocked {
            message: format!("the database has {} MB, too much to copy as a whole", size >> 20),
            statement: "CREATE DATABASE … TEMPLATE".to_owned(),
        });
    }
    let (source, beside) = beside(session.target()).await?;
    session.close().await;
    for _ in 0..10 {
        match create(&beside, name, &source).await {
            // The server takes a moment to notice that we have left.
            Err(DatabaseError::Blocked { .. }) => tokio::time::sleep(Duration::from_millis(50)).await,
            other => return other,
        }
    }
    create(&beside, name, &source).await
}

/// A connection to another database of the server, and the name of ours.
async fn beside(target: &Target) -> Result<(String, Client), DatabaseError> {
    let own = target
        .config
        .get_dbname()
        .or(target.config.get_user())
        .unwrap_or("postgres")
        .to_owned();
    let mut last = DatabaseError::Unavailable("there is no other database to connect to".to_owned());
    for name in ["postgres", "template1"].into_iter().filter(|name| *name != own) {
        match to(target, name).connect().await {
            Ok(client) => return Ok((own, client)),
            Err(error) => last = error.into(),
        }
    }
    Err(last)
}

fn to(target: &Target, database: &str) -> Target {
    let mut other = target.clone();
    other.config.dbname(database);
    other
}

async fn open(target: &Target, name: &str) -> Result<PostgresDatabase, DatabaseError> {
    PostgresDatabase::to(to(target, name)).await
}

async fn create(beside: &Client, name: &str, template: &str) -> Result<(), DatabaseError> {
    let sql = format!("CREATE DATABASE {} TEMPLATE {}", quote_ident(name), quote_ident(template));
    match batch(beside, &sql).await {
        Err(DatabaseError::Refused { message, code, statement }) if code == IN_USE => Err(DatabaseError::Blocked { message, statement }),
        Err(DatabaseError::Refused { message, code, statement }) if code == "42501" => Err(DatabaseError::Refused {
            message: format!("{message}: a rehearsal needs a role that may create databases (ALTER ROLE … CREATEDB)"),
            code,
            statement,
        }),
        other => other,
    }
}

async fn extensions(client: &Client) -> Result<Vec<String>, DatabaseError> {
    let rows = client
        .query_typed(EXTENSIONS, &[])
        .await
        .map_err(|error| refused(&error, EXTENSIONS))?;
    let statements = rows.iter().flat_map(|row| {
        let (name, schema): (String, String) = (row.get(0), row.get(1));
        [
            format!("CREATE SCHEMA IF NOT EXISTS {schema}"),
            format!("CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema}"),
        ]
    });
    Ok(statements.collect())
}

/// Drops a database that [`make`] has made.
pub(super) async fn remove(target: &Target, name: &str) -> Result<(), DatabaseError> {
    let (_, beside) = beside(target).await?;
    batch(&beside, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_ident(name))).await
}
