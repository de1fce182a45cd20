//! Signing in, which needs no program: what it says, where it leads, and whose documents are seen afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tests::browser::{Browser, Engine, Impostor, Portal};
use tests::remote_device::{PASSWORD, RemoteDevice};

use super::draft::begins;
use tests::signed_in::{at, everything_is_received, keeps_the_shell, section, sign_in, signed_in, word, word_in};

stories! {
    on chromium (Chromium): signing_in_needs_no_program, a_refusal_is_told_in_the_readers_language, whatever_answers_instead_of_the_server_is_told, the_program_comes_with_a_bar_of_its_bytes, signing_in_leads_on_to_the_page_that_was_asked_for, nobody_is_led_to_another_server, another_persons_documents_are_never_shown, a_program_that_stops_says_so;
    on firefox (Firefox): signing_in_needs_no_program, a_refusal_is_told_in_the_readers_language, another_persons_documents_are_never_shown;
    on webkit (WebKit): signing_in_needs_no_program, a_refusal_is_told_in_the_readers_language, another_persons_documents_are_never_shown;
}

/// So long a program takes on the line of the story that watches it come.
const SLOWLY: Duration = Duration::from_secs(90);

/// A browser at which nobody has been.
fn fresh(engine: Engine, portal: &Portal) -> (Browser, TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the profile");
    let browser = Browser::start_speaking(engine, folder.path(), "en").at(&portal.url());
    (browser, folder)
}

#[track_caller]
fn asks(browser: &Browser, login: &str, password: &str) {
    browser.fill("Account name", login);
    browser.fill("Password", password);
    browser.press("Sign in");
}

/// The built client, from which the programs can be taken away.
struct Built {
    folder: TempDir,
    aside: TempDir,
}

impl Built {
    fn copied() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the client");
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/.");
        let copied = std::process::Command::new("cp").arg("-r").arg(dist).arg(folder.path()).status().expect("cp");
        assert!(copied.success(), "the client was built");
        Self { folder, aside: tempfile::tempdir().expect("a folder beside it") }
    }

    fn served(&self) -> Portal {
        Portal::start_with(&["--client", self.folder.path().to_str().expect("a path")])
    }

    /// Moves the files of every program out of what the server has at its next start.
    fn loses_its_programs(&self) {
        let moved = move_programs(self.folder.path(), self.aside.path());
        assert!(moved > 1, "{moved} files of programs");
    }

    fn has_them_again(&self) {
        move_programs(self.aside.path(), self.folder.path());
    }
}

fn move_programs(from: &Path, to: &Path) -> usize {
    let is_program = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("portal-") || name.starts_with("office-")
    };
    let entries = fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path());
    let programs: Vec<PathBuf> = entries.filter(is_program).collect();
    for file in &programs {
        let moved = to.join(file.file_name().expect("a name"));
        fs::copy(file, &moved).expect("copied");
        fs::remove_file(file).expect("removed");
    }
    programs.len()
}

/// No program can be had: the form is there and signs in. Once one can, it goes on without a second password.
fn signing_in_needs_no_program(engine: Engine) {
    let built = Built::copied();
    built.loses_its_programs();
    let mut portal = built.served();
    let (browser, _folder) = fresh(engine, &portal);
    browser.open("/");
    asks(&browser, "kenya", PASSWORD);
    browser.sees(&word("ui.opening.cut"));
    browser.sees(&word("ui.opening.cut_text"));
    let asked = "return fetch('/api/v1/session').then(answer => answer.status)";
    assert_eq!(browser.script(asked, &[]), 200, "signed in at the server");
    portal.stop();
    built.has_them_again();
    portal.start_again();
    browser.press(&word("ui.opening.again"));
    browser.sees(&word("ui.nav.files"));
    browser.does_not_see("Account name");
}

/// Wrong, then in the other language: told in words, the keyboard back in the field, what was typed still there.
fn a_refusal_is_told_in_the_readers_language(engine: Engine) {
    let portal = Portal::start();
    let (browser, _folder) = fresh(engine, &portal);
    browser.open("/");
    browser.press("Sign in");
    browser.sees(&word("ui.sign_in.empty"));
    browser.focus_is_on("Account name");
    asks(&browser, "kenya", "not the password");
    browser.sees(&word("ui.sign_in.refused"));
    browser.does_not_see(&word("ui.sign_in.empty"));
    browser.focus_is_on("Account name");
    browser.press("Français");
    browser.sees(&word_in("fr", "ui.sign_in.refused"));
    let (login, password) = (word_in("fr", "ui.sign_in.login"), word_in("fr", "ui.sign_in.password"));
    browser.holds(&login, "kenya");
    browser.holds(&password, "not the password");
    let marks = "return ['login', 'password'].map(id => document.getElementById(id).getAttribute('aria-invalid'))";
    assert_eq!(browser.script(marks, &[]), json!(["true", "true"]));
    // The server’s own words, in the language of the screen.
    for _ in 0..12 {
        browser.press(&word_in("fr", "ui.sign_in.open"));
    }
    browser.sees("Trop de tentatives de connexion.");
    browser.press("English");
    browser.sees("Too many attempts to sign in.");
}

/// Nothing, and a hotel: each is called what it is, with the form as it was.
fn whatever_answers_instead_of_the_server_is_told(engine: Engine) {
    let mut portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    portal.stop();
    // From what the device keeps.
    browser.open("/sign-in?next=/device");
    asks(browser, "kenya", PASSWORD);
    browser.sees(&word("ui.sign_in.no_network"));
    let hotel = Impostor::in_the_name_of(&portal);
    browser.press("Sign in");
    browser.sees(&word("ui.link.impostor"));
    browser.does_not_see(&word("ui.sign_in.no_network"));
    drop(hotel);
    browser.holds("Account name", "kenya");
    browser.follow(&word("ui.sign_in.back"));
    browser.is_at("/device");
    browser.inside("main", |browser| browser.sees(&word("ui.promise.title")));
}

/// On a thin line the bar stands between nothing and all, and the words name kilobytes, more and more of them.
fn the_program_comes_with_a_bar_of_its_bytes(engine: Engine) {
    let portal = Portal::start();
    let (browser, _folder) = fresh(engine, &portal);
    browser.open("/");
    browser.sees("Account name");
    let line = |bytes: i64| {
        let how = json!({ "offline": false, "latency": 0, "downloadThroughput": bytes, "uploadThroughput": -1 });
        browser.cdp("Network.enable", &json!({})).expect("the network");
        browser.cdp("Network.emulateNetworkConditions", &how).expect("a line");
    };
    line(20_000);
    asks(&browser, "kenya", PASSWORD);
    browser.sees(&word("ui.opening.title"));
    browser.focus_is_on(&word("ui.opening.title"));
    let came = "const [came, all] = document.getElementById('kilobytes').innerText.match(/[\\d,]+/g).map(Number);
        const share = document.getElementById('bytes').value;
        return 0 < came && came < all && Math.abs(share - came / all) < 0.05 && (window.came ??= came) > 0";
    browser.waits_for("kilobytes beside the bar", came, &[]);
    let more = "return Number(document.getElementById('kilobytes').innerText.match(/\\d+/)[0]) > window.came";
    browser.waits_for("more of them", more, &[]);
    line(-1);
    browser.sees_within(SLOWLY, &word("ui.nav.files"));
}

/// Asked for at a document, signed in there; ended at a section, signed in again there.
fn signing_in_leads_on_to_the_page_that_was_asked_for(engine: Engine) {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.begins(1, "Asked for by address");
    let (browser, _folder) = fresh(engine, &portal);
    let page = section(document, "results");
    browser.open(&page);
    sign_in(&browser, "kenya", "en");
    browser.is_at(&page);
    browser.holds("Objectives", "");
    everything_is_received(&browser);
    RemoteDevice::signed_in(&portal, "kenya", 3).ends_other_sessions();
    browser.fill("Objectives", "Written signed out.");
    browser.sees("saved on this device");
    browser.follow(&word("ui.sign_in.again"));
    browser.is_at("/sign-in");
    sign_in(&browser, "kenya", "en");
    browser.is_at(&page);
    browser.holds("Objectives", "Written signed out.");
    everything_is_received(&browser);

    // The hint says that somebody is here, and neither device nor server knows them: the form, once.
    keeps_the_shell(&browser);
    browser.open("/device");
    browser.press(&word("ui.leave.act"));
    browser.sees(&word("ui.sign_in.promise"));
    browser.script("localStorage.setItem('relais.person', '999')", &[]);
    browser.open(&at(document));
    browser.is_at("/sign-in");
    browser.sees(&word("ui.sign_in.promise"));
    let next = browser.script("return new URLSearchParams(location.search).get('next')", &[]);
    assert_eq!(next, json!(at(document)));
}

/// An address that names another server leads home.
fn nobody_is_led_to_another_server(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let foreign = ["//127.0.0.2/x", "/\\127.0.0.2/x", "/%09/127.0.0.2/x", "https://127.0.0.2/x", "javascript:alert(1)"];
    for next in foreign.into_iter().chain(["/sign-in"]) {
        let next = browser.script("return encodeURIComponent(decodeURI(arguments[0]))", &[next.into()]);
        browser.open(&format!("/sign-in?next={}", next.as_str().expect("an address")));
        browser.sees("Account name");
        let back = browser.script("return document.querySelector('#first-back a').href", &[]);
        assert_eq!(back, json!(format!("{}/", portal.url())), "{next}");
    }
    sign_in(browser, "kenya", "en");
    browser.is_at("/");
}

/// One did not sign out, another signs in: by no address, and in no state of the line, is a file of the first seen.
fn another_persons_documents_are_never_shown(engine: Engine) {
    let mut portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let path = begins(browser, "Only for Kenya");
    everything_is_received(browser);
    browser.open("/sign-in");
    sign_in(browser, "mali", "en");
    browser.is_at("/");
    assert!(!browser.text().contains("Only for Kenya"), "it is another person’s");
    browser.open(&path);
    browser.sees(&word("ui.file.missing"));
    browser.open("/");
    let path = begins(browser, "Only for Mali");
    everything_is_received(browser);

    // As between a sign-in and the first run of the program: the hint names the next person, the record does not yet.
    browser.script("localStorage.setItem('relais.person', '999')", &[]);
    portal.stop();
    for page in ["/", &path] {
        browser.open(page);
        browser.is_at("/sign-in");
        browser.sees(&word("ui.sign_in.promise"));
        assert!(!browser.text().contains("Only for"), "a record of another person opens nothing");
    }
    portal.start_again();
    sign_in(browser, "kenya", "en");
    browser.open("/");
    browser.sees("Only for Kenya");
}

/// Without a sound it would look as if it still took words. What was written is there after the page is loaded again.
fn a_program_that_stops_says_so(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let path = begins(browser, "Before it stopped");
    everything_is_received(browser);
    browser.open(&path);
    browser.sees("Before it stopped");
    // What the browser reports when a compiled program ends by itself.
    let ended = "dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') }))";
    browser.script(ended, &[]);
    browser.sees(&word("ui.stopped.title"));
    browser.sees(&word("ui.stopped.text"));
    browser.press(&word("ui.stopped.reload"));
    browser.sees("Before it stopped");
    browser.does_not_see(&word("ui.stopped.title"));
}
