//! Tasks of the repository: demo, test, bench.
fn main() {}
