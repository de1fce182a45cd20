//! How commands that change the machine are run: directly as root, through sudo, or not at all.
//!
//! Deliberately does not know what is changed.

use std::io::{IsTerminal, stdin};
use std::process::{Command, Stdio};

use crate::child;
use crate::failure::Failure;

/// The way this person may change the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privilege {
    Root,
    Sudo,
}

impl Privilege {
    /// Finds the way, asking for the password now if one is needed, so that no later step waits for it unseen.
    pub fn find() -> Option<Self> {
        let mut id = child::command("id");
        id.arg("-u");
        if child::answer(id).as_deref() == Some("0") {
            return Some(Self::Root);
        }
        if !child::on_path("sudo") {
            return None;
        }
        let mut silent = child::command("sudo");
        silent.args(["-n", "true"]);
        if child::answer(silent).is_some() {
            return Some(Self::Sudo);
        }
        let mut asking = child::command("sudo");
        asking.arg("-v").stdin(Stdio::inherit());
        let granted = stdin().is_terminal() && asking.status().is_ok_and(|status| status.success());
        granted.then_some(Self::Sudo)
    }

    /// Finds the way, or says which lines somebody who may has to run.
    pub fn require(what: &str, lines: &str) -> Result<Self, Failure> {
        Self::find().ok_or_else(|| Failure::Missing {
            what: format!("{what}, and this needs root or sudo."),
            remedy: format!("Have this run by somebody who may, then try again:\n\n{lines}"),
        })
    }

    /// Prepares a call of a program with the right to change the machine.
    pub fn command(self, program: &str) -> Command {
        let mut command = match self {
            Self::Root => child::command("env"),
            Self::Sudo => {
                let mut sudo = child::command("sudo");
                sudo.args(["-n", "env"]);
                sudo
            }
        };
        command.arg("DEBIAN_FRONTEND=noninteractive").arg(program);
        command
    }
}
