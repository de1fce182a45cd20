//! Remarks on a field or on the whole, with their answers. Which remarks are drafts of staff is the
//! internal side's matter.

use shared::document::Thread;
use shared::ids::{OpId, Scope};
use shared::op::{Body, Reply, Settle};
use shared::value::Target;

use super::dom;
use super::file::Open;
use super::icon::icon;
use crate::state::RwSignal;
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the remarks sent on `target` (`None`: on the whole).
pub fn remarks(open: Open, target: Option<Target>) -> View {
    let here = open.memo(move |file| {
        let threads = file.shared.threads.iter().filter(|(_, thread)| thread.target == target && !thread.withdrawn);
        threads.map(|(id, thread)| (*id, thread.clone())).collect::<Vec<_>>()
    });
    view! {
        {move || here.get().filter(|here| !here.is_empty()).map(|here| view! {
            <div class="notes">{here.into_iter().map(|(id, thread)| one(open, id, thread)).collect_view()}</div>
        })}
    }
}

/// Draws one remark with its answers, and what can be done.
pub fn one(open: Open, id: OpId, thread: Thread) -> View {
    let replying = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let scope = Scope::shared(open.id);
    let settled = thread.settled;
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
    let send = move |_| {
        let words = text.get_untracked().trim().to_owned();
        if !words.is_empty() {
            open.put_on(scope, Body::Reply(Reply { remark: id, text: words }));
        }
        replying.set(false);
    };
    let settle = move |_| open.put_on(scope, Body::Settle(Settle { remark: id, settled: settled.is_none() }));
    let staff = open.session.is_staff();
    view! {
        <div class="note" id=format!("n{:x}-{}", id.replica.0, id.counter)>
            <p><b>{open.by(&thread.mark)}</b></p>
            <p class="words pre" dir="auto">{thread.text.clone()}</p>
            {replies}
            {settled.map(|mark| view! { <p class="quiet small">{icon("check")}" "{words::with("ui.remark.settled_by", &[("who", &open.by(&mark))])}</p> })}
            <div hidden=move || !replying.get()>
                <textarea rows="3" aria-label=words::t("ui.remark.answer") prop:value=move || text.get()
                    on:input=move |event| text.set(dom::typed(&event))></textarea>
                <p class="row gap-s"><button type="button" class="btn small" on:click=send>{words::t("ui.remark.keep")}</button>
                    <button type="button" class="btn plain small" on:click=move |_| replying.set(false)>{words::t("ui.cancel")}</button></p>
            </div>
            <p class="row" hidden=move || replying.get()>
                <button type="button" class="btn small" on:click=move |_| replying.set(true)>{words::t("ui.remark.answer")}</button>
                {staff.then(|| view! { <button type="button" class="btn plain small" on:click=settle>
                    {words::t(if settled.is_some() { "ui.remark.reopen" } else { "ui.remark.settle" })}</button> })}
            </p>
        </div>
    }
}
