//! What every story needs: a person signed in at a browser of their own, and the words they read.

use std::sync::OnceLock;

use crate::browser::{Browser, Engine, Portal};
use crate::remote_device::PASSWORD;
use serde_json::Value;
use tempfile::TempDir;

use shared::ids::DocumentId;

/// A browser of one person, and the folder its profile is in.
#[derive(Debug)]
pub struct SignedInBrowser {
    /// Their browser.
    pub browser: Browser,
    folder: TempDir,
    portal: String,
}

impl SignedInBrowser {
    /// Copies the profile to a second machine and starts a browser there.
    #[track_caller]
    pub fn copied(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the profile");
        let copied = std::process::Command::new("cp")
            .arg("-a")
            .arg(self.folder.path().join("."))
            .arg(folder.path())
            .status()
            .expect("cp");
        assert!(copied.success(), "the profile was copied");
        let browser = Browser::start_speaking(self.browser.engine(), folder.path(), "en").at(&self.portal);
        Self { browser, folder, portal: self.portal.clone() }
    }
}

/// Signs a person in at a new browser, which from then on opens without the server.
#[track_caller]
pub fn signed_in(engine: Engine, portal: &Portal, login: &str) -> SignedInBrowser {
    sign_in_speaking(engine, portal, login, "en")
}

/// The same, in a language.
#[track_caller]
pub fn sign_in_speaking(engine: Engine, portal: &Portal, login: &str, language: &str) -> SignedInBrowser {
    let folder = tempfile::tempdir().expect("a folder for the profile");
    let browser = Browser::start_speaking(engine, folder.path(), language).at(&portal.url());
    browser.open("/");
    sign_in(&browser, login, language);
    keeps_the_shell(&browser);
    SignedInBrowser { browser, folder, portal: portal.url() }
}

/// Fills the form in and signs in.
#[track_caller]
pub fn sign_in(browser: &Browser, login: &str, language: &str) {
    browser.fill(&word_in(language, "ui.sign_in.login"), login);
    browser.fill(&word_in(language, "ui.sign_in.password"), PASSWORD);
    browser.press(&word_in(language, "ui.sign_in.open"));
    browser.sees(&word_in(language, if login == "staff" { "ui.nav.inbox" } else { "ui.nav.files" }));
}

/// Waits until the portal would open without a network.
#[track_caller]
pub fn keeps_the_shell(browser: &Browser) {
    browser.waits_for("the shell to be kept", "return document.documentElement.dataset.shell === 'kept'", &[]);
}

/// Waits until what was typed is on the disk: then the browser would close without a question.
#[track_caller]
pub fn everything_is_saved(browser: &Browser) {
    let closes = "return dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    browser.waits_for("the words to be on the disk", closes, &[]);
}

/// Waits until everything on the device is received.
#[track_caller]
pub fn everything_is_received(browser: &Browser) {
    everything_is_saved(browser);
    browser.sees("Everything is received");
}

/// Where a request is.
#[must_use]
pub fn at(document: DocumentId) -> String {
    format!("/d/{document}")
}

/// Where one section of a request is.
#[must_use]
pub fn section(document: DocumentId, key: &str) -> String {
    format!("/d/{document}/{key}")
}

/// The words the portal has for something, in English.
#[must_use]
pub fn word(key: &str) -> String {
    word_in("en", key)
}

/// The words the portal has for something.
#[must_use]
pub fn word_in(language: &str, key: &str) -> String {
    found_in(language, key).unwrap_or_else(|| panic!("no words for {key}"))
}

/// The words the portal may have for something, in English.
#[must_use]
pub fn word_if_any(key: &str) -> Option<String> {
    found_in("en", key)
}

fn found_in(language: &str, key: &str) -> Option<String> {
    static WORDS: OnceLock<[Value; 4]> = OnceLock::new();
    let files = WORDS.get_or_init(|| {
        ["en.json", "office.en.json", "fr.json", "office.fr.json"].map(|name| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/messages").join(name);
            serde_json::from_str(&std::fs::read_to_string(path).expect("a message file")).expect("JSON")
        })
    });
    let files = if language == "fr" { &files[2..] } else { &files[..2] };
    files.iter().find_map(|file| file[key].as_str()).map(ToOwned::to_owned)
}
