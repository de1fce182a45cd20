//! One line per step with the seconds it took, on a terminal and in a log file alike.
//!
//! Deliberately does not know what a step does.

use std::io::{IsTerminal, Write, stdout};
use std::time::{Duration, Instant};

/// Between two signs of life of a long step where the line cannot be rewritten.
const QUIET_MAX: Duration = Duration::from_secs(60);
/// What is shown of the last line a program wrote.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// A step being done, shown as one line.
#[derive(Debug)]
pub struct Step {
    title: String,
    started_at: Instant,
    told_at: Instant,
    on_terminal: bool,
    line_open: bool,
}

impl Step {
    /// Starts a step and shows its title at once.
    pub fn start(title: &str) -> Self {
        let now = Instant::now();
        let on_terminal = stdout().is_terminal();
        print!("{title} …");
        flush();
        Self { title: title.to_owned(), started_at: now, told_at: now, on_terminal, line_open: true }
    }

    /// Shows that the step is still going on: the seconds so far and the program's last line.
    pub fn tick(&mut self, last_line: &str) {
        let seconds = self.started_at.elapsed().as_secs();
        if self.on_terminal {
            let shown: String = last_line.trim().chars().take(SHOWN_CHARACTERS_MAX).collect();
            print!("\r\x1b[K{} … {seconds} s  {shown}", self.title);
            self.line_open = true;
        } else if self.told_at.elapsed() >= QUIET_MAX {
            let title = if self.line_open { "" } else { self.title.as_str() };
            print!("{title} {seconds} s …");
            self.line_open = true;
            self.told_at = Instant::now();
        }
        flush();
    }

    /// Prints a line of its own while the step goes on.
    pub fn say(&mut self, text: &str) {
        self.close_line();
        println!("{text}");
        self.told_at = Instant::now();
    }

    /// Ends the step with its outcome and time.
    pub fn finish(mut self, outcome: &str) -> Duration {
        let took = self.started_at.elapsed();
        let end = format!("{outcome} {:.1} s", took.as_secs_f32());
        let end = end.trim_start();
        if self.on_terminal {
            println!("\r\x1b[K{} … {end}", self.title);
        } else if self.line_open {
            println!(" {end}");
        } else {
            println!("{} … {end}", self.title);
        }
        self.line_open = false;
        took
    }

    fn close_line(&mut self) {
        if self.on_terminal {
            print!("\r\x1b[K");
        } else if self.line_open {
            println!();
        }
        self.line_open = false;
    }
}

/// Prints one line of news.
pub fn say(text: &str) {
    println!("{text}");
}

fn flush() {
    // A closed standard output is found by the next print; there is nobody to tell.
    let _ = stdout().flush();
}
