//! Programs that are called: with a clean environment, their output in a log, within a time limit.
//!
//! Deliberately does not know which program does what.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::folders;
use crate::progress::Step;

const TICK: Duration = Duration::from_secs(1);
const TAIL_LINES: usize = 20;

/// Names what `cargo run` sets for its child alone: build scripts would take it for a reason to run again.
const OF_THIS_RUN: [&str; 6] =
    ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_", "RUST_RECURSION_COUNT"];

/// Prepares a call of a program without what Cargo set for this one.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        let of_this_run = OF_THIS_RUN.iter().any(|start| name_text.starts_with(start));
        if of_this_run || name_text == "CARGO" || name_text == "LD_LIBRARY_PATH" {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Prepares a call of Cargo, of the toolchain that runs this program, in the work tree.
pub fn cargo() -> Command {
    let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folders::repository());
    cargo
}

/// Puts folders in front of the search path of a command.
pub fn prepend_path(command: &mut Command, folders: &[PathBuf]) {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&inherited));
    // A folder name with a colon cannot be put into a search path; the tool is then reported as missing.
    if let Ok(path) = env::join_paths(all) {
        command.env("PATH", path);
    }
}

/// Returns what a program printed, trimmed, if it could be started and succeeded.
pub fn answer(mut command: Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Returns whether a program can be found on the search path.
pub fn on_path(program: &str) -> bool {
    find_on_path(program).is_some()
}

/// Returns the first file of a name on the search path.
pub fn find_on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Runs a program as one step, its output in a log, and fails if the program fails.
pub fn run(title: &str, command: Command) -> Result<(), Failure> {
    run_within(title, command, None)
}

/// Runs a program as one step that is broken off after a time limit.
pub fn run_within(title: &str, command: Command, limit: Option<Duration>) -> Result<(), Failure> {
    let mut step = Step::start(title);
    match watch(&mut step, title, command, limit, |_, _| {}) {
        Ok(()) => {
            step.finish("");
            Ok(())
        }
        Err(failure) => {
            step.finish("failed,");
            Err(failure)
        }
    }
}

/// Runs a program within a step, handing every line it writes to `on_line`, and all of it to the log.
pub fn watch(
    step: &mut Step,
    title: &str,
    command: Command,
    limit: Option<Duration>,
    mut on_line: impl FnMut(&mut Step, &str),
) -> Result<(), Failure> {
    let log_path = log_path(title)?;
    let mut log = File::create(&log_path).map_err(Failure::file("writing", &log_path))?;
    let call = written_out(&command);
    let _ = writeln!(log, "{call}\n");
    let (mut child, lines) = spawn(command, &call)?;
    let until = limit.map(|limit| Instant::now() + limit);
    let mut last_line = String::new();
    let mut ticked_at = Instant::now();
    loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => {
                // A full disk shows itself in the program's own failure.
                let _ = writeln!(log, "{line}");
                on_line(step, &line);
                last_line = line;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if until.is_some_and(|until| Instant::now() > until) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(step_failure(title, "no answer in time", &log_path));
        }
        if ticked_at.elapsed() >= TICK {
            step.tick(&last_line);
            ticked_at = Instant::now();
        }
    }
    let status = child.wait().map_err(Failure::io(format!("waiting for {call}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(step_failure(title, &describe(status), &log_path)),
    }
}

/// Writes a call as a person would type it, without the environment.
fn written_out(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Returns the file that holds the output of a step.
fn log_path(title: &str) -> Result<PathBuf, Failure> {
    let name: String = title
        .chars()
        .take_while(|character| *character != '(')
        .map(|character| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' })
        .collect();
    Ok(folders::logs()?.join(format!("{}.log", name.trim_matches('-').to_lowercase())))
}

/// Starts a program with both of its outputs joined, line by line. The end of the lines is the end of the program.
fn spawn(mut command: Command, call: &str) -> Result<(Child, Receiver<String>), Failure> {
    let starting = || format!("starting {call}");
    let (reader, writer) = std::io::pipe().map_err(Failure::io(starting()))?;
    let second_writer = writer.try_clone().map_err(Failure::io(starting()))?;
    command.stdout(writer).stderr(second_writer);
    let child = command.spawn().map_err(Failure::io(starting()))?;
    // The command keeps the writing ends open; without this the reader would wait for ever.
    drop(command);
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    Ok((child, receiver))
}

fn step_failure(title: &str, reason: &str, log: &Path) -> Failure {
    let text = std::fs::read(log).unwrap_or_default();
    Failure::Step {
        title: title.split(" (").next().unwrap_or(title).to_owned(),
        reason: reason.to_owned(),
        log: log.to_owned(),
        tail: tail(&String::from_utf8_lossy(&text)),
    }
}

/// Returns the last lines, and before them the first error: what follows it is often only its echo.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.len().saturating_sub(TAIL_LINES);
    let error = lines.iter().position(|line| line.starts_with("error"));
    match error.filter(|error| *error < last) {
        Some(error) => {
            let first = &lines[error..last.min(error + TAIL_LINES)];
            format!("{}\n…\n{}", first.join("\n"), lines[last..].join("\n"))
        }
        None => lines[last..].join("\n"),
    }
}

fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it ended with code {code}"),
        None => "it was killed".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_long_text_is_its_last_lines() {
        let text: String = (1..=30).map(|number| format!("{number}\n")).collect();
        assert!(tail(&text).starts_with("11\n"));
        assert!(tail(&text).ends_with("\n30"));
        assert_eq!(tail("one"), "one");
    }

    #[test]
    fn the_first_error_is_shown_even_when_much_follows() {
        let text = format!("Compiling\nerror: a word is missing\n{}", "echo\n".repeat(100));
        let shown = tail(&text);
        assert!(shown.starts_with("error: a word is missing\n"), "{shown}");
        assert_eq!(shown.lines().count(), 2 * TAIL_LINES + 1);
    }

    #[test]
    fn a_program_that_fails_leaves_its_words_in_the_failure() {
        let mut shell = command("sh");
        shell.args(["-c", "echo out; echo err >&2; exit 3"]);
        let failure = run("A test of failing", shell).unwrap_err().to_string();
        assert!(failure.contains("code 3"), "{failure}");
        assert!(failure.contains("out") && failure.contains("err"), "{failure}");
    }

    #[test]
    fn a_program_that_hangs_is_broken_off() {
        let mut sleep = command("sleep");
        sleep.arg("600");
        let limit = Some(Duration::from_millis(50));
        let failure = run_within("A test of hanging", sleep, limit).unwrap_err();
        assert!(failure.to_string().contains("no answer in time"));
    }
}
