//! Remarks on a field or on the whole, with their answers. Which remarks staff have not sent yet is the internal
//! side's matter.

use leptos::prelude::*;
use shared::document::Thread;
use shared::ids::{OpId, Scope};
use shared::op::{Body, Reply, Settle};
use shared::value::Target;

use super::comment_draft::{CommentDraft, DraftArea};
use super::history::author_and_time;
use super::icon::Icon;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};

/// Draws the remarks sent on `target` (`None`: on the whole). Each stays as it is drawn while others come: an answer
/// being written is not disturbed.
#[component]
pub fn Remarks(handle: DocumentHandle, target: Option<Target>) -> impl IntoView {
    let here = handle.memo(move |view| {
        let threads = view.shared.threads.iter().filter(|(_, thread)| thread.target == target && !thread.withdrawn);
        threads.map(|(id, _)| *id).collect::<Vec<_>>()
    });
    let here = move || here.get().unwrap_or_default();
    view! {
        <div class="notes" hidden=move || here().is_empty()>
            <For each=here key=|id| *id children=move |id| view! { <RemarkThread handle id/> }/>
        </div>
    }
}

/// Draws one remark with its answers, and what can be done.
#[component]
fn RemarkThread(handle: DocumentHandle, id: OpId) -> impl IntoView {
    let i18n = use_i18n();
    let thread = handle.memo(move |view| view.shared.threads.get(&id).cloned());
    let settled = move || thread.with(|thread| thread.iter().flatten().any(|thread| thread.settled.is_some()));
    let place = format!("{:x}-{}", id.replica.0, id.counter);
    let draft = CommentDraft::open(handle, &place);
    let writing = draft.writing;
    let scope = Scope::shared(handle.id);
    let add = move |_| draft.add(scope, move |text| Body::Reply(Reply { remark: id, text }));
    let settle = move |_| handle.edit_side(scope, Body::Settle(Settle { remark: id, settled: !settled() }));
    let may_settle = handle.peek(DocumentView::remarks) == Some(true);
    view! {
        <div class="note" id=format!("n{place}")>
            {move || thread.get().flatten().map(|thread| told(i18n, handle, thread))}
            <div hidden=move || !writing.get()>
                <DraftArea draft label=Signal::derive(i18n.text("ui.remark.answer"))/>
                <p class="row gap-s"><button type="button" class="btn small" on:click=add>{i18n.text("ui.remark.keep")}</button>
                    <button type="button" class="btn plain small" on:click=move |_| writing.set(false)>{i18n.text("ui.cancel")}</button></p>
            </div>
            <p class="row" hidden=move || writing.get()>
                <button type="button" class="btn small" on:click=move |_| draft.begin()>{i18n.text("ui.remark.answer")}</button>
                {may_settle.then(|| view! {
                    <button type="button" class="btn plain small" on:click=settle>
                        {move || i18n.get(if settled() { "ui.remark.reopen" } else { "ui.remark.settle" })}</button>
                })}
            </p>
        </div>
    }
}

/// Draws what was said.
fn told(i18n: I18n, handle: DocumentHandle, thread: Thread) -> impl IntoView {
    let replies = thread.replies.iter().map(|(mark, text)| {
        let place = (mark.seq == 0).then(|| format!(", {}", i18n.get("ui.place.device")));
        view! {
            <p><b>{author_and_time(i18n, handle, mark)}</b>{place}</p>
            <p class="words pre" dir="auto">{text.clone()}</p>
        }
    });
    let replies = replies.collect_view();
    let settled = thread.settled.map(|mark| {
        let words = i18n.with("ui.remark.settled_by", &[("who", &author_and_time(i18n, handle, &mark))]);
        view! { <p class="quiet small"><Icon name="check"/>" "{words}</p> }
    });
    view! {
        <p><b>{author_and_time(i18n, handle, &thread.mark)}</b></p>
        <p class="words pre" dir="auto">{thread.text}</p>
        {replies}
        {settled}
    }
}
