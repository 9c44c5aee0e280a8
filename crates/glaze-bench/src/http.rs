//! Requests of the set-up; an answer that is not a success is an error.

use anyhow::bail;
pub use glaze_testkit::http::request;

/// The body of a successful GET.
pub fn get(port: u16, path: &str, key: Option<&str>) -> anyhow::Result<String> {
    let answer = glaze_testkit::http::get(port, path, key)?;
    if answer.status != 200 {
        bail!("GET {path}: {} {}", answer.status, answer.body);
    }
    Ok(answer.body)
}
