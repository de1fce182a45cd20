//! What is wrong with the answers of a document: what is missing, unreadable, too long, unsettled,
//! contradictory, or must not be there at all.
//!
//! Never keeps a draft from being saved: a problem blocks submission or warns. Reads merged answers;
//! knows neither how they merged nor how a problem is worded (see the message files).

use crate::answers::{Answer, Answers};
use crate::form::{Field, FieldKind, Form, Need, TextShape};
use crate::ids::OpId;
use crate::lists;
use crate::value::{Date, FieldId, Target, Value};

mod condition;
mod problem;
mod rules;
mod section;
mod sensitive;
mod shapes;

pub use problem::{Complaint, Problem, Severity, Shown};
pub use section::{SectionState, section_state};
pub use sensitive::{SensitiveKind, sensitive};
pub use shapes::reference;

/// Returns every problem, in the order of the form: those of the fields, then those of its rules.
#[must_use]
pub fn check(form: &Form, answers: &Answers, today: Date) -> Vec<Problem> {
    let mut pass = Pass { form, answers, problems: Vec::new() };
    for field in form.sections.iter().flat_map(|section| section.fields) {
        pass.field(field, Target::of(field.id), &[]);
        for item in answers.items(field.id) {
            for inner in field.item_fields() {
                pass.field(inner, Target::in_item(*item, inner.id), field.item_fields());
            }
        }
        for (row, column) in answers.cells(form, field) {
            for inner in field.inner_fields() {
                pass.field(inner, Target::in_cell(row, column, inner.id), &[]);
            }
        }
    }
    pass.problems.extend(rules::broken(form, answers, today));
    pass.problems
}

/// One walk through a form.
struct Pass<'a> {
    form: &'a Form,
    answers: &'a Answers,
    problems: Vec<Problem>,
}

impl Pass<'_> {
    fn field(&mut self, field: &'static Field, target: Target, siblings: &[Field]) {
        if field.retired {
            return;
        }
        let needed = self.needed(field, target.item, siblings);
        if self.answers.unsettled.contains(&target) {
            let severity = if needed { Severity::Blocks } else { Severity::Warns };
            self.problems.push(Problem { target, severity, complaint: Complaint::Unsettled });
        }
        if let Some(complaint) = missing(field, self.answers, target, needed) {
            self.blocks(target, complaint);
        } else if let Some(answer) = self.answers.get(target) {
            for complaint in unsuitable(field, answer) {
                self.blocks(target, complaint);
            }
            for (kind, found) in forbidden(field, answer) {
                let complaint = Complaint::Sensitive { kind, found };
                self.problems.push(Problem { target, severity: Severity::Warns, complaint });
            }
        }
    }

    /// Whether a field has to be answered, as the answers stand.
    fn needed(&self, field: &Field, item: Option<OpId>, siblings: &[Field]) -> bool {
        match field.need {
            Need::Optional => false,
            Need::Required => true,
            Need::When(wanted) => {
                let beside = siblings.iter().any(|sibling| sibling.id == wanted.field);
                condition::holds(self.form, self.answers, wanted, item.filter(|_| beside))
            }
        }
    }

    fn blocks(&mut self, target: Target, complaint: Complaint) {
        self.problems.push(Problem { target, severity: Severity::Blocks, complaint });
    }
}

/// Returns whether a field of the document is asked for only in a case that is not the one at hand.
#[must_use]
pub fn is_beside_the_case(form: &Form, answers: &Answers, field: &Field) -> bool {
    matches!(field.need, Need::When(wanted) if !condition::holds(form, answers, wanted, None))
}

/// What is missing from an answer that is needed.
fn missing(field: &Field, answers: &Answers, target: Target, needed: bool) -> Option<Complaint> {
    if !needed || field.default.is_some() {
        return None;
    }
    let count = |count: usize, min: u16| (count > 0 && count < usize::from(min)).then_some(Complaint::TooFew { min });
    match (field.kind, answers.get(target)) {
        (FieldKind::Flag, _) => (!answers.ticked(target)).then_some(Complaint::NotTicked),
        (FieldKind::Table { cell, .. }, _) => (!answers.any_of(cell)).then_some(Complaint::Missing),
        _ if answers.is_empty_at(target) => Some(Complaint::Missing),
        (FieldKind::Choices { min, .. }, Some(Answer::Codes(codes))) => count(codes.len(), min),
        (FieldKind::List { min, .. }, Some(Answer::Items(items))) => count(items.len(), min),
        _ => None,
    }
}

/// What does not suit the field in an answer that is there.
fn unsuitable(field: &Field, answer: &Answer) -> Vec<Complaint> {
    match (field.kind, answer) {
        (FieldKind::Prose { max_chars }, Answer::Prose(text)) => too_long(text, max_chars).into_iter().collect(),
        (FieldKind::Choices { list, .. }, Answer::Codes(codes)) => codes
            .iter()
            .filter(|code| !lists::holds(list, code))
            .map(|code| Complaint::UnknownCode { code: code.clone() })
            .collect(),
        (FieldKind::List { max, .. }, Answer::Items(items)) if items.len() > usize::from(max) => {
            vec![Complaint::TooMany { max, count: items.len() }]
        }
        (_, Answer::Value(value)) if !value.is_empty() => short(field.kind, value).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What does not suit a short field.
fn short(kind: FieldKind, value: &Value) -> Option<Complaint> {
    match (kind, value) {
        (FieldKind::Text { max_chars, shape }, Value::Text(text)) => {
            too_long(text, max_chars).or_else(|| misshapen(shape, text))
        }
        (FieldKind::Number { min, max }, Value::Number(number)) if !(min..=max).contains(number) => {
            Some(Complaint::OutOfRange { number: *number, min, max })
        }
        (FieldKind::Number { .. }, Value::Unreadable(text)) => Some(Complaint::NotANumber { text: text.clone() }),
        (FieldKind::Day, Value::Date(date)) if !date.exists() || date.day == 0 => {
            Some(Complaint::NotADay { text: date.to_string() })
        }
        (FieldKind::Day, Value::Unreadable(text)) => Some(Complaint::NotADay { text: text.clone() }),
        (FieldKind::Month, Value::Date(date)) if !date.exists() => {
            Some(Complaint::NotAMonth { text: date.to_string() })
        }
        (FieldKind::Month, Value::Unreadable(text)) => Some(Complaint::NotAMonth { text: text.clone() }),
        (FieldKind::Choice { list }, Value::Code(code)) if !lists::holds(list, code) => {
            Some(Complaint::UnknownCode { code: code.clone() })
        }
        _ => None,
    }
}

fn misshapen(shape: TextShape, text: &str) -> Option<Complaint> {
    match shape {
        TextShape::Plain => None,
        TextShape::Email => (!shapes::email(text)).then_some(Complaint::NotAnEmail),
        TextShape::Phone => (!shapes::phone(text)).then_some(Complaint::NotAPhone),
        TextShape::References => (!shapes::references(text)).then_some(Complaint::NotReferences),
        TextShape::Latin => (!shapes::latin(text)).then_some(Complaint::NotLatin),
    }
}

fn too_long(text: &str, max_chars: u32) -> Option<Complaint> {
    let chars = text.chars().count();
    (chars > max_chars as usize).then_some(Complaint::TooLong { chars, max: max_chars })
}

/// What must not be stored, where people write freely. Fields made for a telephone number or an
/// address are exempt by their shape.
fn forbidden(field: &Field, answer: &Answer) -> Vec<(SensitiveKind, String)> {
    match (field.kind, answer) {
        (FieldKind::Prose { .. }, Answer::Prose(text))
        | (FieldKind::Text { shape: TextShape::Plain, .. }, Answer::Value(Value::Text(text))) => sensitive(text),
        _ => Vec::new(),
    }
}

/// Returns whether anything was answered at `field`: a tick that is not set is no answer.
fn answered(form: &Form, answers: &Answers, field: FieldId) -> bool {
    let target = Target::of(field);
    if let Some(FieldKind::Table { cell, .. }) = form.field(field).map(|field| field.kind) {
        return answers.any_of(cell);
    }
    !answers.is_empty_at(target) && answers.value(target) != Some(&Value::Flag(false))
}

#[cfg(test)]
mod tests;
