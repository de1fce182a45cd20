//! Whether a request may be helped: rules E1 to E8 (domain.md §2.8).
//!
//! The device warns with them, the server decides. Pure: the day and what else is known are `Facts`.
//! A finding is stored as codes; its words are in the message files.

use minicbor::{Decode, Encode};

use crate::answers::Answers;
use crate::value::Date;

mod authorities;
mod delivery;
mod finding;
mod places;

pub use finding::{Detail, Finding, Outcome, RuleId, ValueKind};

/// The number of the rules below; raised when a rule changes, so that a kept assessment says what it
/// was decided by. Dates within the rules (wider actors since 2016, instruments) are not versions.
/// Version 1 held every letter for missing until staff had it.
pub const RULES_VERSION: u16 = 2;

/// What the rules need to know beyond the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The day the request was received; for a draft, the day of the check.
    pub on: Date,
    /// Actions of the same authority not yet closed; `None` where they cannot be known (on a device).
    pub open_actions: Option<Vec<OpenAction>>,
    /// Whether staff have the signed letter before them; nobody can note that yet.
    pub letter_received: bool,
    /// Whether the committee is about to decide: what may still be awaited before, fails now.
    pub at_decision: bool,
}

/// An action of the same authority that is not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAction {
    /// Its reference.
    pub reference: String,
    /// Its themes.
    pub themes: Vec<String>,
}

impl Facts {
    /// Returns what a device knows on a day: nothing of other actions, no letter yet.
    #[must_use]
    pub const fn on(on: Date) -> Self {
        Self { on, open_actions: None, letter_received: false, at_decision: false }
    }
}

/// The result of all rules.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Assessment {
    /// The rules that were applied.
    #[n(0)]
    pub rules_version: u16,
    /// The day they were applied for.
    #[n(1)]
    pub on: Date,
    /// One finding for each rule, in order.
    #[n(2)]
    pub findings: Vec<Finding>,
}

impl Assessment {
    /// Returns the gravest outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::NotApplicable)
    }

    /// Returns the finding of one rule.
    #[must_use]
    pub fn finding(&self, rule: RuleId) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.rule == rule)
    }
}

/// Applies every rule to the answers of a request.
#[must_use]
pub fn assess(answers: &Answers, facts: &Facts) -> Assessment {
    let findings = vec![
        places::country_is_covered(answers, facts),
        authorities::type_is_allowed(answers, facts),
        authorities::government_stands_beside(answers),
        places::regional_organisation_has_a_member(answers, facts),
        delivery::topic_has_a_theme(answers),
        delivery::no_open_action(answers, facts),
        delivery::letter_is_there(answers, facts),
        delivery::short_and_between_peers(answers),
    ];
    Assessment { rules_version: RULES_VERSION, on: facts.on, findings }
}

#[cfg(test)]
mod tests;
