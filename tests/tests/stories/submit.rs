//! Story 4: check, and send.

use shared::forms::request;
use shared::forms::request::workflow::{RECEIVED, WITHDRAWN};
use shared::value::{Target, Value};
use tests::browser::{Engine, Portal};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{at, everything_is_received, signed_in, word};

stories! {
    on chromium (Chromium): a_request_sent_offline_is_received_when_the_connection_returns, what_is_missing_is_listed_with_links_to_its_fields, eligibility_warns_on_the_device, a_request_is_withdrawn_offline_with_a_reason;
    on firefox (Firefox): a_request_sent_offline_is_received_when_the_connection_returns, what_is_missing_is_listed_with_links_to_its_fields;
    on webkit (WebKit): a_request_sent_offline_is_received_when_the_connection_returns, what_is_missing_is_listed_with_links_to_its_fields;
}

/// A complete draft is sent with the server stopped: it waits, leaves by itself, and has a receipt.
fn a_request_sent_offline_is_received_when_the_connection_returns(engine: Engine) {
    let mut portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "Ready to leave");
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("Ready to leave");
    portal.stop();
    browser.open(&format!("{}/check", at(document)));
    browser.sees("Nothing is missing.");
    browser.press("Send the request");
    browser.sees("The request leaves as you read it now.");
    browser.inside("dialog[open]", |browser| browser.press("Send the request"));
    browser.sees("Will be sent when a connection returns");
    browser.open("/");
    browser.sees("On the way");
    browser.sees("waiting to be sent");
    browser.reload();
    browser.sees("waiting to be sent");
    portal.start_again();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.sees("With the team");
    browser.open(&at(document));
    browser.sees("Received, receipt R-");
    everything_is_received(browser);
    colleague.sync();
    assert_eq!(colleague.device.state(document), RECEIVED);
}

/// The one field left open is named with a link that leads into it; answered, it is no longer missing.
fn what_is_missing_is_listed_with_links_to_its_fields(engine: Engine) {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "One point open");
    colleague.device.set(document, Target::of(request::FOCAL_FUNCTION), Value::Empty);
    colleague.sync();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("One point open");
    browser.open(&format!("{}/check", at(document)));
    browser.sees("1 point to settle before sending");
    browser.press("Send the request");
    browser.does_not_see("The request leaves as you read it now.");
    browser.inside("#missing", |browser| browser.follow("Function"));
    browser.focus_is_on("Function");
    browser.fill("Function", "Director");
    browser.follow("Back to the check");
    browser.sees("Nothing is missing.");
}

/// Civil society that asks alone is warned on the device, with the server stopped; sending is not forbidden. A
/// ministry beside it takes the warning away.
fn eligibility_warns_on_the_device(engine: Engine) {
    let mut portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "Alone in civil society");
    let seen = colleague.device.sees(shared::ids::Scope::shared(document)).answers();
    let authority = seen.items(request::AUTHORITIES)[0];
    let of_type = |code: &str| (Target::in_item(authority, request::AUTHORITY_TYPE), Value::Code(code.to_owned()));
    let (target, alone) = of_type("cso");
    colleague.device.set(document, target, alone);
    colleague.sync();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("Alone in civil society");
    portal.stop();
    browser.open(&format!("{}/check", at(document)));
    browser.sees(&word("form.request.assessment.local"));
    browser.sees(&word("form.request.assessment.e3.title"));
    browser.sees(&word("form.request.assessment.e3.no_government"));
    browser.waits_for(
        "the warning among what the rules say, marked as failed",
        "return [...document.querySelectorAll('.checks li')]
           .some(row => row.innerText.includes(arguments[0]) && row.querySelector('.bad'))",
        &[word("form.request.assessment.e3.no_government").into()],
    );
    browser.sees("Send the request");
    portal.start_again();
    let (target, government) = of_type("ministry");
    colleague.device.set(document, target, government);
    colleague.sync();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.does_not_see(&word("form.request.assessment.e3.no_government"));
    browser.sees(&word("form.request.assessment.e2.passes"));
}

/// Asked first, and called off once; then withdrawn without a server, which hears of it with the reason.
fn a_request_is_withdrawn_offline_with_a_reason(engine: Engine) {
    let mut portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "Not needed any more");
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("Not needed any more");
    portal.stop();
    browser.open(&at(document));
    browser.press("Withdraw the request");
    browser.sees("A withdrawn request cannot be opened again");
    browser.inside("dialog[open]", |browser| browser.press("Cancel"));
    browser.does_not_see("A withdrawn request cannot be opened again");
    browser.press("Withdraw the request");
    browser.fill(&word("ui.move.reason"), "The figures came from elsewhere.");
    browser.inside("dialog[open]", |browser| browser.press("Withdraw the request"));
    browser.sees("Will be sent when a connection returns");
    portal.start_again();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.sees("The figures came from elsewhere.");
    everything_is_received(browser);
    browser.open("/");
    browser.sees("Closed");
    browser.sees("withdrawn");
    colleague.sync();
    let seen = colleague.device.sees(shared::ids::Scope::shared(document));
    assert_eq!(seen.state, WITHDRAWN);
    let reason = seen.history.last().and_then(|step| step.transition.reason.as_deref());
    assert_eq!(reason, Some("The figures came from elsewhere."));
}
