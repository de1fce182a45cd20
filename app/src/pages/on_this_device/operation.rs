//! An operation in words: what it is about, and the words it carries.

use shared::form::Form;
use shared::forms;
use shared::op::{Body, Op};
use shared::value::Target;

use crate::components::answer;
use crate::i18n::I18n;

/// Returns what an operation is about.
pub fn operation_subject(i18n: I18n, form: Option<&Form>, op: &Op) -> String {
    let label = |target: Target| {
        let field = form.and_then(|form| Some(i18n.label(form, form.field(target.field)?)));
        field.unwrap_or_else(|| i18n.get("ui.what.other"))
    };
    match op.body() {
        Ok(Body::Set(set)) => label(set.target),
        Ok(Body::Insert(insert)) => label(insert.target),
        Ok(Body::Delete(delete)) => label(delete.target),
        Ok(Body::Choose(choose)) => label(choose.target),
        Ok(Body::AddItem(add)) => label(Target::of(add.field)),
        Ok(Body::MoveItem(_) | Body::RemoveItem(_)) => i18n.get("ui.what.list"),
        Ok(Body::Remark(_) | Body::Reply(_) | Body::Settle(_) | Body::Withdraw(_)) => i18n.get("ui.what.remark"),
        Ok(Body::Command(command)) => {
            let key = form.and_then(|form| Some((form, form.workflow.action_key(command.action)?)));
            let words = key.map(|(form, key)| i18n.of_form(form, &format!("action.{key}.waits")));
            words.unwrap_or_else(|| i18n.get("ui.what.decision"))
        }
        Ok(Body::Create(create)) => {
            forms::form(create.form).map_or_else(|| i18n.get("ui.what.other"), |form| i18n.of_form(form, "new"))
        }
        _ => i18n.get("ui.what.other"),
    }
}

/// Returns the words an operation carries, to read or to copy them elsewhere; empty when it carries none.
pub fn operation_words(i18n: I18n, form: Option<&Form>, op: &Op) -> String {
    match op.body() {
        Ok(Body::Set(set)) => {
            let field = form.and_then(|form| form.field(set.target.field));
            field.map(|field| answer::value(i18n, field, &set.value)).unwrap_or_default()
        }
        Ok(Body::Insert(insert)) => insert.text,
        Ok(Body::Remark(remark)) => remark.text,
        Ok(Body::Reply(reply)) => reply.text,
        Ok(Body::Command(command)) => command.reason.unwrap_or_default(),
        _ => String::new(),
    }
}
