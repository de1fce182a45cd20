//! What is on this device and nowhere else, what was put aside, what the browser promises, the rescue file, and
//! leaving.

mod operation;
mod parked;
mod storage_promise;

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::DocumentId;
use shared::op::Op;
use shared::sync::device::Own;

pub(super) use self::operation::{operation_subject, operation_words};
use self::parked::parked_slip;
use self::storage_promise::StoragePromise;
use super::arrive;
use super::home::{title_words, use_files};
use crate::browser;
use crate::components::confirm_dialog::ConfirmDialog;
use crate::components::icon::Icon;
use crate::components::rescue_file::RescueFile;
use crate::documents::FileRow;
use crate::i18n::{I18n, use_i18n};
use crate::session::use_session;

/// The list of documents, for their titles.
type Files = RwSignal<Option<Vec<FileRow>>>;

/// Draws the page.
#[component]
pub fn OnThisDevice() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    arrive(i18n.text("ui.nav.device"));
    let unsent = RwSignal::new(Vec::<Op>::new());
    let received = RwSignal::new(0_usize);
    let parked = RwSignal::new(Vec::<Own>::new());
    let files = use_files(session);
    Effect::new(move |_| {
        session.revision.track();
        spawn_local(async move {
            let Some(repository) = session.repository() else { return };
            if let Ok(waiting) = repository.waiting().await {
                let _ = received.try_set(waiting.received);
                let _ = unsent.try_set(waiting.unsent);
            }
            if let Ok(rows) = repository.parked().await {
                let _ = parked.try_set(rows);
            }
        });
    });
    let count = move || unsent.with(Vec::len);
    let to_be_sent = move || {
        let ops = unsent.get();
        if ops.is_empty() {
            return view! { <p class="small">{i18n.text("ui.device.nothing")}</p> }.into_any();
        }
        view! {
            <ul class="rows">{unsent_lines(i18n, files, &ops)}</ul>
            <p class="gap-s"><button type="button" class="btn main" on:click=move |_| session.send_now()>{i18n.text("ui.device.send")}</button></p>
            <p class="small quiet gap-s">{i18n.text("ui.device.alone")}</p>
        }
        .into_any()
    };
    let put_aside = move || parked.get().iter().map(|own| parked_slip(session, i18n, own, files)).collect_view();
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{i18n.text("ui.nav.device")}</h1>
            <ol class="legs">
                <li class="s1"><b>{count}</b><span>{move || i18n.count("ui.legs.device", count())}</span></li>
                <li class="s2"><b>{received}</b><span>{move || i18n.count("ui.legs.received", received.get())}</span></li>
            </ol>
            <p class="small quiet gap-s">{i18n.text("ui.device.kept")}</p>
            <section>
                <h2 class="rule">{i18n.text("ui.device.unsent")}" "<span class="quiet">{count}</span></h2>
                {to_be_sent}
            </section>
            <section hidden=move || parked.with(Vec::is_empty)>
                <h2 class="rule">{i18n.text("ui.device.parked")}" "<span class="quiet">{move || parked.with(Vec::len)}</span></h2>
                {put_aside}
            </section>
            <StoragePromise/>
            <section id="rescue" tabindex="-1">
                <h2 class="rule">{i18n.text("ui.rescue.title")}</h2>
                <p class="small">{i18n.text("ui.rescue.text")}</p>
                <RescueFile/>
            </section>
            <Leave unsent=Signal::derive(count)/>
        </main>
    }
}

/// Returns the line of a document in the list.
fn row_of(files: Files, document: DocumentId) -> Option<FileRow> {
    files.with(|files| files.iter().flatten().find(|row| row.document == document).cloned())
}

/// Returns the title of a document, or what stands for it.
fn title_of(i18n: I18n, row: Option<&FileRow>) -> String {
    let title = row.map(|row| row.summary.title.as_str()).unwrap_or_default();
    title_words(i18n, row.and_then(FileRow::form), title)
}

/// One line for each field written to, newest first: a person wrote a paragraph, not forty operations.
fn unsent_lines(i18n: I18n, files: Files, ops: &[Op]) -> impl IntoView + use<> {
    let mut grouped: BTreeMap<(DocumentId, String), (i64, usize)> = BTreeMap::new();
    for op in ops {
        let form = row_of(files, op.scope.document).and_then(|row| row.form());
        let (at_ms, bytes) = grouped.entry((op.scope.document, operation_subject(i18n, form, op))).or_default();
        *at_ms = op.wall_ms.max(*at_ms);
        *bytes += op.payload.len();
    }
    let mut rows: Vec<_> = grouped.into_iter().collect();
    rows.sort_by_key(|(_, (at_ms, _))| core::cmp::Reverse(*at_ms));
    let lines = rows.into_iter().map(|((document, subject), (at_ms, bytes))| {
        let title = title_of(i18n, row_of(files, document).as_ref());
        view! {
            <li><b class="small">{subject}</b><a class="small" dir="auto" href=format!("/d/{document}")>{title}</a>
                <span class="small quiet">{i18n.moment(at_ms)}" · "{i18n.size(bytes as f64)}</span></li>
        }
    });
    lines.collect_view()
}

/// Signing out asks when work is unsent, and erases nothing in any case.
#[component]
fn Leave(unsent: Signal<usize>) -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let text = move || match unsent.get() {
        0 => i18n.get("ui.leave.clean"),
        n => i18n.count("ui.leave.unsent", n),
    };
    let leave = move || spawn_local(session.sign_out());
    let ask = move |_| if unsent.get_untracked() == 0 { leave() } else { browser::open_dialog("leave") };
    let confirm = move || {
        leave();
        Ok(())
    };
    view! {
        <section>
            <h2 class="rule">{i18n.text("ui.leave.title")}</h2>
            <p class="small">{text}</p>
            <p class="gap-s"><button type="button" class="btn bad" on:click=ask><Icon name="lock"/>{i18n.text("ui.leave.act")}</button></p>
            <ConfirmDialog id="leave" title=Signal::derive(i18n.text("ui.leave.sure")) text=Signal::derive(i18n.text("ui.leave.sure_text"))
                yes=Signal::derive(i18n.text("ui.leave.act")) confirm/>
        </section>
    }
}
