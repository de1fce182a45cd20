//! E5 to E8: the topic, other actions, the letter, and whether peers can deliver it in a short time.

use super::finding::{Detail, RuleId, found, plain};
use crate::answers::Answers;
use crate::form::ListKey;
use crate::form::assessment::{Facts, Finding, Other, Outcome};
use crate::forms::request::workflow::{REDIRECTED, REJECTED, WITHDRAWN};
use crate::forms::request::{
    ACTIVITY_TOPIC, EARLIEST, EXPECTED_OUTPUTS, EXPECTED_RESULTS, FORM, LATEST, LETTER_EXPECTED_ON, LETTER_TO_FOLLOW,
    OBJECTIVES, PROPOSED_ACTIVITIES, SIGNATORY_NAME, THEMATIC_AREAS, THEMES,
};
use crate::lists;
use crate::text::in_word;
use crate::value::{Date, Target};

/// The longest time from the earliest to the latest date that still counts as short-term. Most
/// actions of the 2018 report took less; a longer one is for a person to look at.
const SHORT_TERM_MONTHS_MAX: i32 = 36;

/// Beginnings of words that ask for equipment rather than for expertise.
const EQUIPMENT: &[&str] = &[
    "purchase of",
    "procurement of",
    "vehicle",
    "laptop",
    "computer equipment",
    "office equipment",
    "achat d",
    "véhicule",
    "ordinateur",
    "matériel informatique",
    "compra de",
    "vehículo",
    "ordenador",
    "computadora",
    "aquisição de",
    "veículo",
    "computador",
    "закупк",
    "автомобил",
];
/// Words that ask for help given to migrants themselves.
const DIRECT_ASSISTANCE: &[&str] = &[
    "direct assistance",
    "cash assistance",
    "cash grant",
    "food aid",
    "humanitarian aid",
    "assistance directe",
    "aide directe",
    "aide humanitaire",
    "aide alimentaire",
    "asistencia directa",
    "ayuda humanitaria",
    "assistência direta",
    "ajuda humanitária",
    "гуманитарн",
];

/// E5: the topic belongs to at least one thematic area, directly or by its theme.
pub(super) fn topic_has_a_theme(answers: &Answers) -> Finding {
    let areas = answers.codes(Target::of(THEMATIC_AREAS));
    let themes = answers.codes(Target::of(THEMES));
    let outcome = if areas.is_empty() && themes.is_empty() {
        Outcome::Pending
    } else if areas.iter().any(|area| lists::holds(ListKey::Pillar, area))
        || themes.iter().any(|theme| lists::themes::pillar_of(theme).is_some())
    {
        Outcome::Passes
    } else {
        Outcome::Fails
    };
    plain(RuleId::E5, outcome)
}

/// E6: the authority has no open action on the same theme.
pub(super) fn no_open_action(answers: &Answers, facts: &Facts) -> Finding {
    let Some(others) = &facts.others else {
        return found(RuleId::E6, Outcome::Pending, Detail::KnownToServer, Vec::new());
    };
    let themes = answers.codes(Target::of(THEMES));
    let same = others.iter().filter(|other| is_open(other) && other.themes.iter().any(|theme| themes.contains(theme)));
    let references: Vec<String> = same.filter_map(|other| other.reference.clone()).collect();
    if references.is_empty() {
        plain(RuleId::E6, Outcome::Passes)
    } else {
        found(RuleId::E6, Outcome::Warns, Detail::OpenActions, references)
    }
}

/// Until actions have documents of their own, requests that have a reference and were not turned down
/// stand for them.
fn is_open(other: &Other) -> bool {
    other.form == FORM.id && ![REJECTED, REDIRECTED, WITHDRAWN].contains(&other.state)
}

/// E7: the official letter is there before the committee decides. Until then the authority's word
/// for it will do.
pub(super) fn letter_is_there(answers: &Answers, facts: &Facts) -> Finding {
    if facts.awaited_is_here {
        return plain(RuleId::E7, Outcome::Passes);
    }
    if facts.at_decision {
        return plain(RuleId::E7, Outcome::Fails);
    }
    // The form's own words: a letter that does not follow has reached staff by another road.
    let signed = !answers.text(Target::of(SIGNATORY_NAME)).trim().is_empty();
    if signed && !answers.ticked(Target::of(LETTER_TO_FOLLOW)) {
        return found(RuleId::E7, Outcome::Passes, Detail::LetterInHand, Vec::new());
    }
    match answers.date(Target::of(LETTER_EXPECTED_ON)) {
        Some(day) if day < facts.on => found(RuleId::E7, Outcome::Warns, Detail::LetterLate, vec![day.to_string()]),
        Some(day) => found(RuleId::E7, Outcome::Pending, Detail::LetterExpected, vec![day.to_string()]),
        None => plain(RuleId::E7, Outcome::Pending),
    }
}

/// E8: serving officials can deliver it in a short time; no equipment, no direct assistance. The
/// answers give signs only, so that a person looks; the committee judges.
pub(super) fn short_and_between_peers(answers: &Answers) -> Finding {
    let asked = asked_for(answers);
    let warns = |detail, value: String| found(RuleId::E8, Outcome::Warns, detail, vec![value]);
    if let Some(word) = first_of(EQUIPMENT, &asked) {
        return warns(Detail::Equipment, word);
    }
    if let Some(word) = first_of(DIRECT_ASSISTANCE, &asked) {
        return warns(Detail::DirectAssistance, word);
    }
    let dates = (answers.date(Target::of(EARLIEST)), answers.date(Target::of(LATEST)));
    if let (Some(earliest), Some(latest)) = dates
        && months_between(earliest, latest) > SHORT_TERM_MONTHS_MAX
    {
        return warns(Detail::TooLong, months_between(earliest, latest).to_string());
    }
    let deliverable =
        !answers.codes(Target::of(EXPECTED_OUTPUTS)).is_empty() || !answers.items(PROPOSED_ACTIVITIES).is_empty();
    plain(RuleId::E8, if deliverable { Outcome::Passes } else { Outcome::Pending })
}

/// What is asked for, in small letters. Context and contributions are left out: they speak of
/// equipment that is missing or offered, not asked.
fn asked_for(answers: &Answers) -> String {
    let activities = answers.items(PROPOSED_ACTIVITIES).iter().map(|item| Target::in_item(*item, ACTIVITY_TOPIC));
    let places = [Target::of(OBJECTIVES), Target::of(EXPECTED_RESULTS)].into_iter().chain(activities);
    places.map(|place| answers.text(place).to_lowercase()).collect::<Vec<_>>().join("\n")
}

/// Returns the first of `beginnings` at which a word of `text` begins, with the rest of that word.
fn first_of(beginnings: &[&str], text: &str) -> Option<String> {
    beginnings.iter().find_map(|beginning| {
        let starts_word = |at: &usize| !text[..*at].ends_with(in_word);
        let at = text.match_indices(beginning).map(|(at, _)| at).find(starts_word)?;
        let rest = text[at + beginning.len()..].chars().take_while(|c| in_word(*c) || *c == '’' || *c == '\'');
        Some(beginning.chars().chain(rest).collect())
    })
}

fn months_between(from: Date, to: Date) -> i32 {
    (i32::from(to.year) - i32::from(from.year)) * 12 + i32::from(to.month) - i32::from(from.month)
}
