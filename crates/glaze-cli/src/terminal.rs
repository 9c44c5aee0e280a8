//! How things look in a terminal.

use std::{io::Write, process::ExitCode};

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

/// Prints something as JSON on standard output.
pub fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    out(&serde_json::to_string_pretty(value)?)
}

/// A line on standard output. A reader that has gone (`| head`) has seen what it wanted.
fn out(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints an error the way every command does, and gives exit code 1 (2 for a refusal). Where JSON was asked for it comes as JSON too.
pub fn failed(error: &anyhow::Error, json: bool) -> ExitCode {
    let known = error.downcast_ref::<glaze::Error>();
    if json {
        print_error(known.map_or("input", glaze::Error::code), &format!("{error:#}"));
    }
    match known {
        // Findings have a form of their own.
        Some(glaze::Error::Schema { rendered, .. }) => anstream::eprintln!("{}", rendered.trim_end()),
        _ => anstream::eprintln!("{} {error:#}", paint(BAD, "error:")),
    }
    let refused = matches!(known, Some(glaze::Error::Refused(_)));
    ExitCode::from(if refused { DIFFERS } else { 1 })
}

/// Help and version, or what is wrong with the arguments: an error like any other.
pub fn misused(error: &clap::Error, json: bool) -> ExitCode {
    let wrong = error.use_stderr();
    if json && wrong {
        print_error("usage", error.to_string().trim());
    }
    let _ = error.print();
    ExitCode::from(u8::from(wrong))
}

fn print_error(code: &str, message: &str) {
    let error = serde_json::json!({"error": {"code": code, "message": message}});
    let _ = out(&format!("{error:#}"));
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
