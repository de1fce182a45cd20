//! Story 6: what was sent back is answered, corrected, sent again, and compared.

use shared::forms::request;
use shared::forms::request::workflow::RETURN;
use shared::ids::Scope;
use shared::op::{Body, Remark, Reply};
use shared::value::Target;
use tests::browser::{Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use super::review::opens;
use tests::signed_in::{at, everything_is_received, section, signed_in};

stories! {
    on chromium (Chromium): an_answer_being_written_stays_while_others_come, remarks_are_answered_offline_and_the_correction_is_compared;
}

/// Without a network the focal point reads the remark, answers it in its field, corrects and sends
/// again; staff see what changed word by word and what is answered, and settle it.
fn remarks_are_answered_offline_and_the_correction_is_compared(engine: Engine) {
    let mut portal = Portal::start();
    let mut office = RemoteDevice::signed_in(&portal, "staff", 3);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.submits(1, "To be corrected");
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

    let partner = signed_in(engine, &portal, "kenya");
    let browser = &partner.browser;
    browser.sees("Remarks wait for you");
    portal.stop();
    browser.open(&at(document));
    browser.sees("Sent back by the team");
    browser.sees("One point.");
    browser.sees("1 remark to read");
    browser.open(&section(document, "results"));
    browser.sees("Which posts?");
    browser.press("Answer");
    browser.fill("Answer", "Those of the coast.");
    browser.press("Keep");
    browser.sees("Those of the coast.");
    browser.focus("Objectives");
    browser.type_keys(&format!("{}{}{} Those of the coast.", keys::CONTROL, keys::END, keys::RELEASE));
    let taken_out =
        "const field = [...document.querySelectorAll('textarea')].find(one => one.value.includes(arguments[0]));
         const at = field.value.indexOf(arguments[0]);
         field.setRangeText('', at, at + arguments[0].length);
         field.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.script(taken_out, &["others ".into()]);
    browser.holds("Objectives", "Services keep data that cannot use. Those of the coast.");
    browser.sees("saved on this device");
    browser.open(&section(document, "who"));
    browser.fill("Function", "Director");
    browser.sees("saved on this device");
    browser.open(&section(document, "others"));
    browser.inside(&format!("#f{} > li", request::INTERAGENCY_ACTORS.0), |browser| {
        browser.press("Change");
        browser.fill("Name", "Office of statistics");
    });
    browser.sees("saved on this device");
    browser.open(&format!("{}/check", at(document)));
    browser.press("Send the request");
    browser.inside("dialog[open]", |browser| browser.press("Send the request"));
    browser.sees("Will be sent when a connection returns");
    portal.start_again();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    everything_is_received(browser);

    let office = signed_in(engine, &portal, "staff");
    let browser = &office.browser;
    browser.press("Resubmitted");
    opens(browser, "To be corrected");
    browser.sees("compared with version 1");
    // What changed is listed, each field once, and nothing else: prose word by word, a short answer, an item.
    browser.waits_for(
        "the changed fields, with what is gone and what is new",
        "const told = [...document.querySelectorAll('.doc .ans')].filter(one => one.checkVisibility() && one.querySelector('ins, del'));
         const words = (one, mark) => [...one.querySelectorAll(mark)].map(piece => piece.innerText.trim()).join(' ');
         const found = told.map(one => [one.querySelector('h2').innerText.replace(/^[0-9]+ · /, ''), words(one, 'del'), words(one, 'ins')]);
         return JSON.stringify(found) === JSON.stringify(arguments[0])",
        &[serde_json::json!([
            ["Function", "Migration data", "Director"],
            ["Objectives", "others", "Those of the coast."],
            ["Other institutions involved", "Migration data", "Office of statistics"],
        ])],
    );
    browser.waits_for(
        "no unchanged field among them",
        "return [...document.querySelectorAll('.doc .ans[id], .doc .ans')].filter(one => one.checkVisibility()).length === 4",
        &[],
    );
    browser.sees("Those of the coast.");
    browser.press("Mark as settled");
    browser.sees("Settled (You");
    everything_is_received(browser);
}

/// A colleague answers the same remark meanwhile: what is being written here stays where it is.
fn an_answer_being_written_stays_while_others_come(engine: Engine) {
    let portal = Portal::start();
    let mut office = RemoteDevice::signed_in(&portal, "staff", 3);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.submits(1, "Answered by two");
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
    let partner = signed_in(engine, &portal, "kenya");
    let browser = &partner.browser;
    browser.sees("Remarks wait for you");
    browser.open(&section(document, "results"));
    browser.press("Answer");
    browser.fill("Answer", "Those of the co");
    colleague.sync();
    let threads = colleague.device.sees(Scope::shared(document)).threads;
    let thread = *threads.keys().next().expect("the remark");
    let reply = Reply { remark: thread, text: "I shall ask the regions.".to_owned() };
    colleague.device.write(vec![(Scope::shared(document), Body::Reply(reply))]);
    colleague.sync();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.sees("I shall ask the regions.");
    browser.holds("Answer", "Those of the co");
}
