//! Every form, list, problem and finding has its words in both languages, and no words are left
//! over: each byte of a message file is paid for on the first visit.

use std::collections::{BTreeMap, BTreeSet};

use super::ALL;
use crate::check::{Complaint, Problem, SensitiveKind, Severity};
use crate::eligibility::{Detail, Finding, Outcome, RuleId};
use crate::form::{FieldKind, ListKey};
use crate::ids::{OpId, ReplicaId};
use crate::lists;
use crate::value::{FieldId, Target};

const FRENCH: &str = include_str!("../../../public/messages/fr.json");
const ENGLISH: &str = include_str!("../../../public/messages/en.json");
/// What belongs to forms and rules; the rest of the files is the interface's own.
const PREFIXES: &[&str] = &["form.", "list.", "problem.", "eligibility."];

/// Reads the flat message files, which hold one message a line.
fn words(file: &str) -> BTreeMap<&str, &str> {
    let lines = file.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| line.starts_with('"'));
    let pairs = lines.map(|line| line.trim_matches('"').split_once("\": \"").expect("one message a line"));
    pairs.filter(|(key, _)| PREFIXES.iter().any(|prefix| key.starts_with(prefix))).collect()
}

#[test]
fn all_words_are_there_in_both_languages_and_none_are_left_over() {
    let (mut needed, mut allowed) = (BTreeSet::new(), BTreeSet::new());
    of_forms(&mut needed, &mut allowed);
    needed.extend(of_lists());
    needed.extend(problems().iter().map(|problem| problem.key(ALL[0])));
    needed.extend(findings().iter().map(Finding::key));
    needed.extend(RULES.iter().map(|rule| rule.title_key()));
    needed.extend(OUTCOMES.iter().map(|outcome| format!("eligibility.outcome.{}", outcome.key())));
    for (language, file) in [("French", FRENCH), ("English", ENGLISH)] {
        let there: BTreeSet<String> = words(file).into_keys().map(ToOwned::to_owned).collect();
        let lacking: Vec<_> = needed.difference(&there).collect();
        assert!(lacking.is_empty(), "{language} lacks {lacking:?}");
        let left_over: Vec<_> = there.iter().filter(|key| !needed.contains(*key) && !allowed.contains(*key)).collect();
        assert!(left_over.is_empty(), "{language} has words nobody asks for: {left_over:?}");
    }
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_placeholders() {
    let (french, english) = (words(FRENCH), words(ENGLISH));
    assert_eq!(french.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
    for (key, text) in &french {
        assert_eq!(placeholders(text), placeholders(english[key]), "{key}");
    }
}

#[test]
fn placeholders_are_those_the_problem_or_finding_fills() {
    let english = words(ENGLISH);
    for problem in problems() {
        let filled: BTreeSet<&str> = problem.values().iter().map(|(name, _)| *name).collect();
        let used = placeholders(english[problem.key(ALL[0]).as_str()]);
        assert!(used.is_subset(&filled), "{:?} fills {filled:?}", problem.complaint);
    }
    for finding in findings() {
        let used = placeholders(english[finding.key().as_str()]);
        let expected: BTreeSet<&str> = if finding.values.is_empty() { BTreeSet::new() } else { ["values"].into() };
        assert_eq!(used, expected, "{}", finding.key());
    }
}

#[test]
fn french_keeps_its_punctuation_on_the_line() {
    for (key, text) in words(FRENCH) {
        let loose = [" :", " ;", " ?", " !", " »", "« ", "'"].iter().find(|loose| text.contains(**loose));
        assert_eq!(loose, None, "{key}: {text}");
    }
}

fn of_forms(needed: &mut BTreeSet<String>, allowed: &mut BTreeSet<String>) {
    needed.insert("form.no_cases".to_owned());
    // The form that tests alone know is never shown.
    for form in ALL.iter().filter(|form| form.key != "visit") {
        let key = |rest: &str| format!("form.{}.{rest}", form.key);
        needed.insert(key("name"));
        for section in form.sections {
            needed.insert(key(&format!("section.{}", section.key)));
            allowed.insert(key(&format!("section.{}.hint", section.key)));
        }
        for field in form.fields() {
            needed.insert(key(&format!("{}.label", field.key)));
            allowed.insert(key(&format!("{}.hint", field.key)));
            if let FieldKind::List { .. } = field.kind {
                needed.extend(["item", "add"].map(|part| key(&format!("{}.{part}", field.key))));
            }
        }
        needed.extend(form.rules.iter().map(|rule| key(&format!("rule.{}", rule.key))));
    }
}

fn of_lists() -> impl Iterator<Item = String> {
    let lists = [
        ListKey::Channel,
        ListKey::RequestKind,
        ListKey::WorkingLanguage,
        ListKey::Region,
        ListKey::AuthorityType,
        ListKey::AuthorityRole,
        ListKey::ContactChannel,
        ListKey::Pillar,
        ListKey::Theme,
        ListKey::ActivityType,
        ListKey::OutputType,
        ListKey::SdgTarget,
        ListKey::GcmObjective,
        ListKey::Urgency,
        ListKey::YesNo,
    ];
    let plain = lists.into_iter().flat_map(|list| lists::codes(list).iter().map(move |code| (list, *code)));
    let countries = lists::countries::WITH_WORDS.iter().map(|code| (ListKey::Country, *code));
    plain.chain(countries).map(|(list, code)| lists::message_key(list, code))
}

/// One problem of each kind; rules have words of their own form.
fn problems() -> Vec<Problem> {
    let text = String::new;
    let sensitive = |kind| Complaint::Sensitive { kind, found: text() };
    let complaints = [
        Complaint::Missing,
        Complaint::NotTicked,
        Complaint::Unsettled,
        Complaint::TooLong { chars: 2, max: 1 },
        Complaint::OutOfRange { number: 2, min: 0, max: 1 },
        Complaint::NotANumber { text: text() },
        Complaint::NotADay { text: text() },
        Complaint::NotAMonth { text: text() },
        Complaint::NotAnEmail,
        Complaint::NotAPhone,
        Complaint::NotReferences,
        Complaint::NotLatin,
        Complaint::UnknownCode { code: text() },
        Complaint::TooFew { min: 1 },
        Complaint::TooMany { max: 1, count: 2 },
        sensitive(SensitiveKind::IdentityNumber),
        sensitive(SensitiveKind::Phone),
        sensitive(SensitiveKind::NamedPerson),
    ];
    let target = Target::in_item(OpId { replica: ReplicaId(1), counter: 1 }, FieldId(1));
    let problem = |complaint| Problem { target, severity: Severity::Blocks, complaint };
    complaints.into_iter().map(problem).collect()
}

const RULES: [RuleId; 8] =
    [RuleId::E1, RuleId::E2, RuleId::E3, RuleId::E4, RuleId::E5, RuleId::E6, RuleId::E7, RuleId::E8];
const OUTCOMES: [Outcome; 5] =
    [Outcome::NotApplicable, Outcome::Passes, Outcome::Pending, Outcome::Warns, Outcome::Fails];

/// Every finding the rules can come to.
fn findings() -> Vec<Finding> {
    use Detail::Plain;
    use Outcome::{Fails, NotApplicable, Passes, Pending, Warns};
    let all: &[(RuleId, Outcome, Detail, bool)] = &[
        (RuleId::E1, Passes, Plain, false),
        (RuleId::E1, Pending, Plain, false),
        (RuleId::E1, Fails, Detail::NotCovered, true),
        (RuleId::E1, NotApplicable, Detail::SeeE4, false),
        (RuleId::E2, Passes, Plain, false),
        (RuleId::E2, Pending, Plain, false),
        (RuleId::E2, Fails, Detail::TooEarly, true),
        (RuleId::E2, Fails, Detail::NotAnAsker, true),
        (RuleId::E3, Passes, Plain, false),
        (RuleId::E3, Pending, Plain, false),
        (RuleId::E3, NotApplicable, Plain, false),
        (RuleId::E3, Fails, Detail::NoGovernment, false),
        (RuleId::E3, Warns, Detail::GovernmentAdvised, false),
        (RuleId::E4, Passes, Plain, false),
        (RuleId::E4, Pending, Plain, false),
        (RuleId::E4, Fails, Plain, false),
        (RuleId::E4, NotApplicable, Plain, false),
        (RuleId::E5, Passes, Plain, false),
        (RuleId::E5, Pending, Plain, false),
        (RuleId::E5, Fails, Plain, false),
        (RuleId::E6, Passes, Plain, false),
        (RuleId::E6, Warns, Detail::OpenActions, true),
        (RuleId::E6, Pending, Detail::KnownToServer, false),
        (RuleId::E7, Passes, Plain, false),
        (RuleId::E7, Pending, Plain, false),
        (RuleId::E7, Fails, Plain, false),
        (RuleId::E7, Pending, Detail::LetterExpected, true),
        (RuleId::E7, Warns, Detail::LetterLate, true),
        (RuleId::E7, Passes, Detail::LetterInHand, false),
        (RuleId::E8, Passes, Plain, false),
        (RuleId::E8, Pending, Plain, false),
        (RuleId::E8, Warns, Detail::Equipment, true),
        (RuleId::E8, Warns, Detail::DirectAssistance, true),
        (RuleId::E8, Warns, Detail::TooLong, true),
    ];
    let finding = |(rule, outcome, detail, valued): &(RuleId, Outcome, Detail, bool)| Finding {
        rule: *rule,
        outcome: *outcome,
        detail: *detail,
        values: if *valued { vec!["1".to_owned()] } else { Vec::new() },
    };
    all.iter().map(finding).collect()
}

/// Returns the names between braces.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
