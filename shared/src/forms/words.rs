//! Every form, list, problem and finding has its words in both languages, and no words are left
//! over: each byte of a message file is paid for on the first visit.

use std::collections::{BTreeMap, BTreeSet};

use super::ALL;
use crate::check::{Complaint, Problem, SensitiveKind, Severity};
use crate::form::assessment::{Finding, Outcome};
use crate::form::workflow::{Ask, Deed};
use crate::form::{FieldKind, Form, ListKey};
use crate::ids::{OpId, ReplicaId};
use crate::lists;
use crate::value::{FieldId, Target};

const FRENCH: &str = include_str!("../../../public/messages/fr.json");
const ENGLISH: &str = include_str!("../../../public/messages/en.json");
/// What belongs to forms and rules; the rest of the files is the interface's own.
const PREFIXES: &[&str] = &["form.", "list.", "problem.", "assessment."];

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
    needed.extend(Outcome::ALL.iter().map(|outcome| format!("assessment.outcome.{}", outcome.key())));
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
    for (form, finding) in findings() {
        let used = placeholders(english[finding_key(form, &finding).as_str()]);
        let expected: BTreeSet<&str> = if finding.values.is_empty() { BTreeSet::new() } else { ["values"].into() };
        assert_eq!(used, expected, "{finding:?}");
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
    for form in ALL {
        let key = |rest: &str| format!("form.{}.{rest}", form.key);
        needed.extend(["name", "new", "untitled"].map(key));
        needed.extend(form.summary.awaits.map(|_| key("awaits")));
        for section in form.sections {
            needed.insert(key(&format!("section.{}", section.key)));
            allowed.insert(key(&format!("section.{}.hint", section.key)));
        }
        for field in form.fields() {
            needed.insert(key(&format!("{}.label", field.key)));
            allowed.insert(key(&format!("{}.hint", field.key)));
            if form.opening.asks.contains(&field.id) {
                allowed.insert(key(&format!("{}.new", field.key)));
            }
            if let FieldKind::List { .. } = field.kind {
                needed.extend(["item", "add"].map(|part| key(&format!("{}.{part}", field.key))));
            }
        }
        needed.extend(form.rules.iter().map(|rule| key(&format!("rule.{}", rule.key))));
        of_life(form, needed);
    }
    needed.extend(findings().iter().map(|(form, finding)| finding_key(form, finding)));
}

/// What a form's states, moves, parts and assessment are called.
fn of_life(form: &Form, needed: &mut BTreeSet<String>) {
    let key = |rest: &str| format!("form.{}.{rest}", form.key);
    for state in form.workflow.states {
        needed.insert(key(&format!("state.{}", state.key)));
        if state.notice {
            needed.extend(["title", "text"].map(|part| key(&format!("notice.{}.{part}", state.key))));
        }
    }
    for one in form.workflow.moves {
        // What can be done, what was done, and what waits to be done.
        needed.extend(["do", "done", "waits"].map(|part| key(&format!("action.{}.{part}", one.key))));
        if !one.does(Deed::Adopt) {
            needed.insert(key(&format!("action.{}.text", one.key)));
        }
        if one.asks_for(Ask::Remarks) {
            needed.extend(["one", "other"].map(|count| key(&format!("action.{}.with.{count}", one.key))));
        }
    }
    needed.extend(form.roles.parts.iter().map(|part| key(&format!("part.{}", part.key))));
    if let Some(rules) = form.assessment {
        needed.extend(["title", "local"].map(|part| key(&format!("assessment.{part}"))));
        needed.extend(rules.rules.iter().map(|(_, rule)| key(&format!("assessment.{rule}.title"))));
    }
}

fn finding_key(form: &Form, finding: &Finding) -> String {
    let rules = form.assessment.expect("a form whose rules found something");
    format!("form.{}.assessment.{}", form.key, rules.key(finding).expect("a rule it has"))
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

/// Every finding the rules can come to.
fn findings() -> Vec<(&'static Form, Finding)> {
    use crate::forms::request::FORM;
    use crate::forms::request::assessment::{Detail, RuleId};
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
    let finding = |(rule, outcome, detail, valued): &(RuleId, Outcome, Detail, bool)| {
        let values = if *valued { vec!["1".to_owned()] } else { Vec::new() };
        (&FORM, Finding { rule: *rule as u8, outcome: *outcome, detail: *detail as u8, values })
    };
    all.iter().map(finding).collect()
}

/// Returns the names between braces.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
