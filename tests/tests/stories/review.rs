//! Story 5: staff review what arrived.

use shared::forms::request;
use shared::ids::{Scope, Side};
use shared::op::{Body, Insert};
use shared::value::Target;
use shared::workflow::{Action, State};
use tests::browser::{Browser, Engine, Portal};
use tests::elsewhere::Elsewhere;

use super::desk::{desk, everything_is_received};

told! {
    on chromium (Chromium): a_confidential_note_is_read_by_staff_and_by_nobody_else, a_request_is_sent_back_with_remarks_on_its_fields, a_request_is_registered_under_the_next_number, the_inbox_is_filtered_and_searched;
}

/// Opens a request from the inbox.
#[track_caller]
pub fn opens(browser: &Browser, title: &str) {
    browser.open("/inbox");
    browser.sees(title);
    // While it still comes in, the list moves under the hand.
    everything_is_received(browser);
    browser.follow(title);
    browser.sees("On the whole");
}

/// Puts a remark on the field of that name.
#[track_caller]
pub fn remarks(browser: &Browser, field: u16, text: &str) {
    browser.inside(&format!("[id=r{field}]"), |browser| {
        browser.press("Add a remark");
        browser.fill("Add a remark", text);
        browser.press("Keep");
        browser.sees(text);
    });
}

/// Until it is sent back, the partner knows nothing of remarks; afterwards of those, and never of notes.
fn a_request_is_sent_back_with_remarks_on_its_fields(engine: Engine) {
    let portal = Portal::start();
    let mut partner = Elsewhere::signed_in(&portal, "kenya", 1);
    let document = partner.submits(1, "To be looked at");
    let desk = desk(engine, &portal, "staff");
    let browser = &desk.browser;
    opens(browser, "To be looked at");
    browser.sees("Eligibility");
    browser.sees("Rules, version");
    remarks(browser, request::OBJECTIVES.0, "Which posts, and by when?");
    browser.press("Add an internal note");
    browser.fill("Add an internal note", "Their third request this year.");
    browser.inside("section:has(textarea[aria-label='Add an internal note'])", |browser| browser.press("Keep"));
    everything_is_received(browser);
    partner.sync();
    let seen = partner.device.sees(Scope::shared(document));
    assert!(seen.threads.is_empty(), "nothing was sent yet: {:?}", seen.threads);
    assert_eq!(seen.state, State::Received);

    browser.press("Send back with 1 remark");
    browser.fill("Why, in words for the partner", "One point to make clear.");
    browser.inside("dialog[open]", |browser| browser.press("Send the request back"));
    browser.sees("sent back");
    everything_is_received(browser);
    partner.sync();
    let seen = partner.device.sees(Scope::shared(document));
    assert_eq!(seen.state, State::Returned);
    let texts: Vec<_> = seen.threads.values().map(|thread| thread.text.as_str()).collect();
    assert_eq!(texts, ["Which posts, and by when?"]);
    assert!(partner.device.sees(Scope::internal(document)).threads.is_empty(), "notes never leave the office");
}

/// What a focal point confides is read by staff with its writer's name, and by no colleague.
fn a_confidential_note_is_read_by_staff_and_by_nobody_else(engine: Engine) {
    let portal = Portal::start();
    let mut partner = Elsewhere::signed_in(&portal, "kenya", 1);
    let document = partner.completes(1, "With a word in confidence");
    let note = Scope { document, side: Side::Note(partner.device.person.actor.person) };
    let target = Target::of(request::SENSITIVITIES);
    let text = "Please do not call the regional office.".to_owned();
    partner.device.write(vec![(note, Body::Insert(Insert { target, after: None, text }))]);
    partner.sync();
    partner.asks(document, Action::Submit, None);
    let mut colleague = Elsewhere::signed_in(&portal, "kenya2", 2);
    colleague.sync();
    assert!(colleague.device.sees(note).prose(target).is_none(), "a colleague does not have it at all");
    let desk = desk(engine, &portal, "staff");
    opens(&desk.browser, "With a word in confidence");
    desk.browser.sees("Please do not call the regional office.");
}

/// Registering allots the year's next number, which the partner reads.
fn a_request_is_registered_under_the_next_number(engine: Engine) {
    let portal = Portal::start();
    let mut partner = Elsewhere::signed_in(&portal, "kenya", 1);
    let document = partner.submits(1, "To be registered");
    let desk = desk(engine, &portal, "staff");
    let browser = &desk.browser;
    opens(browser, "To be registered");
    browser.press("Register the request");
    browser.inside("dialog[open]", |browser| browser.press("Register the request"));
    everything_is_received(browser);
    partner.sync();
    let seen = partner.device.sees(Scope::shared(document));
    assert_eq!(seen.state, State::Registered);
    let reference = seen.reference().expect("a number").to_owned();
    let (year, number) = reference.split_once('-').expect("YYYY-NN");
    assert!(year.len() == 4 && number.len() >= 2, "{reference}");
    browser.sees(&reference);
}

/// New and put-aside requests, a country, words of a title, and nothing found.
fn the_inbox_is_filtered_and_searched(engine: Engine) {
    let portal = Portal::start();
    let mut partner = Elsewhere::signed_in(&portal, "kenya", 1);
    partner.submits(1, "Posts at the coast");
    partner.submits(2, "Posts in the highlands");
    let desk = desk(engine, &portal, "staff");
    let browser = &desk.browser;
    browser.sees("Posts at the coast");
    browser.sees("Posts in the highlands");
    browser.fill("Title, reference, country, receipt", "HIGH");
    browser.does_not_see("Posts at the coast");
    browser.sees("Posts in the highlands");
    browser.fill("Title, reference, country, receipt", "nowhere at all");
    browser.sees("Nothing waits here.");
    browser.fill("Title, reference, country, receipt", "");
    browser.choose("Country", "Kenya");
    browser.sees("Posts at the coast");
    browser.press("Resubmitted");
    browser.does_not_see("Posts at the coast");
    browser.press("New");
    browser.sees("Posts at the coast");
}
