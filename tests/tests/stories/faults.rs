//! The rows of the fault table that people meet in a browser.

use shared::forms::request;
use shared::ids::{DocumentId, Scope};
use shared::value::{Date, Target, Value};
use tests::browser::{Browser, Engine, Impostor, Portal, keys};
use tests::later::{self, Written};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{
    SignedInBrowser, at, everything_is_received, everything_is_saved, section, sign_in, signed_in, word,
};

stories! {
    on chromium (Chromium): no_room_is_told_at_once_and_the_words_stay, storage_wiped_under_an_open_page_is_told, a_wiped_browser_gets_the_servers_copy_back, a_copied_profile_loses_neither_sides_work, a_network_that_answers_in_the_servers_name_is_not_believed, an_ended_session_does_not_stop_the_work, a_killed_browser_loses_no_more_than_the_last_moment, clocks_that_are_wrong_change_nothing, a_store_that_stumbles_once_takes_the_words_all_the_same, a_store_that_takes_nothing_is_told_at_once, own_words_are_written_strictly, what_a_newer_version_wrote_is_kept_and_said;
}

/// A draft with an empty text, open at the browser.
#[track_caller]
fn an_open_draft(portal: &Portal, engine: Engine) -> (SignedInBrowser, RemoteDevice, DocumentId) {
    let mut colleague = RemoteDevice::signed_in(portal, "kenya2", 2);
    let document = colleague.begins(1, "In hard conditions");
    let device = signed_in(engine, portal, "kenya");
    device.browser.sees("In hard conditions");
    device.browser.open(&section(document, "results"));
    device.browser.holds("Objectives", "");
    (device, colleague, document)
}

fn reconnects(browser: &Browser) {
    browser.script("dispatchEvent(new Event('online'))", &[]);
}

pub fn objectives(colleague: &RemoteDevice, document: DocumentId) -> String {
    let seen = colleague.device.sees(Scope::shared(document));
    seen.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text()).unwrap_or_default()
}

/// The disk is full: said in plain words, text on screen, a file offered; with room again it is saved.
fn no_room_is_told_at_once_and_the_words_stay(engine: Engine) {
    let portal = Portal::start();
    let (device, _colleague, _document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    browser.set_quota(20_000);
    let long = "Every post keeps its own figures. ".repeat(4_000);
    browser.focus("Objectives");
    browser.paste(&long);
    browser.sees("This device has no room left. What you just wrote is not saved");
    browser.sees("Save a rescue file");
    browser.sees("not saved: keep this page open");
    browser.holds("Objectives", &long);
    browser.lift_quota();
    browser.focus("Objectives");
    browser.type_keys("!");
    browser.does_not_see("This device has no room left.");
    browser.sees("saved on this device");
    browser.reload();
    browser.waits_for(
        "the whole text",
        "return document.querySelector('textarea').value.length === arguments[0]",
        &[(long.len() + 1).into()],
    );
}

/// The browser erases its storage while a page is open: nothing is pretended, the words stay.
fn storage_wiped_under_an_open_page_is_told(engine: Engine) {
    let portal = Portal::start();
    let (device, _colleague, _document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    let only_documents = serde_json::json!({ "origin": portal.url(), "storageTypes": "indexeddb" });
    browser.cdp("Storage.clearDataForOrigin", &only_documents).expect("erased");
    browser.focus("Objectives");
    browser.type_keys("Still here.");
    browser.sees("What this device had kept was erased.");
    browser.holds("Objectives", "Still here.");
}

/// At the next start it is said plainly, and what the server had is back.
fn a_wiped_browser_gets_the_servers_copy_back(engine: Engine) {
    let portal = Portal::start();
    let (device, _colleague, document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    browser.fill("Objectives", "Received before.");
    everything_is_received(browser);
    browser.open("about:blank");
    let only_documents = serde_json::json!({ "origin": portal.url(), "storageTypes": "indexeddb" });
    browser.cdp("Storage.clearDataForOrigin", &only_documents).expect("erased");
    browser.open("/");
    browser.sees("The browser erased what this device had kept.");
    browser.sees("In hard conditions");
    browser.press("Understood");
    browser.does_not_see("The browser erased what this device had kept.");
    // With cookies and all: signing in brings everything back.
    browser.open("about:blank");
    browser.clear_site_data();
    browser.open("/");
    sign_in(browser, "kenya", "en");
    browser.sees("In hard conditions");
    browser.open(&section(document, "results"));
    browser.holds("Objectives", "Received before.");
}

/// The profile is copied to a second machine; both go on offline, both reconnect: all words are kept.
fn a_copied_profile_loses_neither_sides_work(engine: Engine) {
    let mut portal = Portal::start();
    let (mut first, mut colleague, document) = an_open_draft(&portal, engine);
    first.browser.fill("Objectives", "Before.");
    everything_is_received(&first.browser);
    first.browser.kill();
    portal.stop();
    let copy = first.copied();
    first.browser.restart();
    for (device, words) in [(&first, "Before. On the first."), (&copy, "Before. On the copy.")] {
        device.browser.open(&section(document, "results"));
        device.browser.fill("Objectives", words);
        device.browser.sees("saved on this device");
    }
    portal.start_again();
    for device in [&first, &copy, &first] {
        device.browser.open("/sign-in");
        sign_in(&device.browser, "kenya", "en");
        everything_is_received(&device.browser);
    }
    colleague.sync();
    let text = objectives(&colleague, document);
    for words in ["On the first.", "On the copy."] {
        assert!(text.contains(words), "“{words}” is missing in “{text}”");
    }
}

/// A hotel's page answers 200 to everything: it is named, nothing is dropped, the work goes on.
fn a_network_that_answers_in_the_servers_name_is_not_believed(engine: Engine) {
    let mut portal = Portal::start();
    let (device, mut colleague, document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    portal.stop();
    let hotel = Impostor::in_the_name_of(&portal);
    browser.fill("Objectives", "Written in a hotel.");
    reconnects(browser);
    browser.sees("The network here answers in the server’s name.");
    browser.sees("saved on this device");
    browser.reload();
    browser.holds("Objectives", "Written in a hotel.");
    browser.sees("The network here answers in the server’s name.");
    drop(hotel);
    portal.start_again();
    reconnects(browser);
    everything_is_received(browser);
    browser.does_not_see("The network here answers in the server’s name.");
    colleague.sync();
    assert_eq!(objectives(&colleague, document), "Written in a hotel.");
}

/// The session was ended elsewhere: writing goes on, and after signing in all of it is sent.
fn an_ended_session_does_not_stop_the_work(engine: Engine) {
    let portal = Portal::start();
    let (device, mut colleague, document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    RemoteDevice::signed_in(&portal, "kenya", 3).ends_other_sessions();
    browser.fill("Objectives", "Written signed out.");
    browser.sees("Your session has ended. Sign in again; your work stays here and can go on.");
    browser.sees("saved on this device");
    browser.reload();
    browser.holds("Objectives", "Written signed out.");
    browser.follow("Sign in again");
    sign_in(browser, "kenya", "en");
    everything_is_received(browser);
    colleague.sync();
    assert_eq!(objectives(&colleague, document), "Written signed out.");

    // Ended under a page that syncs: it waits for the person alone, and for them at once.
    browser.open(&section(document, "results"));
    everything_is_received(browser);
    RemoteDevice::signed_in(&portal, "kenya", 4).ends_other_sessions();
    browser.fill("Objectives", "Written signed out. Twice.");
    browser.sees("Your session has ended. Sign in again; your work stays here and can go on.");
    browser.waits_for(
        "the tab that synced to have let go",
        "return navigator.locks.query().then(locks => locks.held.length === 0)",
        &[],
    );
    browser.follow("Sign in again");
    sign_in(browser, "kenya", "en");
    everything_is_received(browser);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 5);
    colleague.sync();
    assert_eq!(objectives(&colleague, document), "Written signed out. Twice.");
}

/// Killed in mid-word: what is there afterwards is the beginning of what was typed, all but its end.
fn a_killed_browser_loses_no_more_than_the_last_moment(engine: Engine) {
    let mut portal = Portal::start();
    let (mut device, _colleague, document) = an_open_draft(&portal, engine);
    portal.stop();
    let first = "Typed and left for a moment.";
    device.browser.focus("Objectives");
    device.browser.type_keys(first);
    everything_is_saved(&device.browser);
    let second = " Then typed on, and on, until the power went.";
    device.browser.type_keys(second);
    device.browser.kill();
    device.browser.restart();
    device.browser.open(&section(document, "results"));
    device.browser.sees("Results and activities");
    let whole = format!("{first}{second}");
    device.browser.waits_for(
        "the beginning of what was typed",
        "const found = document.querySelector('textarea').value;
         return found.startsWith(arguments[0]) && arguments[1].startsWith(found)",
        &[first.into(), whole.into()],
    );
}

/// Reading fails once, at once or later, and the connection is closed under the page, as telephones do:
/// each time what was written is saved without another key.
fn a_store_that_stumbles_once_takes_the_words_all_the_same(engine: Engine) {
    let portal = Portal::start();
    let (device, _colleague, _document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    let stumbles = [
        ("One.", "get", "throw failure;"),
        (
            "Two.",
            "openCursor",
            "const lost = { error: failure }; wait(() => lost.onerror({ type: 'error' })); return lost;",
        ),
        ("Three.", "openCursor", "this.transaction.db.close(); this.transaction.abort(); throw failure;"),
        ("Four.", "openCursor", "this.transaction.db.onversionchange(); return real.apply(this, all);"),
        ("Five.", "get", "return real.apply(this, all);"),
    ];
    browser.script(
        "window.troubled = false;
         new MutationObserver(() => { window.troubled ||= !!document.querySelector('.notice.bad:not([hidden])') })
           .observe(document.body, { childList: true, subtree: true });",
        &[],
    );
    let mut words = String::new();
    for (word, method, stumble) in stumbles {
        browser.focus("Objectives");
        browser.script(
            &format!(
                "const real = IDBObjectStore.prototype.{method}, wait = setTimeout;
                 const failure = new DOMException('Connection lost', 'UnknownError');
                 IDBObjectStore.prototype.{method} = function (...all) {{
                   if (this.transaction.mode !== 'readwrite') return real.apply(this, all);
                   IDBObjectStore.prototype.{method} = real;
                   {stumble}
                 }};"
            ),
            &[],
        );
        browser.type_keys(&format!("{}{}{}", keys::CONTROL, keys::END, keys::RELEASE));
        browser.paste(word);
        words += word;
        everything_is_saved(browser);
    }
    assert_eq!(browser.script("return window.troubled", &[]), false, "nobody has to be told of it");
    browser.reload();
    browser.holds("Objectives", &words);
}

/// Nothing can be written, and nobody knows why: said at once, words on screen, a file offered; once it
/// goes again it is saved with the next key.
fn a_store_that_takes_nothing_is_told_at_once(engine: Engine) {
    let portal = Portal::start();
    let (device, _colleague, _document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    browser.script(
        "window.put = IDBObjectStore.prototype.put;
         IDBObjectStore.prototype.put = function () { throw new DOMException('Internal error', 'UnknownError'); };",
        &[],
    );
    browser.focus("Objectives");
    browser.type_keys("Kept on screen.");
    browser.sees("This device could not save. The text stays on screen; keep this page open.");
    browser.sees("Save a rescue file");
    browser.sees("not saved: keep this page open");
    browser.holds("Objectives", "Kept on screen.");
    browser.script("IDBObjectStore.prototype.put = window.put", &[]);
    browser.focus("Objectives");
    browser.type_keys("!");
    browser.does_not_see("This device could not save.");
    everything_is_saved(browser);
    browser.reload();
    browser.holds("Objectives", "Kept on screen.!");
}

/// A power cut right after *saved on this device* takes nothing: the browser was asked to reach the disk.
fn own_words_are_written_strictly(engine: Engine) {
    let portal = Portal::start();
    let (device, _colleague, _document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    browser.script(
        "window.writes = [];
         const real = IDBDatabase.prototype.transaction;
         IDBDatabase.prototype.transaction = function (names, mode, options) {
           if (mode === 'readwrite') writes.push(options?.durability);
           return real.call(this, names, mode, options);
         };",
        &[],
    );
    browser.fill("Objectives", "On the disk.");
    everything_is_saved(browser);
    let writes = browser.script("return [writes.length > 0, writes.every(one => one === 'strict')]", &[]);
    assert_eq!(writes, serde_json::json!([true, true]));
}

/// One device believes in 1970, then in 2099, and another in 2099: order, merging and checks are the same.
fn clocks_that_are_wrong_change_nothing(engine: Engine) {
    let portal = Portal::start();
    let (device, mut colleague, document) = an_open_draft(&portal, engine);
    let browser = &device.browser;
    dated_answers(&mut colleague, document);
    believes_in(browser, 86_400_000);
    browser.holds("Objectives", "");
    browser.fill("Objectives", "Written in 1970.");
    everything_is_received(browser);
    checks_as_of_now(browser, document);
    colleague.sync();
    colleague.device.clock_ms = IN_2099_MS;
    colleague.device.type_at(document, request::OBJECTIVES, 16, " Then in 2099.");
    colleague.sync();
    browser.open(&section(document, "results"));
    reconnects(browser);
    browser.holds("Objectives", "Written in 1970. Then in 2099.");
    believes_in(browser, IN_2099_MS);
    browser.fill("Objectives", "Written in 1970. Then in 2099. And after.");
    everything_is_received(browser);
    checks_as_of_now(browser, document);
    colleague.sync();
    assert_eq!(objectives(&colleague, document), "Written in 1970. Then in 2099. And after.");
}

const IN_2099_MS: i64 = 4_070_908_800_000;

/// From the next page on, the browser's clock stands still at a moment.
fn believes_in(browser: &Browser, ms: i64) {
    let clock = serde_json::json!({ "source": format!("Date.now = () => {ms}") });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", &clock).expect("a wrong clock");
    browser.reload();
}

/// A day that has passed, one that has not, and an authority that could not ask before 2016.
fn dated_answers(colleague: &mut RemoteDevice, document: DocumentId) {
    let day = |year| Value::Date(Date { year, month: 9, day: 1 });
    colleague.device.set(document, Target::of(request::LATEST), day(2020));
    colleague.device.set(document, Target::of(request::LETTER_EXPECTED_ON), day(2090));
    let authority = colleague.device.add_item(document, request::AUTHORITIES).expect("an authority");
    let kind = Target::in_item(authority, request::AUTHORITY_TYPE);
    colleague.device.set(document, kind, Value::Code("parliament".to_owned()));
    colleague.sync();
}

fn checks_as_of_now(browser: &Browser, document: DocumentId) {
    browser.open(&format!("{}/check", at(document)));
    browser.sees("This day has passed.");
    browser.sees("This type of authority may ask.");
    let text = browser.text();
    assert!(!text.contains("This day has passed. Give a new one."), "2090 is to come:\n{text}");
    assert!(!text.contains("Allowed only since"), "2016 is over:\n{text}");
    browser.open(&section(document, "results"));
}

/// The server has been brought up to date before this page: it says that a part needs the new version, the rest is
/// edited and received, and nothing of what it cannot show is lost.
fn what_a_newer_version_wrote_is_kept_and_said(engine: Engine) {
    let mut portal = Portal::start();
    let (device, mut colleague, document) = an_open_draft(&portal, engine);
    let other = colleague.begins(2, "With a field to come");
    let browser = &device.browser;
    let told = word("ui.later.title");
    reconnects(browser);
    browser.open("/");
    browser.sees("With a field to come");
    browser.open(&at(document));
    browser.sees("In hard conditions");
    browser.does_not_see(&told);
    portal.stop();
    let what = [(document, Written::Operation), (other, Written::Answer)];
    later::writes(&portal.data(), colleague.device.person.actor.person, &what);
    portal.start_again();
    reconnects(browser);
    for one in [document, other] {
        browser.open(&at(one));
        browser.sees(&told);
        browser.sees(&word("ui.later.text"));
    }
    browser.open(&section(document, "results"));
    browser.fill("Objectives", "Everything else goes on.");
    everything_is_received(browser);
    colleague.sync();
    assert_eq!(objectives(&colleague, document), "Everything else goes on.");
    let seen = |document| colleague.device.sees(Scope::shared(document));
    assert_eq!(seen(document).unknown.len(), 1, "the operation nobody knows yet is kept");
    assert_eq!(seen(other).answers().text(Target::of(later::FIELD)), later::ANSWER);
}
