//! The codes of what the rules find: their numbers are stored, their names stand in message keys.

use crate::form::assessment::{DetailDefinition, Finding, Outcome, ValueKind};

/// A rule of domain.md §2.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RuleId {
    /// An instrument covers the country.
    E1 = 1,
    /// The type of authority may ask.
    E2 = 2,
    /// A government stands beside civil society.
    E3 = 3,
    /// A regional organisation has an eligible member state.
    E4 = 4,
    /// The topic belongs to a thematic area.
    E5 = 5,
    /// No action on the same theme is open.
    E6 = 6,
    /// The official letter is there.
    E7 = 7,
    /// Short-term work between peers can deliver it.
    E8 = 8,
}

/// Why, where the outcome alone does not say it. Numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Detail {
    /// The outcome says it all.
    Plain = 0,
    /// E1: the countries no instrument covers on the day.
    NotCovered = 1,
    /// E1: a regional organisation asks; E4 looks at its member states.
    SeeE4 = 2,
    /// E2: the types that were not yet allowed on the day.
    TooEarly = 3,
    /// E2: the types that take part but never ask.
    NotAnAsker = 4,
    /// E3: civil society alone.
    NoGovernment = 5,
    /// E3: a local authority alone.
    GovernmentAdvised = 6,
    /// E6: the references of open actions on the same theme.
    OpenActions = 7,
    /// E6: only the server knows.
    KnownToServer = 8,
    /// E7: the day the letter is expected.
    LetterExpected = 9,
    /// E7: the day the letter was expected has passed.
    LetterLate = 10,
    /// E8: words that ask for equipment.
    Equipment = 11,
    /// E8: words that ask for help given to migrants themselves.
    DirectAssistance = 12,
    /// E8: the months between the earliest and the latest date.
    TooLong = 13,
    /// E7: the authority names the signatory of a letter that does not follow: by its word it is here.
    LetterInHand = 14,
}

pub(super) const RULES: &[(u8, &str)] = &[
    (RuleId::E1 as u8, "e1"),
    (RuleId::E2 as u8, "e2"),
    (RuleId::E3 as u8, "e3"),
    (RuleId::E4 as u8, "e4"),
    (RuleId::E5 as u8, "e5"),
    (RuleId::E6 as u8, "e6"),
    (RuleId::E7 as u8, "e7"),
    (RuleId::E8 as u8, "e8"),
];

pub(super) const DETAILS: &[DetailDefinition] = &[
    detail(Detail::NotCovered, "not_covered", ValueKind::Country),
    detail(Detail::SeeE4, "see_e4", ValueKind::Plain),
    detail(Detail::TooEarly, "too_early", ValueKind::AuthorityType),
    detail(Detail::NotAnAsker, "not_an_asker", ValueKind::AuthorityType),
    detail(Detail::NoGovernment, "no_government", ValueKind::Plain),
    detail(Detail::GovernmentAdvised, "government_advised", ValueKind::Plain),
    detail(Detail::OpenActions, "open_actions", ValueKind::Plain),
    detail(Detail::KnownToServer, "known_to_server", ValueKind::Plain),
    detail(Detail::LetterExpected, "letter_expected", ValueKind::Day),
    detail(Detail::LetterLate, "letter_late", ValueKind::Day),
    detail(Detail::Equipment, "equipment", ValueKind::Plain),
    detail(Detail::DirectAssistance, "direct_assistance", ValueKind::Plain),
    detail(Detail::TooLong, "too_long", ValueKind::Plain),
    detail(Detail::LetterInHand, "letter_in_hand", ValueKind::Plain),
];

const fn detail(detail: Detail, key: &'static str, values: ValueKind) -> DetailDefinition {
    DetailDefinition { number: detail as u8, key, values }
}

pub(super) const fn plain(rule: RuleId, outcome: Outcome) -> Finding {
    found(rule, outcome, Detail::Plain, Vec::new())
}

pub(super) const fn found(rule: RuleId, outcome: Outcome, detail: Detail, values: Vec<String>) -> Finding {
    Finding { rule: rule as u8, outcome, detail: detail as u8, values }
}
