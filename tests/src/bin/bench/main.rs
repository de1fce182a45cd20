//! `cargo xtask bench`: the budgets of the design, measured, as one table.
//!
//! `bench [NAME…]` measures only the rows of these groups: `bytes`, `device`, `server`, `headless`, `keystroke`,
//! `pages`.
//! Ends with an error when a budget is exceeded. The size of the first load is the build's own check.

mod bytes;
mod device;
mod headless;
mod keystroke;
mod line;
mod matter;
mod pages;
mod server;

use std::io::Write as _;
use std::process::ExitCode;

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// What was measured.
    pub what: &'static str,
    /// The most, or with `at_least` the least, it may be.
    pub budget: f64,
    /// What it is.
    pub measured: f64,
    /// In what.
    pub unit: &'static str,
    /// Whether more is better.
    pub at_least: bool,
}

impl Row {
    fn at_most(what: &'static str, budget: f64, measured: f64, unit: &'static str) -> Self {
        Self { what, budget, measured, unit, at_least: false }
    }

    fn at_least(what: &'static str, budget: f64, measured: f64, unit: &'static str) -> Self {
        Self { what, budget, measured, unit, at_least: true }
    }

    fn holds(&self) -> bool {
        if self.at_least { self.measured >= self.budget } else { self.measured <= self.budget }
    }
}

/// Measures one group of rows.
type Group = fn() -> Vec<Row>;

const GROUPS: [(&str, Group); 6] = [
    ("bytes", bytes::measure),
    ("device", device::measure),
    ("server", server::measure),
    ("headless", headless::measure),
    ("keystroke", keystroke::measure),
    ("pages", pages::measure),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| GROUPS.iter().all(|(known, _)| known != name)) {
        say(&format!("There is no group “{unknown}”. There are: {}.", GROUPS.map(|(name, _)| name).join(", ")));
        return ExitCode::FAILURE;
    }
    let chosen = GROUPS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name));
    let rows: Vec<Row> = chosen.flat_map(|(_, measure)| measure()).collect();
    say("| What | Budget | Measured | |\n|---|---|---|---|");
    for row in &rows {
        let bound = if row.at_least { "≥" } else { "≤" };
        let verdict = if row.holds() { "holds" } else { "EXCEEDED" };
        let (budget, measured) = (shown(row.budget), shown(row.measured));
        say(&format!("| {} | {bound} {budget} {unit} | {measured} {unit} | {verdict} |", row.what, unit = row.unit));
    }
    if rows.iter().all(Row::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn shown(number: f64) -> String {
    if number < 10.0 { format!("{number:.1}") } else { format!("{number:.0}") }
}

/// A closed standard output is nobody's loss.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Returns the value that `share` of all values do not exceed.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::INFINITY)
}
