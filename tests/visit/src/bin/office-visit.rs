//! The program of staff, with the form of visits beside Relais' own.

#[path = "../../../../app/src/bin/office.rs"]
mod office;

fn main() {
    visit::install();
    office::main();
}
