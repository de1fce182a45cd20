//! The headless device as a program: JSON lines in, JSON lines out, a folder for a disk.
//!
//! Knows nothing of documents; what the lines mean is written in `tests/README.md`.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::browser::Portal;

/// A device that runs, and the lines it says.
#[derive(Debug)]
pub struct Headless {
    program: Child,
    says: ChildStdin,
    hears: Lines<BufReader<ChildStdout>>,
}

impl Headless {
    /// Starts `program` beside the portal; `folder` is its disk.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(program: &Path, portal: &Portal, folder: &Path) -> Self {
        Self::start_at(program, &portal.url(), folder)
    }

    /// The same, for a portal that is reached at `address`.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_at(program: &Path, address: &str, folder: &Path) -> Self {
        let mut program = Command::new(program)
            .arg(address)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the device starts");
        let (says, hears) = (program.stdin.take().expect("its input"), program.stdout.take().expect("its output"));
        Self { program, says, hears: BufReader::new(hears).lines() }
    }

    /// Tells it to do something; one line is the whole answer.
    ///
    /// # Panics
    /// It has ended, or says what is no JSON.
    #[track_caller]
    pub fn told(&mut self, line: &Value) -> Value {
        writeln!(self.says, "{line}").expect("it listens");
        let answer = self.hears.next().expect("it answers").expect("in letters");
        serde_json::from_str(&answer).expect("one JSON object")
    }

    /// The same, for what must succeed.
    ///
    /// # Panics
    /// It did not.
    #[track_caller]
    pub fn does(&mut self, line: &Value) -> Value {
        let answer = self.told(line);
        assert!(answer["error"].is_null(), "{line}: {answer}");
        answer["ok"].clone()
    }
}

impl Drop for Headless {
    /// As a power cut would.
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
