//! Two answers, rules over several fields, and how far a section is.

use super::super::{Complaint, SectionState, check, condition, section_state};
use super::{blocks, one, problems, warns};
use crate::answers::Answers;
use crate::form::{Condition, Holds};
use crate::forms::request::example::{AGENCY, MINISTRY, TODAY, mali};
use crate::forms::request::*;
use crate::value::{Date, FieldId, Target, Value};

#[test]
fn two_answers_block_where_one_is_needed_and_warn_elsewhere() {
    let two = |field: FieldId| problems(|a| a.unsettle(Target::of(field)));
    assert_eq!(two(TITLE), [blocks(Target::of(TITLE), Complaint::Unsettled)]);
    assert_eq!(two(WOMEN_SHARE), [warns(WOMEN_SHARE, Complaint::Unsettled)]);
    assert_eq!(two(LETTER_EXPECTED_ON), [blocks(Target::of(LETTER_EXPECTED_ON), Complaint::Unsettled)]);
    assert_eq!(two(SIGNATORY_NAME), [warns(SIGNATORY_NAME, Complaint::Unsettled)]);
}

#[test]
fn rules_of_the_form() {
    let rule = |key| Complaint::Rule { key };
    let lead = || Value::Code("lead".to_owned());
    one("two leads", |a| a.within(MINISTRY, AUTHORITY_ROLE, lead()), AUTHORITIES, rule("one_lead"));
    one("no lead", |a| a.list(AUTHORITIES, &[MINISTRY]).choose(KIND, "single"), AUTHORITIES, rule("one_lead"));
    one("joint of one", |a| a.list(AUTHORITIES, &[AGENCY]), AUTHORITIES, rule("joint_needs_two"));
    one("unreachable", |a| a.clear(FOCAL_EMAIL).clear(FOCAL_PHONE), FOCAL_EMAIL, rule("email_or_phone"));
    assert_eq!(problems(|a| a.clear(FOCAL_EMAIL)), [], "a telephone is enough");
    one("no need", |a| a.clear(GAP_INDIVIDUAL), GAP_INDIVIDUAL, rule("one_capacity_gap"));
    assert_eq!(problems(|a| a.clear(GAP_INDIVIDUAL).write(GAP_ENABLING, "Loi.")), [], "one level is enough");
    one("ends before it begins", |a| a.date_is(LATEST, "2026-08-31"), LATEST, rule("latest_after_earliest"));
    assert_eq!(problems(|a| a.date_is(LATEST, "2026-09-01")), [], "one day is enough");
}

#[test]
fn days_gone_by_warn() {
    let late = check(&FORM, &mali(), Date::parse("2028-01-01").expect("a day"));
    let rule = |field, key| warns(field, Complaint::Rule { key });
    assert_eq!(late, [rule(LATEST, "latest_not_past"), rule(LETTER_EXPECTED_ON, "letter_not_past")]);
}

#[test]
fn states_of_sections() {
    use SectionState::{InProgress, NotStarted, Optional, Ready};
    let state = |answers: &Answers, key: &str| {
        let section = FORM.sections.iter().find(|section| section.key == key).expect("a section");
        section_state(&FORM, section, answers, &check(&FORM, answers, TODAY))
    };
    let blank = Answers::default();
    assert_eq!((state(&blank, "who"), state(&blank, "note")), (NotStarted, Optional));
    assert_eq!(state(&blank, "needs"), NotStarted, "a rule asks for one of three optional fields");
    let mut answers = mali();
    assert!(FORM.sections.iter().all(|section| section.key == "note" || state(&answers, section.key) == Ready));
    assert_eq!(state(&answers, "note"), Optional);
    answers.write(SENSITIVITIES, "Ne pas appeler au bureau.").clear(TITLE);
    assert_eq!((state(&answers, "note"), state(&answers, "subject")), (Ready, InProgress));
    answers.unsettled.insert(Target::in_item(AGENCY, AUTHORITY_NAME));
    assert_eq!(state(&answers, "who"), InProgress, "two answers within an item");
    answers.write(OBJECTIVES, "+254 712 345 678");
    assert_eq!(state(&answers, "results"), Ready, "a warning stands in nobody's way");
    let unticked = {
        let mut a = Answers::default();
        a.tick(LETTER_TO_FOLLOW, false);
        a
    };
    assert_eq!(state(&unticked, "letter"), NotStarted);
}

#[test]
fn a_choice_nobody_answered_has_its_default() {
    let reached = |code| Condition { field: CHANNEL, holds: Holds::Code(code) };
    let holds = |answers: &Answers, code| condition::holds(&FORM, answers, reached(code), None);
    let mut answers = mali();
    assert!(holds(&answers, "portal"));
    answers.choose(CHANNEL, "letter");
    assert!(holds(&answers, "letter") && !holds(&answers, "portal"));
}
