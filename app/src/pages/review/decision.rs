//! What is still open, then the decisions that can be taken.

use leptos::prelude::*;
use shared::check::Severity;
use shared::eligibility::Outcome;
use shared::ids::OpId;
use shared::workflow::{Action, State};

use super::margin::unsent_remarks;
use super::rail::assessed;
use crate::browser;
use crate::components::comment_draft::{CommentDraft, DraftArea};
use crate::components::confirm_dialog::ConfirmDialog;
use crate::components::history::state_words;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Draws the bar with the decisions, and the dialogs behind them.
#[component]
pub fn Decision(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let remarks = handle.memo(|view| unsent_remarks(view).into_iter().map(|(id, _)| id).collect::<Vec<OpId>>());
    let remarks = move || remarks.get().unwrap_or_default();
    let standing = handle.memo(|view| (view.shared.state, view.queued().is_some()));
    let returnable = move || matches!(standing.get(), Some((State::Received | State::Registered, false)));
    let registrable = move || matches!(standing.get(), Some((State::Received, false)));
    let return_words = move || match remarks().len() {
        0 => i18n.get("ui.review.return.none"),
        n => i18n.count("ui.review.return", n),
    };
    let register = move || {
        handle.command(Action::Register, None, Vec::new());
        Ok(())
    };
    let text = move |key: &'static str| Signal::derive(i18n.text(key));
    view! {
        <footer class="foot"><div class="wrap row"><span role="status"><Standing handle/></span><span class="row">
            <button type="button" class="btn" hidden=move || !returnable() on:click=|_| browser::open_dialog("return")>{return_words}</button>
            <button type="button" class="btn main" hidden=move || !registrable() on:click=|_| browser::open_dialog("register")>{i18n.text("ui.review.register")}</button>
        </span></div></footer>
        <ReturnDialog handle remarks=Signal::derive(remarks)/>
        <ConfirmDialog id="register" title=text("ui.review.register") text=text("ui.review.register_text")
            yes=text("ui.review.register") confirm=register/>
    }
}

/// Says where the document stands and what speaks against a decision.
#[component]
fn Standing(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let state = move || handle.look(|view| format!("{}.", state_words(i18n, view.shared.state)));
    let told = move || {
        let (queued, remarks) = handle.look(|view| (view.queued().is_some(), unsent_remarks(view).len()))?;
        match (queued, remarks) {
            (true, _) => Some(i18n.get("ui.review.queued")),
            (false, 0) => None,
            (false, n) => Some(i18n.count("ui.review.drafts", n)),
        }
    };
    let missing = move || {
        let blocking = |problems: &[shared::check::Problem]| {
            problems.iter().filter(|problem| problem.severity == Severity::Blocks).count()
        };
        let count = handle.look(|view| blocking(&view.problems)).filter(|count| *count > 0)?;
        Some(i18n.count("ui.review.incomplete", count))
    };
    let unmet = move || {
        let findings = handle.look(assessed).flatten()?.findings;
        let count = findings.iter().filter(|finding| finding.outcome == Outcome::Fails).count();
        (count > 0).then(|| view! { " "<span class="bad">{i18n.count("ui.review.unmet", count)}</span> })
    };
    view! { <b>{state}</b>" "<span class="quiet">{told}" "{missing}</span>{unmet} }
}

/// Asks before a document is sent back with its remarks, and why.
#[component]
fn ReturnDialog(handle: DocumentHandle, remarks: Signal<Vec<OpId>>) -> impl IntoView {
    const REASON: &str = "why";
    let i18n = use_i18n();
    let draft = CommentDraft::open(handle, REASON);
    // The reason is put away once the decision it belongs to is written down, not before.
    let returning = handle.memo(|view| view.queued() == Some(Action::Return));
    Effect::new(move |_| {
        if returning.get() == Some(true) {
            draft.clear();
        }
    });
    let confirm = move || {
        let words = draft.words();
        let remarks = remarks.get_untracked();
        if (remarks.is_empty() && words.is_empty()) || draft.is_too_long() {
            return Err(REASON);
        }
        handle.command(Action::Return, Some(words), remarks);
        Ok(())
    };
    let text = move |key: &'static str| Signal::derive(i18n.text(key));
    view! {
        <ConfirmDialog id="return" title=text("ui.review.return_title") text=text("ui.review.return_text")
            yes=text("ui.review.return_yes") confirm>
            <div class="f"><label for=REASON>{i18n.text("ui.review.reason")}</label><DraftArea draft id=REASON/></div>
        </ConfirmDialog>
    }
}
