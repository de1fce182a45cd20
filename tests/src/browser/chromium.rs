//! Chromium through chromedriver.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use super::engine::{Site, program};
use super::processes::Processes;

/// Starts chromedriver, and answers the capabilities of a headless browser on the profile.
pub(super) fn start(processes: &mut Processes, site: &Site<'_>) -> Result<Value, String> {
    let driver = program(&["chromedriver"], "chromium-driver")?;
    let browser = program(&["chromium", "chromium-browser"], "chromium")?;
    forget_killed_browser(site);
    let mut command = Command::new(driver);
    command.arg(format!("--port={}", site.port)).arg("--log-level=SEVERE").env("TZ", "UTC");
    processes.start(&mut command, &site.log())?;
    Ok(json!({
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "binary": browser,
            "args": arguments(site),
            "prefs": {
                "intl.accept_languages": site.language,
                "download.default_directory": site.inside("downloads"),
                "download.prompt_for_download": false,
            },
        },
    }))
}

fn arguments(site: &Site<'_>) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--lang={}", site.language));
    arguments.push(format!("--user-data-dir={}", site.folder()));
    arguments
}

/// A killed browser leaves its lock behind; a reused process number would keep the next one out.
fn forget_killed_browser(site: &Site<'_>) {
    for name in ["SingletonLock", "SingletonCookie", "SingletonSocket", "DevToolsActivePort"] {
        // Not there in a fresh profile.
        let _absent = fs::remove_file(site.profile.join(name));
    }
}
