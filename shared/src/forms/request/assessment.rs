//! Whether a request may be helped: rules E1 to E8 (domain.md §2.8).

mod authorities;
mod delivery;
mod finding;
mod places;

pub use finding::{Detail, RuleId};

use crate::answers::Answers;
use crate::form::assessment::{AssessmentRules, Facts, Finding};

/// The rules. Dates within them (wider actors since 2016, instruments) are not versions. Version 1
/// held every letter for missing until staff had it.
pub const RULES: AssessmentRules =
    AssessmentRules { version: 2, rules: finding::RULES, details: finding::DETAILS, assess };

fn assess(answers: &Answers, facts: &Facts) -> Vec<Finding> {
    vec![
        places::country_is_covered(answers, facts),
        authorities::type_is_allowed(answers, facts),
        authorities::government_stands_beside(answers),
        places::regional_organisation_has_a_member(answers, facts),
        delivery::topic_has_a_theme(answers),
        delivery::no_open_action(answers, facts),
        delivery::letter_is_there(answers, facts),
        delivery::short_and_between_peers(answers),
    ]
}

#[cfg(test)]
mod tests;
