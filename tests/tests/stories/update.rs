//! A new version of the portal, offered while people work.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;
use tests::browser::{Browser, Engine, Portal};

use super::draft::begins;
use tests::signed_in::{everything_is_received, everything_is_saved, keeps_the_shell, signed_in, word};

stories! {
    on chromium (Chromium): a_new_version_waits_for_the_person_and_for_their_words, a_page_open_for_days_hears_of_a_new_version, a_server_that_wants_a_newer_version_has_it_looked_for;
}

/// The client as it was built, in a folder of its own that can be turned into another build.
struct Built(TempDir);

impl Built {
    fn copied() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the client");
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/.");
        let copied = std::process::Command::new("cp").arg("-r").arg(dist).arg(folder.path()).status().expect("cp");
        assert!(copied.success(), "the client was built");
        Self(folder)
    }

    fn served(&self) -> Portal {
        Portal::start_with(&["--client", self.0.path().to_str().expect("a path")])
    }

    fn worker(&self) -> PathBuf {
        self.0.path().join("service_worker.js")
    }

    /// What the worker of this build calls its cache.
    fn cache(&self) -> String {
        let text = fs::read_to_string(self.worker()).expect("the worker");
        let (_, name) = text.split_once("const CACHE = \"").expect("the name of its cache");
        name.split('"').next().unwrap_or_default().to_owned()
    }

    /// Makes another build of it, which the server offers from its next start on.
    fn becomes_another(&self) {
        let (path, cache) = (self.worker(), self.cache());
        let text = fs::read_to_string(&path).expect("the worker");
        fs::write(&path, text.replace(&cache, &format!("{cache}b"))).expect("written");
        fs::remove_file(path.with_extension("js.br")).expect("there was a compressed twin");
    }
}

fn offers_another_build(portal: &mut Portal, built: &Built) {
    portal.stop();
    built.becomes_another();
    portal.start_again();
}

/// Waits until the portal is kept in this cache and no other: then that version is in control.
#[track_caller]
fn is_run_by(browser: &Browser, cache: &str) {
    browser.waits_for(
        "the version in control",
        "return caches.keys().then(names => names.length === 1 && names[0] === arguments[0])",
        &[cache.into()],
    );
}

/// The bar appears and nothing changes; words that cannot be saved hold the change back; agreed to and
/// all saved, the new version takes over, and both tabs keep what was written in them.
fn a_new_version_waits_for_the_person_and_for_their_words(engine: Engine) {
    let built = Built::copied();
    let (mut portal, first) = (built.served(), built.cache());
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
    let path = begins(browser, "Across two versions");
    everything_is_received(browser);
    browser.open(&format!("{path}/subject"));
    browser.new_tab();
    browser.open(&format!("{path}/results"));
    offers_another_build(&mut portal, &built);
    browser.reload();
    browser.sees("A new version is ready.");
    browser.fill("Objectives", "Written in the old version.");
    everything_is_received(browser);
    let kept = browser.script("return caches.keys()", &[]);
    assert!(kept.as_array().is_some_and(|names| names.contains(&json!(first))), "{kept}: nothing was asked for yet");

    browser.script(
        "window.put = IDBObjectStore.prototype.put;
         IDBObjectStore.prototype.put = function () { throw new DOMException('Internal error', 'UnknownError'); };",
        &[],
    );
    browser.fill("Objectives", "Written in the old version. Not saved yet.");
    browser.sees("not saved: keep this page open");
    browser.press("Change to the new version");
    browser.sees(&word("ui.update.later"));
    browser.holds("Objectives", "Written in the old version. Not saved yet.");
    browser.script("IDBObjectStore.prototype.put = window.put", &[]);
    browser.fill("Objectives", "Written in the old version. Saved.");
    everything_is_saved(browser);
    browser.press("Change to the new version");
    is_run_by(browser, &built.cache());
    browser.holds("Objectives", "Written in the old version. Saved.");
    browser.does_not_see("A new version is ready.");
    keeps_the_shell(browser);
    browser.switch_tab(0);
    browser.holds("Title", "Across two versions");
    browser.fill("Title", "Still at the old one");
    everything_is_received(browser);
    browser.reload();
    browser.holds("Title", "Still at the old one");
    browser.does_not_see("A new version is ready.");
}

/// Nobody reloads it; shown again after some hours, it has looked for itself.
fn a_page_open_for_days_hears_of_a_new_version(engine: Engine) {
    let built = Built::copied();
    let mut portal = built.served();
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
    offers_another_build(&mut portal, &built);
    browser.script("const now = Date.now; Date.now = () => now() + 2 * 3600 * 1000", &[]);
    browser.new_tab();
    browser.switch_tab(0);
    browser.sees("A new version is ready.");
}

/// The server takes nothing from this version any more: it is not said that a newer one is there before it is.
fn a_server_that_wants_a_newer_version_has_it_looked_for(engine: Engine) {
    let built = Built::copied();
    let mut portal = built.served();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.script(
        "const real = fetch;
         window.fetch = (what, ...more) => !(what.url ?? what).endsWith('/sync') ? real(what, ...more) : Promise.resolve(new Response(
           '{\"error\":{\"code\":\"too_old\"}}', { status: 426, headers: { 'content-type': 'application/json' } }));
         dispatchEvent(new Event('online'));",
        &[],
    );
    browser.sees("The server has a fault");
    assert!(!browser.text().contains("A new version is ready."), "there is none");
    offers_another_build(&mut portal, &built);
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.sees("A new version is ready.");
}
