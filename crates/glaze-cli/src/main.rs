//! The `glaze` binary: arguments, prompts, progress, colours. It must not know how anything is done.
fn main() {}
