//! `pgbench -M prepared` with the statements that the same requests need: the floor of PostgreSQL over TCP.

use std::{path::Path, process::Command};

use anyhow::{Context, bail};
use glaze_testkit::{Postgres, TestDatabase};

const COLUMNS: &str = "id, title, slug, body, author_id, views, status, published_at, created_at, updated_at";

fn post(n: &str) -> String {
    format!("('00000000-0000-7000-8003-' || lpad(({n})::text, 12, '0'))::uuid")
}

/// Transactions a second of a script.
pub fn run(server: &Postgres, database: &TestDatabase, folder: &Path, script: &str, seconds: u32) -> anyhow::Result<f64> {
    let file = folder.join("script.sql");
    std::fs::write(&file, script)?;
    let output = Command::new(server.program("pgbench"))
        .args(["-n", "-M", "prepared", "-c", "16", "-j", "1", "-T", &seconds.to_string(), "-f"])
        .arg(&file)
        .arg(&database.url)
        .output()
        .context("pgbench cannot be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("pgbench: {}", String::from_utf8_lossy(&output.stderr));
    }
    let tps = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(' ').next());
    tps.and_then(|tps| tps.parse().ok()).with_context(|| format!("pgbench said {text}"))
}

/// One entry by its key.
pub fn one() -> String {
    format!(
        "\\set n random(1, 20000)\nSELECT {COLUMNS} FROM posts WHERE id = {} AND status = 'published';\n",
        post(":n")
    )
}

/// A list of 20.
pub fn list() -> String {
    format!("SELECT {COLUMNS} FROM posts WHERE status = 'published' ORDER BY published_at DESC, id LIMIT 21;\n")
}

/// A list of 20 with author and tags: three statements.
pub fn nested(authors: &[String], posts: &[String]) -> String {
    let array = |ids: &[String]| format!("'{{{}}}'::uuid[]", ids.join(","));
    format!(
        "{}SELECT id, name, created_at, updated_at FROM authors WHERE id = ANY({});\n\
         SELECT j.post_id, t.id, t.name, t.created_at, t.updated_at FROM post_tags j JOIN tags t ON t.id = j.tag_id WHERE j.post_id = ANY({}) ORDER BY t.id;\n",
        list(),
        array(authors),
        array(posts)
    )
}

/// Create with author and three tags, as one statement.
pub fn create(body: &str) -> String {
    format!(
        "\\set a random(1, 1000)\n\\set t random(1, 90)\n\
         WITH new AS (INSERT INTO posts (id, title, slug, body, author_id, views, status, published_at, created_at, updated_at) \
         SELECT k, 'A title', k::text, '{body}', ('00000000-0000-7000-8001-' || lpad((:a)::text, 12, '0'))::uuid, 0, 'published', now(), now(), now() FROM gen_random_uuid() k RETURNING *), \
         links AS (INSERT INTO post_tags (post_id, tag_id) SELECT new.id, ('00000000-0000-7000-8002-' || lpad((:t + k)::text, 12, '0'))::uuid FROM new, generate_series(0, 2) k) \
         SELECT {COLUMNS} FROM new;\n"
    )
}

/// Update one field.
pub fn update() -> String {
    format!(
        "\\set n random(1, 20000)\n\\set v random(1, 1000)\nUPDATE posts SET views = :v, updated_at = now() WHERE id = {} RETURNING {COLUMNS};\n",
        post(":n")
    )
}
