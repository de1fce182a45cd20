//! The browser harness tried on itself: every verb on every engine, against a small site.
//!
//! Deliberately does not know the portal's pages: when a story fails, this tells whether the tool is
//! broken.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tests::browser::{Browser, DESK, Engine, PHONE, Portal, keys};

#[path = "browser_harness/site.rs"]
mod site;

/// A browser with the site open, and the folder of its profile.
fn on_the_site(engine: Engine) -> (Browser, TempDir) {
    let profile = tempfile::tempdir().expect("a folder for the profile");
    let browser = Browser::start(engine, profile.path()).at(&site::serve());
    browser.open("/");
    browser.sees("Worker ready.");
    (browser, profile)
}

fn text_survives_a_killed_browser(engine: Engine) {
    let (mut browser, _profile) = on_the_site(engine);
    browser.sees("Found: nothing.");
    browser.fill("Title", "Échéance à Nairobi");
    browser.sees("Kept: Échéance à Nairobi.");
    browser.kill();
    browser.restart();
    browser.open("/");
    browser.sees("Found: Échéance à Nairobi.");
    browser.sees("Worker ready.");
}

fn a_form_is_filled_in_with_real_keys(engine: Engine) {
    let (browser, _profile) = on_the_site(engine);
    browser.fill("Title", "First");
    browser.fill("Title", "Second");
    browser.type_keys(&format!("{}{}ly", keys::END, keys::BACKSPACE));
    browser.holds("Title", "Seconly");
    browser.type_keys(keys::TAB);
    browser.focus_is_on("Story");
    browser.fill("Story", "Two lines\nof prose, “quoted” — مرحبا");
    browser.type_keys(&format!("{}a{}", keys::CONTROL, keys::RELEASE));
    let pasted = "مرحبا 😀 l’été\n".repeat(200);
    browser.paste(&pasted);
    browser.holds("Story", &pasted);
    browser.fill("Day", "2026-03-01");
    browser.choose("Country", "Timor-Leste");
    browser.choose("Answer", "No");
    browser.check("I agree");
    assert_eq!(browser.value_of("Country"), "Timor-Leste");
    assert_eq!(browser.value_of("Day"), "2026-03-01");
    assert_eq!(browser.value_of("I agree"), "true");
    browser.uncheck("I agree");
    assert_eq!(browser.value_of("I agree"), "false");
}

fn a_person_moves_around(engine: Engine) {
    let (mut browser, _profile) = on_the_site(engine);
    browser.inside("#second", |browser| browser.press("Say"));
    browser.sees("Said second.");
    browser.does_not_see("Said first.");
    browser.follow("Another page");
    browser.is_at("/other");
    browser.go_back();
    browser.fill("Title", "From the first tab");
    let second = browser.new_tab();
    browser.open("/");
    browser.sees("Found: From the first tab.");
    browser.close_tab();
    assert_eq!(second, 1);
    browser.holds("Title", "From the first tab");
    browser.reload();
    browser.sees("Found: From the first tab.");
}

fn pictures_have_the_size_of_the_screen(engine: Engine) {
    let (mut browser, profile) = on_the_site(engine);
    for viewport in [PHONE, DESK] {
        browser.set_viewport(viewport);
        let name = format!("{engine}-{}.png", viewport.width);
        let picture = profile.path().join(name);
        browser.screenshot(&picture);
        assert_eq!(png_size(&picture), (viewport.width, viewport.height));
    }
}

/// Width and height out of the picture's head.
fn png_size(path: &Path) -> (u32, u32) {
    let bytes = fs::read(path).expect("the picture");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "not a PNG");
    let number = |at: usize| (0..4).fold(0, |sum, next| sum << 8 | u32::from(bytes[at + next]));
    (number(16), number(20))
}

/// One test per deed and engine, so that a failure names both.
macro_rules! on_every_engine {
    ($($deed:ident),+) => {
        mod chromium { $(#[test] fn $deed() { super::$deed(super::Engine::Chromium); })+ }
        mod firefox { $(#[test] fn $deed() { super::$deed(super::Engine::Firefox); })+ }
        mod webkit { $(#[test] fn $deed() { super::$deed(super::Engine::WebKit); })+ }
    };
}

on_every_engine!(
    text_survives_a_killed_browser,
    a_form_is_filled_in_with_real_keys,
    a_person_moves_around,
    pictures_have_the_size_of_the_screen
);

#[test]
fn a_cut_network_is_cut_for_pages_new_tabs_and_workers() {
    let (mut browser, _profile) = on_the_site(Engine::Chromium);
    browser.press("Ask the server");
    browser.sees("Page live, worker live.");
    browser.cut_network(true);
    browser.press("Ask the server");
    browser.sees("Page cut, worker cut.");
    browser.new_tab();
    browser.open("/");
    browser.press("Ask the server");
    browser.sees("Page cut, worker cut.");
    browser.cut_network(false);
    browser.press("Ask the server");
    browser.sees("Page live, worker live.");
}

#[test]
fn a_full_device_refuses_to_keep_more() {
    let (mut browser, _profile) = on_the_site(Engine::Chromium);
    browser.restart();
    browser.open("/other");
    browser.set_quota(20_000);
    browser.open("/");
    browser.focus("Title");
    browser.paste(&noise(60_000));
    browser.sees("Not kept: QuotaExceededError.");
    browser.lift_quota();
    browser.fill("Title", "Short");
    browser.sees("Kept: Short.");
}

/// Text that does not become small when it is compressed.
fn noise(length: usize) -> String {
    let mut state = 1_u32;
    let letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'!' + (state >> 24) as u8 % 90)
    };
    (0..length).map(letter).collect()
}

#[test]
fn a_wiped_site_has_forgotten_everything() {
    let (browser, _profile) = on_the_site(Engine::Chromium);
    browser.fill("Title", "Soon gone");
    browser.sees("Kept: Soon gone.");
    browser.open("/other");
    browser.clear_site_data();
    browser.open("/");
    browser.sees("Found: nothing.");
}

#[test]
fn colours_follow_the_person() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let (mut browser, _profile) = on_the_site(engine);
        let is_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
        browser.waits_for("light colours", &format!("{is_dark} === false"), &[]);
        browser.set_colour_scheme(true);
        browser.waits_for("dark colours", is_dark, &[]);
    }
}

#[test]
fn pages_are_asked_for_in_the_person_s_language() {
    for engine in Engine::ALL {
        let profile = tempfile::tempdir().unwrap();
        let browser = Browser::start_speaking(engine, profile.path(), "fr").at(&site::serve());
        browser.open("/other");
        browser.waits_for("French", "return navigator.language.startsWith('fr')", &[]);
    }
}

#[test]
fn what_is_missing_is_told_with_what_is_there() {
    let (mut browser, _profile) = on_the_site(Engine::Chromium);
    browser.set_patience(std::time::Duration::ZERO);
    let failure = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| browser.press("Send")));
    let told = *failure.unwrap_err().downcast::<String>().unwrap();
    assert!(told.contains("There is no button “Send”"), "{told}");
    assert!(told.contains("“Ask the server”"), "{told}");
    assert!(told.contains("Another page"), "{told}");
    let picture = told.lines().find_map(|line| line.strip_prefix("Picture: "));
    let picture = Path::new(picture.unwrap());
    png_size(picture);
    fs::remove_file(picture).unwrap();
}

#[test]
fn a_server_that_ends_comes_back_on_its_address() {
    let mut portal = Portal::start();
    let answers = |portal: &Portal| ureq::get(format!("{}/healthz", portal.url())).call().is_ok();
    assert!(answers(&portal));
    portal.kill();
    assert!(!answers(&portal));
    portal.start_again();
    assert!(answers(&portal));
    portal.stop();
    assert!(!answers(&portal));
    portal.start_again();
    assert!(answers(&portal));
}
