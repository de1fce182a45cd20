//! How far a section is, for the task list.

use crate::answers::Answers;
use crate::form::{Form, Section};
use crate::value::FieldId;

use super::{Problem, Severity, answered};

/// How far a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionState {
    /// Nothing answered, and something is needed.
    NotStarted,
    /// Something answered, and something still to do.
    InProgress,
    /// Nothing stands in the way of submission.
    Ready,
    /// Nothing answered, and nothing needed.
    Optional,
}

/// Returns how far `section` is. `problems` are those `check` found in the same answers.
#[must_use]
pub fn section_state(form: &Form, section: &Section, answers: &Answers, problems: &[Problem]) -> SectionState {
    let here = |field: FieldId| form.section_of(field).is_some_and(|found| found.key == section.key);
    let blocked = problems.iter().any(|problem| problem.severity == Severity::Blocks && here(problem.target.field));
    let started = section.fields.iter().any(|field| answered(form, answers, field.id));
    match (started, blocked) {
        (false, true) => SectionState::NotStarted,
        (true, true) => SectionState::InProgress,
        (true, false) => SectionState::Ready,
        (false, false) => SectionState::Optional,
    }
}
