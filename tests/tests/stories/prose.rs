//! Story 2, the pen: writing prose feels like a plain text field, whoever else is writing.

use shared::forms::request;
use shared::ids::{DocumentId, Scope};
use shared::value::Target;
use tests::browser::{Browser, Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{everything_is_received, everything_is_saved, section, signed_in};

stories! {
    on chromium (Chromium): another_persons_words_leave_the_caret_where_it_is, undo_takes_back_own_words_only, an_input_method_is_not_disturbed, a_hundred_thousand_characters_are_pasted, a_burst_of_typing_is_not_lost_with_the_tab;
    on firefox (Firefox): another_persons_words_leave_the_caret_where_it_is, undo_takes_back_own_words_only;
    on webkit (WebKit): another_persons_words_leave_the_caret_where_it_is, undo_takes_back_own_words_only;
}

const OBJECTIVES: &str = "Objectives";

/// A draft that two people hold: one at the browser, one elsewhere, with the same words in it.
fn a_shared_text(engine: Engine, text: &str) -> (Portal, tests::signed_in::SignedInBrowser, RemoteDevice, DocumentId) {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.begins(1, "Written by two");
    colleague.device.type_at(document, request::OBJECTIVES, 0, text);
    colleague.sync();
    let device = signed_in(engine, &portal, "kenya");
    device.browser.sees("Written by two");
    device.browser.open(&section(document, "results"));
    device.browser.holds(OBJECTIVES, text);
    (portal, device, colleague, document)
}

/// Puts the caret, or a selection, into the field with the focus.
fn place(browser: &Browser, start: usize, end: usize) {
    browser.focus(OBJECTIVES);
    browser.script("document.activeElement.setSelectionRange(arguments[0], arguments[1])", &[start.into(), end.into()]);
}

fn caret_is_at(browser: &Browser, start: usize, end: usize) {
    browser.waits_for(
        "the caret to stay behind its character",
        "const field = document.activeElement;
         return field.selectionStart === arguments[0] && field.selectionEnd === arguments[1]",
        &[start.into(), end.into()],
    );
}

/// Words of a colleague arrive before the caret, and inside the line a selection stands in.
fn another_persons_words_leave_the_caret_where_it_is(engine: Engine) {
    let (_portal, device, mut colleague, document) = a_shared_text(engine, "Posts keep data.");
    let browser = &device.browser;
    place(browser, 11, 15);
    colleague.device.type_at(document, request::OBJECTIVES, 0, "Border ");
    colleague.sync();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.holds(OBJECTIVES, "Border Posts keep data.");
    caret_is_at(browser, 18, 22);
    browser.type_keys("figures");
    browser.holds(OBJECTIVES, "Border Posts keep figures.");
    everything_is_received(browser);
    colleague.sync();
    let seen = colleague.device.sees(Scope::shared(document));
    let text = seen.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text());
    assert_eq!(text.as_deref(), Some("Border Posts keep figures."));
}

/// Undo removes what was typed here, though a colleague has written since; redo brings it back.
fn undo_takes_back_own_words_only(engine: Engine) {
    let (_portal, device, mut colleague, document) = a_shared_text(engine, "Posts keep data.");
    let browser = &device.browser;
    place(browser, 16, 16);
    browser.type_keys(" Not alike.");
    browser.holds(OBJECTIVES, "Posts keep data. Not alike.");
    everything_is_received(browser);
    colleague.sync();
    colleague.device.type_at(document, request::OBJECTIVES, 0, "All ");
    colleague.sync();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.holds(OBJECTIVES, "All Posts keep data. Not alike.");
    browser.type_keys(&format!("{}z", keys::CONTROL));
    browser.holds(OBJECTIVES, "All Posts keep data.");
    browser.type_keys(&format!("{}{}z", keys::CONTROL, keys::SHIFT));
    browser.holds(OBJECTIVES, "All Posts keep data. Not alike.");
    browser.type_keys(&format!("{}z", keys::CONTROL));
    browser.holds(OBJECTIVES, "All Posts keep data.");
    browser.type_keys(&format!("{}z", keys::CONTROL));
    browser.reload();
    browser.holds(OBJECTIVES, "All Posts keep data.");
}

/// While an input method composes, a colleague's words wait; afterwards both are there.
fn an_input_method_is_not_disturbed(engine: Engine) {
    let (_portal, device, mut colleague, document) = a_shared_text(engine, "Posts keep data.");
    let browser = &device.browser;
    place(browser, 16, 16);
    let compose = |text: &str| {
        let end = text.chars().count();
        let parameters = serde_json::json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        browser.cdp("Input.imeSetComposition", &parameters).expect("an input method");
    };
    compose("か");
    compose("かん");
    colleague.device.type_at(document, request::OBJECTIVES, 0, "All ");
    colleague.device.type_at(document, request::EXPECTED_RESULTS, 0, "Agreed.");
    colleague.sync();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.holds("Expected results", "Agreed.");
    let closes = browser.script("return dispatchEvent(new Event('beforeunload', { cancelable: true }))", &[]);
    assert_eq!(closes, false, "words not chosen yet are asked about");
    compose("かんじ");
    browser.holds(OBJECTIVES, "Posts keep data.かんじ");
    browser.cdp("Input.insertText", &serde_json::json!({ "text": "漢字" })).expect("a word chosen");
    browser.holds(OBJECTIVES, "All Posts keep data.漢字");
    browser.reload();
    browser.holds(OBJECTIVES, "All Posts keep data.漢字");
}

/// Arabic, emoji and typographic quotes by the thousand: the field takes them, the server has them.
fn a_hundred_thousand_characters_are_pasted(engine: Engine) {
    let (_portal, device, mut colleague, document) = a_shared_text(engine, "Before. ");
    let browser = &device.browser;
    place(browser, 8, 8);
    let piece = "“السجلات” 👩🏽‍🌾 d’été — ";
    let long: String = piece.chars().cycle().take(100_000).collect();
    browser.paste(&long);
    browser.sees("100,008 / 3,000");
    everything_is_received(browser);
    colleague.sync();
    let seen = colleague.device.sees(Scope::shared(document));
    let text = seen.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text()).unwrap_or_default();
    assert!(text == format!("Before. {long}"), "{} characters arrived", text.chars().count());
    // Too long to be sent, not too long to be kept; the person is told.
    browser.open(&format!("{}/check", tests::signed_in::at(document)));
    browser.sees("Objectives");
}

/// The tab is killed two seconds after the last key: every word is there.
fn a_burst_of_typing_is_not_lost_with_the_tab(engine: Engine) {
    let (portal, mut device, _colleague, document) = a_shared_text(engine, "Posts keep data.");
    let mut portal = portal;
    portal.stop();
    place(&device.browser, 16, 16);
    device.browser.type_keys(" They differ. They are never added up.");
    everything_is_saved(&device.browser);
    device.browser.kill();
    device.browser.restart();
    device.browser.open(&section(document, "results"));
    device.browser.holds(OBJECTIVES, "Posts keep data. They differ. They are never added up.");
}
