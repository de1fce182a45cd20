//! What must be there before the commands can work.
//!
//! Deliberately only lists it; how each thing is found or installed stands beside the thing.

use std::path::PathBuf;

use crate::apt::{self, Need};
use crate::child;
use crate::failure::Failure;
use crate::profile::ClientProfile;
use crate::progress;
use crate::tools;
use crate::wasm_toolchain::WasmToolchain;

const BROWSERS: [&Need; 8] = [
    &Need { found_as: &["chromium", "chromium-browser"], packages: &["chromium", "chromium-browser"] },
    &Need { found_as: &["chromedriver"], packages: &["chromium-driver", "chromium-chromedriver"] },
    &Need { found_as: &["firefox-esr", "firefox"], packages: &["firefox-esr", "firefox"] },
    &Need { found_as: &["WebKitWebDriver"], packages: &["webkit2gtk-driver"] },
    &Need { found_as: &["xvfb-run"], packages: &["xvfb"] },
    &Need { found_as: &["xauth"], packages: &["xauth"] },
    &Need { found_as: &["/usr/share/fonts/truetype/dejavu"], packages: &["fonts-dejavu-core"] },
    &Need { found_as: &["/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"], packages: &["fonts-noto-color-emoji"] },
];

/// What builds the client.
#[derive(Debug, Clone)]
pub struct ClientTools {
    pub profile: ClientProfile,
    pub toolchain: WasmToolchain,
    /// Folders of programs that come first in the search path.
    pub programs: Vec<PathBuf>,
}

/// What checks and tests everything.
#[derive(Debug)]
pub struct TestTools {
    pub client: ClientTools,
    /// Folders of programs that come first in the search path of the tests.
    pub programs: Vec<PathBuf>,
}

/// How many steps `client` has, and `test`.
pub const CLIENT_STEPS: usize = 4;
pub const TEST_STEPS: usize = CLIENT_STEPS + 3;

/// Makes sure that the client can be built.
pub fn client(profile: ClientProfile) -> Result<ClientTools, Failure> {
    client_tools(profile, compiler(profile)?)
}

fn compiler(profile: ClientProfile) -> Result<WasmToolchain, Failure> {
    progress::next();
    WasmToolchain::ensure(profile)
}

fn client_tools(profile: ClientProfile, toolchain: WasmToolchain) -> Result<ClientTools, Failure> {
    progress::next();
    let mut programs = vec![tools::trunk()?];
    progress::next();
    programs.push(tools::wasm_bindgen()?);
    progress::next();
    if profile == ClientProfile::Small {
        programs.push(tools::wasm_opt()?);
    }
    Ok(ClientTools { profile, toolchain, programs })
}

/// Makes sure that everything can be built, checked and driven in browsers.
pub fn test(profile: ClientProfile) -> Result<TestTools, Failure> {
    let toolchain = compiler(profile)?;
    // All at once: whoever has to ask somebody else for packages asks one time.
    let mut needs = BROWSERS.to_vec();
    needs.extend(toolchain.needs_of_clippy());
    needs.extend(tools::needs_of_wasm_opt()?);
    progress::next();
    apt::ensure(&needs)?;
    let client = client_tools(profile, toolchain)?;
    progress::next();
    rustup_component("rustfmt", "fmt")?;
    rustup_component("clippy", "clippy")?;
    progress::next();
    let programs = vec![tools::geckodriver()?];
    Ok(TestTools { client, programs })
}

/// Makes sure that the toolchain of the work tree has a part that small installations leave out.
fn rustup_component(component: &str, subcommand: &str) -> Result<(), Failure> {
    let is_there = || {
        let mut cargo = child::cargo();
        cargo.args([subcommand, "--version"]);
        child::answer(cargo).is_some()
    };
    if is_there() {
        return Ok(());
    }
    let mut rustup = child::command("rustup");
    rustup.args(["component", "add", component]);
    let added = child::run_within(component, rustup, Some(crate::wasm_toolchain::RUSTUP_WAIT_MAX));
    match is_there() {
        true => Ok(()),
        false => Err(Failure::Missing {
            what: format!("Rust's {component} is not installed and rustup could not add it."),
            remedy: format!(
                "Try: rustup component add {component}{}",
                added.map_or_else(|failure| format!("\n\n{failure}"), |()| String::new())
            ),
        }),
    }
}
