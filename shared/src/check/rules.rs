//! The rules of a form that look at more than one field.
//!
//! A rule whose fields are not answered yet is not broken: what is missing is said by the fields.

use crate::answers::Answers;
use crate::form::{Form, Test};
use crate::value::{Date, FieldId, Target};

use super::{Problem, Severity, answered, condition};

/// Returns a problem for each broken rule.
pub(super) fn broken(form: &Form, answers: &Answers, today: Date) -> Vec<Problem> {
    let broken = form.rules.iter().filter(|rule| !keeps(form, answers, rule.test, today));
    broken.map(|rule| Problem::of_rule(rule.at, rule.key, severity(rule.test))).collect()
}

const fn severity(test: Test) -> Severity {
    match test {
        Test::NotPast(_) => Severity::Warns,
        Test::NotBefore(..) | Test::AnyOf(_) | Test::ExactlyOne(..) | Test::ItemsWhen(..) => Severity::Blocks,
    }
}

fn keeps(form: &Form, answers: &Answers, test: Test, today: Date) -> bool {
    match test {
        Test::NotBefore(first, second) => match (date(answers, first), date(answers, second)) {
            (Some(first), Some(second)) => !before(second, first),
            _ => true,
        },
        Test::AnyOf(fields) => fields.iter().any(|field| answered(form, answers, *field)),
        Test::ExactlyOne(list, inner, code) => {
            let items = answers.items(list);
            let with_code = |item: &&_| answers.code(Target::in_item(**item, inner)) == Some(code);
            items.is_empty() || items.iter().filter(with_code).count() == 1
        }
        Test::ItemsWhen(list, least, wanted) => {
            let count = answers.items(list).len();
            count == 0 || count >= usize::from(least) || !condition::holds(form, answers, wanted, None)
        }
        Test::NotPast(field) => date(answers, field).is_none_or(|date| !before(date, today)),
    }
}

fn date(answers: &Answers, field: FieldId) -> Option<Date> {
    answers.date(Target::of(field)).filter(|date| date.exists())
}

/// Returns whether one date is before another; a month as a whole is not before its own days.
fn before(one: Date, other: Date) -> bool {
    let months = (one.year, one.month).cmp(&(other.year, other.month));
    months
        .then_with(|| if one.day == 0 || other.day == 0 { core::cmp::Ordering::Equal } else { one.day.cmp(&other.day) })
        .is_lt()
}
