//! `cargo xtask fuzz`: every target for a bounded time.

use crate::shell::cargo;

/// Runs every target for `seconds`.
pub fn run(seconds: u32) -> anyhow::Result<()> {
    cargo(&["run", "--quiet", "--package", "glaze-fuzz", "--", "all", "--seconds"])
        .args([seconds.to_string()])
        .run()
}
