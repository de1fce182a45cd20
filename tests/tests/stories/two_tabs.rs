//! Story 8: two tabs of one browser.

use std::time::Duration;

use shared::forms::request;
use tests::browser::{Browser, Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use super::draft::begins;
use super::faults::objectives;
use tests::signed_in::{everything_is_received, everything_is_saved, sign_in, signed_in};

stories! {
    on chromium (Chromium): two_tabs_show_each_others_words, the_words_are_in_the_other_tab_within_a_second, either_tab_may_be_closed_at_any_time, words_not_yet_on_the_disk_are_asked_about, signing_out_in_one_tab_closes_the_other, an_ended_session_is_told_and_begun_again_in_the_tab_in_use, a_tab_that_waits_long_is_woken_from_the_other, a_frozen_tab_holds_nobody_up, a_tab_that_answers_no_more_is_not_waited_for, only_one_tab_talks_to_the_server;
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
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
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
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
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
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
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
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
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
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
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

/// A request begun in the first tab, which is the one that syncs; its text open in the second.
fn second_tab_at_a_text(browser: &mut Browser, title: &str) {
    let path = begins(browser, title);
    everything_is_received(browser);
    browser.new_tab();
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "");
    browser.sees("Connected");
}

/// What a colleague on another machine reads of the one request there is.
fn read_remotely(portal: &Portal) -> String {
    let mut colleague = RemoteDevice::signed_in(portal, "kenya2", 2);
    colleague.sync();
    objectives(&colleague, colleague.device.documents()[0])
}

/// The first tab finds out that the session has ended; the second says so, and signing in there is enough.
fn an_ended_session_is_told_and_begun_again_in_the_tab_in_use(engine: Engine) {
    let portal = Portal::start();
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
    second_tab_at_a_text(browser, "Signed out from afar");
    RemoteDevice::signed_in(&portal, "kenya", 3).ends_other_sessions();
    browser.fill("Objectives", "Written signed out.");
    browser.sees("Your session has ended.");
    browser.follow("Sign in again");
    sign_in(browser, "kenya", "en");
    everything_is_received(browser);
    assert_eq!(read_remotely(&portal), "Written signed out.");
    browser.switch_tab(0);
    everything_is_received(browser);
    browser.does_not_see("Your session has ended.");
}

/// Waits of a second and more never end by themselves.
const WAITS_FOR_EVER: &str = "
    const wait = setTimeout;
    window.setTimeout = (run, ms, ...more) => wait(run, ms < 1000 ? ms : 1e9, ...more);";

/// The first tab has failed and waits for ever; “Try to send now” in the second ends it.
fn a_tab_that_waits_long_is_woken_from_the_other(engine: Engine) {
    let mut portal = Portal::start();
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
    browser.script(WAITS_FOR_EVER, &[]);
    second_tab_at_a_text(browser, "Woken from the other tab");
    portal.stop();
    browser.fill("Objectives", "Waits.");
    browser.sees("No connection");
    browser.switch_tab(0);
    browser.sees("No connection");
    browser.switch_tab(1);
    browser.open("/device");
    browser.sees("Try to send now");
    browser.sees("No connection");
    portal.start_again();
    browser.press("Try to send now");
    everything_is_received(browser);
    assert_eq!(read_remotely(&portal), "Waits.");
}

/// How many exchanges with the server this page has made.
fn exchanges(browser: &Browser) -> u64 {
    let all = "return performance.getEntriesByType('resource').filter(one => one.name.endsWith('/sync')).length";
    browser.script(all, &[]).as_u64().expect("a number")
}

/// The browser freezes the first tab, which lets go of the lock: the second goes on without it.
fn a_frozen_tab_holds_nobody_up(engine: Engine) {
    let portal = Portal::start();
    let mut device = signed_in(engine, &portal, "kenya");
    goes_on_without_the_frozen_tab(&mut device.browser, &portal, "");
}

/// Sync is not told of the freezing, and says nothing from then on; half a minute of silence lasts a second.
const FROZEN_WITHOUT_A_WORD: &str = "
    const Channel = BroadcastChannel, wait = setTimeout;
    window.BroadcastChannel = class extends Channel {
      constructor(name) {
        super(name);
        addEventListener('freeze', event => {
          this.frozen = true;
          event.stopImmediatePropagation();
        }, true);
      }
      postMessage(message) {
        if (!this.frozen) super.postMessage(message);
      }
    };
    window.setTimeout = (run, ms, ...more) => wait(run, ms === 30000 ? 1000 : ms, ...more);";

/// The same without a word from the first tab: after half a minute it is not waited for.
fn a_tab_that_answers_no_more_is_not_waited_for(engine: Engine) {
    let portal = Portal::start();
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
    let before_all_else = serde_json::json!({ "source": FROZEN_WITHOUT_A_WORD });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", &before_all_else).expect("a page that is not told");
    browser.reload();
    goes_on_without_the_frozen_tab(browser, &portal, FROZEN_WITHOUT_A_WORD);
}

fn goes_on_without_the_frozen_tab(browser: &mut Browser, portal: &Portal, patience: &str) {
    second_tab_at_a_text(browser, "Frozen in the other tab");
    browser.script(patience, &[]);
    browser.switch_tab(0);
    everything_is_received(browser);
    browser.cdp("Page.setWebLifecycleState", &serde_json::json!({ "state": "frozen" })).expect("frozen");
    browser.switch_tab(1);
    browser.fill("Objectives", "Not held up.");
    everything_is_received(browser);
    assert_ne!(exchanges(browser), 0, "the first tab is frozen");
    assert_eq!(read_remotely(portal), "Not held up.");
}

/// Words written in the second tab are sent by the first, once, and the second asks for nothing.
fn only_one_tab_talks_to_the_server(engine: Engine) {
    let portal = Portal::start();
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
    second_tab_at_a_text(browser, "Sent once");
    browser.switch_tab(0);
    everything_is_received(browser);
    let before = exchanges(browser);
    browser.switch_tab(1);
    browser.focus("Objectives");
    browser.paste("One exchange.");
    everything_is_received(browser);
    assert_eq!(exchanges(browser), 0, "the second tab leaves it to the first");
    browser.switch_tab(0);
    let after = exchanges(browser);
    assert!(after > before, "{before}, then {after}");
    assert_eq!(read_remotely(&portal), "One exchange.");
}
