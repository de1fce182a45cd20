//! Answers that are there and do not suit their field.

use super::super::{Complaint, reference};
use super::{blocks, one, problems};
use crate::forms::request::example::{MISSION, WORKSHOP, item};
use crate::forms::request::*;
use crate::ids::OpId;
use crate::value::{Date, FieldId, Target, Value};

#[test]
fn limits() {
    one("161 characters", |a| a.line(TITLE, &"é".repeat(161)), TITLE, Complaint::TooLong { chars: 161, max: 160 });
    assert_eq!(problems(|a| a.line(TITLE, &"é".repeat(160))), [], "characters count, not bytes");
    one(
        "long prose",
        |a| a.write(CONTEXT_AND_PROBLEM, &"ا".repeat(4001)),
        CONTEXT_AND_PROBLEM,
        Complaint::TooLong { chars: 4001, max: 4000 },
    );
    one(
        "400 is no share",
        |a| a.set(WOMEN_SHARE, Value::Number(400)),
        WOMEN_SHARE,
        Complaint::OutOfRange { number: 400, min: 0, max: 100 },
    );
    let many: Vec<OpId> = (100..111).map(item).collect();
    let crowded = problems(|a| {
        for activity in &many {
            a.within(*activity, ACTIVITY_TYPE, Value::Code("KEW".to_owned()));
            a.within(*activity, ACTIVITY_TOPIC, Value::Text("Atelier".to_owned()));
        }
        a.list(PROPOSED_ACTIVITIES, &many)
    });
    assert_eq!(crowded, [blocks(Target::of(PROPOSED_ACTIVITIES), Complaint::TooMany { max: 10, count: 11 })]);
}

#[test]
fn unreadable_answers() {
    let typed = |text: &str| Value::Unreadable(text.to_owned());
    let text = || "une centaine".to_owned();
    let number = Complaint::NotANumber { text: text() };
    one("words for a number", |a| a.set(ESTIMATED_PARTICIPANTS, typed(&text())), ESTIMATED_PARTICIPANTS, number);
    let day = Complaint::NotADay { text: "31/02".to_owned() };
    one("no such day", |a| a.set(LATEST, typed("31/02")), LATEST, day);
    let month = Complaint::NotADay { text: "2027-05".to_owned() };
    one("a month for a day", |a| a.date_is(LATEST, "2027-05"), LATEST, month);
    let impossible = Date { year: 2027, month: 2, day: 30 };
    let day = Complaint::NotADay { text: "2027-02-30".to_owned() };
    one("a day no calendar has", |a| a.set(LATEST, Value::Date(impossible)), LATEST, day);
    let found = problems(|a| a.within(MISSION, ACTIVITY_MONTH, typed("printemps")));
    let month = Complaint::NotAMonth { text: "printemps".to_owned() };
    assert_eq!(found, [blocks(Target::in_item(MISSION, ACTIVITY_MONTH), month)]);
}

#[test]
fn codes_outside_their_list() {
    let unknown = |code: &str| Complaint::UnknownCode { code: code.to_owned() };
    one("choice", |a| a.choose(URGENCY, "very"), URGENCY, unknown("very"));
    one("set", |a| a.pick(THEMES, &["LAB", "XXX"]), THEMES, unknown("XXX"));
    let found = problems(|a| a.within(WORKSHOP, ACTIVITY_TYPE, Value::Code("ZZZ".to_owned())));
    assert_eq!(found, [blocks(Target::in_item(WORKSHOP, ACTIVITY_TYPE), unknown("ZZZ"))]);
}

#[test]
fn shapes_of_lines() {
    let cases: &[(FieldId, &[&str], &[&str], Complaint)] = &[
        (
            FOCAL_EMAIL,
            &["m.c@anpe.example.ml", " a@b.cd ", "été@exemple.fr"],
            &["a", "a@", "@b.cd", "a@b", "a@b.", "a b@c.de", "a@b@c.de", "a@b.cd, e@f.gh"],
            Complaint::NotAnEmail,
        ),
        (
            FOCAL_PHONE,
            &["+223 20 22 00 00", "00223.20.22.00.00", "+1 (202) 555-0100"],
            &["20 22 00 00", "+12", "+223 20 22 00 0O", "+1234567890123456"],
            Complaint::NotAPhone,
        ),
        (
            EARLIER_REFERENCES,
            &["2014-05", "2014 -05", "2015 - 13, 2016 – 16", "2014-05;2016-116"],
            &["14-05", "2014", "2014-0", "2014-05 et 2016-16", "1999-01"],
            Complaint::NotReferences,
        ),
        (FOCAL_LATIN_NAME, &["Kulibali, Maryam", "Ngũgĩ", "O’Brien"], &["Кулибали", "Maryam ك"], Complaint::NotLatin),
    ];
    for (field, good, bad, complaint) in cases {
        for text in *good {
            assert_eq!(problems(|a| a.line(*field, text)), [], "{text}");
        }
        for text in *bad {
            let expected = blocks(Target::of(*field), complaint.clone());
            assert_eq!(problems(|a| a.line(*field, text)), [expected], "{text}");
        }
    }
    assert_eq!(reference("2016 – 16").as_deref(), Some("2016-16"));
    assert_eq!(reference("2016-5").as_deref(), Some("2016-05"));
}
