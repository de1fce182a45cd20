//! The margin of a review: remarks that were sent, remarks not yet sent, internal notes.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::ids::Scope;
use shared::op::{Body, Remark, Withdraw};
use shared::value::{FieldId, Target};

use crate::components::comment_draft::{CommentDraft, DraftArea};
use crate::components::history::author_and_time;
use crate::components::icon::Icon;
use crate::components::remarks::Remarks;
use crate::documents::DocumentView;
use crate::documents::handle::{DocumentHandle, control_id};
use crate::i18n::use_i18n;

/// Returns the fields that have remarks, sent or not.
pub fn remarked(view: &DocumentView) -> BTreeSet<FieldId> {
    let sent = view.shared.threads.values().filter_map(|thread| thread.target);
    let whole = |target: Target| view.form.container_of(target.field).map_or(target.field, |list| list.id);
    sent.chain(view.unsent_remarks().into_iter().filter_map(|(_, thread)| thread.target)).map(whole).collect()
}

/// Draws the margin beside one field, or beside the whole.
#[component]
pub fn Margin(handle: DocumentHandle, target: Option<Target>) -> impl IntoView {
    let i18n = use_i18n();
    let unsent = handle.memo(move |view| {
        view.unsent_remarks().into_iter().filter(|(_, thread)| thread.target == target).collect::<Vec<_>>()
    });
    let slips = move || {
        let slips = unsent.get().unwrap_or_default().into_iter().map(|(id, thread)| {
            let withdraw =
                move |_| handle.edit_side(Scope::internal(handle.id), Body::Withdraw(Withdraw { remark: id }));
            view! {
                <div class="note"><p><b>{author_and_time(i18n, handle, &thread.mark)}</b>" "<span class="tag">{i18n.get("ui.remark.unsent")}</span></p>
                    <p class="words pre" dir="auto">{thread.text}</p>
                    <p><button type="button" class="btn plain small" on:click=withdraw>{i18n.get("ui.remark.withdraw")}</button></p></div>
            }
        });
        slips.collect_view()
    };
    view! {
        <Remarks handle target/>
        {slips}
        <NewRemark handle target internal=false/>
    }
}

/// Draws the notes that stay with staff.
#[component]
pub fn InternalNotes(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let notes = handle.memo(|view| {
        let notes = view.internal.threads.values().filter(|thread| thread.internal && !thread.withdrawn);
        notes.map(|thread| (thread.mark, thread.text.clone())).collect::<Vec<_>>()
    });
    let slips = move || {
        let slips = notes.get().unwrap_or_default().into_iter().map(|(mark, text)| {
            view! { <div class="note"><p><b>{author_and_time(i18n, handle, &mark)}</b></p><p class="words pre" dir="auto">{text}</p></div> }
        });
        slips.collect_view()
    };
    view! {
        <section><h2 class="rule">{i18n.text("ui.review.internal")}</h2><p class="small quiet">{i18n.text("ui.review.internal_text")}</p>
            {slips}
            <NewRemark handle target=None internal=true/></section>
    }
}

/// Draws the button that begins a remark or an internal note, and where it is written.
#[component]
fn NewRemark(handle: DocumentHandle, target: Option<Target>, internal: bool) -> impl IntoView {
    let i18n = use_i18n();
    let place = if internal { "note".to_owned() } else { target.map(control_id).unwrap_or_default() };
    let draft = CommentDraft::open(handle, &place);
    let writing = draft.writing;
    let remark = move |text| Body::Remark(Remark { target, text, internal, published_from: None, written_by: None });
    let add = move |_| draft.add(Scope::internal(handle.id), remark);
    let begin = i18n.text(if internal { "ui.review.add_note" } else { "ui.remark.add" });
    view! {
        <p hidden=move || writing.get()>
            <button type="button" class="btn plain small" on:click=move |_| draft.begin()><Icon name="note"/>{begin.clone()}</button></p>
        <div class="note" hidden=move || !writing.get()>
            <DraftArea draft label=Signal::derive(begin)/>
            <p class="row gap-s"><button type="button" class="btn" on:click=add>{i18n.text("ui.remark.keep")}</button>
                <button type="button" class="btn plain" on:click=move |_| writing.set(false)>{i18n.text("ui.cancel")}</button></p>
        </div>
    }
}
