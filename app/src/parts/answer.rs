//! An answer as it reads: for review, print and summaries. Nothing here can be changed.

use shared::answers::{Answer, Answers};
use shared::form::{Field, FieldKind};
use shared::ids::OpId;
use shared::value::{Target, Value};

use crate::view::{CollectView, View, view};
use crate::words;

/// Returns a short answer in words.
pub fn value(field: &Field, value: &Value) -> String {
    match (field.kind, value) {
        (FieldKind::Choice { list }, Value::Code(code)) => words::code(list, code),
        (_, Value::Number(number)) => words::number(*number),
        (_, Value::Date(date)) => words::day(*date),
        (_, Value::Flag(true)) => words::t("ui.yes"),
        (_, Value::Flag(false)) => words::t("ui.no"),
        (_, value) => value.to_text(),
    }
}

/// Returns any answer but a list in words; empty when there is none.
pub fn plain(field: &Field, answers: &Answers, target: Target) -> String {
    match (field.kind, answers.get(target)) {
        (_, Some(Answer::Value(one))) if !one.is_empty() => value(field, one),
        (FieldKind::Choices { list, .. }, Some(Answer::Codes(codes))) => {
            codes.iter().map(|code| words::code(list, code)).collect::<Vec<_>>().join(", ")
        }
        (_, Some(Answer::Prose(text))) => text.clone(),
        (FieldKind::Choice { list }, None) => field.default.map(|code| words::code(list, code)).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Returns one item of a list in a line.
pub fn item(field: &Field, answers: &Answers, id: OpId) -> String {
    let parts = field.item_fields().iter().map(|inner| {
        let part = plain(inner, answers, Target::in_item(id, inner.id));
        // Of a number alone nobody can tell what is counted.
        let counted = matches!(inner.kind, FieldKind::Number { .. }) && !part.is_empty();
        if counted { [words::label(inner), words::t("ui.colon"), part].concat() } else { part }
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Draws an answer; nothing when there is none.
pub fn answer(field: &'static Field, answers: &Answers, lang: Option<String>) -> Option<View> {
    let lang = if field.in_document_language { lang } else { None };
    if let FieldKind::List { .. } = field.kind {
        let items = answers.items(field.id);
        let rows = items.iter().map(|id| view! { <li>{item(field, answers, *id)}</li> }).collect_view();
        return (!items.is_empty()).then(|| view! { <ol lang=lang>{rows}</ol> });
    }
    let text = plain(field, answers, Target::of(field.id));
    (!text.trim().is_empty()).then(|| view! { <div class="words pre" dir="auto" lang=lang>{text}</div> })
}
