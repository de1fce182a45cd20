//! E1 and E4: which countries are covered, and what a regional organisation may ask for.

use super::authorities::{asks, lead_standing};
use super::finding::{Detail, RuleId, found, plain};
use crate::answers::Answers;
use crate::form::assessment::{Facts, Finding, Outcome};
use crate::forms::request::PARTNER_COUNTRIES;
use crate::lists::authority_types::Standing;
use crate::lists::instruments;
use crate::value::Target;

/// E1: each country has at least one active instrument on the day. A request led by a regional
/// organisation is judged by its member states instead (E4).
pub(super) fn country_is_covered(answers: &Answers, facts: &Facts) -> Finding {
    let countries = answers.codes(Target::of(PARTNER_COUNTRIES));
    if lead_standing(answers) == Some(Standing::Regional) {
        return found(RuleId::E1, Outcome::NotApplicable, Detail::SeeE4, Vec::new());
    }
    if countries.is_empty() {
        return plain(RuleId::E1, Outcome::Pending);
    }
    let uncovered: Vec<String> =
        countries.iter().filter(|country| !instruments::covers(country, facts.on)).cloned().collect();
    if uncovered.is_empty() {
        plain(RuleId::E1, Outcome::Passes)
    } else {
        found(RuleId::E1, Outcome::Fails, Detail::NotCovered, uncovered)
    }
}

/// E4: a regional organisation asks for at least one eligible member state.
pub(super) fn regional_organisation_has_a_member(answers: &Answers, facts: &Facts) -> Finding {
    let countries = answers.codes(Target::of(PARTNER_COUNTRIES));
    let outcome = if !asks(answers, Standing::Regional) {
        Outcome::NotApplicable
    } else if countries.is_empty() {
        Outcome::Pending
    } else if countries.iter().any(|country| instruments::covers(country, facts.on)) {
        Outcome::Passes
    } else {
        Outcome::Fails
    };
    plain(RuleId::E4, outcome)
}
