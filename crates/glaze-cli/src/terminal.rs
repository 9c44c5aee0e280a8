//! How things look in a terminal.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use tracing_subscriber::EnvFilter;

/// Good news, and names of things that were made.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What went wrong.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What wants attention.
pub const CARE: Style = AnsiColor::Yellow.on_default().bold();
/// Less important.
pub const DIM: Style = Style::new().dimmed();
/// Addresses, commands to type.
pub const STRONG: Style = Style::new().bold();

/// Exit code for "differs" and "refused".
pub const DIFFERS: u8 = 2;

/// Text in a style.
pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A number of entities in words.
pub fn entities(count: usize) -> String {
    match count {
        1 => "1 entity".to_owned(),
        count => format!("{count} entities"),
    }
}

/// Prints an error the way every command does, and gives exit code 1 (2 for a refusal).
pub fn failed(error: &anyhow::Error) -> ExitCode {
    let refused = matches!(error.downcast_ref::<glaze::Error>(), Some(glaze::Error::Refused(_)));
    match error.downcast_ref::<glaze::Error>() {
        // Findings have a form of their own.
        Some(glaze::Error::Schema { rendered, .. }) => anstream::eprintln!("{}", rendered.trim_end()),
        _ => anstream::eprintln!("{} {error:#}", paint(BAD, "error:")),
    }
    ExitCode::from(if refused { DIFFERS } else { 1 })
}

/// Whether colours are wanted on standard error.
pub fn colored() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Log lines go to standard error; `RUST_LOG` says which.
pub fn logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
