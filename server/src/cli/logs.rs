//! Where log lines go and what they look like.

use std::io::IsTerminal as _;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::Failure;

/// Sends log lines to standard error; see `Serve` for the two variables that shape them.
pub fn start() -> Result<(), Failure> {
    let level = match std::env::var("RELAIS_LOG") {
        Ok(text) => text.parse().map_err(|error| Failure(format!("RELAIS_LOG: {error}")))?,
        // The database library reports each slow statement as a warning; a slow disk is not news.
        Err(_) => Targets::new().with_default(LevelFilter::INFO).with_target("sqlx", LevelFilter::ERROR),
    };
    let json = match std::env::var("RELAIS_LOG_FORMAT").as_deref() {
        Ok("json") => true,
        Ok("text") => false,
        Ok(other) => return Err(Failure(format!("RELAIS_LOG_FORMAT is json or text, not {other}"))),
        Err(_) => !std::io::stderr().is_terminal(),
    };
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = if json {
        lines.json().flatten_event(true).boxed()
    } else {
        lines.with_ansi(std::io::stderr().is_terminal()).boxed()
    };
    let started = tracing_subscriber::registry().with(lines.with_filter(level)).try_init();
    started.map_err(|error| Failure(error.to_string()))
}
