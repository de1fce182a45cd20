//! One named case for each outcome of each rule, each starting from an eligible request. A finding
//! is written as its outcome, its detail where it has one, and its values.

use super::{Detail, RULES, RuleId};
use crate::answers::Answers;
use crate::form::FormId;
use crate::form::assessment::{Assessment, Facts, Finding, Other, Outcome};
use crate::form::workflow::State;
use crate::forms::request::example::{AGENCY, MINISTRY, MISSION, TODAY, mali};
use crate::forms::request::workflow::{APPROVED, RECEIVED, REDIRECTED, REJECTED, WITHDRAWN};
use crate::forms::request::*;
use crate::lists::countries::IN_2018;
use crate::op::{from_bytes, to_bytes};
use crate::value::{Date, Value};

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

/// Checks what one rule finds today in the example after `change`.
fn today(name: &str, rule: RuleId, change: impl FnOnce(&mut Answers) -> &mut Answers, expected: &str) {
    knowing(name, rule, &Facts::on(TODAY), change, expected);
}

/// Checks what one rule finds when it knows `facts`.
fn knowing(name: &str, rule: RuleId, facts: &Facts, change: impl FnOnce(&mut Answers) -> &mut Answers, expected: &str) {
    let mut answers = mali();
    change(&mut answers);
    let assessment = RULES.assess(&answers, facts);
    let of_rule = |finding: &&Finding| finding.rule == rule as u8;
    let finding = assessment.findings.iter().find(of_rule).expect("every rule finds something");
    let mut found = format!("{:?}", finding.outcome);
    if finding.detail != Detail::Plain as u8 {
        found.push_str(&format!(" {}", detail_name(finding.detail)));
    }
    for value in &finding.values {
        found.push_str(&format!(" {value}"));
    }
    assert_eq!(found, expected, "{rule:?}: {name}");
}

/// Returns a detail's key as its variant is written.
fn detail_name(number: u8) -> String {
    let detail = RULES.details.iter().find(|detail| detail.number == number).expect("every detail has a key");
    let words = detail.key.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect::<String>()
}

/// Makes the agency and the ministry authorities of other types.
fn types<'a>(answers: &'a mut Answers, agency: &str, ministry: &str) -> &'a mut Answers {
    answers.authority(AGENCY, "A", agency, ROLE_LEAD).authority(MINISTRY, "B", ministry, "co")
}

/// Leaves one authority, of this type.
fn alone<'a>(answers: &'a mut Answers, kind: &str) -> &'a mut Answers {
    answers.authority(AGENCY, "A", kind, ROLE_LEAD).list(AUTHORITIES, &[AGENCY])
}

#[test]
fn a_valid_request_is_eligible_as_far_as_a_device_can_tell() {
    use Outcome::{NotApplicable, Passes, Pending};
    let assessment = RULES.assess(&mali(), &Facts::on(TODAY));
    let outcomes: Vec<Outcome> = assessment.findings.iter().map(|found| found.outcome).collect();
    let first = [Passes, Passes, NotApplicable, NotApplicable];
    assert_eq!(outcomes[..4], first);
    assert_eq!(outcomes[4..], [Passes, Pending, Pending, Passes]);
    assert_eq!(assessment.outcome(), Pending);
    assert_eq!((assessment.rules_version, assessment.on), (RULES.version, TODAY));
}

#[test]
fn nothing_is_held_against_an_empty_draft() {
    let assessment = RULES.assess(&Answers::default(), &Facts::on(TODAY));
    assert_eq!(assessment.outcome(), Outcome::Pending);
}

#[test]
fn e1_country_is_covered_on_the_day() {
    let e1 = RuleId::E1;
    for country in IN_2018 {
        today(country, e1, |a| a.pick(PARTNER_COUNTRIES, &[country]), "Passes");
    }
    today("none yet", e1, |a| a.pick(PARTNER_COUNTRIES, &[]), "Pending");
    let two = ["BM", "ML"];
    today("Bermuda today", e1, |a| a.pick(PARTNER_COUNTRIES, &two), "Fails NotCovered BM");
    knowing("Bermuda in 2018", e1, &Facts::on(day("2018-01-01")), |a| a.pick(PARTNER_COUNTRIES, &two), "Passes");
    today(
        "a regional organisation leads",
        e1,
        |a| types(a, "regional_organisation", "ministry").pick(PARTNER_COUNTRIES, &two),
        "NotApplicable SeeE4",
    );
}

#[test]
fn e2_type_of_authority_is_allowed_on_the_day() {
    let e2 = RuleId::E2;
    let (before, since) = (Facts::on(day("2015-12-31")), Facts::on(day("2016-01-01")));
    let wider = ["parliament", "judiciary", "ombudsperson", "local", "cso", "ingo", "foundation"];
    for kind in wider {
        let too_early = format!("Fails TooEarly {kind}");
        knowing(kind, e2, &before, |a| types(a, "ministry", kind), &too_early);
        knowing(kind, e2, &since, |a| types(a, "ministry", kind), "Passes");
    }
    for kind in ["ministry", "agency", "security", "regional_organisation"] {
        knowing(kind, e2, &before, |a| alone(a, kind), "Passes");
    }
    for kind in ["academia", "international_organisation", "eu_institution", "eu_member_state"] {
        let never = format!("Fails NotAnAsker {kind}");
        today(kind, e2, |a| types(a, "ministry", kind), &never);
    }
    today("no authority yet", e2, |a| a.list(AUTHORITIES, &[]), "Pending");
    today("one type missing", e2, |a| a.within(MINISTRY, AUTHORITY_TYPE, Value::Empty), "Pending");
    today("a newer type", e2, |a| types(a, "ministry", "guild"), "Pending");
}

#[test]
fn e3_civil_society_asks_with_a_government() {
    let e3 = RuleId::E3;
    for kind in ["cso", "ingo", "foundation"] {
        today(kind, e3, |a| alone(a, kind), "Fails NoGovernment");
        today(kind, e3, |a| types(a, kind, "ministry"), "Passes");
        today(kind, e3, |a| types(a, kind, "local"), "Fails NoGovernment");
    }
    let endorser = "Ministère de la Jeunesse";
    today(
        "endorsement is no joint request",
        e3,
        |a| alone(a, "cso").line(GOVERNMENT_ENDORSER, endorser),
        "Fails NoGovernment",
    );
    today("town", e3, |a| alone(a, "local"), "Warns GovernmentAdvised");
    today("town endorsed", e3, |a| alone(a, "local").line(GOVERNMENT_ENDORSER, endorser), "Passes");
    today("town and ministry", e3, |a| types(a, "local", "ministry"), "Passes");
    today("parliament", e3, |a| alone(a, "parliament"), "NotApplicable");
    today("no authority yet", e3, |a| a.list(AUTHORITIES, &[]), "Pending");
}

#[test]
fn e4_regional_organisation_has_an_eligible_member() {
    let e4 = RuleId::E4;
    let cases: [(&[&str], &str); 3] = [(&["BM", "ML"], "Passes"), (&["BM"], "Fails"), (&[], "Pending")];
    for (countries, expected) in cases {
        today("members", e4, |a| alone(a, "regional_organisation").pick(PARTNER_COUNTRIES, countries), expected);
    }
    today("a ministry asks", e4, |a| a, "NotApplicable");
}

#[test]
fn e5_topic_has_a_thematic_area() {
    let cases: [(&str, &[&str], &[&str], &str); 4] = [
        ("an area alone", &["MD"], &[], "Passes"),
        ("a theme has its area", &[], &["LAB"], "Passes"),
        ("nothing yet", &[], &[], "Pending"),
        ("codes nobody knows", &["X"], &["Y"], "Fails"),
    ];
    for (name, areas, themes, expected) in cases {
        today(name, RuleId::E5, |a| a.pick(THEMATIC_AREAS, areas).pick(THEMES, themes), expected);
    }
}

fn other(theme: &str, state: State, reference: Option<&str>) -> Other {
    let themes = vec!["ENV".to_owned(), theme.to_owned()];
    Other { form: FORM.id, state, reference: reference.map(ToOwned::to_owned), themes }
}

#[test]
fn e6_no_open_action_on_the_same_theme() {
    let e6 = RuleId::E6;
    let open = |theme: &str| Facts { others: Some(vec![other(theme, APPROVED, Some("2014-05"))]), ..Facts::on(TODAY) };
    today("on a device", e6, |a| a, "Pending KnownToServer");
    knowing("same theme", e6, &open("LAB"), |a| a, "Warns OpenActions 2014-05");
    knowing("another theme", e6, &open("THB"), |a| a, "Passes");
    let knows = |others: Vec<Other>| Facts { others: Some(others), ..Facts::on(TODAY) };
    knowing("no open action", e6, &knows(Vec::new()), |a| a, "Passes");
    for closed in [REJECTED, REDIRECTED, WITHDRAWN] {
        knowing("turned down", e6, &knows(vec![other("LAB", closed, Some("2014-05"))]), |a| a, "Passes");
    }
    knowing("not registered", e6, &knows(vec![other("LAB", RECEIVED, None)]), |a| a, "Passes");
    let of_another_form = Other { form: FormId(998), ..other("LAB", APPROVED, Some("2014-05")) };
    knowing("of another form", e6, &knows(vec![of_another_form]), |a| a, "Passes");
}

#[test]
fn e7_letter_is_there_before_the_decision() {
    let e7 = RuleId::E7;
    let facts = |awaited_is_here, at_decision| Facts { awaited_is_here, at_decision, ..Facts::on(TODAY) };
    today("announced", e7, |a| a, "Pending LetterExpected 2026-04-15");
    today("not announced", e7, |a| a.clear(LETTER_EXPECTED_ON), "Pending");
    let due = Facts::on(day("2026-04-15"));
    knowing("due", e7, &due, |a| a, "Pending LetterExpected 2026-04-15");
    let after = Facts::on(day("2026-04-16"));
    knowing("overdue", e7, &after, |a| a, "Warns LetterLate 2026-04-15");
    fn in_hand(answers: &mut Answers) -> &mut Answers {
        answers.tick(LETTER_TO_FOLLOW, false).line(SIGNATORY_NAME, "Aminata Traoré").clear(LETTER_EXPECTED_ON)
    }
    today("in hand", e7, in_hand, "Passes LetterInHand");
    today("neither announced nor signed", e7, |a| a.tick(LETTER_TO_FOLLOW, false).clear(LETTER_EXPECTED_ON), "Pending");
    knowing("in hand, not seen at the decision", e7, &facts(false, true), in_hand, "Fails");
    knowing("there", e7, &facts(true, true), |a| a, "Passes");
    knowing("missing at the decision", e7, &facts(false, true), |a| a, "Fails");
}

#[test]
fn e8_no_equipment_and_no_direct_assistance() {
    let e8 = RuleId::E8;
    let cases = [
        ("Achat de véhicules.", "Warns Equipment achat de"),
        ("Ten laptops for staff", "Warns Equipment laptops"),
        ("Cash assistance for returnees", "Warns DirectAssistance cash assistance"),
        ("Coordinateurs formés", "Passes"),
    ];
    for (text, expected) in cases {
        today(text, e8, |a| a.write(EXPECTED_RESULTS, text), expected);
    }
    let topic = || Value::Text("Livraison d’ordinateurs".to_owned());
    today("in an activity", e8, |a| a.within(MISSION, ACTIVITY_TOPIC, topic()), "Warns Equipment ordinateurs");
    today("offered, not asked", e8, |a| a.write(PARTNER_CONTRIBUTION, "Deux véhicules et dix ordinateurs."), "Passes");
}

#[test]
fn e8_is_short_and_delivers_something() {
    let e8 = RuleId::E8;
    today("three years", e8, |a| a.date_is(LATEST, "2029-09-01"), "Passes");
    today("longer", e8, |a| a.date_is(LATEST, "2029-10-01"), "Warns TooLong 37");
    today("nothing to deliver yet", e8, |a| a.pick(EXPECTED_OUTPUTS, &[]).list(PROPOSED_ACTIVITIES, &[]), "Pending");
}

#[test]
fn an_assessment_is_kept_as_codes() {
    let mut answers = mali();
    answers.pick(PARTNER_COUNTRIES, &["BM"]);
    let assessment = RULES.assess(&answers, &Facts::on(TODAY));
    let bytes = to_bytes(&assessment);
    let read: Assessment = from_bytes(&bytes).expect("decodes");
    assert_eq!(read, assessment);
    assert!(bytes.len() < 120, "{} bytes", bytes.len());
    assert_eq!(RULES.key(&assessment.findings[0]).as_deref(), Some("e1.not_covered"));
    assert_eq!(RULES.key(&assessment.findings[1]).as_deref(), Some("e2.passes"));
}
