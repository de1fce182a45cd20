//! Story 9: where work is.

use shared::forms::request;
use shared::forms::request::workflow::{RETURN, SUBMIT};
use shared::ids::Scope;
use shared::value::Target;
use tests::browser::{Engine, Portal};
use tests::remote_device::RemoteDevice;

use super::draft::begins;
use tests::signed_in::{at, everything_is_received, section, sign_in, signed_in, word};

stories! {
    on chromium (Chromium): one_page_tells_where_everything_is, unsent_work_is_carried_to_another_device_in_a_file, signing_out_with_unsent_work_asks_and_destroys_nothing, an_edit_after_submission_is_put_aside_and_adopted;
}

/// Unsent fields by name and size, room and promise of the browser; then everything received.
fn one_page_tells_where_everything_is(engine: Engine) {
    let mut portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    portal.stop();
    let path = begins(browser, "Where is it?");
    browser.open(&format!("{path}/results"));
    browser.fill("Objectives", "Here.");
    browser.sees("saved on this device");
    browser.open("/device");
    browser.inside("main", |browser| {
        browser.sees("To be sent");
        browser.sees("Objectives");
        browser.sees("Where is it?");
        browser.sees("What this device promises");
        browser.sees("used,");
    });
    let promises = ["ui.promise.kept", "ui.promise.not_kept"].map(word);
    browser.waits_for(
        "one of the two sentences on whether the browser keeps this work, and what it asked the browser",
        "const persisted = await navigator.storage.persisted();
         const told = arguments[0].map(promise => document.querySelector('main').innerText.includes(promise));
         return told[0] === persisted && told[1] === !persisted",
        &[serde_json::json!(promises)],
    );
    portal.start_again();
    browser.press("Try to send now");
    browser.sees("Nothing waits: everything here is received.");
    everything_is_received(browser);
}

/// A person who thinks better of it, one who chooses a place, and a browser that does not ask.
const PICKERS: [(&str, &str); 3] = [
    ("() => Promise.reject(new DOMException('', 'AbortError'))", "No file was saved."),
    (
        "({ suggestedName }) => navigator.storage.getDirectory()
            .then(folder => folder.getFileHandle(suggestedName, { create: true }))",
        "saved,",
    ),
    ("undefined", "was handed to the browser."),
];

/// Saved only once it is written. The file is taken in twice elsewhere and changes nothing the second time; the server has it once.
fn unsent_work_is_carried_to_another_device_in_a_file(engine: Engine) {
    let mut portal = Portal::start();
    let first = signed_in(engine, &portal, "kenya");
    let second = signed_in(engine, &portal, "kenya");
    portal.stop();
    let browser = &first.browser;
    let path = begins(browser, "On a memory stick");
    browser.open(&format!("{path}/results"));
    browser.fill("Objectives", "Carried by hand.");
    browser.sees("saved on this device");
    browser.open("/device");
    for (picker, said) in PICKERS {
        browser.script(&format!("window.showSaveFilePicker = {picker}"), &[]);
        browser.press("Save the rescue file");
        browser.sees(said);
    }
    let file = downloaded(&browser.downloads());
    portal.start_again();

    let browser = &second.browser;
    browser.open("/device");
    for again in [false, true] {
        browser.attach("Open a rescue file", &file);
        browser.sees("taken from the file.");
        browser.sees(if again { "already on this device or received." } else { "Taking it again changes nothing." });
    }
    browser.open("/");
    browser.sees("On a memory stick");
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "Carried by hand.");
    everything_is_received(browser);
    // The first device sends the same on its own: still once.
    let browser = &first.browser;
    browser.script("dispatchEvent(new Event('online'))", &[]);
    everything_is_received(browser);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    colleague.sync();
    let documents = colleague.device.documents();
    assert_eq!(documents.len(), 1);
    let text = colleague.device.sees(Scope::shared(documents[0]));
    let text = text.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text());
    assert_eq!(text.as_deref(), Some("Carried by hand."));
}

fn downloaded(folder: &std::path::Path) -> std::path::PathBuf {
    let found = || {
        let entries = std::fs::read_dir(folder).ok()?;
        let mut paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        paths.find(|path| path.extension().is_some_and(|extension| extension == "relais"))
    };
    let started = std::time::Instant::now();
    loop {
        if let Some(path) = found() {
            return path;
        }
        assert!(started.elapsed() < tests::browser::PATIENCE, "no file in {}", folder.display());
        std::thread::yield_now();
    }
}

/// Asked, then confirmed: the work stays and leaves when the same person signs in again.
fn signing_out_with_unsent_work_asks_and_destroys_nothing(engine: Engine) {
    let mut portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    portal.stop();
    begins(browser, "Left behind");
    browser.open("/device");
    browser.inside("main", |browser| browser.sees("only on this device"));
    browser.press("Sign out");
    browser.sees("Sign out with unsent work?");
    browser.inside("dialog[open]", |browser| browser.press("Cancel"));
    browser.does_not_see("Sign out with unsent work?");
    browser.press("Sign out");
    browser.inside("dialog[open]", |browser| browser.press("Sign out"));
    browser.sees("Account name");
    portal.start_again();
    sign_in(browser, "kenya", "en");
    browser.sees("Left behind");
    everything_is_received(browser);
}

/// Written offline after a colleague had submitted: put aside with its words and reason, readable by
/// staff; once the request is back, applied after all.
fn an_edit_after_submission_is_put_aside_and_adopted(engine: Engine) {
    let mut portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let mut office = RemoteDevice::signed_in(&portal, "staff", 3);
    let document = colleague.completes(1, "Too late");
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("Too late");
    portal.stop();
    browser.open(&section(document, "who"));
    browser.fill("Function", "Director of posts");
    browser.sees("saved on this device");
    portal.start_again();
    colleague.asks(document, SUBMIT, None);
    office.sync();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.open("/device");
    browser.sees("Put aside");
    browser.sees("Director of posts");
    browser.sees("It is not applied. It is not lost: you and the team can read it.");
    browser.sees("The document had already left, or was closed, when this arrived.");

    office.sync();
    office.asks(document, RETURN, Some("Add what you have."));
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.press("Apply to the request after all");
    everything_is_received(browser);
    browser.open(&section(document, "who"));
    browser.holds("Function", "Director of posts");
    colleague.sync();
    let seen = colleague.device.sees(Scope::shared(document)).answers();
    assert_eq!(seen.text(Target::of(request::FOCAL_FUNCTION)), "Director of posts");
    browser.open(&at(document));
    browser.does_not_see("put aside");
}
