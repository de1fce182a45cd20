//! Story 8: two tabs of one browser.

use std::time::Duration;

use shared::forms::request;
use tests::browser::{Engine, Portal, keys};

use super::desk::{desk, everything_is_received, everything_is_saved};
use super::draft::begins;

told! {
    on chromium (Chromium): two_tabs_show_each_others_words, the_words_are_in_the_other_tab_within_a_second, either_tab_may_be_closed_at_any_time, words_not_yet_on_the_disk_are_asked_about, signing_out_in_one_tab_closes_the_other;
    on firefox (Firefox): two_tabs_show_each_others_words, either_tab_may_be_closed_at_any_time;
    on webkit (WebKit): two_tabs_show_each_others_words, either_tab_may_be_closed_at_any_time;
}

/// What a person waits for the other tab's words, with the time a busy machine needs to look at all.
const SOON: Duration = Duration::from_secs(5);

/// What a page answers when it is asked whether it may go.
const CLOSES_AT_ONCE: &str = "
    const leaving = new Event('beforeunload', { cancelable: true });
    return dispatchEvent(leaving);";

/// Without a server: what is typed in one tab stands in the other, short fields and prose.
fn two_tabs_show_each_others_words(engine: Engine) {
    let mut portal = Portal::start();
    let mut desk = desk(engine, &portal, "kenya");
    let browser = &mut desk.browser;
    let path = begins(browser, "Seen twice");
    everything_is_received(browser);
    portal.stop();
    browser.open(&format!("{path}/results"));
    browser.new_tab();
    browser.open(&format!("{path}/results"));
    browser.set_patience(SOON);
    browser.fill("Objectives", "Written in the second.");
    browser.switch_tab(0);
    browser.holds("Objectives", "Written in the second.");
    browser.focus("Objectives");
    browser.type_keys(&format!("{}{}{} And the first.", keys::CONTROL, keys::END, keys::RELEASE));
    browser.switch_tab(1);
    browser.holds("Objectives", "Written in the second. And the first.");
}

/// From the key to the other screen, by the clocks of the two pages themselves.
fn the_words_are_in_the_other_tab_within_a_second(engine: Engine) {
    let mut portal = Portal::start();
    let mut desk = desk(engine, &portal, "kenya");
    let browser = &mut desk.browser;
    let path = begins(browser, "Within a second");
    everything_is_received(browser);
    portal.stop();
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "");
    // Whatever way words come into the field, the moment is noted: nothing is asked again and again.
    let notes_arrivals = "
        const field = document.getElementById(arguments[0]);
        const now = () => performance.timeOrigin + performance.now();
        window.arrived = {};
        const note = () => { window.arrived[field.value] ??= now(); };
        const own = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
        Object.defineProperty(field, 'value', {
            get() { return own.get.call(this); }, set(text) { own.set.call(this, text); note(); } });
        const range = field.setRangeText.bind(field);
        field.setRangeText = (...change) => { range(...change); note(); };";
    let field = format!("f{}", request::OBJECTIVES.0);
    browser.script(notes_arrivals, &[field.clone().into()]);
    browser.new_tab();
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "");
    let notes_keys = "
        window.typed = {};
        document.getElementById(arguments[0]).addEventListener('input', event => {
            window.typed[event.target.value] = performance.timeOrigin + performance.now(); }, true);";
    browser.script(notes_keys, &[field.into()]);
    let mut text = String::new();
    for word in ["Agreed", " figures", " for all", " posts"] {
        text.push_str(word);
        browser.focus("Objectives");
        browser.type_keys(&format!("{}{}{}{word}", keys::CONTROL, keys::END, keys::RELEASE));
        let typed = browser.script("return window.typed[arguments[0]]", &[text.clone().into()]);
        browser.switch_tab(0);
        browser.holds("Objectives", &text);
        let arrived = browser.script("return window.arrived[arguments[0]]", &[text.clone().into()]);
        browser.switch_tab(1);
        let took_ms = arrived.as_f64().expect("it came") - typed.as_f64().expect("it was typed");
        assert!((0.0..1000.0).contains(&took_ms), "“{word}” took {took_ms} ms to the other tab");
    }
}

/// The tab that was syncing is closed in mid-typing: the other has every word, and sends it.
fn either_tab_may_be_closed_at_any_time(engine: Engine) {
    let mut portal = Portal::start();
    let mut desk = desk(engine, &portal, "kenya");
    let browser = &mut desk.browser;
    let path = begins(browser, "Closed while writing");
    everything_is_received(browser);
    browser.open(&format!("{path}/results"));
    browser.new_tab();
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "");
    portal.stop();
    browser.switch_tab(0);
    browser.focus("Objectives");
    browser.type_keys("Typed in the tab that syncs.");
    // Within the instant it takes to write a key down, the browser would ask before it closes.
    everything_is_saved(browser);
    browser.close_tab();
    browser.holds("Objectives", "Typed in the tab that syncs.");
    browser.focus("Objectives");
    browser.type_keys(&format!("{}{}{} Then in the other.", keys::CONTROL, keys::END, keys::RELEASE));
    browser.sees("saved on this device");
    portal.start_again();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    everything_is_received(browser);
    browser.reload();
    browser.holds("Objectives", "Typed in the tab that syncs. Then in the other.");
}

/// Words that are on screen and not yet on the disk keep the browser from closing without a question.
fn words_not_yet_on_the_disk_are_asked_about(engine: Engine) {
    let portal = Portal::start();
    let desk = desk(engine, &portal, "kenya");
    let browser = &desk.browser;
    let path = begins(browser, "Asked before it closes");
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "");
    let typed_and_left = |field: &str| {
        format!(
            "const field = {field};
             field.value = 'Just typed';
             field.dispatchEvent(new Event('input', {{ bubbles: true }}));
             {CLOSES_AT_ONCE}"
        )
    };
    let asks = |field| {
        assert_eq!(browser.script(&typed_and_left(field), &[]), serde_json::json!(false), "{field}");
        everything_is_saved(browser);
        browser.reload();
    };
    asks("document.querySelector('textarea')");
    browser.holds("Objectives", "Just typed");
    browser.open(&format!("{path}/subject"));
    browser.holds("Title", "Asked before it closes");
    asks("document.querySelector('main input')");
    browser.holds("Title", "Just typed");
}

/// Whoever leaves, leaves everywhere in this browser.
fn signing_out_in_one_tab_closes_the_other(engine: Engine) {
    let portal = Portal::start();
    let mut desk = desk(engine, &portal, "kenya");
    let browser = &mut desk.browser;
    let path = begins(browser, "Not for the next person");
    everything_is_received(browser);
    browser.new_tab();
    browser.open("/device");
    browser.press("Sign out");
    browser.sees("Account name");
    browser.switch_tab(0);
    browser.sees("Account name");
    browser.open(&path);
    browser.sees("Account name");
}
