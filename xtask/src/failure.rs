//! Why a command stops: one enum, whose text says what to do next.
//!
//! Deliberately has no error codes: the reader is a person at a terminal.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// The command line was not understood.
    Usage(String),
    /// Something needed is missing and the tool may not or cannot fetch it.
    Missing { what: String, remedy: String },
    /// A program that was called did not succeed.
    Step { title: String, reason: String, log: PathBuf, tail: String },
    /// A file could not be read or written, or a program not started.
    Io { doing: String, source: io::Error },
    /// Something is larger than its budget.
    OverBudget { what: String, bytes: u64, budget: u64 },
    /// A file the build should have made is not what was expected.
    Unexpected(String),
}

impl Failure {
    /// Returns a function that wraps an I/O error with what was being done.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    /// Returns a function that wraps an I/O error on one file.
    pub fn file(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::io(format!("{doing} {}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) => write!(out, "{text}"),
            Self::Missing { what, remedy } => write!(out, "Cannot go on: {what}\n\n{remedy}"),
            Self::Step { title, reason, log, tail } => {
                write!(out, "Failed: {title} ({reason}). Its words, all in {}:\n\n{tail}", log.display())
            }
            Self::Io { doing, source } => write!(out, "Failed: {doing}: {source}"),
            Self::OverBudget { what, bytes, budget } => write!(
                out,
                "Over the budget ({what}): {} bytes more than {budget}. \
                 Every byte is paid for by somebody: make it smaller.",
                bytes - budget
            ),
            Self::Unexpected(text) => write!(out, "Failed: {text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_what_to_do() {
        let missing = Failure::Missing { what: "no linker is there.".into(), remedy: "Install lld.".into() };
        assert_eq!(missing.to_string(), "Cannot go on: no linker is there.\n\nInstall lld.");
    }
}
