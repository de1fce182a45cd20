//! The real server, as a process of its own that a story can stop, kill and start again.
//!
//! Port and data folder stay the same over all of it, so that open pages find it back.
//! Deliberately does not know what the server does.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::processes::{Processes, free_port};
use super::waiting;

/// Names the server to run instead of the one that was built last.
const PROGRAM_NAME: &str = "RELAIS_BIN";
/// Demo accounts are made at the first start, and hashing passwords takes its time on purpose.
const START_LIMIT: Duration = Duration::from_secs(120);
const ASK_LIMIT: Duration = Duration::from_secs(5);
/// As much of the server's words as a failure quotes.
const QUOTED_LINES: usize = 30;

/// A server with demo data on a port and a folder of its own.
#[derive(Debug)]
pub struct Portal {
    // Dropped before the folder it writes into.
    processes: Processes,
    folder: TempDir,
    program: PathBuf,
    port: u16,
    more: Vec<String>,
}

impl Portal {
    /// Starts a server with demo data, and waits until it takes requests.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with further arguments.
    #[track_caller]
    pub fn start_with(arguments: &[&str]) -> Self {
        Self::start_program(program(), arguments)
    }

    /// Starts another program than Relais' own server, which takes the same arguments.
    #[track_caller]
    pub fn start_program(program: PathBuf, arguments: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("relais-portal-").tempdir();
        let mut portal = Self {
            processes: Processes::new(),
            folder: folder.unwrap_or_else(|error| panic!("No folder for the data: {error}")),
            program,
            port: free_port(),
            more: arguments.iter().map(|text| (*text).to_owned()).collect(),
        };
        portal.start_again();
        portal
    }

    /// The address of the portal, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The folder the server keeps its data in.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Everything the server has written to its log since its first start.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Asks the server to end (SIGTERM), and waits until it has.
    #[track_caller]
    pub fn stop(&mut self) {
        if let Err(reason) = self.processes.ask_to_end() {
            self.fail(&reason);
        }
    }

    /// Ends the server as a power cut would (SIGKILL).
    #[track_caller]
    pub fn kill(&mut self) {
        if let Err(reason) = self.processes.kill() {
            self.fail(&reason);
        }
    }

    /// Starts the server again, on the same port and data, and waits until it takes requests.
    #[track_caller]
    pub fn start_again(&mut self) {
        let mut command = Command::new(&self.program);
        command
            .args(["serve", "--demo", "--listen"])
            .arg(format!("127.0.0.1:{}", self.port))
            .arg("--data")
            .arg(self.data())
            .args(&self.more);
        let log = self.log_path();
        let outcome = self.processes.start(&mut command, &log);
        if let Err(reason) = outcome.and_then(|_id| self.wait_until_ready()) {
            self.fail(&reason);
        }
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let address = format!("{}/readyz", self.url());
        let mut ended = false;
        let outcome = waiting::until(START_LIMIT, || {
            ended = !self.processes.is_running();
            match ended || answers(&address) {
                true => Ok(()),
                false => Err(format!("{address} does not answer with 200")),
            }
        });
        match ended {
            true => Err("The server ended at its start.".to_owned()),
            false => outcome,
        }
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("portal.log")
    }

    #[track_caller]
    fn fail(&self, reason: &str) -> ! {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(QUOTED_LINES)..].join("\n");
        panic!("{}: {reason}\nIts last words:\n{last}", self.program.display())
    }
}

fn answers(address: &str) -> bool {
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(ASK_LIMIT)).proxy(None).build().into();
    agent.get(address).call().is_ok()
}

#[track_caller]
fn program() -> PathBuf {
    if let Some(named) = env::var_os(PROGRAM_NAME) {
        return named.into();
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    ["release/relais", "debug/relais"]
        .map(|name| built.join(name))
        .into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("The server is not built: `cargo xtask build` does it, and `cargo xtask test` too."))
}
