//! Whether the condition of a conditional field, or of a rule, holds.

use crate::answers::{Answer, Answers};
use crate::form::{Condition, Form, Holds};
use crate::ids::OpId;
use crate::value::Target;

use super::{answered, shapes};

/// Returns whether `condition` holds, looking at the same item when `item` is given.
pub(super) fn holds(form: &Form, answers: &Answers, condition: Condition, item: Option<OpId>) -> bool {
    let target = Target { field: condition.field, item, column: None };
    match condition.holds {
        Holds::Code(code) => has_code(form, answers, target, &[code]),
        Holds::AnyCode(codes) => has_code(form, answers, target, codes),
        Holds::Ticked => answers.ticked(target),
        Holds::NotTicked => !answers.ticked(target),
        Holds::Anything if item.is_some() => !answers.is_empty_at(target),
        Holds::Anything => answered(form, answers, condition.field),
        Holds::OtherScript => !shapes::latin(answers.text(target)),
        Holds::Item(inner, codes) => answers
            .items(condition.field)
            .iter()
            .any(|item| has_code(form, answers, Target::in_item(*item, inner), codes)),
    }
}

/// Returns whether the choice or the set at `target` has one of `codes`. A choice nobody answered
/// has its default.
fn has_code(form: &Form, answers: &Answers, target: Target, codes: &[&str]) -> bool {
    if let Some(Answer::Codes(chosen)) = answers.get(target) {
        return chosen.iter().any(|code| codes.contains(&code.as_str()));
    }
    let default = || form.field(target.field).and_then(|field| field.default);
    answers.code(target).or_else(default).is_some_and(|code| codes.contains(&code))
}
