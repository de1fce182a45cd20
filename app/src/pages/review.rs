//! Reading a document as staff: answers or what changed, remarks in the margin, what the rules found, and the decision.

mod answers;
mod decision;
mod margin;
mod parked_ops;
mod rail;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::answers::Answers;
use shared::diff::changed_fields;
use shared::document::{Document, EDITION};
use shared::form::HeldIn;
use shared::ids::{PersonId, Scope};
use shared::op::{Body, Read, from_bytes};
use shared::value::{FieldId, Target};

use self::decision::Decision;
use self::margin::{InternalNotes, Margin};
use self::parked_ops::ParkedOps;
use self::rail::Rail;
use super::arrive;
use super::task_list::{NeedsNewer, kicker, owners, title_or_untitled};
use crate::components::document_page::document_page;
use crate::components::history::History;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};

/// Which fields are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Changed,
    Remarked,
    Everything,
}

const SHOWS: [(Show, &str); 3] = [
    (Show::Changed, "ui.review.show.changed"),
    (Show::Remarked, "ui.review.show.remarked"),
    (Show::Everything, "ui.review.show.everything"),
];

/// The version this person had read before: its number and its answers.
type Before = RwSignal<Option<(u32, Answers)>>;

/// Draws the review.
#[component]
pub fn Review() -> impl IntoView {
    document_page(review_body)
}

fn review_body(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    arrive(move || title_or_untitled(i18n, handle));
    let form = handle.peek(|view| view.form)?;
    let show = RwSignal::new(Show::Everything);
    let before = use_version_read_before(handle, show);
    let number = Memo::new(move |_| before.with(|before| before.as_ref().map(|(number, _)| *number)));
    let changed = Memo::new(move |_| {
        let changed = before.with(|before| {
            let (_, old) = before.as_ref()?;
            handle.look(|view| changed_fields(view.form, old, &view.answers))
        });
        changed.unwrap_or_default()
    });
    let remarked = Memo::new(move |_| handle.look(margin::remarked).unwrap_or_default());
    let chips = SHOWS.map(|(one, key)| {
        let count = move || match one {
            Show::Changed => changed.with(BTreeSet::len).to_string(),
            Show::Remarked => remarked.with(BTreeSet::len).to_string(),
            Show::Everything => String::new(),
        };
        view! {
            <button type="button" class="btn chip" aria-pressed=move || if show.get() == one { "true" } else { "false" }
                hidden=move || one == Show::Changed && number.get().is_none() on:click=move |_| show.set(one)>{i18n.text(key)}" "{count}</button>
        }
    });
    let notes = use_notes(handle);
    let beyond = move || notes.with(|notes| notes.iter().any(|(_, note)| note.is_beyond(EDITION)));
    let rows = form.sections.iter().enumerate().flat_map(|(index, section)| {
        section.fields.iter().enumerate().map(move |(place, field)| (index + 1, place == 0, field))
    });
    let rows = rows.map(|(section, first, field)| {
        let id: FieldId = field.id;
        let away = move || match show.get() {
            Show::Changed => !changed.with(|changed| changed.contains(&id)),
            Show::Remarked => !remarked.with(|remarked| remarked.contains(&id)),
            Show::Everything => false,
        };
        let answer = move || match field.held_in {
            HeldIn::Note => Some(notes.with(|notes| answers::confidential(i18n, handle, field, notes))),
            HeldIn::Shared => handle.look(|view| {
                before.with(|before| answers::compared(i18n, view, field, before.as_ref().map(|(_, old)| old)))
            }),
        };
        view! {
            <div class="ans" id=first.then(|| format!("s{section}")) hidden=away>
                <h2>{section}" · "{move || i18n.label(form, field)}</h2>{answer}</div>
            <div id=format!("r{}", id.0) hidden=away><Margin handle target=Some(Target::of(id))/></div>
        }
    });
    let rows = rows.collect_view();
    let compared = move || number.get().map(|number| i18n.with("ui.review.compared", &[("n", &number.to_string())]));
    Some(view! {
        <div class="wrap bench review">
            <Rail handle form changed/>
            <main id="main" tabindex="-1">
                <div class="head"><span class="quiet">{move || handle.look(|view| kicker(i18n, view))}" "{move || handle.look(|view| receipt(i18n, view))}</span>
                    <h1 class="words" dir="auto">{move || title_or_untitled(i18n, handle)}</h1><span>{move || handle.look(owners)}</span></div>
                <NeedsNewer handle more=Signal::derive(beyond)/>
                <ParkedOps handle/>
                <div class="row filters"><span class="chips" role="group" aria-label=i18n.text("ui.inbox.show")>{chips.collect_view()}</span>
                    <span class="quiet end">{compared}</span></div>
                <div class="doc">{rows}
                    <div class="ans"><h2>{i18n.text("ui.review.whole")}</h2><p class="quiet">{i18n.text("ui.review.whole_text")}</p></div>
                    <div><Margin handle target=None/></div>
                </div>
                <History handle/>
                <InternalNotes handle/>
            </main>
        </div>
        <Decision handle/>
    })
}

/// Returns the version this person had read before, and notes that they read the newest. A version that arrives while
/// the page stands open is compared with the one read until then.
fn use_version_read_before(handle: DocumentHandle, show: RwSignal<Show>) -> Before {
    let me = handle.session.person();
    let before = Before::new(None);
    let version = handle.memo(|view| view.shared.version());
    Effect::new(move |_| {
        let now = version.get().unwrap_or(0);
        let known = handle.peek(|view| (read_before(view, me, now), view.internal.read.get(&me).copied().unwrap_or(0)));
        let Some((earlier, read)) = known else { return };
        show.set(if earlier.is_some() { Show::Changed } else { Show::Everything });
        before.set(earlier);
        if read < now {
            handle.edit_side(Scope::internal(handle.id), Body::Read(Read { version: now }));
        }
    });
    before
}

fn read_before(view: &DocumentView, me: PersonId, opened_at: u32) -> Option<(u32, Answers)> {
    let read = view.internal.read.get(&me).copied().filter(|read| *read < opened_at);
    let number = read.or(opened_at.checked_sub(1))?;
    let version = view.internal.versions.iter().find(|version| version.number == number)?;
    Some((number, from_bytes(&version.answers).ok()?))
}

/// Reads what the writers confided to staff, and again whenever it changes.
fn use_notes(handle: DocumentHandle) -> RwSignal<Vec<(PersonId, Document)>> {
    let notes = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        handle.session.revision.track();
        spawn_local(async move {
            let Some(repository) = handle.session.repository() else { return };
            let writers = handle.peek(|view| view.shared.people()).unwrap_or_default();
            if let Ok(found) = repository.notes(handle.id, writers).await {
                let _ = notes.try_set(found);
            }
        });
    });
    notes
}

fn receipt(i18n: I18n, view: &DocumentView) -> String {
    let receipt = view.shared.receipt().map(|receipt| i18n.with("ui.where.receipt", &[("receipt", receipt)]));
    let version = i18n.with("ui.inbox.version", &[("n", &view.shared.version().to_string())]);
    format!("· {version} · {}", receipt.unwrap_or_default())
}
