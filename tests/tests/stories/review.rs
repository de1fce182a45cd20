//! Story 5: staff review what arrived.

use shared::forms::request;
use shared::forms::request::workflow::{RECEIVED, REGISTERED, RETURNED, SUBMIT};
use shared::ids::{Scope, Side};
use shared::op::{Body, Insert, REMARK_CHARS_MAX};
use shared::sync::rows::ObjectStore;
use shared::value::{Target, Value};
use tests::answers;
use tests::browser::{Browser, Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{everything_is_received, signed_in, word};

stories! {
    on chromium (Chromium): a_confidential_note_is_read_by_staff_and_by_nobody_else, a_request_is_sent_back_with_remarks_on_its_fields, a_remark_too_long_for_anybody_is_told_while_it_is_written, a_request_is_registered_under_the_next_number, the_inbox_is_filtered_and_searched, a_long_queue_is_drawn_a_part_at_a_time, what_came_too_late_is_read_and_applied_or_left, a_criterion_that_is_not_met_is_said_beside_the_decision, staff_are_given_their_own_program_on_every_page;
}

/// Opens a request from the inbox. It is looked for, since the list moves under the hand while others come in.
#[track_caller]
pub fn opens(browser: &Browser, title: &str) {
    browser.open("/inbox");
    browser.fill("Title, reference, country, receipt", title);
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
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 1);
    let document = partner.submits(1, "To be looked at");
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    opens(browser, "To be looked at");
    browser.sees("Eligibility");
    browser.sees("Rules, version");
    browser.does_not_see("not met.");
    // With nothing to say to the partner nothing is done, and the question stays.
    browser.press("Send back to the partner");
    browser.inside("dialog[open]", |browser| browser.press("Send back to the partner"));
    browser.focus_is_on("Why, in words for those concerned");
    browser.inside("dialog[open]", |browser| browser.press("Cancel"));
    remarks(browser, request::OBJECTIVES.0, "Which posts, and by when?");
    browser.inside(".doc > div:last-child", |browser| {
        browser.press("Add a remark");
        browser.fill("Add a remark", "A good request on the whole.");
        browser.press("Keep");
        browser.sees("A good request on the whole.");
    });
    browser.press("Add an internal note");
    browser.fill("Add an internal note", "Their third request this year.");
    browser.inside("section:has(textarea[aria-label='Add an internal note'])", |browser| browser.press("Keep"));
    everything_is_received(browser);
    partner.sync();
    let seen = partner.device.sees(Scope::shared(document));
    assert!(seen.threads.is_empty(), "nothing was sent yet: {:?}", seen.threads);
    assert_eq!(seen.state, RECEIVED);

    browser.press("Send back with 2 remarks");
    browser.fill("Why, in words for those concerned", "One point to make clear.");
    browser.inside("dialog[open]", |browser| browser.press("Send back to the partner"));
    browser.sees("sent back");
    everything_is_received(browser);
    partner.sync();
    let seen = partner.device.sees(Scope::shared(document));
    assert_eq!(seen.state, RETURNED);
    let mut remarks: Vec<_> = seen.threads.values().map(|thread| (thread.text.as_str(), thread.target)).collect();
    remarks.sort();
    let objectives = Some(Target::of(request::OBJECTIVES));
    assert_eq!(remarks, [("A good request on the whole.", None), ("Which posts, and by when?", objectives)]);
    assert!(partner.device.sees(Scope::internal(document)).threads.is_empty(), "notes never leave the office");
}

/// It would be put aside by the server later, on a better line than the writer may have: said at once instead.
fn a_remark_too_long_for_anybody_is_told_while_it_is_written(engine: Engine) {
    let portal = Portal::start();
    let document = RemoteDevice::signed_in(&portal, "kenya", 1).submits(1, "To be looked at");
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    opens(browser, "To be looked at");
    let long = "é".repeat(REMARK_CHARS_MAX + 3);
    browser.inside(&format!("[id=r{}]", request::OBJECTIVES.0), |browser| {
        browser.press("Add a remark");
        browser.focus("Add a remark");
        browser.paste(&long);
        browser.sees("3 characters too many; 4,000 at most.");
        browser.press("Keep");
        browser.holds("Add a remark", &long);
        browser.focus("Add a remark");
        browser.type_keys(&keys::BACKSPACE.repeat(3));
        browser.does_not_see("characters too many");
        browser.press("Keep");
        browser.does_not_see("Keep");
    });
    // The reason as well.
    browser.press("Send back with 1 remark");
    browser.inside("dialog[open]", |browser| {
        browser.focus("Why, in words for those concerned");
        browser.paste(&long);
        browser.sees("3 characters too many; 4,000 at most.");
        browser.press("Send back to the partner");
        browser.focus_is_on("Why, in words for those concerned");
        browser.fill("Why, in words for those concerned", "Shorter.");
        browser.press("Send back to the partner");
    });
    everything_is_received(browser);
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 3);
    partner.sync();
    assert_eq!(partner.device.state(document), RETURNED);
}

/// What a focal point confides is read by staff with its writer's name, and by no colleague.
fn a_confidential_note_is_read_by_staff_and_by_nobody_else(engine: Engine) {
    let portal = Portal::start();
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 1);
    let document = partner.completes(1, "With a word in confidence");
    let note = Scope { document, side: Side::Note(partner.device.person.actor.person) };
    let target = Target::of(request::SENSITIVITIES);
    let text = "Please do not call the regional office.".to_owned();
    partner.device.write(vec![(note, Body::Insert(Insert { target, after: None, text }))]);
    partner.sync();
    partner.asks(document, SUBMIT, None);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    colleague.sync();
    assert!(colleague.device.sees(note).prose(target).is_none(), "a colleague does not have it at all");
    let device = signed_in(engine, &portal, "staff");
    opens(&device.browser, "With a word in confidence");
    device.browser.sees("Please do not call the regional office.");
}

/// Registering allots the year's next number, which the partner reads.
fn a_request_is_registered_under_the_next_number(engine: Engine) {
    let portal = Portal::start();
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 1);
    let document = partner.submits(1, "To be registered");
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    opens(browser, "To be registered");
    browser.press("Register the request");
    browser.inside("dialog[open]", |browser| browser.press("Register the request"));
    everything_is_received(browser);
    partner.sync();
    let seen = partner.device.sees(Scope::shared(document));
    assert_eq!(seen.state, REGISTERED);
    let reference = seen.reference().expect("a number").to_owned();
    let (year, number) = reference.split_once('-').expect("YYYY-NN");
    assert!(year.len() == 4 && number.len() >= 2, "{reference}");
    browser.sees(&reference);
}

/// The demo's requests and two more, by theme, country, words of a title, and what is to be looked at: letters that
/// are awaited, and a week later everything that still waits.
fn the_inbox_is_filtered_and_searched(engine: Engine) {
    let mut portal = Portal::start();
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 1);
    partner.submits(1, "Posts at the coast");
    let with_letter = partner.completes(2, "Posts in the highlands");
    partner.device.set(with_letter, Target::of(request::LETTER_TO_FOLLOW), Value::Flag(false));
    answers::complete(&mut partner.device, with_letter, 2090);
    partner.asks(with_letter, SUBMIT, None);
    assert_eq!(partner.device.state(with_letter), RECEIVED, "{:?}", partner.device.own(ObjectStore::Parked));

    let mut device = signed_in(engine, &portal, "staff");
    let browser = &mut device.browser;
    let waiting = ["Afrique de l’Ouest", "Costa Rica III", "Mali : écouter", "at the coast", "in the highlands"];
    let shown = |browser: &Browser, expected: &[&str]| {
        for title in waiting {
            match expected.contains(&title) {
                true => browser.sees(title),
                false => browser.does_not_see(title),
            }
        }
        browser.does_not_see("Niger : migration et jeunesse");
        browser.does_not_see("Kenya II");
    };
    shown(browser, &waiting);
    browser.choose("Theme", &word("list.theme.MDV"));
    shown(browser, &["Mali : écouter"]);
    browser.choose("Theme", "All themes");
    browser.fill("Title, reference, country, receipt", "HIGH");
    shown(browser, &["in the highlands"]);
    browser.fill("Title, reference, country, receipt", "nowhere at all");
    browser.sees("Nothing waits here.");
    browser.fill("Title, reference, country, receipt", "");
    browser.choose("Country", "Kenya");
    shown(browser, &["at the coast", "in the highlands"]);
    chip(browser, "Incomplete");
    shown(browser, &["at the coast"]);
    browser.choose("Country", "All countries");
    shown(browser, &["Afrique de l’Ouest", "Costa Rica III", "Mali : écouter", "at the coast"]);
    chip(browser, "Resubmitted");
    shown(browser, &["Costa Rica III"]);
    chip(browser, "New");
    shown(browser, &["Afrique de l’Ouest", "Mali : écouter", "at the coast", "in the highlands"]);
    chip(browser, "Late");
    browser.sees("Nothing waits here.");
    chip(browser, "Everything");
    browser.sees("Niger : migration et jeunesse");
    browser.sees("Kenya II: migration data");

    // A week later, by the clock of their device: where the server is reached, its own counts.
    everything_is_received(browser);
    portal.stop();
    let later = "const now = Date.now.bind(Date); Date.now = () => now() + 8 * 86400000;";
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", &serde_json::json!({ "source": later })).expect("a clock");
    browser.open("/inbox");
    shown(browser, &waiting);
    chip(browser, "Late");
    shown(browser, &waiting);
    browser.sees("8 days");
    browser.choose("Age", "14 days or more");
    browser.sees("Nothing waits here.");
    browser.choose("Age", "7 days or more");
    shown(browser, &waiting);
}

/// Two hundred and more wait: a cheap computer is not asked to draw them all, and the keyboard goes on where it was.
fn a_long_queue_is_drawn_a_part_at_a_time(engine: Engine) {
    let portal = Portal::start();
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 1);
    for id in 1..=202 {
        partner.submits(id, &format!("Request {id:03}"));
    }
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    everything_is_received(browser);
    browser.choose("Country", "Kenya");
    browser.sees("Request 200");
    browser.does_not_see("Request 201");
    browser.press("2 more");
    browser.sees("Request 202");
    browser.focus_is_on("Request 201");
    browser.does_not_see("2 more");
    browser.fill("Title, reference, country, receipt", "Request 202");
    browser.does_not_see("Request 201");
    browser.sees("Request 202");
}

/// A colleague of the partner's wrote on without hearing that the request had been sent: staff find it from the
/// inbox, with its writer and the reason, apply one piece to the request and leave the other.
fn what_came_too_late_is_read_and_applied_or_left(engine: Engine) {
    let portal = Portal::start();
    let mut partner = RemoteDevice::signed_in(&portal, "kenya", 1);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = partner.completes(1, "Sent a little early");
    colleague.sync();
    partner.asks(document, SUBMIT, None);
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    opens(browser, "Sent a little early");
    browser.does_not_see("Came too late");

    let text = |text: &str| Value::Text(text.to_owned());
    colleague.device.set(document, Target::of(request::FOCAL_FUNCTION), text("Director of posts"));
    colleague.device.set(document, Target::of(request::TITLE), text("Sent a little later"));
    colleague.sync();
    browser.open("/inbox");
    everything_is_received(browser);
    chip(browser, "Put aside");
    browser.does_not_see("Costa Rica III");
    browser.sees("2 put aside");
    browser.follow("Sent a little early");
    browser.sees("Came too late");
    browser.sees("The document had already left, or was closed, when this arrived.");
    let slip = |text: &str| format!("//div[@class='slip'][contains(., '{text}')]");
    let press = |text: &str, button: &str| {
        browser.waits_for(
            &format!("“{button}” to be pressed beside “{text}”"),
            "const slip = document.evaluate(arguments[0], document, null, 9).singleNodeValue;
             const button = [...(slip?.querySelectorAll('button') ?? [])].find(one => one.innerText === arguments[1]);
             button?.click();
             return Boolean(button)",
            &[slip(text).into(), button.into()],
        );
    };
    press("Director of posts", "Apply to the request after all");
    press("Sent a little later", "Leave it aside");
    browser.does_not_see("Came too late");
    everything_is_received(browser);
    for device in [&mut partner, &mut colleague] {
        device.sync();
        let answers = device.device.sees(Scope::shared(document)).answers();
        assert_eq!(answers.text(Target::of(request::FOCAL_FUNCTION)), "Director of posts");
        assert_eq!(answers.text(Target::of(request::TITLE)), "Sent a little early");
    }
    assert_eq!(colleague.device.own(ObjectStore::Parked).len(), 1, "what staff left stays with its author");
}

/// Presses one of the buttons that say what is shown; each tells how many there are.
#[track_caller]
fn chip(browser: &Browser, name: &str) {
    browser.waits_for(
        &format!("“{name}” to be pressed"),
        "const chip = [...document.querySelectorAll('.chip')].find(one => one.innerText.replace(/[0-9\\s]+$/, '') === arguments[0]);
         if (chip && chip.getAttribute('aria-pressed') === 'false') chip.click();
         return chip?.getAttribute('aria-pressed') === 'true'",
        &[name.into()],
    );
}

/// A request of civil society alone, from the demo.
fn a_criterion_that_is_not_met_is_said_beside_the_decision(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    opens(browser, "Mali : écouter");
    browser.inside("footer", |browser| browser.sees("1 criterion not met."));
    browser.sees(&word("form.request.assessment.e3.no_government"));
}

/// The partners' program cannot read what only staff read, and so does not sync for them: where staff have worked,
/// theirs starts at any address.
fn staff_are_given_their_own_program_on_every_page(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "staff");
    let browser = &device.browser;
    browser.sees("Costa Rica III");
    browser.open("/device");
    everything_is_received(browser);
    browser.waits_for(
        "the office's program",
        "const loaded = performance.getEntriesByType('resource').map(one => new URL(one.name).pathname);
         return loaded.some(path => path.startsWith('/office-') && path.endsWith('.wasm'))",
        &[],
    );
}
