//! Answers as staff read them: beside the earlier version where there is one, and what was confided to staff.

use leptos::prelude::*;
use shared::answers::Answers;
use shared::diff::{Piece, words as word_diff};
use shared::document::Document;
use shared::form::{Field, FieldKind, Form};
use shared::ids::{OpId, PersonId};
use shared::value::Target;

use crate::components::answer::{answer, item, number, plain, table};
use crate::components::history::person_name;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::I18n;

/// Draws an answer, against the earlier one where there is one.
pub fn compared(i18n: I18n, view: &DocumentView, field: &'static Field, before: Option<&Answers>) -> AnyView {
    let target = Target::of(field.id);
    if let Some(before) = before {
        let old = in_words(i18n, view.form, field, before, target);
        let new = in_words(i18n, view.form, field, &view.answers, target);
        if old != new {
            let pieces = word_diff(&old, &new).into_iter().map(|piece| match piece {
                Piece::Same(text) => text.into_any(),
                Piece::Removed(text) => view! { <del>{text}</del> }.into_any(),
                Piece::Added(text) => view! { <ins>{text}</ins> }.into_any(),
            });
            let lang = view.language().filter(|_| field.in_document_language).map(ToOwned::to_owned);
            return view! { <div class="words pre" dir="auto" lang=lang>{pieces.collect_view()}</div> }.into_any();
        }
    }
    answer(i18n, view.form, field, &view.answers, view.language()).unwrap_or_else(|| unanswered(i18n))
}

/// Draws what each writer confided to staff.
pub fn confidential(
    i18n: I18n,
    handle: DocumentHandle,
    field: &'static Field,
    notes: &[(PersonId, Document)],
) -> AnyView {
    let Some(form) = handle.peek(|view| view.form) else { return ().into_any() };
    let told = notes.iter().filter_map(|(person, note)| {
        let answer = answer(i18n, form, field, &note.answers(), None)?;
        Some(view! { <p class="small quiet">{person_name(i18n, handle, *person)}</p>{answer} })
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { unanswered(i18n) } else { told.into_any() }
}

fn unanswered(i18n: I18n) -> AnyView {
    view! { <p class="quiet">{i18n.get("ui.review.unanswered")}</p> }.into_any()
}

/// A list reads as one line for each item, a table as one for each row.
fn in_words(i18n: I18n, form: &Form, field: &Field, answers: &Answers, target: Target) -> String {
    if let FieldKind::Table { .. } = field.kind {
        return table(i18n, form, field, answers).join("\n");
    }
    if field.item_fields().is_empty() {
        return plain(i18n, field, answers, target);
    }
    let items = answers.items(field.id).iter();
    let line =
        |id: &OpId| [number(answers, field.id, *id), ". ".to_owned(), item(i18n, form, field, answers, *id)].concat();
    items.map(line).collect::<Vec<_>>().join("\n")
}
