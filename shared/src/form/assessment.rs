//! The vocabulary of assessments: rules of a form that say what speaks for and against a document as a
//! whole. The device warns with them, the server keeps what they found with each version.
//!
//! Pure: the day and what else is known are `Facts`. A finding is stored as codes of its form; its
//! words are in the message files. Unlike the checks (`check`), nothing here blocks.

use minicbor::{Decode, Encode};

use super::FormId;
use super::workflow::State;
use crate::answers::Answers;
use crate::value::Date;

/// The rules of one form.
#[derive(Clone, Copy, Debug)]
pub struct AssessmentRules {
    /// Raised when a rule changes, so that a kept assessment says what it was decided by.
    pub version: u16,
    /// The rules: their numbers and their names in message keys.
    pub rules: &'static [(u8, &'static str)],
    /// What they can find beyond the outcome; number 0 says no more than that.
    pub details: &'static [DetailDefinition],
    /// Applies every rule, in order.
    pub assess: fn(&Answers, &Facts) -> Vec<Finding>,
}

/// Something rules can find.
#[derive(Clone, Copy, Debug)]
pub struct DetailDefinition {
    /// Its number: never reused.
    pub number: u8,
    /// Its name in message keys.
    pub key: &'static str,
    /// What its values are.
    pub values: ValueKind,
}

/// What the rules need to know beyond the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The day the document was received; for a draft, the day of the check.
    pub on: Date,
    /// The other documents of the same authority; `None` where they cannot all be known (on a device).
    pub others: Option<Vec<Other>>,
    /// Whether staff have before them what the document still awaits; nobody can note that yet.
    pub awaited_is_here: bool,
    /// Whether a decision is about to be taken: what may still be awaited before, fails now.
    pub at_decision: bool,
}

/// Another document of the same authority, as far as rules look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its form.
    pub form: FormId,
    /// Where it stands.
    pub state: State,
    /// Its reference, once it has one.
    pub reference: Option<String>,
    /// Its themes.
    pub themes: Vec<String>,
}

impl Facts {
    /// Returns what a device knows on a day: nothing of other documents, nothing awaited has come.
    #[must_use]
    pub const fn on(on: Date) -> Self {
        Self { on, others: None, awaited_is_here: false, at_decision: false }
    }
}

/// What came out, from the lightest to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Outcome {
    /// The rule does not concern this document.
    #[n(0)]
    NotApplicable,
    /// All is well.
    #[n(1)]
    Passes,
    /// Cannot be said yet.
    #[n(2)]
    Pending,
    /// Worth a look.
    #[n(3)]
    Warns,
    /// Does not hold as it stands.
    #[n(4)]
    Fails,
}

/// What the values of a finding are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Country codes.
    Country,
    /// Authority type codes.
    AuthorityType,
    /// A day, as `YYYY-MM-DD`.
    Day,
    /// Words, references or numbers, to be shown as they are.
    Plain,
}

/// What one rule found.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Finding {
    /// The rule's number.
    #[n(0)]
    pub rule: u8,
    /// What came out.
    #[n(1)]
    pub outcome: Outcome,
    /// Why: the number of a detail, 0 where the outcome says it all.
    #[n(2)]
    pub detail: u8,
    /// What it is about: see `DetailDefinition::values`. Shown together for the placeholder `{values}`.
    #[n(3)]
    pub values: Vec<String>,
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
}

impl AssessmentRules {
    /// Applies every rule to the answers of a document.
    #[must_use]
    pub fn assess(&self, answers: &Answers, facts: &Facts) -> Assessment {
        Assessment { rules_version: self.version, on: facts.on, findings: (self.assess)(answers, facts) }
    }

    /// Returns the end of the message key of a rule's title, e.g. `e1.title`; `None` for a rule of a
    /// newer version.
    #[must_use]
    pub fn title_key(&self, finding: &Finding) -> Option<String> {
        self.rule_key(finding).map(|rule| format!("{rule}.title"))
    }

    /// Returns the end of the message key of what was found, e.g. `e1.not_covered`.
    #[must_use]
    pub fn key(&self, finding: &Finding) -> Option<String> {
        let found = match finding.detail {
            0 => finding.outcome.key(),
            _ => self.detail(finding)?.key,
        };
        self.rule_key(finding).map(|rule| format!("{rule}.{found}"))
    }

    /// Returns what the values of a finding are.
    #[must_use]
    pub fn value_kind(&self, finding: &Finding) -> ValueKind {
        self.detail(finding).map_or(ValueKind::Plain, |detail| detail.values)
    }

    fn rule_key(&self, finding: &Finding) -> Option<&'static str> {
        self.rules.iter().find(|(number, _)| *number == finding.rule).map(|(_, key)| *key)
    }

    fn detail(&self, finding: &Finding) -> Option<&'static DetailDefinition> {
        self.details.iter().find(|detail| detail.number == finding.detail)
    }
}

impl Outcome {
    /// Every outcome, from the lightest to the gravest.
    pub const ALL: [Self; 5] = [Self::NotApplicable, Self::Passes, Self::Pending, Self::Warns, Self::Fails];

    /// Returns the outcome's name in message keys, e.g. for `assessment.outcome.passes`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotApplicable => "not_applicable",
            Self::Passes => "passes",
            Self::Pending => "pending",
            Self::Warns => "warns",
            Self::Fails => "fails",
        }
    }
}
