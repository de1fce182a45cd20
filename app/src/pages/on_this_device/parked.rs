//! One operation that was not applied: why, its words to copy, and what can be done with it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::form::workflow::{Deed, Phase};
use shared::ids::{DocumentId, OpId, Scope};
use shared::op::Body;
use shared::sync::admission::Reason;
use shared::sync::device::Own;

use super::{Files, operation_subject, operation_words, row_of, title_of};
use crate::browser;
use crate::i18n::I18n;
use crate::session::Session;

/// Draws the slip.
pub fn parked_slip(session: Session, i18n: I18n, own: &Own, files: Files) -> impl IntoView + use<> {
    let known = Reason::from_number(own.reason);
    let reason = i18n.get(&format!("ui.reason.{}", known.map_or("unknown_kind", Reason::key)));
    let document = own.op.scope.document;
    let form = row_of(files, document).and_then(|row| row.form());
    let words = operation_words(i18n, form, &own.op);
    let is_command = matches!(own.op.body(), Ok(Body::Command(_)));
    let (op, row) = (own.op.id, own.row);
    let adopt_words = move || {
        let key = form?.workflow.moves.iter().find(|one| one.does(Deed::Adopt))?.key;
        Some(i18n.of_form(form?, &format!("action.{key}.do")))
    };
    let adoptable = move || {
        let row = row_of(files, document);
        let open = row.is_some_and(|row| row.phase() == Phase::Writing && row.queued.is_none());
        open && !is_command && known.is_some_and(Reason::adoptable)
    };
    let adopt = move |_| spawn_local(adopt(session, document, op));
    let leave = move |_| spawn_local(leave_to_team(session, row));
    let quoted = (!words.is_empty()).then(|| view! { <p class="words pre gap-s" dir="auto">{words.clone()}</p> });
    let copy = (!words.is_empty()).then(|| {
        let words = words.clone();
        let copy = move |_| drop(browser::window().navigator().clipboard().write_text(&words));
        view! { <button type="button" class="btn plain small" on:click=copy>{i18n.text("ui.device.copy")}</button> }
    });
    view! {
        <div class="slip">
            <p><b>{operation_subject(i18n, form, &own.op)}</b></p>
            <p class="small quiet">{move || title_of(i18n, row_of(files, document).as_ref())}", "{i18n.moment(own.op.wall_ms)}</p>
            {quoted}
            <p class="small gap-s">{reason}" "{i18n.text("ui.device.not_lost")}</p>
            {move || adoptable().then(|| view! {
                <p class="gap-s"><button type="button" class="btn" on:click=adopt>{adopt_words}</button></p> })}
            <p class="row">
                {copy}
                <button type="button" class="btn plain small" on:click=leave>{i18n.text("ui.device.leave_to_team")}</button>
            </p>
        </div>
    }
}

/// Asks the server to apply it after all.
async fn adopt(session: Session, document: DocumentId, op: OpId) {
    let Some(repository) = session.repository() else { return };
    let Ok(views) = repository.views(document).await else { return };
    let (Some(actor), Some(holder)) = (session.actor(), views.shared.holder(Some(0))) else { return };
    let Some(step) = holder.move_that_does(&actor, views.shared.state, Deed::Adopt) else { return };
    let command = views.shared.ask(step.action, None, vec![op]);
    session.write(vec![(Scope::shared(document), Body::Command(command))]).await;
}

/// Takes it off this device's list; staff can still read it.
async fn leave_to_team(session: Session, row: u64) {
    let Some(repository) = session.repository() else { return };
    if let Err(error) = repository.forget_parked(row).await {
        session.report_fault(error);
    }
    session.documents_changed();
}
