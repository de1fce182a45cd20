//! Words that are not on the disk yet: while it is busy or full, while the page is left, while they are
//! not said. None is dropped, and none is called received.

use shared::forms::request;
use shared::forms::request::workflow::RETURN;
use shared::ids::{DocumentId, Scope};
use shared::op::{Body, Remark};
use shared::value::Target;
use tests::browser::{Browser, Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use super::review::opens;
use tests::signed_in::{SignedInBrowser, everything_is_received, everything_is_saved, section, signed_in};

stories! {
    on chromium (Chromium): words_typed_while_the_disk_is_busy_are_kept_though_the_page_is_left, words_with_no_room_are_there_when_the_field_is_opened_again, typing_on_during_an_undo_loses_nothing, a_choice_changed_twice_at_once_is_one_answer, a_choice_made_with_no_room_is_kept_when_there_is_room, an_answer_being_written_outlives_a_reload_and_a_change_of_language, an_answer_said_while_the_page_is_left_is_said_once, a_remark_and_a_reason_being_written_outlive_a_reload, an_answer_with_no_room_stays_where_it_is_written;
}

const OBJECTIVES: &str = "Objectives";

/// A draft open at its results, with what is written there.
fn an_open_draft(engine: Engine, text: &str) -> (Portal, SignedInBrowser, DocumentId) {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.begins(1, "Not on the disk yet");
    colleague.device.type_at(document, request::OBJECTIVES, 0, text);
    colleague.sync();
    let device = signed_in(engine, &portal, "kenya");
    device.browser.sees("Not on the disk yet");
    device.browser.open(&section(document, "results"));
    device.browser.holds(OBJECTIVES, text);
    everything_is_received(&device.browser);
    (portal, device, document)
}

/// Keeps the person's store busy, as the sync of a large page does, until `releases_the_disk`.
fn holds_the_disk(browser: &Browser) {
    browser.script(
        "window.busy = true;
         indexedDB.databases().then(all => {
           const name = all.map(one => one.name).find(name => name.startsWith('relais-') && name !== 'relais-0');
           indexedDB.open(name).onsuccess = ({ target: { result: store } }) => {
             const object_stores = [...store.objectStoreNames];
             const again = work => {
               window.held = true;
               work.objectStore(object_stores[0]).count().onsuccess = () => window.busy ? again(work) : store.close();
             };
             again(store.transaction(object_stores, 'readwrite'));
           };
         });",
        &[],
    );
    browser.waits_for("the disk to be busy", "return window.held === true", &[]);
}

fn releases_the_disk(browser: &Browser) {
    browser.script("window.busy = false", &[]);
}

/// Puts a whole text into the field, as fast typing between two looks does.
fn types_at_once(browser: &Browser, text: &str) {
    browser.script(
        "const field = document.querySelector('textarea'); field.value = arguments[0];
         field.setSelectionRange(field.value.length, field.value.length);
         field.dispatchEvent(new Event('input', { bubbles: true }));",
        &[text.into()],
    );
}

/// The first letter waits for the disk, the others for the first; then the page is left.
fn words_typed_while_the_disk_is_busy_are_kept_though_the_page_is_left(engine: Engine) {
    let (_portal, device, document) = an_open_draft(engine, "");
    let browser = &device.browser;
    holds_the_disk(browser);
    types_at_once(browser, "A");
    types_at_once(browser, "A post at the coast");
    browser.waits_for(
        "what is on the screen alone not to be called received",
        "return !document.body.innerText.includes('Everything is received')",
        &[],
    );
    browser.follow("Not on the disk yet");
    releases_the_disk(browser);
    browser.sees("Check and send");
    everything_is_received(browser);
    browser.open(&section(document, "results"));
    browser.holds(OBJECTIVES, "A post at the coast");
}

/// The notice leads to another page; whoever comes back finds the words, and room again saves them.
fn words_with_no_room_are_there_when_the_field_is_opened_again(engine: Engine) {
    let (_portal, device, _document) = an_open_draft(engine, "");
    let browser = &device.browser;
    browser.set_quota(20_000);
    let long = "Every post keeps its own figures. ".repeat(4_000);
    browser.focus(OBJECTIVES);
    browser.paste(&long);
    browser.sees("This device has no room left.");
    browser.follow("Save a rescue file");
    browser.sees("What this device promises");
    browser.go_back();
    browser.holds(OBJECTIVES, &long);
    browser.lift_quota();
    browser.does_not_see("This device has no room left.");
    everything_is_saved(browser);
    browser.reload();
    browser.holds(OBJECTIVES, &long);
}

/// The undo is on its way to the disk when the next letter is typed.
fn typing_on_during_an_undo_loses_nothing(engine: Engine) {
    let (_portal, device, _document) = an_open_draft(engine, "Posts keep data.");
    let browser = &device.browser;
    browser.focus(OBJECTIVES);
    browser.type_keys(&format!("{}{}{} Daily.", keys::CONTROL, keys::END, keys::RELEASE));
    browser.holds(OBJECTIVES, "Posts keep data. Daily.");
    everything_is_received(browser);
    holds_the_disk(browser);
    browser.script(
        "document.querySelector('textarea').dispatchEvent(
           new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, bubbles: true, cancelable: true }));",
        &[],
    );
    types_at_once(browser, "Posts keep data. Daily. And weekly.");
    releases_the_disk(browser);
    everything_is_received(browser);
    let text = browser.value_of(OBJECTIVES);
    assert!(text.starts_with("Posts keep data.") && text.contains("And weekly."), "{text}");
    browser.reload();
    browser.holds(OBJECTIVES, &text);
}

/// Two taps before the first is on the disk: the last one counts, and nobody contradicts themselves.
fn a_choice_changed_twice_at_once_is_one_answer(engine: Engine) {
    let (_portal, device, document) = an_open_draft(engine, "");
    let browser = &device.browser;
    browser.open(&section(document, "timing"));
    browser.sees("Urgency");
    everything_is_received(browser);
    holds_the_disk(browser);
    browser.choose("Urgency", "Urgent");
    browser.choose("Urgency", "Ordinary");
    releases_the_disk(browser);
    everything_is_received(browser);
    browser.does_not_see("Two answers were given");
    browser.reload();
    browser.sees("Urgency");
    browser.waits_for(
        "the last choice",
        "const chosen = document.querySelectorAll(arguments[0] + ':checked');
         return chosen.length === 1 && chosen[0].closest('label').innerText.includes('Ordinary')",
        &[format!("[name=f{}]", request::URGENCY.0).into()],
    );
}

/// What could not be kept at first is not forgotten for the sake of what could.
fn a_choice_made_with_no_room_is_kept_when_there_is_room(engine: Engine) {
    let (_portal, device, document) = an_open_draft(engine, "");
    let browser = &device.browser;
    browser.open(&section(document, "timing"));
    browser.sees("Urgency");
    browser.set_quota(1);
    browser.choose("Urgency", "Urgent");
    browser.sees("This device has no room left.");
    browser.lift_quota();
    browser.fill("Reason for the urgency", "An election in May.");
    browser.does_not_see("This device has no room left.");
    everything_is_saved(browser);
    browser.reload();
    browser.sees("Urgency");
    browser.waits_for(
        "the choice",
        "const chosen = document.querySelectorAll(arguments[0] + ':checked');
         return chosen.length === 1 && chosen[0].closest('label').innerText.includes('Urgent')",
        &[format!("[name=f{}]", request::URGENCY.0).into()],
    );
}

/// A request sent back with one remark, open at its results.
fn sent_back(engine: Engine) -> (Portal, SignedInBrowser, DocumentId) {
    let portal = Portal::start();
    let mut office = RemoteDevice::signed_in(&portal, "staff", 3);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.submits(1, "To be answered");
    office.sync();
    let remark = Remark {
        target: Some(Target::of(request::OBJECTIVES)),
        text: "Which posts?".to_owned(),
        internal: false,
        published_from: None,
        written_by: None,
    };
    office.device.write(vec![(Scope::internal(document), Body::Remark(remark))]);
    office.asks(document, RETURN, Some("One point."));
    let device = signed_in(engine, &portal, "kenya");
    device.browser.sees("Remarks wait for you");
    device.browser.open(&section(document, "results"));
    device.browser.sees("Which posts?");
    (portal, device, document)
}

fn an_answer_being_written_outlives_a_reload_and_a_change_of_language(engine: Engine) {
    let (_portal, device, document) = sent_back(engine);
    let browser = &device.browser;
    browser.press("Answer");
    browser.fill("Answer", "Those of the co");
    browser.press("Français");
    browser.sees("Objectifs");
    browser.holds("Répondre", "Those of the co");
    browser.press("English");
    browser.holds("Answer", "Those of the co");
    everything_is_saved(browser);
    browser.reload();
    browser.holds("Answer", "Those of the co");
    browser.fill("Answer", "Those of the coast.");
    browser.press("Keep");
    everything_is_received(browser);
    browser.reload();
    browser.sees("Those of the coast.");
    let said = "return document.body.innerText.split('Those of the coast.').length === 2
        && [...document.querySelectorAll('.note textarea')].every(one => !one.checkVisibility())";
    browser.waits_for("the answer to be said once, and no more being written", said, &[]);
    browser.open(&section(document, "who"));
    browser.sees("Function");
}

/// It is on its way to the disk when its writer goes on to another page: it is said, and not offered again.
fn an_answer_said_while_the_page_is_left_is_said_once(engine: Engine) {
    let (_portal, device, document) = sent_back(engine);
    let browser = &device.browser;
    browser.press("Answer");
    browser.fill("Answer", "Those of the coast.");
    everything_is_saved(browser);
    holds_the_disk(browser);
    browser.press("Keep");
    browser.follow("My files");
    browser.does_not_see("Objectives");
    releases_the_disk(browser);
    browser.sees("Remarks wait for you");
    everything_is_received(browser);
    browser.open(&section(document, "results"));
    browser.sees("Those of the coast.");
    everything_is_received(browser);
    let said = "return document.body.innerText.split('Those of the coast.').length === 2
        && [...document.querySelectorAll('.note textarea')].every(one => !one.checkVisibility())";
    browser.waits_for("the answer to be said once, and no more being written", said, &[]);
}

fn a_remark_and_a_reason_being_written_outlive_a_reload(engine: Engine) {
    let portal = Portal::start();
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 1);
    partner.submits(1, "To be looked at");
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    opens(browser, "To be looked at");
    let field = format!("[id=r{}]", request::OBJECTIVES.0);
    browser.inside(&field, |browser| {
        browser.press("Add a remark");
        browser.fill("Add a remark", "Which posts, and by");
    });
    browser.press("Send back to the partner");
    browser.fill("Why, in words for those concerned", "One point to");
    everything_is_saved(browser);
    browser.reload();
    browser.sees("On the whole");
    browser.inside(&field, |browser| browser.holds("Add a remark", "Which posts, and by"));
    browser.press("Send back to the partner");
    browser.holds("Why, in words for those concerned", "One point to");
}

fn an_answer_with_no_room_stays_where_it_is_written(engine: Engine) {
    let (_portal, device, _document) = sent_back(engine);
    let browser = &device.browser;
    browser.set_quota(1);
    browser.press("Answer");
    browser.fill("Answer", "Those of the coast.");
    browser.sees("This device has no room left.");
    browser.press("Keep");
    browser.sees("This device has no room left.");
    browser.lift_quota();
    browser.does_not_see("This device has no room left.");
    everything_is_received(browser);
    browser.reload();
    browser.sees("Those of the coast.");
}
