//! An answer as it reads: for review, print and summaries. Nothing here can be changed.

use leptos::prelude::*;
use shared::answers::{Answer, Answers};
use shared::form::{Field, FieldKind, Form};
use shared::ids::OpId;
use shared::value::{FieldId, Target, Value};

use crate::i18n::I18n;

/// Returns a short answer in words.
#[must_use]
pub fn value(i18n: I18n, field: &Field, value: &Value) -> String {
    match (field.kind, value) {
        (FieldKind::Choice { list }, Value::Code(code)) => i18n.code(list, code),
        (_, Value::Number(number)) => i18n.number(*number),
        (_, Value::Date(date)) => i18n.day(*date),
        (_, Value::Flag(true)) => i18n.get("ui.yes"),
        (_, Value::Flag(false)) => i18n.get("ui.no"),
        (_, value) => value.to_text(),
    }
}

/// Returns any answer but a list in words; empty when there is none.
#[must_use]
pub fn plain(i18n: I18n, field: &Field, answers: &Answers, target: Target) -> String {
    match (field.kind, answers.get(target)) {
        (_, Some(Answer::Value(one))) if !one.is_empty() => value(i18n, field, one),
        (FieldKind::Choices { list, .. }, Some(Answer::Codes(codes))) => {
            codes.iter().map(|code| i18n.code(list, code)).collect::<Vec<_>>().join(", ")
        }
        (_, Some(Answer::Prose(text))) => text.clone(),
        (FieldKind::Choice { list }, None) => field.default.map(|code| i18n.code(list, code)).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Returns one item of a list in a line.
#[must_use]
pub fn item(i18n: I18n, form: &Form, field: &Field, answers: &Answers, id: OpId) -> String {
    let parts = field.item_fields().iter().map(|inner| {
        let part = plain(i18n, inner, answers, Target::in_item(id, inner.id));
        // Of a number alone nobody can tell what is counted.
        let counted = matches!(inner.kind, FieldKind::Number { .. }) && !part.is_empty();
        if counted { [i18n.label(form, inner), i18n.get("ui.colon"), part].concat() } else { part }
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Returns a table in words: a line for each row in which anything is answered.
#[must_use]
pub fn table(i18n: I18n, form: &Form, field: &Field, answers: &Answers) -> Vec<String> {
    let FieldKind::Table { rows, columns, cell } = field.kind else { return Vec::new() };
    let (Some(row_field), Some(column_field)) = (form.field(rows), form.field(columns)) else { return Vec::new() };
    let colon = i18n.get("ui.colon");
    let lines = answers.items(rows).iter().filter_map(|row| {
        let cells = answers.items(columns).iter().filter_map(|column| {
            let said = cell.iter().map(|inner| plain(i18n, inner, answers, Target::in_cell(*row, *column, inner.id)));
            let said = said.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
            (!said.is_empty()).then(|| [item(i18n, form, column_field, answers, *column), colon.clone(), said].concat())
        });
        let cells = cells.collect::<Vec<_>>().join("; ");
        (!cells.is_empty()).then(|| format!("{} ({cells})", item(i18n, form, row_field, answers, *row)))
    });
    lines.collect()
}

/// Returns the number of an item among those below the same one, after the numbers of those it stands below:
/// `2` or `2.1`. Those of another list are numbered there.
#[must_use]
pub fn number(answers: &Answers, list: FieldId, id: OpId) -> String {
    let items = answers.items(list);
    let path = core::iter::successors(Some(id), |one| answers.parent(*one).filter(|above| items.contains(above)));
    let numbers = path.take(items.len()).map(|one| {
        let above = answers.parent(one);
        let siblings = items.iter().filter(|other| answers.parent(**other) == above);
        siblings.take_while(|other| **other != one).count() + 1
    });
    let mut numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    numbers.reverse();
    numbers.join(".")
}

/// Draws an answer in the language `lang` of its document; nothing when there is none.
#[must_use]
pub fn answer(
    i18n: I18n,
    form: &Form,
    field: &'static Field,
    answers: &Answers,
    lang: Option<&str>,
) -> Option<AnyView> {
    let lang = lang.filter(|_| field.in_document_language).map(ToOwned::to_owned);
    if let FieldKind::List { .. } = field.kind {
        let items = answers.items(field.id);
        let rows = items.iter().map(|id| {
            let (number, words) = (number(answers, field.id, *id), item(i18n, form, field, answers, *id));
            view! { <li style=("--level", answers.depth(*id).to_string())>{number}". "{words}</li> }
        });
        let rows = rows.collect_view();
        return (!items.is_empty()).then(|| view! { <ul class="items" lang=lang>{rows}</ul> }.into_any());
    }
    if let FieldKind::Table { .. } = field.kind {
        let rows = table(i18n, form, field, answers);
        let lines = rows.iter().map(|row| view! { <li>{row.clone()}</li> }).collect_view();
        return (!rows.is_empty()).then(|| view! { <ul lang=lang>{lines}</ul> }.into_any());
    }
    let text = plain(i18n, field, answers, Target::of(field.id));
    (!text.trim().is_empty()).then(|| view! { <div class="words pre" dir="auto" lang=lang>{text}</div> }.into_any())
}
