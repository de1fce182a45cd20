//! Remarks on a field or on the whole, with their answers. Which remarks are drafts of staff is the
//! internal side's matter.

use shared::document::Thread;
use shared::ids::{OpId, Scope};
use shared::op::{Body, Reply, Settle};
use shared::value::Target;

use super::file::Open;
use super::icon::icon;
use super::pen::Pen;
use crate::view::{CollectView, View, keyed, view};
use crate::words;

/// Draws the remarks sent on `target` (`None`: on the whole). Each stays as it is drawn while others
/// come: an answer being written is not disturbed.
pub fn remarks(open: Open, target: Option<Target>) -> View {
    let here = open.memo(move |file| {
        let threads = file.shared.threads.iter().filter(|(_, thread)| thread.target == target && !thread.withdrawn);
        threads.map(|(id, _)| *id).collect::<Vec<_>>()
    });
    let here = move || here.get().unwrap_or_default();
    view! { <div class="notes" hidden=move || here().is_empty()>{keyed(here, move |id| one(open, id))}</div> }
}

/// Draws one remark with its answers, and what can be done.
fn one(open: Open, id: OpId) -> View {
    let thread = open.memo(move |file| file.shared.threads.get(&id).cloned());
    let thread = move || thread.get().flatten();
    let settled = move || thread().is_some_and(|thread| thread.settled.is_some());
    let pen = Pen::new(open, &format!("{:x}-{}", id.replica.0, id.counter));
    let replying = pen.writing;
    let scope = Scope::shared(open.id);
    let send = move |_| pen.say(scope, move |text| Body::Reply(Reply { remark: id, text }));
    let settle = move |_| open.put_on(scope, Body::Settle(Settle { remark: id, settled: !settled() }));
    let staff = open.session.is_staff();
    view! {
        <div class="note" id=format!("n{:x}-{}", id.replica.0, id.counter)>
            {move || thread().map(|thread| told(open, thread))}
            <div hidden=move || !replying.get()>
                {pen.area(None, Some(words::t("ui.remark.answer")))}
                <p class="row gap-s"><button type="button" class="btn small" on:click=send>{words::t("ui.remark.keep")}</button>
                    <button type="button" class="btn plain small" on:click=move |_| replying.set(false)>{words::t("ui.cancel")}</button></p>
            </div>
            <p class="row" hidden=move || replying.get()>
                <button type="button" class="btn small" on:click=move |_| pen.begin()>{words::t("ui.remark.answer")}</button>
                {staff.then(|| view! { <button type="button" class="btn plain small" on:click=settle>
                    {move || words::t(if settled() { "ui.remark.reopen" } else { "ui.remark.settle" })}</button> })}
            </p>
        </div>
    }
}

/// Draws what was said.
fn told(open: Open, thread: Thread) -> View {
    let replies = thread
        .replies
        .iter()
        .map(|(mark, text)| {
            view! {
                <p><b>{open.by(mark)}</b>{(mark.seq == 0).then(|| format!(", {}", words::t("ui.place.device")))}</p>
                <p class="words pre" dir="auto">{text.clone()}</p>
            }
        })
        .collect_view();
    view! {
        <p><b>{open.by(&thread.mark)}</b></p>
        <p class="words pre" dir="auto">{thread.text}</p>
        {replies}
        {thread.settled.map(|mark| view! { <p class="quiet small">{icon("check")}" "{words::with("ui.remark.settled_by", &[("who", &open.by(&mark))])}</p> })}
    }
}
