//! What stands beside the task list: where this work is, who writes along, and what else can be done with it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::history::person_name;
use crate::components::moves::Moves;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Draws the column.
#[component]
pub fn SideColumn(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let unsent = use_unsent(handle);
    let versions = handle.memo(|view| view.shared.version() as usize);
    let versions = move || versions.get().unwrap_or(0);
    let receipt = move || {
        handle.look(|view| view.shared.receipt().map(|receipt| i18n.with("ui.where.receipt", &[("receipt", receipt)])))
    };
    view! {
        <aside class="side">
            <section>
                <h2 class="rule">{i18n.text("ui.where.this")}</h2>
                <ol class="legs">
                    <li class="s1"><b>{unsent}</b><span>{move || i18n.count("ui.legs.device", unsent.get())}</span></li>
                    <li class="s2"><b>{versions}</b><span>{move || i18n.count("ui.legs.versions", versions())}</span></li>
                </ol>
                <p class="small quiet gap-s">{receipt}</p>
            </section>
            <People handle/>
            <section class="row small">
                <a class="btn plain" href=format!("/d/{}/print", handle.id)>{i18n.text("ui.print.title")}</a>
                <a class="btn plain" href="/device#rescue">{i18n.text("ui.rescue.title")}</a>
                <Moves handle plain=true/>
            </section>
        </aside>
    }
}

/// Counts the operations of this document that are only on this device.
fn use_unsent(handle: DocumentHandle) -> RwSignal<usize> {
    let unsent = RwSignal::new(0);
    Effect::new(move |_| {
        handle.session.revision.track();
        spawn_local(async move {
            let Some(repository) = handle.session.repository() else { return };
            if let Ok(waiting) = repository.waiting().await {
                let _ = unsent.try_set(waiting.unsent.iter().filter(|op| op.scope.document == handle.id).count());
            }
        });
    });
    unsent
}

/// Draws who else writes in the document.
#[component]
fn People(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let me = handle.session.person();
    let others = handle.memo(move |view| {
        let people = view.shared.people().into_iter().filter(|person| person.0 != 0 && *person != me);
        let people = people.map(|person| (person, view.people.get(&person).is_some_and(|known| known.role.is_staff())));
        people.collect::<Vec<_>>()
    });
    let others = move || others.get().unwrap_or_default();
    let names = move || {
        let names = others().into_iter().map(|(person, staff)| {
            let team = staff.then(|| view! { " "<span class="quiet">{i18n.get("ui.tasks.team")}</span> });
            view! { <p class="small"><b>{person_name(i18n, handle, person)}</b>{team}</p> }
        });
        names.collect_view()
    };
    view! { <section hidden=move || others().is_empty()><h2 class="rule">{i18n.text("ui.tasks.people")}</h2>{names}</section> }
}
