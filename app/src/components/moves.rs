//! What can be done with a document as a whole: a button for each move of its life that the person may ask for now,
//! and the question behind it. Sending has a page of its own (`pages::check`); parked work is applied where it stands.

use leptos::prelude::*;
use shared::form::Form;
use shared::form::workflow::{Action, Ask, Deed, Move, Phase};
use shared::ids::OpId;

use super::comment_draft::{CommentDraft, DraftArea};
use super::confirm_dialog::ConfirmDialog;
use crate::browser;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Draws the buttons and their dialogs.
#[component]
pub fn Moves(
    handle: DocumentHandle,
    /// Whether the buttons stand back among others.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let open = handle.memo(|view| view.moves().filter(is_asked_here).map(|one| one.action).collect::<Vec<_>>());
    // The move most come for stands out: the first that needs no words of one's own.
    let main = handle.memo(|view| {
        let first = view.moves().filter(is_asked_here).find(|one| !asks_for_words(one));
        first.map(|one| one.action)
    });
    let form = handle.peek(|view| view.form)?;
    let rows = moves_of_form(handle, form).into_iter().map(|one| {
        let is_open = move || open.with(|open| open.iter().flatten().any(|action| *action == one.action));
        let class = move || match main.get().flatten() == Some(one.action) {
            _ if plain => "btn plain",
            true => "btn main",
            false => "btn",
        };
        view! { <MoveButton handle form one is_open=Signal::derive(is_open) class=Signal::derive(class)/> }
    });
    Some(rows.collect_view())
}

fn is_asked_here(one: &&'static Move) -> bool {
    !one.asks_for(Ask::Complete) && !one.does(Deed::Adopt)
}

fn asks_for_words(one: &Move) -> bool {
    one.asks_for(Ask::ReasonInWords) || one.asks_for(Ask::Remarks)
}

/// Returns one move for each action that may ever be this person's to ask for.
fn moves_of_form(handle: DocumentHandle, form: &'static Form) -> Vec<&'static Move> {
    let mut found: Vec<&'static Move> = Vec::new();
    let mine = |one: &Move| handle.peek(|view| view.has_move(one)) == Some(true);
    for one in form.workflow.moves.iter().filter(is_asked_here).filter(|one| mine(one)) {
        if !found.iter().any(|known| known.action == one.action) {
            found.push(one);
        }
    }
    found
}

/// Draws one button, and asks before the move is made: with which remarks, and why.
#[component]
fn MoveButton(
    handle: DocumentHandle,
    form: &'static Form,
    one: &'static Move,
    is_open: Signal<bool>,
    class: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text =
        move |part: &'static str| Signal::derive(move || i18n.of_form(form, &format!("action.{}.{part}", one.key)));
    let remarks = handle.memo(move |view| if one.asks_for(Ask::Remarks) { unsent(view) } else { Vec::new() });
    let remarks = move || remarks.get().unwrap_or_default();
    let words = move || match remarks().len() {
        0 => text("do").get(),
        n => i18n.count(&format!("form.{}.action.{}.with", form.key, one.key), n),
    };
    let asks_why = one.asks_for(Ask::Reason) || asks_for_words(one);
    let reason_id = format!("{}-why", one.key);
    let draft = CommentDraft::open(handle, &reason_id);
    // The reason is put away once the move it belongs to is written down, not before.
    let moving = handle.memo(move |view| view.queued() == Some(one.action));
    Effect::new(move |_| {
        if asks_why && moving.get() == Some(true) {
            draft.clear();
        }
    });
    let confirm = {
        let reason_id = reason_id.clone();
        move || {
            let (reason, remarks) = (draft.words(), remarks());
            let missing = asks_for_words(one) && remarks.is_empty() && reason.is_empty();
            if missing || draft.is_too_long() {
                return Err(reason_id.clone());
            }
            ask(handle, one.action, reason, remarks);
            Ok(())
        }
    };
    let label = if asks_for_words(one) { "ui.move.reason_needed" } else { "ui.move.reason" };
    let why = asks_why.then(|| {
        view! { <div class="f"><label for=reason_id.clone()>{i18n.text(label)}</label><DraftArea draft id=reason_id/></div> }
    });
    let ends = one.to.is_some_and(|to| form.workflow.phase(to) == Phase::Closed);
    view! {
        <button type="button" class=class hidden=move || !is_open.get() on:click=move |_| browser::open_dialog(one.key)>{words}</button>
        <ConfirmDialog id=one.key cautious=ends title=text("do") text=text("text") yes=text("do") confirm>{why}</ConfirmDialog>
    }
}

fn unsent(view: &DocumentView) -> Vec<OpId> {
    view.unsent_remarks().into_iter().map(|(id, _)| id).collect()
}

fn ask(handle: DocumentHandle, action: Action, reason: String, remarks: Vec<OpId>) {
    handle.command(action, (!reason.is_empty()).then_some(reason), remarks);
}
