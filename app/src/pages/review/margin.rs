//! The margin of a review: remarks that were sent, remarks not yet sent, internal notes.

use std::collections::BTreeSet;

use shared::document::Thread;
use shared::ids::{OpId, Scope};
use shared::op::{Body, Remark, Withdraw};
use shared::value::{FieldId, Target};

use crate::parts::file::{File, Open, anchor};
use crate::parts::icon::icon;
use crate::parts::pen::Pen;
use crate::parts::remarks;
use crate::view::{CollectView, View, view};
use crate::words;

/// Returns the remarks not yet sent.
pub fn drafts(file: &File) -> Vec<(OpId, Thread)> {
    let sent: BTreeSet<OpId> = file.shared.threads.values().filter_map(|thread| thread.published_from).collect();
    let unsent =
        file.internal.threads.iter().filter(|(id, thread)| !thread.internal && !thread.withdrawn && !sent.contains(id));
    unsent.map(|(id, thread)| (*id, thread.clone())).collect()
}

/// Returns the fields that have remarks, sent or not.
pub fn remarked(file: &File) -> BTreeSet<FieldId> {
    let sent = file.shared.threads.values().filter_map(|thread| thread.target);
    let whole = |target: Target| file.form.list_of(target.field).map_or(target.field, |list| list.id);
    sent.chain(drafts(file).into_iter().filter_map(|(_, thread)| thread.target)).map(whole).collect()
}

/// Draws the margin beside one field, or beside the whole.
pub fn margin(open: Open, target: Option<Target>) -> View {
    let unsent = open
        .memo(move |file| drafts(file).into_iter().filter(|(_, thread)| thread.target == target).collect::<Vec<_>>());
    view! {
        {remarks::remarks(open, target)}
        {move || unsent.get().unwrap_or_default().into_iter().map(|(id, thread)| view! {
            <div class="note"><p><b>{open.by(&thread.mark)}</b>" "<span class="tag">{words::t("ui.remark.unsent")}</span></p>
                <p class="words pre" dir="auto">{thread.text}</p>
                <p><button type="button" class="btn plain small" on:click=move |_| open.put_on(Scope::internal(open.id), Body::Withdraw(Withdraw { remark: id }))>{words::t("ui.remark.withdraw")}</button></p></div>
        }).collect_view()}
        {pen(open, target, false)}
    }
}

/// Draws the notes that stay with staff.
pub fn internal_notes(open: Open) -> View {
    let notes = open.memo(|file| {
        let notes = file.internal.threads.values().filter(|thread| thread.internal && !thread.withdrawn);
        notes.map(|thread| (thread.mark, thread.text.clone())).collect::<Vec<_>>()
    });
    view! {
        <section><h2 class="rule">{words::t("ui.review.internal")}</h2><p class="small quiet">{words::t("ui.review.internal_text")}</p>
            {move || notes.get().unwrap_or_default().into_iter().map(|(mark, text)| view! {
                <div class="note"><p><b>{open.by(&mark)}</b></p><p class="words pre" dir="auto">{text}</p></div> }).collect_view()}
            {pen(open, None, true)}</section>
    }
}

fn pen(open: Open, target: Option<Target>, internal: bool) -> View {
    let place = if internal { "note".to_owned() } else { target.map(anchor).unwrap_or_default() };
    let pen = Pen::new(open, &place);
    let writing = pen.writing;
    let remark = move |text| Body::Remark(Remark { target, text, internal, published_from: None, written_by: None });
    let keep = move |_| pen.say(Scope::internal(open.id), remark);
    let add = if internal { "ui.review.add_note" } else { "ui.remark.add" };
    view! {
        <p hidden=move || writing.get()><button type="button" class="btn plain small" on:click=move |_| pen.begin()>{icon("note")}{words::t(add)}</button></p>
        <div class="note" hidden=move || !writing.get()>
            {pen.area(None, Some(words::t(add)))}
            <p class="row gap-s"><button type="button" class="btn" on:click=keep>{words::t("ui.remark.keep")}</button>
                <button type="button" class="btn plain" on:click=move |_| writing.set(false)>{words::t("ui.cancel")}</button></p>
        </div>
    }
}
