//! One line per step with its number and the seconds it took, on a terminal and in a log file alike.
//!
//! A command first says how many steps it has, then counts them; a step may print several lines, or none where there
//! is nothing to do. Deliberately does not know what a step does.

use std::io::{IsTerminal, Write, stdout};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Between two signs of life of a long step where the line cannot be rewritten.
const QUIET_MAX: Duration = Duration::from_secs(60);
/// What is shown of the last line a program wrote.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// Which step of how many this command is at.
static COUNT: Mutex<Count> = Mutex::new(Count { step: 0, steps: 0 });

/// A place in a row of steps.
#[derive(Debug, Clone, Copy)]
struct Count {
    step: usize,
    steps: usize,
}

impl Count {
    /// Writes a title with the place before it; lines before the first step have none.
    fn numbered(self, title: &str) -> String {
        match self.step {
            0 => title.to_owned(),
            step => format!("[{step}/{}] {title}", self.steps.max(step)),
        }
    }
}

/// Says how many steps this command has.
pub fn plan(steps: usize) {
    count(|count| count.steps = steps);
}

/// Goes on to the next step.
pub fn next() {
    skip(1);
}

/// Leaves steps out that have nothing to do.
pub fn skip(steps: usize) {
    count(|count| count.step += steps);
}

fn count<T>(use_it: impl FnOnce(&mut Count) -> T) -> T {
    // Nothing that holds it can fail halfway.
    use_it(&mut COUNT.lock().unwrap_or_else(|broken| broken.into_inner()))
}

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
        let title = count(|count| count.numbered(title));
        print!("{title} …");
        flush();
        Self { title, started_at: now, told_at: now, on_terminal, line_open: true }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_says_which_of_how_many_it_is() {
        let cases = [((0, 0), "Trunk"), ((1, 3), "[1/3] Trunk"), ((3, 3), "[3/3] Trunk"), ((4, 3), "[4/4] Trunk")];
        for ((step, steps), shown) in cases {
            assert_eq!(Count { step, steps }.numbered("Trunk"), shown);
        }
    }
}
