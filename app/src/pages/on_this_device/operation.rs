//! An operation in words: what it is about, and the words it carries.

use shared::forms::request;
use shared::op::{Body, Command, Op};
use shared::value::Target;
use shared::workflow::Action;

use crate::components::answer;
use crate::i18n::I18n;

/// Returns what an operation is about.
pub fn operation_subject(i18n: I18n, op: &Op) -> String {
    let form = &request::FORM;
    let label = |target: Target| {
        form.field(target.field).map_or_else(|| i18n.get("ui.what.other"), |field| i18n.label(form, field))
    };
    match op.body() {
        Ok(Body::Set(set)) => label(set.target),
        Ok(Body::Insert(insert)) => label(insert.target),
        Ok(Body::Delete(delete)) => label(delete.target),
        Ok(Body::Choose(choose)) => label(choose.target),
        Ok(Body::AddItem(add)) => label(Target::of(add.field)),
        Ok(Body::MoveItem(_) | Body::RemoveItem(_)) => i18n.get("ui.what.list"),
        Ok(Body::Remark(_) | Body::Reply(_) | Body::Settle(_) | Body::Withdraw(_)) => i18n.get("ui.what.remark"),
        Ok(Body::Command(command)) => i18n.get(&format!("ui.what.command.{}", command_key(&command))),
        Ok(Body::Create(_)) => i18n.get("ui.home.new"),
        _ => i18n.get("ui.what.other"),
    }
}

fn command_key(command: &Command) -> &'static str {
    match command.action {
        Action::Submit => "submit",
        Action::Return => "return",
        Action::Register => "register",
        Action::Withdraw => "withdraw",
        _ => "other",
    }
}

/// Returns the words an operation carries, to read or to copy them elsewhere; empty when it carries none.
pub fn operation_words(i18n: I18n, op: &Op) -> String {
    match op.body() {
        Ok(Body::Set(set)) => {
            let field = request::FORM.field(set.target.field);
            field.map(|field| answer::value(i18n, field, &set.value)).unwrap_or_default()
        }
        Ok(Body::Insert(insert)) => insert.text,
        Ok(Body::Remark(remark)) => remark.text,
        Ok(Body::Reply(reply)) => reply.text,
        Ok(Body::Command(command)) => command.reason.unwrap_or_default(),
        _ => String::new(),
    }
}
