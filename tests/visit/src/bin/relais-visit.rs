//! The server, with the form of visits beside Relais' own.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    visit::install();
    server::cli::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
