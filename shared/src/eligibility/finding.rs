//! What a rule found, in codes that can be kept: rule, outcome, detail and the values to show.

use minicbor::{Decode, Encode};

/// A rule of domain.md §2.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum RuleId {
    /// An instrument covers the country.
    #[n(1)]
    E1,
    /// The type of authority may ask.
    #[n(2)]
    E2,
    /// A government stands beside civil society.
    #[n(3)]
    E3,
    /// A regional organisation has an eligible member state.
    #[n(4)]
    E4,
    /// The topic belongs to a thematic area.
    #[n(5)]
    E5,
    /// No action on the same theme is open.
    #[n(6)]
    E6,
    /// The official letter is there.
    #[n(7)]
    E7,
    /// Short-term work between peers can deliver it.
    #[n(8)]
    E8,
}

/// What came out, from the lightest to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Outcome {
    /// The rule does not concern this request.
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
    /// Not eligible as it stands.
    #[n(4)]
    Fails,
}

/// Why, where the outcome alone does not say it. Numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Detail {
    /// The outcome says it all.
    #[n(0)]
    Plain,
    /// E1: the countries no instrument covers on the day.
    #[n(1)]
    NotCovered,
    /// E1: a regional organisation asks; E4 looks at its member states.
    #[n(2)]
    SeeE4,
    /// E2: the types that were not yet allowed on the day.
    #[n(3)]
    TooEarly,
    /// E2: the types that take part but never ask.
    #[n(4)]
    NotAnAsker,
    /// E3: civil society alone.
    #[n(5)]
    NoGovernment,
    /// E3: a local authority alone.
    #[n(6)]
    GovernmentAdvised,
    /// E6: the references of open actions on the same theme.
    #[n(7)]
    OpenActions,
    /// E6: only the server knows.
    #[n(8)]
    KnownToServer,
    /// E7: the day the letter is expected.
    #[n(9)]
    LetterExpected,
    /// E7: the day the letter was expected has passed.
    #[n(10)]
    LetterLate,
    /// E8: words that ask for equipment.
    #[n(11)]
    Equipment,
    /// E8: words that ask for help given to migrants themselves.
    #[n(12)]
    DirectAssistance,
    /// E8: the months between the earliest and the latest date.
    #[n(13)]
    TooLong,
    /// E7: the authority names the signatory of a letter that does not follow: by its word it is here.
    #[n(14)]
    LetterInHand,
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
    /// The rule.
    #[n(0)]
    pub rule: RuleId,
    /// What came out.
    #[n(1)]
    pub outcome: Outcome,
    /// Why.
    #[n(2)]
    pub detail: Detail,
    /// What it is about: see `Detail::value_kind`. Shown together for the placeholder `{values}`.
    #[n(3)]
    pub values: Vec<String>,
}

impl Finding {
    pub(super) const fn plain(rule: RuleId, outcome: Outcome) -> Self {
        Self { rule, outcome, detail: Detail::Plain, values: Vec::new() }
    }

    pub(super) const fn new(rule: RuleId, outcome: Outcome, detail: Detail, values: Vec<String>) -> Self {
        Self { rule, outcome, detail, values }
    }

    /// Returns the message key of what was found, e.g. `eligibility.e1.not_covered`.
    #[must_use]
    pub fn key(&self) -> String {
        let found = match self.detail {
            Detail::Plain => self.outcome.key(),
            detail => detail.key(),
        };
        format!("eligibility.{}.{found}", self.rule.key())
    }
}

impl RuleId {
    /// Returns the message key of the rule's own title.
    #[must_use]
    pub fn title_key(self) -> String {
        format!("eligibility.{}.title", self.key())
    }

    const fn key(self) -> &'static str {
        match self {
            Self::E1 => "e1",
            Self::E2 => "e2",
            Self::E3 => "e3",
            Self::E4 => "e4",
            Self::E5 => "e5",
            Self::E6 => "e6",
            Self::E7 => "e7",
            Self::E8 => "e8",
        }
    }
}

impl Outcome {
    /// Returns the outcome's name in message keys, e.g. for `eligibility.outcome.passes`.
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

impl Detail {
    /// Returns what the values of such a finding are.
    #[must_use]
    pub const fn value_kind(self) -> ValueKind {
        match self {
            Self::NotCovered => ValueKind::Country,
            Self::TooEarly | Self::NotAnAsker => ValueKind::AuthorityType,
            Self::LetterExpected | Self::LetterLate => ValueKind::Day,
            _ => ValueKind::Plain,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::NotCovered => "not_covered",
            Self::SeeE4 => "see_e4",
            Self::TooEarly => "too_early",
            Self::NotAnAsker => "not_an_asker",
            Self::NoGovernment => "no_government",
            Self::GovernmentAdvised => "government_advised",
            Self::OpenActions => "open_actions",
            Self::KnownToServer => "known_to_server",
            Self::LetterExpected => "letter_expected",
            Self::LetterLate => "letter_late",
            Self::Equipment => "equipment",
            Self::DirectAssistance => "direct_assistance",
            Self::TooLong => "too_long",
            Self::LetterInHand => "letter_in_hand",
        }
    }
}
