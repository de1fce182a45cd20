//! The three engines: which programs each needs, and what to say when one is missing.
//!
//! A missing browser fails the story: a test that is skipped quietly is a test that does not exist.
//! Deliberately does not know pages or commands.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::processes::Processes;
use super::{chromium, firefox, webkit};

/// The engines that the portal promises to work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK's MiniBrowser, the nearest thing to Safari on Linux.
    WebKit,
}

impl Engine {
    /// All three, for stories that run on each.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Starts the engine's driver, and answers what to ask it for.
    pub(super) fn start(self, processes: &mut Processes, site: &Site<'_>) -> Result<Value, String> {
        match self {
            Self::Chromium => chromium::start(processes, site),
            Self::Firefox => firefox::start(processes, site),
            Self::WebKit => webkit::start(processes, site),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        })
    }
}

/// Where and how a browser runs.
#[derive(Debug)]
pub(super) struct Site<'a> {
    /// The folder that outlives the browser.
    pub profile: &'a Path,
    /// The port the driver listens on.
    pub port: u16,
    /// The language the browser asks pages for, as `fr` or `en-GB`.
    pub language: &'a str,
}

impl Site<'_> {
    /// Where the driver and the browser write their words.
    pub fn log(&self) -> PathBuf {
        self.profile.join("story.log")
    }

    /// The profile as text, as the browsers' arguments want it.
    pub fn folder(&self) -> String {
        self.profile.to_string_lossy().into_owned()
    }

    /// A path inside the profile, as text.
    pub fn inside(&self, name: &str) -> String {
        self.profile.join(name).to_string_lossy().into_owned()
    }
}

/// Finds a program in `PATH` under any of its names, or says which package brings it.
pub(super) fn program(names: &[&str], package: &str) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| missing(names[0], package))
}

/// The sentence for a program that is not there.
pub(super) fn missing(name: &str, package: &str) -> String {
    format!(
        "{name} is missing: on Debian and Ubuntu the package {package} brings it, \
         and `cargo xtask test` installs it."
    )
}
