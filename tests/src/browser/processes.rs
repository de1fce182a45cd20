//! The processes of a story: started with a mark, found again by it, and ended without leftovers.
//!
//! A browser is a tree of processes, some of which step out of it (crash handlers) or wipe their
//! environment (sandboxed children). So a process belongs to a story when it carries the mark or
//! descends from one that does. What a killed test run left behind is swept by the next one.
//! Deliberately does not know what the programs are.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::waiting;

/// The environment variable that carries the mark: `OWNER:STARTED:NUMBER`.
const MARK_NAME: &str = "RELAIS_STORY";
const END_LIMIT: Duration = Duration::from_secs(20);
/// Below the range that outgoing connections take their ports from, so that a server which was
/// stopped finds its port free when it is started again.
const PORTS: std::ops::Range<u16> = 15_000..31_000;

static NEXT_MARK: AtomicU32 = AtomicU32::new(0);
static NEXT_PORT: AtomicU16 = AtomicU16::new(0);

/// Everything that one browser or one portal started.
#[derive(Debug)]
pub struct Processes {
    mark: String,
    children: Vec<Child>,
}

impl Processes {
    /// Nothing running yet.
    pub fn new() -> Self {
        sweep();
        let me = std::process::id();
        let number = NEXT_MARK.fetch_add(1, Ordering::Relaxed);
        Self { mark: format!("{me}:{}:{number}", started(me).unwrap_or_default()), children: Vec::new() }
    }

    /// Starts a program with the mark, its words going to `log`.
    pub fn start(&mut self, command: &mut Command, log: &Path) -> Result<u32, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let open = || fs::OpenOptions::new().create(true).append(true).open(log);
        let (out, err) = (open().map_err(|e| e.to_string())?, open().map_err(|e| e.to_string())?);
        let child = command
            .env(MARK_NAME, &self.mark)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .map_err(|error| format!("{program} does not start: {error}"))?;
        let id = child.id();
        self.children.push(child);
        Ok(id)
    }

    /// True while the last program started is running.
    pub fn is_running(&mut self) -> bool {
        self.children.last_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Asks the programs started to end by themselves, and waits for it.
    pub fn ask_to_end(&mut self) -> Result<(), String> {
        for child in &self.children {
            signal(child.id(), Signal::TERM);
        }
        waiting::until(END_LIMIT, || match self.is_running() {
            true => Err("the program goes on after SIGTERM".to_owned()),
            false => Ok(()),
        })?;
        self.kill()
    }

    /// Ends everything at once, as a power cut would, and waits until nothing is left.
    pub fn kill(&mut self) -> Result<(), String> {
        let mark = self.mark.clone();
        let outcome = end_all(|processes| marked(processes, |found| found == mark));
        for child in &mut self.children {
            child.wait().map_err(|error| error.to_string())?;
        }
        self.children.clear();
        outcome
    }
}

impl Default for Processes {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        if let Err(reason) = self.kill() {
            eprintln!("Processes of a story are left over: {reason}");
        }
    }
}

/// A port on which nobody listens, never the same twice in one run.
pub fn free_port() -> u16 {
    let width = PORTS.end - PORTS.start;
    let offset = std::process::id() as u16 % width;
    for _ in 0..width {
        let step = NEXT_PORT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + (offset.wrapping_mul(7).wrapping_add(step)) % width;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("No port of {PORTS:?} is free on 127.0.0.1.");
}

/// Ends what test runs left behind that are no longer alive.
fn sweep() {
    let orphaned = |mark: &str| {
        let mut parts = mark.split(':');
        let owner = parts.next().and_then(|part| part.parse().ok());
        let then = parts.next().map(str::to_owned);
        owner.is_some_and(|owner| started(owner) != then)
    };
    if let Err(reason) = end_all(|processes| marked(processes, orphaned)) {
        eprintln!("Processes of an earlier test run are left over: {reason}");
    }
}

fn end_all(which: impl Fn(&HashMap<u32, Process>) -> HashSet<u32>) -> Result<(), String> {
    waiting::until(END_LIMIT, || {
        let processes = alive();
        let found = which(&processes);
        for id in &found {
            signal(*id, Signal::KILL);
        }
        match found.is_empty() {
            true => Ok(()),
            false => Err(format!("still running: {found:?}")),
        }
    })
}

fn signal(id: u32, signal: Signal) {
    // A process that is gone already is what is wanted.
    if let Some(id) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _gone = kill_process(id, signal);
    }
}

#[derive(Debug)]
struct Process {
    parent: u32,
    mark: Option<String>,
}

/// Every process that is running.
fn alive() -> HashMap<u32, Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, read_process(id)?)))
        .collect()
}

fn read_process(id: u32) -> Option<Process> {
    let fields = status_fields(id)?;
    let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
    let mark = environment.split(|byte| *byte == 0).find_map(|variable| {
        let (name, value) = std::str::from_utf8(variable).ok()?.split_once('=')?;
        (name == MARK_NAME).then(|| value.to_owned())
    });
    Some(Process { parent: fields.get(1)?.parse().ok()?, mark })
}

/// Those whose mark fits, with all their descendants, this program itself excepted.
fn marked(processes: &HashMap<u32, Process>, fits: impl Fn(&str) -> bool) -> HashSet<u32> {
    let belongs = |id: &u32| processes.get(id).and_then(|found| found.mark.as_deref()).is_some_and(&fits);
    let mut found: HashSet<u32> = processes.keys().copied().filter(belongs).collect();
    loop {
        let more: Vec<u32> = processes
            .iter()
            .filter(|(id, process)| found.contains(&process.parent) && !found.contains(id))
            .map(|(id, _)| *id)
            .collect();
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    found.remove(&std::process::id());
    found
}

/// When a process was started, in ticks since the machine was: tells a reused number apart.
fn started(id: u32) -> Option<String> {
    status_fields(id)?.get(19).cloned()
}

/// The fields of `/proc/ID/stat` after the program's name, which may itself hold spaces; none for
/// a process that has ended and was not collected, which some machines leave so for ever.
fn status_fields(id: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    let fields: Vec<String> = fields.split_whitespace().map(str::to_owned).collect();
    let has_ended = matches!(fields.first()?.as_str(), "Z" | "X");
    (!has_ended).then_some(fields)
}
