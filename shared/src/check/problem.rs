//! A problem: where, how grave, and what it is, in a form the message files can word.

use crate::form::Form;
use crate::value::{FieldId, Target};

use super::SensitiveKind;

/// One thing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is shown.
    pub target: Target,
    /// Whether it keeps the document from being submitted.
    pub severity: Severity,
    /// What it is.
    pub complaint: Complaint,
}

/// How grave a problem is. None ever keeps a draft from being saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Is worth a look.
    Warns,
    /// Must be put right before submission.
    Blocks,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Needed and not answered.
    Missing,
    /// A tick that is needed is not set.
    NotTicked,
    /// Two answers stand side by side.
    Unsettled,
    /// More characters than the field takes.
    TooLong { chars: usize, max: u32 },
    /// A number outside its limits.
    OutOfRange { number: i64, min: i64, max: i64 },
    /// No number.
    NotANumber { text: String },
    /// No day of the calendar.
    NotADay { text: String },
    /// No month.
    NotAMonth { text: String },
    /// No electronic mail address.
    NotAnEmail,
    /// No telephone number with its country prefix.
    NotAPhone,
    /// No reference of an earlier action.
    NotReferences,
    /// Letters of another script where Latin ones are asked.
    NotLatin,
    /// A code its list does not hold.
    UnknownCode { code: String },
    /// Fewer codes or items than needed.
    TooFew { min: u16 },
    /// More items than the list takes.
    TooMany { max: u16, count: usize },
    /// A rule of the form is broken.
    Rule { key: &'static str },
    /// Looks like something that must never be stored.
    Sensitive { kind: SensitiveKind, found: String },
}

/// What stands for a placeholder of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A number, for the reader's language to group.
    Number(i64),
    /// Words as they are.
    Text(String),
}

impl Problem {
    /// Returns a rule's problem at a field of the document.
    pub(super) const fn of_rule(at: FieldId, key: &'static str, severity: Severity) -> Self {
        Self { target: Target::of(at), severity, complaint: Complaint::Rule { key } }
    }

    /// Returns the message key; `form` is the one that was checked.
    #[must_use]
    pub fn key(&self, form: &Form) -> String {
        let name = match &self.complaint {
            Complaint::Missing => "missing",
            Complaint::NotTicked => "not_ticked",
            Complaint::Unsettled => "unsettled",
            Complaint::TooLong { .. } => "too_long",
            Complaint::OutOfRange { .. } => "out_of_range",
            Complaint::NotANumber { .. } => "not_a_number",
            Complaint::NotADay { .. } => "not_a_day",
            Complaint::NotAMonth { .. } => "not_a_month",
            Complaint::NotAnEmail => "not_an_email",
            Complaint::NotAPhone => "not_a_phone",
            Complaint::NotReferences => "not_references",
            Complaint::NotLatin => "not_latin",
            Complaint::UnknownCode { .. } => "unknown_code",
            Complaint::TooFew { .. } => "too_few",
            Complaint::TooMany { .. } => "too_many",
            Complaint::Rule { key } => return format!("form.{}.rule.{key}", form.key),
            Complaint::Sensitive { kind, .. } => kind.key(),
        };
        format!("problem.{name}")
    }

    /// Returns what the message's placeholders stand for.
    #[must_use]
    pub fn values(&self) -> Vec<(&'static str, Shown)> {
        let number = |number: usize| Shown::Number(i64::try_from(number).unwrap_or(i64::MAX));
        let text = |text: &String| Shown::Text(text.clone());
        match &self.complaint {
            Complaint::TooLong { chars, max } => {
                let over = chars.saturating_sub(*max as usize);
                vec![("over", number(over)), ("max", Shown::Number(i64::from(*max)))]
            }
            Complaint::OutOfRange { number, min, max } => {
                vec![("value", Shown::Number(*number)), ("min", Shown::Number(*min)), ("max", Shown::Number(*max))]
            }
            Complaint::NotANumber { text: typed }
            | Complaint::NotADay { text: typed }
            | Complaint::NotAMonth { text: typed } => vec![("value", text(typed))],
            Complaint::UnknownCode { code } => vec![("value", text(code))],
            Complaint::TooFew { min } => vec![("min", Shown::Number(i64::from(*min)))],
            Complaint::TooMany { max, count } => {
                vec![("max", Shown::Number(i64::from(*max))), ("count", number(*count))]
            }
            Complaint::Sensitive { found, .. } => vec![("found", text(found))],
            _ => Vec::new(),
        }
    }
}
