//! Firefox through geckodriver.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::engine::{Site, program};
use super::processes::Processes;

/// Names the geckodriver to use instead of the one in `PATH`.
const DRIVER_NAME: &str = "RELAIS_GECKODRIVER";
/// Where `cargo xtask test` keeps the geckodriver it builds, under the person's cache folder.
const DRIVER_CACHE: &str = ".cache/relais/tools/geckodriver-0.37.1/bin/geckodriver";

/// Starts geckodriver, and answers the capabilities of a headless browser on the profile.
pub(super) fn start(processes: &mut Processes, site: &Site<'_>) -> Result<Value, String> {
    let driver = driver()?;
    let browser = program(&["firefox-esr", "firefox"], "firefox-esr")?;
    let mut command = Command::new(driver);
    command
        .arg("--port")
        .arg(site.port.to_string())
        // Any free port: the default one would allow one browser at a time.
        .args(["--websocket-port", "0", "--log", "error"])
        // Viewport and colour scheme are set from the browser's own side.
        .arg("--allow-system-access")
        .env("TZ", "UTC")
        .env("MOZ_CRASHREPORTER_DISABLE", "1");
    processes.start(&mut command, &site.log())?;
    Ok(json!({
        "moz:firefoxOptions": {
            "binary": browser,
            "args": ["-headless", "-profile", site.folder()],
            "prefs": preferences(site),
        },
    }))
}

fn driver() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os(DRIVER_NAME) {
        return Ok(named.into());
    }
    program(&["geckodriver"], "firefox-geckodriver").or_else(|_absent| {
        let home = PathBuf::from(env::var_os("HOME").unwrap_or_default());
        Some(home.join(DRIVER_CACHE)).filter(|path| path.is_file()).ok_or_else(|| {
            "geckodriver is missing: `cargo xtask test` installs it, \
                 and `cargo install geckodriver` does too."
                .to_owned()
        })
    })
}

fn preferences(site: &Site<'_>) -> Value {
    json!({
        "intl.accept_languages": site.language,
        "layout.css.prefers-color-scheme.content-override": 1,
        "browser.download.folderList": 2,
        "browser.download.dir": site.inside("downloads"),
        "browser.download.useDownloadDir": true,
        "browser.download.always_ask_before_handling_new_types": false,
        "browser.download.alwaysOpenPanel": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "app.normandy.enabled": false,
    })
}
