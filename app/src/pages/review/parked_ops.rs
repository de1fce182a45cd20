//! What a partner wrote that came too late: shown in full, to be applied after all or left.

use leptos::prelude::*;
use shared::form::workflow::{Action, Deed};
use shared::ids::Scope;
use shared::merge::Mark;
use shared::op::{Body, ParkedOp, Settle};
use shared::sync::admission::Reason;

use crate::components::history::author_and_time;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};
use crate::pages::on_this_device::{operation_subject, operation_words};

/// Draws everything that was parked; nothing when nothing was.
#[component]
pub fn ParkedOps(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let parked = handle.memo(|view| view.internal.parked.clone().unwrap_or_default());
    let parked = move || parked.get().unwrap_or_default();
    let applicable = handle.memo(|view| view.move_that_does(Deed::Adopt).map(|one| (one.action, one.key)));
    let slips = move || {
        let applicable = applicable.get().flatten();
        parked().iter().map(|parked| parked_slip(i18n, handle, parked, applicable)).collect_view()
    };
    view! {
        <section hidden=move || parked().is_empty()>
            <h2 class="rule">{i18n.text("ui.review.aside")}" "<span class="quiet">{move || parked().len()}</span></h2>
            <p class="small quiet">{i18n.text("ui.review.aside_text")}</p>
            {slips}
        </section>
    }
}

fn parked_slip(
    i18n: I18n,
    handle: DocumentHandle,
    parked: &ParkedOp,
    applicable: Option<(Action, &'static str)>,
) -> impl IntoView + use<> {
    let op = &parked.entry.op;
    let id = op.id;
    let form = handle.peek(|view| view.form);
    let words = operation_words(i18n, form, op);
    let quoted = (!words.is_empty()).then(|| view! { <p class="words pre gap-s" dir="auto">{words}</p> });
    let reason = Reason::from_number(parked.reason).map_or("unknown_kind", Reason::key);
    let leave =
        move |_| handle.edit_side(Scope::internal(handle.id), Body::Settle(Settle { remark: id, settled: true }));
    view! {
        <div class="slip"><p><b>{operation_subject(i18n, form, op)}</b></p>
            <p class="small quiet">{author_and_time(i18n, handle, &Mark::of(&parked.entry))}</p>
            {quoted}
            <p class="small gap-s">{i18n.get(&format!("ui.reason.{reason}"))}</p>
            <p class="row gap-s">
                {applicable.zip(form).map(|((action, key), form)| {
                    let apply = move |_| handle.command(action, None, vec![id]);
                    view! { <button type="button" class="btn" on:click=apply>{i18n.of_form(form, &format!("action.{key}.do"))}</button> }
                })}
                <button type="button" class="btn plain small" on:click=leave>{i18n.get("ui.review.aside_leave")}</button>
            </p></div>
    }
}
