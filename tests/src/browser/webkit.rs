//! WebKitGTK's MiniBrowser through WebKitWebDriver, on a screen of its own.
//!
//! MiniBrowser forgets everything at its end when it is driven. `webkit_profile.c`, loaded before
//! the engine, answers its request for a forgetful store with one that keeps its data.
//! Without compositing it needs no graphics drivers, but paints a page for a picture only when
//! something on it changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::engine::{Site, missing, program};
use super::processes::Processes;
use super::waiting;

const PROFILE_SOURCE: &str = include_str!("webkit_profile.c");
const SCREEN_LIMIT: Duration = Duration::from_secs(20);
/// Without it the buttons above the page keep the window from becoming as narrow as a phone.
const NARROW_WINDOW: &str = "* { padding: 0; margin: 0; border-width: 0; \
     min-width: 0; min-height: 0; font-size: 1px; }\n";

/// Starts a screen and WebKitWebDriver, and answers the capabilities of a browser on the profile.
pub(super) fn start(processes: &mut Processes, site: &Site<'_>) -> Result<Value, String> {
    let driver = program(&["WebKitWebDriver"], "webkit2gtk-driver")?;
    let browser = mini_browser()?;
    let keeper = build_profile_keeper(site)?;
    let gtk = site.profile.join("gtk-3.0");
    fs::create_dir_all(&gtk)
        .and_then(|()| fs::write(gtk.join("gtk.css"), NARROW_WINDOW))
        .map_err(|error| error.to_string())?;
    let screen = start_screen(processes, site)?;
    let mut command = Command::new(driver);
    command
        .arg(format!("--port={}", site.port))
        .env("DISPLAY", screen)
        .env("GDK_BACKEND", "x11")
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env("LD_PRELOAD", keeper)
        .env("RELAIS_WEBKIT_PROFILE", site.profile)
        .env("GSETTINGS_BACKEND", "memory")
        .env("NO_AT_BRIDGE", "1")
        .env("TZ", "UTC")
        .env("RELAIS_WEBKIT_LANGUAGE", site.language);
    for folder in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env(folder, site.profile);
    }
    processes.start(&mut command, &site.log())?;
    let cookies = format!("--cookies-file={}", site.inside("cookies.sqlite"));
    Ok(json!({
        "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation", cookies] },
    }))
}

/// Looks where the packages put it, which is in no `PATH`.
fn mini_browser() -> Result<PathBuf, String> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    folders
        .map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| missing("MiniBrowser of WebKitGTK 4.1", "webkit2gtk-driver"))
}

fn build_profile_keeper(site: &Site<'_>) -> Result<PathBuf, String> {
    let library = site.profile.join("webkit_profile.so");
    if library.is_file() {
        return Ok(library);
    }
    let compiler = program(&["cc", "gcc"], "gcc")?;
    let source = site.profile.join("webkit_profile.c");
    fs::write(&source, PROFILE_SOURCE).map_err(|error| error.to_string())?;
    let outcome = Command::new(compiler)
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .output()
        .map_err(|error| error.to_string())?;
    match outcome.status.success() {
        true => Ok(library),
        false => Err(String::from_utf8_lossy(&outcome.stderr).into_owned()),
    }
}

/// Starts a screen nobody looks at, larger than any page, and answers its name.
///
/// Not through `xvfb-run`: that counts seconds instead of waiting, and survives being killed.
fn start_screen(processes: &mut Processes, site: &Site<'_>) -> Result<String, String> {
    let server = program(&["Xvfb"], "xvfb")?;
    let answer = site.profile.join("screen.log");
    // Absent at the first start.
    let _absent = fs::remove_file(&answer);
    let mut command = Command::new(server);
    command.args(["-displayfd", "1", "-screen", "0", "1600x1400x24"]);
    command.args(["-nolisten", "tcp"]);
    processes.start(&mut command, &answer)?;
    waiting::until(SCREEN_LIMIT, || screen_name(&answer).ok_or_else(|| "Xvfb does not name its screen".to_owned()))
}

/// The number that Xvfb writes once it is ready, among its warnings.
fn screen_name(answer: &Path) -> Option<String> {
    let words = fs::read_to_string(answer).ok()?;
    let number = words.lines().find_map(|line| line.parse::<u32>().ok())?;
    words.ends_with('\n').then(|| format!(":{number}"))
}
