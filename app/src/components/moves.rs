//! What can be done with a document as a whole: a button for each move of its life that the person may ask for now,
//! and the question behind it. Sending it has a page of its own (`pages::check`), and parked work is applied where it is
//! listed (`pages::on_this_device`, `pages::review`).

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
    /// Whether the buttons look like links.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let open = handle.memo(|view| view.moves().filter(is_asked_here).map(|one| one.action).collect::<Vec<_>>());
    // The usual move stands out: the first that needs no words of one's own.
    let main = handle.memo(|view| {
        let first = view.moves().filter(is_asked_here).find(|one| !asks_for_words(one));
        first.map(|one| one.action)
    });
    let form = handle.peek(|view| view.form)?;
    let rows = actions(handle, form).into_iter().map(|(action, key)| {
        let is_open = move || open.with(|open| open.iter().flatten().any(|one| *one == action));
        let class = move || match main.get().flatten() == Some(action) {
            _ if plain => "btn plain",
            true => "btn main",
            false => "btn",
        };
        view! { <ActionButton handle form action key is_open=Signal::derive(is_open) class=Signal::derive(class)/> }
    });
    Some(rows.collect_view())
}

fn is_asked_here(one: &&'static Move) -> bool {
    !one.asks_for(Ask::Complete) && !one.does(Deed::Adopt)
}

fn asks_for_words(one: &Move) -> bool {
    one.asks_for(Ask::ReasonInWords) || one.asks_for(Ask::Remarks)
}

/// Returns every action that may come to be this person's to ask for, with its name in message keys.
fn actions(handle: DocumentHandle, form: &'static Form) -> Vec<(Action, &'static str)> {
    let mut found = Vec::new();
    let mine = |one: &Move| handle.peek(|view| view.may_come_to(one)) == Some(true);
    for one in form.workflow.moves.iter().filter(is_asked_here).filter(|one| mine(one)) {
        if !found.contains(&(one.action, one.key)) {
            found.push((one.action, one.key));
        }
    }
    found
}

/// Draws one button, and asks before the move is made: with which remarks, and why.
#[component]
fn ActionButton(
    handle: DocumentHandle,
    form: &'static Form,
    action: Action,
    /// The action's name in message keys.
    key: &'static str,
    is_open: Signal<bool>,
    class: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move |part: &'static str| Signal::derive(move || i18n.of_form(form, &format!("action.{key}.{part}")));
    // The same action may ask for other things from another state.
    let asks = handle.memo(move |view| view.moves().find(|one| one.action == action).map(|one| one.asks));
    let asks = move |ask: Ask| asks.get().flatten().is_some_and(|asks| asks.contains(&ask));
    let needs_words = move || asks(Ask::ReasonInWords) || asks(Ask::Remarks);
    let asks_why = move || asks(Ask::Reason) || needs_words();
    let remarks = handle.memo(unsent);
    let remarks = move || if asks(Ask::Remarks) { remarks.get().unwrap_or_default() } else { Vec::new() };
    let words = move || match remarks().len() {
        0 => text("do").get(),
        n => i18n.count(&format!("form.{}.action.{key}.with", form.key), n),
    };
    let (dialog, reason_id) = (format!("move-{key}"), format!("{key}-why"));
    let draft = CommentDraft::open(handle, &reason_id);
    // The reason is put away once the move it belongs to is written down, not before.
    let moving = handle.memo(move |view| view.queued() == Some(action));
    Effect::new(move |_| {
        if moving.get() == Some(true) && !draft.words().is_empty() {
            draft.clear();
        }
    });
    let confirm = {
        let reason_id = reason_id.clone();
        move || {
            let (reason, remarks) = (draft.words(), untrack(remarks));
            let missing = untrack(needs_words) && remarks.is_empty() && reason.is_empty();
            if missing || draft.is_too_long() {
                return Err(reason_id.clone());
            }
            // Somebody else may have moved it meanwhile.
            if is_open.get_untracked() {
                handle.command(action, (!reason.is_empty()).then_some(reason), remarks);
                browser::focus_heading();
            }
            Ok(())
        }
    };
    let label = move || i18n.get(if needs_words() { "ui.move.reason_needed" } else { "ui.move.reason" });
    let ends = form.workflow.moves.iter().filter(|one| one.action == action);
    let ends = ends.filter_map(|one| one.to).any(|to| form.workflow.phase(to) == Phase::Closed);
    let open = {
        let dialog = dialog.clone();
        move |_| browser::open_dialog(&dialog)
    };
    view! {
        <button type="button" class=class hidden=move || !is_open.get() on:click=open>{words}</button>
        <ConfirmDialog id=dialog cautious=ends title=text("do") text=text("text") yes=text("do") confirm>
            <div class="f" hidden=move || !asks_why()><label for=reason_id.clone()>{label}</label><DraftArea draft id=reason_id/></div>
        </ConfirmDialog>
    }
}

fn unsent(view: &DocumentView) -> Vec<OpId> {
    view.unsent_remarks().into_iter().map(|(id, _)| id).collect()
}
