//! One document: its sections and how far each is, where this work is, who writes along.

mod aside;
mod sections;

use leptos::prelude::*;

use self::aside::SideColumn;
use self::sections::Sections;
use super::arrive;
use super::home::title_words;
use crate::components::back_link::BackLink;
use crate::components::document_page::document_page;
use crate::components::history::{History, person_name, state_words};
use crate::components::remarks::Remarks;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};

/// Draws the task list.
#[component]
pub fn TaskList() -> impl IntoView {
    document_page(task_list_body)
}

fn task_list_body(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    arrive(move || title_or_untitled(i18n, handle));
    let sendable = handle.memo(|view| view.sending().is_some());
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <BackLink href="/" words=Signal::derive(i18n.text("ui.nav.files"))/>
            <DocumentHead handle class="head"/>
            {move || handle.look(|view| standing(i18n, handle, view)).flatten()}
            <NeedsNewer handle more=Signal::derive(|| false)/>
            <div class="cols">
                <div>
                    <Sections handle/>
                    <div hidden=move || sendable.get() != Some(true)>
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
    handle.look(|view| title_words(i18n, Some(view.form), &view.summary.title)).unwrap_or_default()
}

/// Draws the head of a document: where it stands and under which code, its title, whose it is.
#[component]
pub(super) fn DocumentHead(handle: DocumentHandle, class: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class=class>
            <span class="small quiet">{move || handle.look(|view| kicker(i18n, view))}</span>
            <h1 class="words" dir="auto">{move || title_or_untitled(i18n, handle)}</h1>
            <span class="small">{move || handle.look(owners)}</span>
        </div>
    }
}

/// Returns what stands above the title.
pub(super) fn kicker(i18n: I18n, view: &DocumentView) -> String {
    let code = view.summary.reference.clone().unwrap_or_else(|| {
        let country = view.summary.countries.first().map(String::as_str).unwrap_or_default();
        i18n.with("ui.file.provisional", &[("code", &view.id.provisional_code(country))])
    });
    let stand = state_words(i18n, Some(view.form), view.shared.state, view.queued());
    format!("{} · {stand} · {code}", i18n.of_form(view.form, "name"))
}

/// Returns whose it is, by name.
pub(super) fn owners(view: &DocumentView) -> String {
    view.summary.owners.join(", ")
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
    let known = view.form.workflow.state(view.shared.state).filter(|known| known.notice)?;
    let numbers = [
        ("receipt", view.shared.receipt().unwrap_or_default()),
        ("reference", view.shared.reference().unwrap_or_default()),
    ];
    let key = |part: &str| format!("form.{}.notice.{}.{part}", view.form.key, known.key);
    let (title, text) = (i18n.with(&key("title"), &numbers), i18n.get(&key("text")));
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
