//! Story 7: two users of one authority edit the same draft, both without a network.

use shared::forms::request;
use shared::forms::request::workflow::RECEIVED;
use shared::ids::Scope;
use shared::value::{Target, Value};
use tests::browser::{Browser, Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{SignedInBrowser, at, everything_is_received, section, signed_in};

stories! {
    on chromium (Chromium): edits_of_two_people_merge, two_answers_to_a_short_field_are_settled_by_a_person, two_answers_are_settled_by_writing_a_third, two_answers_to_an_optional_field_do_not_keep_a_request, an_item_removed_by_one_and_edited_by_the_other_comes_back;
}

fn reconnects(browser: &Browser) {
    browser.script("dispatchEvent(new Event('online'))", &[]);
}

/// Different fields, different parts of one text, activities added on both sides: all of it survives.
fn edits_of_two_people_merge(engine: Engine) {
    let mut portal = Portal::start();
    let mut otieno = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = otieno.begins(1, "Two pens");
    otieno.device.type_at(document, request::OBJECTIVES, 0, "First part. Second part.");
    let mission = otieno.device.add_item(document, request::PROPOSED_ACTIVITIES).expect("an item");
    otieno.device.set(document, Target::in_item(mission, request::ACTIVITY_TOPIC), Value::Text("Mission".to_owned()));
    otieno.sync();
    let wanjiru = signed_in(engine, &portal, "kenya");
    let browser = &wanjiru.browser;
    browser.sees("Two pens");
    portal.stop();

    browser.open(&section(document, "results"));
    browser.focus("Objectives");
    browser.type_keys(&format!("{}{}{} Wanjiru was here.", keys::CONTROL, keys::END, keys::RELEASE));
    browser.press("Add an activity");
    browser.inside(&format!("#f{} > li:nth-child(2)", request::PROPOSED_ACTIVITIES.0), |browser| {
        browser.fill("Topic", "Visit of Wanjiru");
    });
    browser.fill("Expected results", "Agreed figures.");
    browser.sees("saved on this device");
    otieno.device.type_at(document, request::OBJECTIVES, 0, "Otieno too. ");
    let workshop = otieno.device.add_item(document, request::PROPOSED_ACTIVITIES).expect("an item");
    let topic = Target::in_item(workshop, request::ACTIVITY_TOPIC);
    otieno.device.set(document, topic, Value::Text("Workshop of Otieno".to_owned()));
    otieno.device.move_first(document, request::PROPOSED_ACTIVITIES, workshop);
    otieno.device.set(document, Target::of(request::NATIONAL_STRATEGY), Value::Text("Strategy".to_owned()));

    portal.start_again();
    otieno.sync();
    reconnects(browser);
    browser.holds("Objectives", "Otieno too. First part. Second part. Wanjiru was here.");
    browser.sees("Workshop of Otieno");
    everything_is_received(browser);
    otieno.sync();
    let seen = otieno.device.sees(Scope::shared(document));
    let answers = seen.answers();
    let topics: Vec<_> = answers
        .items(request::PROPOSED_ACTIVITIES)
        .iter()
        .map(|item| answers.text(Target::in_item(*item, request::ACTIVITY_TOPIC)).to_owned())
        .collect();
    assert_eq!(topics, ["Workshop of Otieno", "Mission", "Visit of Wanjiru"]);
    assert_eq!(answers.text(Target::of(request::NATIONAL_STRATEGY)), "Strategy");
    let objectives = seen.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text());
    assert_eq!(objectives.as_deref(), Some("Otieno too. First part. Second part. Wanjiru was here."));
}

/// Wanjiru and Otieno answer one field without a network, she in her browser; then both are connected again.
fn both_answer(
    portal: &mut Portal,
    otieno: &mut RemoteDevice,
    wanjiru: &SignedInBrowser,
    page: &str,
    (label, answer): (&str, &str),
    (target, other): (Target, &str),
) {
    let document = otieno.device.documents()[0];
    let browser = &wanjiru.browser;
    portal.stop();
    browser.open(page);
    browser.fill(label, answer);
    browser.sees("saved on this device");
    // The clocks of both are right: their answers are minutes old.
    otieno.device.clock_ms = browser.script("return Date.now()", &[]).as_i64().expect("a time");
    otieno.device.set(document, target, Value::Text(other.to_owned()));
    portal.start_again();
    otieno.sync();
    reconnects(browser);
    browser.sees("Two answers were given without either seeing the other.");
}

/// Both answers stand side by side, each with who gave it and when; only this keeps the request from being
/// sent. One of them is chosen.
fn two_answers_to_a_short_field_are_settled_by_a_person(engine: Engine) {
    let mut portal = Portal::start();
    let mut otieno = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = otieno.completes(1, "Two answers");
    let wanjiru = signed_in(engine, &portal, "kenya");
    let browser = &wanjiru.browser;
    browser.sees("Two answers");
    let function = Target::of(request::FOCAL_FUNCTION);
    let page = section(document, "who");
    both_answer(&mut portal, &mut otieno, &wanjiru, &page, ("Function", "Director"), (function, "Head of unit"));
    browser.waits_for(
        "both answers, each with its author and the time it was given",
        "const slips = [...document.querySelectorAll('.two label')].map(slip => slip.innerText.replace(/\\s+/g, ' '));
         return slips.length === 2 && arguments[0].every(([answer, author]) => slips.some(slip =>
           new RegExp(answer + ' ' + author + ', (yesterday )?[0-2][0-9]:[0-5][0-9]').test(slip)))",
        &[serde_json::json!([["Director", "You"], ["Head of unit", "Otieno Odhiambo"]])],
    );
    browser.sees("Otieno Odhiambo");
    browser.sees("Head of unit");
    everything_is_received(browser);

    browser.open(&format!("{}/check", at(document)));
    browser.sees("1 point to settle before sending");
    browser.open(&at(document));
    browser.sees("To settle");
    browser.open(&section(document, "who"));
    browser.check("Head of unit");
    browser.press("Keep this choice");
    browser.does_not_see("Two answers were given");
    browser.holds("Function", "Head of unit");
    browser.open(&format!("{}/check", at(document)));
    browser.sees("Nothing is missing.");
    everything_is_received(browser);
    otieno.sync();
    let seen = otieno.device.sees(Scope::shared(document));
    assert!(!seen.register(Target::of(request::FOCAL_FUNCTION)).is_some_and(|register| register.unsettled()));
    assert_eq!(seen.answers().text(Target::of(request::FOCAL_FUNCTION)), "Head of unit");
}

/// Neither answer is right: a third is written, and stands alone for both.
fn two_answers_are_settled_by_writing_a_third(engine: Engine) {
    let mut portal = Portal::start();
    let mut otieno = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = otieno.completes(1, "A third answer");
    let wanjiru = signed_in(engine, &portal, "kenya");
    let browser = &wanjiru.browser;
    browser.sees("A third answer");
    let function = Target::of(request::FOCAL_FUNCTION);
    let page = section(document, "who");
    both_answer(&mut portal, &mut otieno, &wanjiru, &page, ("Function", "Director"), (function, "Head of unit"));
    browser.press("Write another answer");
    browser.fill("Function", "Head of statistics");
    browser.does_not_see("Two answers were given");
    browser.holds("Function", "Head of statistics");
    browser.open(&format!("{}/check", at(document)));
    browser.sees("Nothing is missing.");
    everything_is_received(browser);
    otieno.sync();
    let seen = otieno.device.sees(Scope::shared(document));
    let said = seen.register(function).map(|register| register.answers().len());
    assert_eq!((said, seen.answers().text(function)), (Some(1), "Head of statistics"));
}

/// What need not be answered need not be settled: the request leaves with both answers.
fn two_answers_to_an_optional_field_do_not_keep_a_request(engine: Engine) {
    let mut portal = Portal::start();
    let mut otieno = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = otieno.completes(1, "Two strategies");
    let wanjiru = signed_in(engine, &portal, "kenya");
    let browser = &wanjiru.browser;
    browser.sees("Two strategies");
    let strategy = Target::of(request::NATIONAL_STRATEGY);
    let label = "National strategy it serves (optional)";
    let page = section(document, "context");
    both_answer(&mut portal, &mut otieno, &wanjiru, &page, (label, "Vision 2030"), (strategy, "Coast plan"));
    browser.open(&format!("{}/check", at(document)));
    browser.sees("Nothing is missing.");
    browser.press("Send the request");
    browser.inside("dialog[open]", |browser| browser.press("Send the request"));
    browser.sees("Received, receipt R-");
    otieno.sync();
    let seen = otieno.device.sees(Scope::shared(document));
    assert_eq!(seen.state, RECEIVED);
    assert!(seen.register(strategy).is_some_and(|register| register.unsettled()), "both answers are still there");
}

/// Removed here, completed there: it comes back, and says why.
fn an_item_removed_by_one_and_edited_by_the_other_comes_back(engine: Engine) {
    let mut portal = Portal::start();
    let mut otieno = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = otieno.begins(1, "Comes back");
    let mission = otieno.device.add_item(document, request::PROPOSED_ACTIVITIES).expect("an item");
    let topic = Target::in_item(mission, request::ACTIVITY_TOPIC);
    otieno.device.set(document, topic, Value::Text("Mission".to_owned()));
    otieno.sync();
    let wanjiru = signed_in(engine, &portal, "kenya");
    let browser = &wanjiru.browser;
    browser.sees("Comes back");
    portal.stop();
    browser.open(&section(document, "results"));
    browser.sees("Mission");
    browser.press("Remove");
    browser.does_not_see("Mission");
    otieno.device.set(document, topic, Value::Text("Mission to the coast".to_owned()));
    portal.start_again();
    otieno.sync();
    reconnects(browser);
    browser.sees("Mission to the coast");
    browser.sees("it came back, nothing is lost");
}
