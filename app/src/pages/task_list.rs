//! One document: its sections and how far each is, where this work is, who writes along.

mod aside;
mod sections;

use leptos::prelude::*;
use shared::workflow::State;

use self::aside::SideColumn;
use self::sections::Sections;
use super::arrive;
use crate::components::back_link::BackLink;
use crate::components::document_page::DocumentPage;
use crate::components::history::{History, person_name, state_words};
use crate::components::remarks::Remarks;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};

/// Draws the task list.
#[component]
pub fn TaskList() -> impl IntoView {
    view! { <DocumentPage body=task_list_body/> }
}

fn task_list_body(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    arrive(move || title_or_untitled(i18n, handle));
    let editable = handle.memo(DocumentView::is_open_to_partner);
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <BackLink href="/" words=Signal::derive(i18n.text("ui.nav.files"))/>
            <DocumentHead handle class="head"/>
            {move || handle.look(|view| standing(i18n, handle, view)).flatten()}
            <NeedsNewer handle more=Signal::derive(|| false)/>
            <div class="cols">
                <div>
                    <Sections handle/>
                    <div hidden=move || editable.get() != Some(true)>
                        <h2 class="rule gap">{i18n.text("ui.check.title")}</h2>
                        <p class="gap-s"><a class="btn main" href=format!("/d/{}/check", handle.id)>{i18n.text("ui.check.title")}</a></p>
                        <p class="small quiet gap-s measure">{i18n.text("ui.check.offline")}</p>
                    </div>
                    <Remarks handle target=None/>
                    <History handle/>
                </div>
                <SideColumn handle/>
            </div>
        </main>
    }
}

/// Returns the title, or what stands for it.
pub(super) fn title_or_untitled(i18n: I18n, handle: DocumentHandle) -> String {
    let title = handle.look(|view| view.title().to_owned()).unwrap_or_default();
    if title.is_empty() { i18n.get("ui.file.untitled") } else { title }
}

/// Draws the head of a document: where it stands and under which code, its title, its authorities.
#[component]
pub(super) fn DocumentHead(handle: DocumentHandle, class: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class=class>
            <span class="small quiet">{move || handle.look(|view| kicker(i18n, view))}</span>
            <h1 class="words" dir="auto">{move || title_or_untitled(i18n, handle)}</h1>
            <span class="small">{move || handle.look(authorities)}</span>
        </div>
    }
}

/// Returns what stands above the title.
pub(super) fn kicker(i18n: I18n, view: &DocumentView) -> String {
    let code = view.shared.reference().map_or_else(
        || i18n.with("ui.file.provisional", &[("code", &view.id.provisional_code(&country(view)))]),
        ToOwned::to_owned,
    );
    let stand =
        if view.queued().is_some() { i18n.get("ui.state.queued") } else { state_words(i18n, view.shared.state) };
    format!("{} · {stand} · {code}", i18n.get("ui.request"))
}

fn country(view: &DocumentView) -> String {
    use shared::forms::request::{AUTHORITIES, AUTHORITY_COUNTRY};
    let first = view.answers.items(AUTHORITIES).first();
    let code = first.and_then(|item| view.answers.code(shared::value::Target::in_item(*item, AUTHORITY_COUNTRY)));
    code.unwrap_or_default().to_owned()
}

/// Returns the names of the authorities.
pub(super) fn authorities(view: &DocumentView) -> String {
    use shared::forms::request::{AUTHORITIES, AUTHORITY_NAME};
    let items = view.answers.items(AUTHORITIES).iter();
    let names = items.map(|item| view.answers.text(shared::value::Target::in_item(*item, AUTHORITY_NAME)));
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Says what happened last, when the person should know.
fn standing(i18n: I18n, handle: DocumentHandle, view: &DocumentView) -> Option<AnyView> {
    if view.queued().is_some() {
        let slip = view! {
            <div class="slip measure"><p><b>{i18n.get("ui.queued.title")}</b></p><p class="small">{i18n.get("ui.queued.text")}</p></div>
        };
        return Some(slip.into_any());
    }
    let last = &view.shared.history.last()?.transition;
    let by = format!("{}, {}", person_name(i18n, handle, last.by), i18n.moment(last.at_ms));
    let reason = last.reason.clone().map(|reason| view! { <p class="words pre" dir="auto">{reason}</p> });
    let received = i18n.get("ui.received.text");
    let (title, text) = match view.shared.state {
        State::Returned => (i18n.get("ui.returned.title"), i18n.get("ui.returned.text")),
        State::Received => {
            let receipt = view.shared.receipt().unwrap_or_default();
            (i18n.with("ui.received.title", &[("receipt", receipt)]), received)
        }
        State::Registered => {
            let reference = view.shared.reference().unwrap_or_default();
            (i18n.with("ui.registered.title", &[("reference", reference)]), received)
        }
        _ => return None,
    };
    let slip = view! {
        <div class="slip measure"><p><b>{title}</b>" "<span class="quiet small">{by}</span></p><p class="small">{text}</p>{reason}</div>
    };
    Some(slip.into_any())
}

/// Says that a part of the document needs the new version; `more` tells what is not in it.
#[component]
pub(super) fn NeedsNewer(handle: DocumentHandle, more: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let newer = handle.memo(DocumentView::needs_newer);
    move || {
        (newer.get() == Some(true) || more.get()).then(|| view! {
            <div class="slip measure"><p><b>{i18n.text("ui.later.title")}</b></p><p class="small">{i18n.text("ui.later.text")}</p></div>
        })
    }
}
