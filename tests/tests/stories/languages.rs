//! Story 10: French and English.

use shared::forms::request;
use shared::value::{Target, Value};
use tests::browser::{Browser, Engine, Portal};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{at, section, sign_in_speaking, signed_in};

stories! {
    on chromium (Chromium): the_screen_changes_language_offline_without_a_reload, every_page_is_complete_in_both_languages;
}

/// With the server stopped and words half typed, the screen changes; the words and the document's
/// own language stay.
fn the_screen_changes_language_offline_without_a_reload(engine: Engine) {
    let mut portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "In two languages");
    // Neither of the two the screen has, so that nothing is right by chance.
    colleague.device.set(document, Target::of(request::DOCUMENT_LANGUAGE), Value::Code("es".to_owned()));
    colleague.sync();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("In two languages");
    portal.stop();
    browser.open(&section(document, "results"));
    browser.fill("Expected results", "Agreed figures.");
    browser.script("window.same_page = true", &[]);
    browser.press("Français");
    browser.sees("Résultats et activités");
    browser.holds("Résultats attendus", "Agreed figures.");
    browser.waits_for(
        "the same page in French, its document in its own language",
        "return window.same_page === true && document.documentElement.lang === 'fr'
           && document.querySelector('textarea').lang === 'es'",
        &[],
    );
    browser.open(&section(document, "people"));
    browser.sees("2 000");
    browser.reload();
    browser.sees("2 000");
    browser.open(&format!("{}/print", at(document)));
    browser.sees("1 septembre 2090");
    browser.press("English");
    browser.sees("1 September 2090");
    browser.open(&section(document, "people"));
    browser.sees("2,000");
}

/// No page shows the name of a message instead of its words.
fn every_page_is_complete_in_both_languages(engine: Engine) {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.submits(1, "Read on every page");
    for language in ["fr", "en"] {
        let partner = sign_in_speaking(engine, &portal, "kenya", language);
        let pages = ["/", "/device", "/settings", "/new/request", "/nowhere"].map(str::to_owned);
        let mut pages = pages.to_vec();
        pages.extend(["", "/check", "/print"].map(|page| format!("{}{page}", at(document))));
        pages.extend(request::FORM.sections.iter().map(|one| section(document, one.key)));
        for page in &pages {
            complete(&partner.browser, page);
        }
        let staff = sign_in_speaking(engine, &portal, "staff", language);
        for page in ["/inbox".to_owned(), format!("/d/{document}"), "/device".to_owned()] {
            complete(&staff.browser, &page);
        }
    }
}

/// No words hold an underscore, a brace or the name of a message. One that is missing shows the last part of
/// its name and may look like a word: `tests/words.rs` finds those in the sources.
#[track_caller]
fn complete(browser: &Browser, page: &str) {
    browser.open(page);
    browser.waits_for("a page", "return !!document.querySelector('#app main h1')", &[]);
    let odd = browser.script(
        "const told = [...document.querySelectorAll('h1, h2, button, label, legend, .hint, a, p')];
         return told.map(one => one.innerText).filter(text => /[{}_]|\\bui\\.|\\bform\\.|undefined/.test(text))",
        &[],
    );
    assert_eq!(odd, serde_json::json!([]), "{page}");
}
