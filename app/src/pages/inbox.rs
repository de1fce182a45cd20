//! What arrived and waits for staff, oldest first.

use app::desk::FileRow;
use shared::letters::lowercase;
use shared::workflow::State;

use super::{home, titled};
use crate::parts::dom;
use crate::parts::file::state_words;
use crate::session::Session;
use crate::state::{Memo, RwSignal};
use crate::view::{CollectView, View, view};
use crate::words;

const DAY_MS: i64 = 86_400_000;
/// Days after which somebody should have looked.
const LATE_DAYS: i64 = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Waiting,
    New,
    Again,
    Late,
    Parked,
    Everything,
}

const SHOWS: [(Show, &str); 6] = [
    (Show::Waiting, "waiting"),
    (Show::New, "new"),
    (Show::Again, "again"),
    (Show::Late, "late"),
    (Show::Parked, "parked"),
    (Show::Everything, "everything"),
];

impl Show {
    fn takes(self, row: &FileRow) -> bool {
        let waits = row.state == State::Received;
        match self {
            Self::Waiting => waits || row.parked > 0,
            Self::New => waits && row.version <= 1,
            Self::Again => waits && row.version > 1,
            Self::Late => waits && days(row) >= LATE_DAYS,
            Self::Parked => row.parked > 0,
            Self::Everything => true,
        }
    }
}

/// Draws the queue.
pub fn inbox() -> View {
    let session = Session::here();
    if !session.is_staff() {
        return home::lost();
    }
    titled(&words::t("ui.nav.inbox"));
    let files = home::files(session);
    let show = RwSignal::new(Show::Waiting);
    let wanted = RwSignal::new(String::new());
    let country = RwSignal::new(String::new());
    let rows = Memo::new(move || {
        let mut rows = files.get().unwrap_or_default();
        rows.sort_by_key(|row| row.touched_ms);
        rows
    });
    let chips = SHOWS.map(|(one, key)| {
        let count = move || rows.with(|rows| rows.iter().filter(|row| one.takes(row)).count());
        view! { <button type="button" class="btn chip" aria-pressed=move || if show.get() == one { "true" } else { "false" }
            on:click=move |_| show.set(one)>{words::t(&format!("ui.inbox.show.{key}"))}" "{count}</button> }
    });
    let countries = move || {
        let mut codes: Vec<String> =
            rows.with(|rows| rows.iter().map(|row| row.country.clone()).filter(|code| !code.is_empty()).collect());
        codes.sort();
        codes.dedup();
        codes
            .into_iter()
            .map(|code| {
                let name = words::country(&code);
                view! { <option value=code>{name}</option> }
            })
            .collect_view()
    };
    let shown = move || {
        let (show, wanted, country) = (show.get(), lowercase(wanted.get().trim()), country.get());
        rows.get()
            .into_iter()
            .filter(|row| show.takes(row) && (country.is_empty() || row.country == country) && found(row, &wanted))
            .collect::<Vec<_>>()
    };
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{words::t("ui.nav.inbox")}" "<span class="quiet small">{words::t("ui.inbox.order")}</span></h1>
            <div class="row filters">
                <span class="chips" role="group" aria-label=words::t("ui.inbox.show")>{chips.collect_view()}</span>
                <select class="end" aria-label=words::t("ui.inbox.country") on:change=move |event| country.set(dom::typed(&event))>
                    <option value="">{words::t("ui.inbox.all_countries")}</option>{countries}</select>
                <input type="search" size="30" placeholder=words::t("ui.inbox.search") aria-label=words::t("ui.inbox.search")
                    on:input=move |event| wanted.set(dom::typed(&event)) />
            </div>
            {move || { let shown = shown(); if shown.is_empty() {
                view! { <p class="empty">{words::t("ui.inbox.empty")}</p> }
            } else { table(shown) } }}
        </main>
    }
}

fn table(rows: Vec<FileRow>) -> View {
    let heads = ["age", "state", "title", "look"]
        .map(|key| view! { <th scope="col">{words::t(&format!("ui.inbox.head.{key}"))}</th> });
    view! {
        <div class="scroll"><table class="queue"><thead><tr>{heads.collect_view()}</tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody></table></div>
    }
}

fn row(row: FileRow) -> View {
    let days = days(&row);
    let late = row.state == State::Received && days >= LATE_DAYS;
    let title = if row.title.is_empty() { words::t("ui.file.untitled") } else { row.title.clone() };
    let title = row.reference.as_ref().map(|reference| format!("{reference} {title}")).unwrap_or(title);
    let arrived = if row.version > 1 {
        words::with("ui.inbox.version", &[("n", &row.version.to_string())])
    } else {
        state_words(row.state)
    };
    let receipt = row.receipt.clone().unwrap_or_default();
    view! {
        <tr>
            <td class="nw"><span class=late.then_some("bad")><b>{words::count("ui.days", usize::try_from(days).unwrap_or(0))}</b></span></td>
            <td class="nw">{arrived}</td>
            <td><a dir="auto" href=format!("/inbox/{}", row.document)>{title}</a><br/><span class="quiet xs">{words::country(&row.country)}" "{receipt}</span></td>
            <td>{late.then(|| view! { <span class="tag bad">{words::t("ui.inbox.show.late")}</span>" " })}
                {(row.parked > 0).then(|| view! { <span class="tag wait">{words::count("ui.where.parked", row.parked)}</span> })}
                {(row.unsent > 0).then(|| view! { <span class="tag wait">{words::count("ui.where.unsent", row.unsent)}</span> })}</td>
        </tr>
    }
}

fn days(row: &FileRow) -> i64 {
    ((dom::now_ms() - row.touched_ms) / DAY_MS).max(0)
}

fn found(row: &FileRow, wanted: &str) -> bool {
    let parts = [
        row.title.clone(),
        row.reference.clone().unwrap_or_default(),
        row.receipt.clone().unwrap_or_default(),
        words::country(&row.country),
    ];
    wanted.is_empty() || parts.iter().any(|part| lowercase(part).contains(wanted))
}
