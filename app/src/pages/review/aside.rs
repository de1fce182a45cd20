//! What a partner wrote that came too late: shown in full, to be applied after all or left.

use shared::ids::Scope;
use shared::merge::Mark;
use shared::op::{Body, ParkedOp, Settle};
use shared::sync::admission::Reason;
use shared::workflow::{Action, State};

use super::super::device::{what, words_of};
use crate::parts::file::Open;
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws everything that was put aside; nothing when nothing was.
pub fn put_aside(open: Open) -> View {
    let late = open.memo(|file| file.internal.parked.clone().unwrap_or_default());
    let late = move || late.get().unwrap_or_default();
    let waits =
        open.memo(|file| matches!(file.shared.state, State::Received | State::Registered) && file.queued().is_none());
    view! {
        <section hidden=move || late().is_empty()><h2 class="rule">{words::t("ui.review.aside")}" "<span class="quiet">{move || late().len()}</span></h2>
            <p class="small quiet">{words::t("ui.review.aside_text")}</p>
            {move || { let applicable = waits.get() == Some(true); late().into_iter().map(|aside| slip(open, &aside, applicable)).collect_view() }}</section>
    }
}

fn slip(open: Open, aside: &ParkedOp, applicable: bool) -> View {
    let op = &aside.entry.op;
    let id = op.id;
    let text = words_of(op);
    let quoted = (!text.is_empty()).then(|| view! { <p class="words pre gap-s" dir="auto">{text}</p> });
    let reason = Reason::from_number(aside.reason).map_or("unknown_kind", Reason::key);
    let apply = move |_| open.command(Action::Adopt, None, vec![id]);
    let leave = move |_| {
        open.put_on(Scope::internal(open.id), Body::Settle(Settle { remark: id, settled: true }));
    };
    view! {
        <div class="slip"><p><b>{what(op)}</b></p>
            <p class="small quiet">{open.by(&Mark::of(&aside.entry))}</p>
            {quoted}
            <p class="small gap-s">{words::t(&format!("ui.reason.{reason}"))}</p>
            <p class="row gap-s">
                {applicable.then(|| view! { <button type="button" class="btn" on:click=apply>{words::t("ui.review.aside_apply")}</button> })}
                <button type="button" class="btn plain small" on:click=leave>{words::t("ui.review.aside_leave")}</button>
            </p></div>
    }
}
