//! Story 2: a request is drafted, field by field, by hand.

use shared::answers::Answer;
use shared::form::{Field, FieldKind, FilledBy, ListKey, Need, TextShape};
use shared::forms::request;
use shared::ids::{Scope, Side};
use shared::lists;
use shared::value::{Date, Value};
use tests::browser::{Browser, Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{everything_is_received, everything_is_saved, signed_in, word, word_if_any};

/// Up to so many codes all stand open as boxes, and so many as radio buttons; more are searched, or in a menu.
const TICKS_MAX: usize = 14;

stories! {
    on chromium (Chromium): every_field_of_a_request_is_answered_by_hand, activities_are_moved_with_the_keyboard_alone, a_check_never_blocks_a_draft, a_field_is_asked_for_in_its_case;
    on firefox (Firefox): every_field_of_a_request_is_answered_by_hand, activities_are_moved_with_the_keyboard_alone;
    on webkit (WebKit): every_field_of_a_request_is_answered_by_hand, activities_are_moved_with_the_keyboard_alone;
}

/// Begins a request and returns its address.
#[track_caller]
pub fn begins(browser: &Browser, title: &str) -> String {
    browser.follow("New request");
    browser.fill("Title", title);
    browser.press("Begin");
    browser.sees("Check and send");
    let path = browser.script("return location.pathname", &[]);
    path.as_str().expect("a path").to_owned()
}

/// The focal point of Kenya goes through all sections in their order, answers every field with the
/// hands, and finds all of it ready to be sent; the server holds the same afterwards.
fn every_field_of_a_request_is_answered_by_hand(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let path = begins(browser, "Migration data of the border posts");
    for section in request::FORM.sections {
        browser.sees(&word(&format!("form.request.section.{}", section.key)));
    }
    browser.sees("Not started");
    browser.sees("In progress");
    let mut answered = Vec::new();
    for section in request::FORM.sections {
        browser.open(&format!("{path}/{}", section.key));
        browser.sees(&word(&format!("form.request.section.{}", section.key)));
        for field in section.fields {
            answers(browser, field, &mut answered);
        }
        browser.sees("saved on this device");
        // Whoever left within the moment it takes to write the last word down would be asked first.
        everything_is_saved(browser);
    }
    browser.open(&path);
    browser.sees(&format!("{0} ready of {0}", request::FORM.sections.len()));
    browser.open(&format!("{path}/check"));
    browser.sees("Nothing is missing.");
    everything_is_received(browser);

    // Everything typed is there again after a reload, in the control it was typed into.
    browser.open(&format!("{path}/results"));
    browser.holds(&label(request::FORM.field(request::OBJECTIVES).expect("a field")), PROSE);
    browser.open(&format!("{path}/timing"));
    browser.holds(&label(request::FORM.field(request::LATEST).expect("a field")), "2090-09-01");

    // The server has every one of them, as another device of the same person reads it.
    let mut remote = RemoteDevice::signed_in(&portal, "kenya", 2);
    remote.sync();
    let document = remote.device.documents()[0];
    let note = Side::Note(remote.device.person.actor.person);
    let mut held = remote.device.sees(Scope::shared(document)).answers();
    held.absorb(remote.device.sees(Scope { document, side: note }).answers());
    assert!(answered.len() > 40, "{} fields were answered", answered.len());
    for field in answered {
        let mut places = held.by_target.iter().filter(|(target, _)| target.field == field.id);
        let found = places.next().map(|(_, answer)| answer);
        assert!(found.is_some_and(|found| is_what_was_answered(field, found)), "{}: {found:?}", field.key);
        assert!(places.next().is_none(), "{} was answered once", field.key);
    }
}

/// Whether the server holds what the hands entered.
fn is_what_was_answered(field: &Field, found: &Answer) -> bool {
    let text = |text: &str| Answer::Value(Value::Text(text.to_owned()));
    match field.kind {
        FieldKind::Table { .. } => unreachable!("the request has no table"),
        FieldKind::Text { shape, .. } => *found == text(line(shape)),
        FieldKind::Prose { .. } => *found == Answer::Prose(PROSE.to_owned()),
        FieldKind::Number { min, .. } => *found == Answer::Value(Value::Number(min.max(40))),
        FieldKind::Day => *found == Answer::Value(Value::Date(Date { year: 2090, month: 9, day: 1 })),
        FieldKind::Month => *found == Answer::Value(Value::Date(Date { year: 2090, month: 9, day: 0 })),
        FieldKind::Choice { list } => *found == Answer::Value(Value::Code(chosen(field, list).to_owned())),
        FieldKind::Choices { list, .. } => *found == Answer::Codes(vec![first(list).to_owned()]),
        FieldKind::Flag => *found == Answer::Value(Value::Flag(true)),
        FieldKind::List { .. } => matches!(found, Answer::Items(items) if items.len() == 1),
    }
}

const fn line(shape: TextShape) -> &'static str {
    match shape {
        TextShape::Email => "focal.point@example.org",
        TextShape::Phone => "+254 700 000 000",
        TextShape::References => "2016-16",
        TextShape::Latin => "Wanjiru Kamau",
        TextShape::Plain => "Directorate of Immigration",
    }
}

fn chosen(field: &Field, list: ListKey) -> &'static str {
    if field.id == request::AUTHORITY_ROLE { request::ROLE_LEAD } else { first(list) }
}

const PROSE: &str = "Les postes “frontière” tiennent leurs chiffres. السجلات في العاصمة 📊.";

/// What stands beside a control.
fn label(field: &Field) -> String {
    let label = word(&format!("form.request.{}.label", field.key));
    match (field.need, field.kind) {
        (Need::Optional, kind) if !matches!(kind, FieldKind::Flag) => format!("{label} {}", word("ui.field.optional")),
        _ => label,
    }
}

#[track_caller]
fn answers(browser: &Browser, field: &'static Field, answered: &mut Vec<&'static Field>) {
    // The kind and the language were chosen at the beginning; staff say how a request reached them.
    let given = [request::KIND, request::DOCUMENT_LANGUAGE, request::TITLE];
    if field.filled_by == FilledBy::Staff || given.contains(&field.id) {
        return;
    }
    let name = label(field);
    // Not asked for in this case: hidden, unless it holds something.
    everything_is_saved(browser);
    let seen = "const field = document.getElementById(arguments[0]); return !field || field.checkVisibility()";
    if matches!(field.need, Need::When(_)) && browser.script(seen, &[format!("f{}", field.id.0).into()]) == false {
        return;
    }
    answered.push(field);
    if let Some(hint) = word_if_any(&format!("form.request.{}.hint", field.key)) {
        browser.sees(&hint);
    }
    match field.kind {
        FieldKind::Table { .. } => unreachable!("the request has no table"),
        FieldKind::Text { shape, .. } => browser.fill(&name, line(shape)),
        FieldKind::Prose { .. } => browser.fill(&name, PROSE),
        FieldKind::Number { min, .. } => browser.fill(&name, &min.max(40).to_string()),
        FieldKind::Day => browser.fill(&name, "2090-09-01"),
        FieldKind::Month => browser.fill(&name, "2090-09"),
        FieldKind::Choice { list } => {
            browser.choose(&name, &code_words(list, chosen(field, list)));
        }
        FieldKind::Choices { list, .. } => {
            let words = code_words(list, first(list));
            if lists::codes(list).len() > TICKS_MAX {
                browser.inside(&format!("fieldset:has(#f{})", field.id.0), |browser| {
                    browser.fill("Search the list", &words);
                    browser.check(&words);
                });
            } else {
                browser.choose(&name, &words);
            }
        }
        FieldKind::Flag => browser.check(&name),
        FieldKind::List { item: fields, .. } => {
            let item = format!("#f{} > li", field.id.0);
            if field.id == request::AUTHORITIES {
                // One's own authority is there from the beginning.
                browser.inside(&item, |browser| browser.press("Change"));
            } else {
                browser.press(&word(&format!("form.request.{}.add", field.key)));
            }
            browser.inside(&item, |browser| {
                for inner in fields {
                    answers(browser, inner, answered);
                }
            });
        }
    }
}

fn first(list: ListKey) -> &'static str {
    match list {
        ListKey::Country | ListKey::PartnerCountry => "KE",
        _ => lists::codes(list)[0],
    }
}

/// The words for a code as the portal shows them; names of countries and languages are the browser's own.
fn code_words(list: ListKey, code: &str) -> String {
    match (list, code) {
        (ListKey::Country | ListKey::PartnerCountry, "KE") => "Kenya".to_owned(),
        (ListKey::WorkingLanguage, "fr") => "French".to_owned(),
        _ => word(&lists::message_key(list, code)),
    }
}

/// Three activities, the last brought to the front and back with the Enter key alone; the focus stays.
fn activities_are_moved_with_the_keyboard_alone(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let path = begins(browser, "Three steps");
    browser.open(&format!("{path}/results"));
    let list = format!("#f{}", request::PROPOSED_ACTIVITIES.0);
    for (index, topic) in ["Mission", "Workshop", "Visit"].iter().enumerate() {
        browser.press("Add an activity");
        browser.inside(&format!("{list} > li:nth-child({})", index + 1), |browser| {
            browser.fill("Topic", topic);
            browser.press("Close");
        });
    }
    let order = |expected: &[&str]| {
        browser.waits_for(
            "the order of the activities",
            "const rows = [...document.querySelectorAll(arguments[0] + ' > li')].map(row => row.innerText);
             return rows.length === arguments[1].length && rows.every((row, at) => row.includes(arguments[1][at]))",
            &[list.clone().into(), expected.into()],
        );
    };
    order(&["Mission", "Workshop", "Visit"]);
    browser.script(
        "document.querySelector(arguments[0] + ' > li:nth-child(3) [id$=-up]').focus()",
        &[list.clone().into()],
    );
    browser.type_keys(keys::ENTER);
    order(&["Mission", "Visit", "Workshop"]);
    browser.focus_is_on("Move item 2 up");
    browser.type_keys(keys::ENTER);
    order(&["Visit", "Mission", "Workshop"]);
    let down = "document.querySelector(arguments[0] + ' > li:nth-child(1) [id$=-down]').focus()";
    browser.script(down, &[list.clone().into()]);
    browser.type_keys(keys::ENTER);
    order(&["Mission", "Visit", "Workshop"]);
    browser.focus_is_on("Move item 2 down");
    browser.type_keys(keys::ENTER);
    order(&["Mission", "Workshop", "Visit"]);
    browser.reload();
    order(&["Mission", "Workshop", "Visit"]);
}

/// The reason for an urgency is asked for in an urgent case, and stays in sight once it is written.
fn a_field_is_asked_for_in_its_case(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let path = begins(browser, "In its case");
    browser.open(&format!("{path}/timing"));
    browser.sees("Urgency");
    browser.does_not_see("Reason for the urgency");
    browser.choose("Urgency", "Urgent");
    browser.fill("Reason for the urgency", "An election in May.");
    browser.choose("Urgency", "Ordinary");
    everything_is_saved(browser);
    browser.reload();
    browser.holds("Reason for the urgency", "An election in May.");
}

/// What cannot be read as a number is kept, told beside the field, and saved like anything else.
fn a_check_never_blocks_a_draft(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let path = begins(browser, "Numbers in words");
    browser.open(&format!("{path}/people"));
    browser.fill("Estimated participants (optional)", "about forty");
    browser.sees("saved on this device");
    browser.waits_for(
        "the field to be marked",
        "return document.getElementById('f' + arguments[0]).getAttribute('aria-invalid') === 'true'",
        &[request::ESTIMATED_PARTICIPANTS.0.into()],
    );
    browser.reload();
    browser.holds("Estimated participants (optional)", "about forty");
}
