//! The program of focal points, with the form of visits beside Relais' own.

#[path = "../../../../app/src/bin/portal.rs"]
mod portal;

fn main() {
    visit::install();
    portal::main();
}
