//! My files, grouped by whose leg of the relay it is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::form::Form;
use shared::form::workflow::Phase;
use shared::forms;
use shared::permission::may_open;

use super::arrive;
use crate::components::history::state_words;
use crate::components::icon::{Icon, Leg, Whereabouts};
use crate::documents::FileRow;
use crate::i18n::{I18n, use_i18n};
use crate::session::{Session, use_session};

/// Draws the list.
#[component]
pub fn Home() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    arrive(i18n.text("ui.nav.files"));
    let files = use_files(session);
    let group = move |turn: Turn| {
        files.with(|files| files.iter().flatten().filter(|row| turn_of(row) == turn).cloned().collect::<Vec<_>>())
    };
    let empty = move || files.with(|files| files.as_ref().is_some_and(Vec::is_empty));
    // Until the list is there nobody knows where the button will stand.
    let none = move || files.with(|files| files.as_ref().is_none_or(Vec::is_empty));
    let forms = forms_to_open(session);
    let new = move |class: &'static str| {
        let link = |form: &&'static Form| {
            let words = i18n.of_form(form, "new");
            view! { <p><a class=class href=format!("/new/{}", form.key)><Icon name="plus"/>{words}</a></p> }
        };
        forms.iter().map(link).collect_view()
    };
    let new = StoredValue::new_local(new);
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{i18n.text("ui.nav.files")}</h1>
            <div class="cols">
                <div>
                    {move || empty().then(|| view! { <div class="empty"><p>{i18n.text("ui.home.empty")}</p>
                        {new.with_value(|new| new("btn main"))}</div> })}
                    {move || file_group(i18n, "ui.home.yours", "rule leg", group(Turn::Yours))}
                    {move || file_group(i18n, "ui.home.on_the_way", "rule leg b", group(Turn::OnTheWay))}
                    {move || file_group(i18n, "ui.home.with_team", "rule leg c", group(Turn::WithTeam))}
                    {move || file_group(i18n, "ui.home.closed", "rule", group(Turn::Closed))}
                </div>
                <aside aria-label=i18n.text("ui.home.begin") hidden=none>{move || new.with_value(|new| new("btn"))}</aside>
            </div>
        </main>
    }
}

/// Reads the list of documents, and again whenever they change; `None` until it was read.
pub(crate) fn use_files(session: Session) -> RwSignal<Option<Vec<FileRow>>> {
    let files = RwSignal::new(None);
    Effect::new(move |_| {
        session.revision.track();
        spawn_local(async move {
            let Some(repository) = session.repository() else { return };
            match repository.files().await {
                Ok(rows) => drop(files.try_set(Some(rows))),
                Err(error) => session.report_fault(error),
            }
        });
    });
    files
}

/// Whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Yours,
    OnTheWay,
    WithTeam,
    Closed,
}

fn turn_of(row: &FileRow) -> Turn {
    match (row.queued, row.phase()) {
        (Some(_), _) => Turn::OnTheWay,
        (None, Phase::Writing) => Turn::Yours,
        (None, Phase::Closed) => Turn::Closed,
        (None, Phase::Waiting | Phase::Handled) => Turn::WithTeam,
    }
}

/// Returns the forms of which the person may open documents.
fn forms_to_open(session: Session) -> Vec<&'static Form> {
    let Some((actor, authority)) = session.actor().and_then(|actor| Some((actor, actor.authority?))) else {
        return Vec::new();
    };
    forms::all().filter(|form| may_open(&actor, form, authority)).collect()
}

fn file_group(i18n: I18n, key: &'static str, class: &'static str, rows: Vec<FileRow>) -> Option<impl IntoView> {
    if rows.is_empty() {
        return None;
    }
    let count = rows.len();
    let rows = rows.iter().map(|row| file_line(i18n, row)).collect_view();
    Some(view! {
        <section><h2 class=class>{i18n.text(key)}" "<span class="quiet">{count}</span></h2><ul class="rows files">{rows}</ul></section>
    })
}

// A function, not a component: it is drawn again with the list, when the language changes too.
fn file_line(i18n: I18n, row: &FileRow) -> impl IntoView + use<> {
    let (form, summary) = (row.form(), &row.summary);
    let name = form.map(|form| i18n.of_form(form, "name")).unwrap_or_default();
    let name = summary.reference.as_deref().map_or_else(|| name.clone(), |reference| format!("{name} {reference}"));
    let stand = state_words(i18n, form, summary.state, row.queued);
    let title = title_words(i18n, form, &summary.title);
    let next = match (row.queued, row.phase()) {
        (Some(_), _) => i18n.get("ui.home.next_queued"),
        (None, Phase::Writing) if summary.version > 0 => i18n.get("ui.home.next_returned"),
        (None, _) => i18n.with("ui.home.touched", &[("when", &i18n.moment(summary.touched_ms))]),
    };
    let (leg, words) = match row.unsent {
        0 => (Leg::Received, i18n.get("ui.place.received")),
        n => (Leg::Device, i18n.count("ui.where.unsent", n)),
    };
    let parked = (row.parked > 0).then(|| {
        view! { " " <span class="st wait"><Icon name="note"/>{i18n.count("ui.where.parked", row.parked)}</span> }
    });
    view! {
        <li>
            <span class="small quiet">{format!("{name} · {stand}")}</span>
            <a class="t" dir="auto" href=format!("/d/{}", row.document)>{title}</a>
            <span class="small">{next}{parked}</span>
            <Whereabouts leg words/>
            <svg class="i flip go" aria-hidden="true"><use href="#i-next"></use></svg>
        </li>
    }
}

/// Returns a document's title, or what stands for it.
pub(crate) fn title_words(i18n: I18n, form: Option<&Form>, title: &str) -> String {
    match (title.is_empty(), form) {
        (false, _) => title.to_owned(),
        (true, Some(form)) => i18n.of_form(form, "untitled"),
        (true, None) => i18n.get("ui.file.untitled"),
    }
}
