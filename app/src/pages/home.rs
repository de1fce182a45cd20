//! My files, grouped by whose leg of the relay it is.

use app::desk::FileRow;
use shared::workflow::{Action, State, is_final, partner_may_edit};

use super::titled;
use crate::address::Address;
use crate::parts::file::state_words;
use crate::parts::icon::{at, icon};
use crate::session::Session;
use crate::state::{RwSignal, effect, later};
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the list, or sends staff to their inbox.
pub fn home() -> View {
    let session = Session::here();
    if session.is_staff() {
        Address::here().go("/inbox");
        return View::Nothing;
    }
    titled(&words::t("ui.nav.files"));
    let files = files(session);
    let group = move |leg: Leg| {
        files.get().unwrap_or_default().into_iter().filter(|row| leg_of(row) == leg).collect::<Vec<_>>()
    };
    let empty = move || files.with(|files| files.as_ref().is_some_and(Vec::is_empty));
    // Until the list is there nobody knows where the button will stand.
    let none = move || files.with(|files| files.as_ref().is_none_or(Vec::is_empty));
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{words::t("ui.nav.files")}</h1>
            <div class="cols">
                <div>
                    {move || empty().then(|| view! { <div class="empty"><p>{words::t("ui.home.empty")}</p>
                        <p><a class="btn main" href="/requests/new">{icon("plus")}{words::t("ui.home.new")}</a></p></div> })}
                    {move || section("ui.home.yours", "rule leg", group(Leg::Yours))}
                    {move || section("ui.home.on_the_way", "rule leg b", group(Leg::OnTheWay))}
                    {move || section("ui.home.with_team", "rule leg c", group(Leg::WithTeam))}
                    {move || section("ui.home.closed", "rule", group(Leg::Closed))}
                </div>
                <aside aria-label=words::t("ui.home.new") hidden=none>
                    <p><a class="btn" href="/requests/new">{icon("plus")}{words::t("ui.home.new")}</a></p>
                </aside>
            </div>
        </main>
    }
}

/// Reads the list, and again whenever the desk changes.
pub fn files(session: Session) -> RwSignal<Option<Vec<FileRow>>> {
    let files = RwSignal::new(None);
    effect(move || {
        session.tick.track();
        later(async move {
            let Some(desk) = session.desk() else { return };
            match desk.files().await {
                Ok(rows) => {
                    let _ = files.try_set(Some(rows));
                }
                Err(error) => session.complain(&error),
            }
        });
    });
    files
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leg {
    Yours,
    OnTheWay,
    WithTeam,
    Closed,
}

fn leg_of(row: &FileRow) -> Leg {
    match (row.queued, row.state) {
        (Some(_), _) => Leg::OnTheWay,
        (None, state) if partner_may_edit(state) => Leg::Yours,
        (None, state) if is_final(state) => Leg::Closed,
        _ => Leg::WithTeam,
    }
}

fn section(key: &str, class: &'static str, rows: Vec<FileRow>) -> Option<View> {
    if rows.is_empty() {
        return None;
    }
    let count = rows.len();
    let rows = rows.into_iter().map(row).collect_view();
    Some(
        view! { <section><h2 class=class>{words::t(key)}" "<span class="quiet">{count}</span></h2><ul class="rows files">{rows}</ul></section> },
    )
}

fn row(row: FileRow) -> View {
    let name = row
        .reference
        .as_deref()
        .map(|reference| format!("{} {reference}", words::t("ui.request")))
        .unwrap_or_else(|| words::t("ui.request"));
    let stand = match row.queued {
        Some(Action::Submit) => words::t("ui.state.queued"),
        Some(_) => words::t("ui.state.queued_other"),
        None => state_words(row.state),
    };
    let title = if row.title.trim().is_empty() { words::t("ui.file.untitled") } else { row.title.clone() };
    let next = match (row.queued, row.state) {
        (Some(_), _) => words::t("ui.home.next_queued"),
        (None, State::Returned) => words::t("ui.home.next_returned"),
        (None, _) => words::with("ui.home.touched", &[("when", &words::moment(row.touched_ms))]),
    };
    let place = match row.unsent {
        0 => at(2, words::t("ui.place.received")),
        n => at(1, words::count("ui.where.unsent", n)),
    };
    view! {
        <li>
            <span class="small quiet">{format!("{name} · {stand}")}</span>
            <a class="t" dir="auto" href=format!("/requests/{}", row.document)>{title}</a>
            <span class="small">{next}{(row.parked > 0).then(|| view! { " " <span class="st wait">{icon("note")}{words::count("ui.where.parked", row.parked)}</span> })}</span>
            {place}
            <svg class="i flip go" aria-hidden="true"><use href="#i-next"></use></svg>
        </li>
    }
}

/// Says that the address leads nowhere.
pub fn lost() -> View {
    titled(&words::t("ui.lost.title"));
    view! { <main id="main" class="wrap" tabindex="-1"><h1>{words::t("ui.lost.title")}</h1><p>{words::t("ui.lost.text")}</p>
    <p class="gap-s"><a class="btn" href="/">{words::t("ui.nav.files")}</a></p></main> }
}

/// Says that a document is not on this device.
pub fn not_here() -> View {
    view! { <main id="main" class="wrap" tabindex="-1"><h1>{words::t("ui.file.missing")}</h1><p>{words::t("ui.file.missing_text")}</p>
    <p class="gap-s"><a class="btn" href="/">{words::t("ui.nav.files")}</a></p></main> }
}
