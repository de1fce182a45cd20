//! Stories of people at the real portal, in real browsers.
//!
//! Deliberately does not know how anything is built: people read words and press buttons.

use tests::browser::{Browser, Engine, Portal};

const PASSWORD: &str = "relais-demo";

fn signed_in(browser: &Browser, login: &str) {
    browser.open("/");
    browser.fill("Account name", login);
    browser.fill("Password", PASSWORD);
    browser.press("Sign in");
}

/// With the server stopped a focal point begins a request, reloads and finds it again.
fn a_draft_is_begun_and_found_again_without_a_server(engine: Engine) {
    let mut portal = Portal::start();
    let profile = tempfile::tempdir().expect("a folder for the profile");
    let browser = Browser::start_speaking(engine, profile.path(), "en").at(&portal.url());
    signed_in(&browser, "kenya");
    browser.sees("New request");
    browser.waits_for("the shell to be kept", "return document.documentElement.dataset.shell === 'kept'", &[]);
    portal.stop();
    browser.open("/requests/new");
    browser.fill("Title", "Border posts that answer");
    browser.press("Begin");
    browser.sees("Border posts that answer");
    browser.reload();
    browser.sees("Border posts that answer");
    browser.open("/");
    browser.sees("Border posts that answer");
}

#[test]
fn on_chromium_a_draft_is_begun_and_found_again_without_a_server() {
    a_draft_is_begun_and_found_again_without_a_server(Engine::Chromium);
}
