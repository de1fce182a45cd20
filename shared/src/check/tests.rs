//! One named case for each thing `check` tells, each starting from a valid request.

use super::{Complaint, Problem, Severity, check};
use crate::answers::Answers;
use crate::forms::request::example::{AGENCY, MINISTRY, TODAY, mali};
use crate::forms::request::*;
use crate::value::{FieldId, Target, Value};

mod content;
mod rules;
mod values;

/// Returns the problems of the example after `change`.
fn problems(change: impl FnOnce(&mut Answers) -> &mut Answers) -> Vec<Problem> {
    let mut answers = mali();
    change(&mut answers);
    check(&FORM, &answers, TODAY)
}

fn blocks(target: Target, complaint: Complaint) -> Problem {
    Problem { target, severity: Severity::Blocks, complaint }
}

fn warns(field: FieldId, complaint: Complaint) -> Problem {
    Problem { target: Target::of(field), severity: Severity::Warns, complaint }
}

/// Checks that `change` leads to exactly one problem, at `field`.
fn one(name: &str, change: impl FnOnce(&mut Answers) -> &mut Answers, field: FieldId, complaint: Complaint) {
    assert_eq!(problems(change), [blocks(Target::of(field), complaint)], "{name}");
}

#[test]
fn a_full_request_has_no_problem() {
    assert_eq!(problems(|a| a), []);
}

#[test]
fn an_empty_request_lacks_every_required_field_once() {
    let found = check(&FORM, &Answers::default(), TODAY);
    let lacking: Vec<FieldId> = found.iter().map(|problem| problem.target.field).collect();
    let expected = [
        KIND,
        AUTHORITIES,
        FOCAL_FAMILY_NAME,
        FOCAL_GIVEN_NAME,
        FOCAL_FUNCTION,
        FOCAL_PREFERRED_CHANNEL,
        FOCAL_SAFE_TO_CONTACT,
        TITLE,
        DOCUMENT_LANGUAGE,
        PARTNER_COUNTRIES,
        THEMATIC_AREAS,
        THEMES,
        CONTEXT_AND_PROBLEM,
        OBJECTIVES,
        EXPECTED_RESULTS,
        EXPECTED_OUTPUTS,
        TARGET_GROUPS,
        INTERAGENCY_ACTORS,
        PREVIOUS_COOPERATION,
        OTHER_DONORS,
        EU_DELEGATION_INFORMED,
        GENDER_AND_RIGHTS,
        SUSTAINABILITY,
        PARTNER_CONTRIBUTION,
        EARLIEST,
        LATEST,
        URGENCY,
        WORKING_LANGUAGES,
        INTERPRETATION_NEEDED,
        SIGNATORY_NAME,
        SIGNATORY_FUNCTION,
        SIGNATORY_DATE,
        DECLARES_MANDATE,
        DECLARES_NOTICE_READ,
        DECLARES_NO_VICTIM_DATA,
        FOCAL_EMAIL,
        GAP_INDIVIDUAL,
    ];
    assert_eq!(lacking, expected);
    assert!(found.iter().all(|problem| problem.severity == Severity::Blocks));
}

#[test]
fn needed_answers() {
    use Complaint::{Missing, NotTicked};
    one("blank line", |a| a.line(TITLE, "  "), TITLE, Missing);
    one("blank prose", |a| a.write(OBJECTIVES, "\n \n"), OBJECTIVES, Missing);
    one("emptied choice", |a| a.set(URGENCY, Value::Empty), URGENCY, Missing);
    one("no theme", |a| a.pick(THEMES, &[]), THEMES, Missing);
    one("no institution", |a| a.list(INTERAGENCY_ACTORS, &[]), INTERAGENCY_ACTORS, Missing);
    one("declaration never touched", |a| a.clear(DECLARES_MANDATE), DECLARES_MANDATE, NotTicked);
    one("declaration unticked", |a| a.tick(DECLARES_MANDATE, false), DECLARES_MANDATE, NotTicked);
    assert_eq!(
        problems(|a| a.within(MINISTRY, AUTHORITY_TYPE, Value::Empty)),
        [blocks(Target::in_item(MINISTRY, AUTHORITY_TYPE), Missing)]
    );
    assert_eq!(problems(|a| a.list(PROPOSED_ACTIVITIES, &[])), [], "activities may be left out");
}

#[test]
fn answers_needed_because_of_another() {
    use Complaint::Missing;
    let lacks = |name: &str, change: fn(&mut Answers) -> &mut Answers, field| one(name, change, field, Missing);
    lacks("urgent without a reason", |a| a.choose(URGENCY, "urgent"), URGENCY_REASON);
    lacks("donors neither named nor ruled out", |a| a.tick(NO_OTHER_DONORS, false), OTHER_DONORS);
    lacks("cooperation neither told nor ruled out", |a| a.clear(PREVIOUS_COOPERATION), PREVIOUS_COOPERATION);
    lacks("letter to follow without a day", |a| a.clear(LETTER_EXPECTED_ON), LETTER_EXPECTED_ON);
    lacks("follow-up of nothing", |a| a.choose(KIND, "follow_up").clear(EARLIER_REFERENCES), EARLIER_REFERENCES);
    lacks(
        "local authority without an endorser",
        |a| a.within(AGENCY, AUTHORITY_TYPE, Value::Code("local".to_owned())),
        GOVERNMENT_ENDORSER,
    );
    lacks("name in another script", |a| a.line(FOCAL_FAMILY_NAME, "كوليبالي"), FOCAL_LATIN_NAME);
    assert_eq!(problems(|a| a.line(FOCAL_FAMILY_NAME, "Łukasiewicz-N’Guéma")), [], "accents are Latin");
    let ruled_out = problems(|a| a.clear(PREVIOUS_COOPERATION).tick(NO_PREVIOUS_COOPERATION, true));
    assert_eq!(ruled_out, []);
    let arrived: Vec<FieldId> =
        problems(|a| a.tick(LETTER_TO_FOLLOW, false)).iter().map(|problem| problem.target.field).collect();
    assert_eq!(arrived, [SIGNATORY_NAME, SIGNATORY_FUNCTION, SIGNATORY_DATE]);
}
