//! What arrived and waits for staff, oldest first.

use std::collections::BTreeSet;

use app::desk::FileRow;
use shared::form::ListKey;
use shared::letters::lowercase;
use shared::workflow::State;

use super::{home, titled};
use crate::parts::dom;
use crate::parts::file::state_words;
use crate::session::{Session, clock};
use crate::state::{Memo, RwSignal};
use crate::view::{CollectView, View, view};
use crate::words;

const DAY_MS: i64 = 86_400_000;
/// Days after which somebody should have looked.
const LATE_DAYS: i64 = 7;
/// Ages that the list can be held to, in days.
const AGES: [i64; 4] = [LATE_DAYS, 14, 30, 90];
/// Rows that are drawn before more are asked for: a cheap computer draws a few hundred at once.
const ROWS_SHOWN: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Waiting,
    New,
    Again,
    Late,
    Incomplete,
    Parked,
    Everything,
}

const SHOWS: [(Show, &str); 7] = [
    (Show::Waiting, "waiting"),
    (Show::New, "new"),
    (Show::Again, "again"),
    (Show::Late, "late"),
    (Show::Incomplete, "incomplete"),
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
            Self::Incomplete => waits && row.letter_awaited,
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
    let (country, theme) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (age, room) = (RwSignal::new(0_i64), RwSignal::new(ROWS_SHOWN));
    let rows = Memo::new(move || {
        let mut rows = files.get().unwrap_or_default();
        rows.sort_by_key(arrived_ms);
        rows
    });
    let chips = SHOWS.map(|(one, key)| {
        let count = move || {
            // With the server's answer its clock is known, and with it what is late.
            session.synced_ms.track();
            rows.with(|rows| rows.iter().filter(|row| one.takes(row)).count())
        };
        view! { <button type="button" class="btn chip" aria-pressed=move || if show.get() == one { "true" } else { "false" }
            on:click=move |_| show.set(one)>{words::t(&format!("ui.inbox.show.{key}"))}" "{count}</button> }
    });
    let countries = select(rows, "ui.inbox.country", "ui.inbox.all_countries", country, words::country, |row| {
        vec![row.country.clone()]
    });
    let theme_words = |code: &str| words::code(ListKey::Theme, code);
    let themes = select(rows, "ui.inbox.theme", "ui.inbox.all_themes", theme, theme_words, |row| row.themes.clone());
    let ages = AGES.map(|days| {
        view! { <option value=days.to_string()>{words::with("ui.inbox.older", &[("n", &days.to_string())])}</option> }
    });
    // Drawn again only when something else is to be seen: rows must not change under the hand.
    let shown = Memo::new(move || {
        session.synced_ms.track();
        let (show, wanted, oldest) = (show.get(), lowercase(wanted.get().trim()), age.get());
        let (country, theme) = (country.get(), theme.get());
        let fits = |row: &FileRow| {
            (country.is_empty() || row.country == country)
                && (theme.is_empty() || row.themes.contains(&theme))
                && days(row) >= oldest
        };
        let rows = rows.get().into_iter().filter(|row| show.takes(row) && fits(row) && found(row, &wanted));
        rows.map(|row| (days(&row), row)).collect::<Vec<_>>()
    });
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{words::t("ui.nav.inbox")}" "<span class="quiet small">{words::t("ui.inbox.order")}</span></h1>
            <div class="row filters">
                <span class="chips" role="group" aria-label=words::t("ui.inbox.show")>{chips.collect_view()}</span>
                <span class="row end">{countries}{themes}<select aria-label=words::t("ui.inbox.head.age")
                    on:change=move |event| age.set(dom::typed(&event).parse().unwrap_or_default())>
                    <option value="0">{words::t("ui.inbox.all_ages")}</option>{ages.collect_view()}</select></span>
                <input type="search" size="30" placeholder=words::t("ui.inbox.search") aria-label=words::t("ui.inbox.search")
                    on:input=move |event| wanted.set(dom::typed(&event)) />
            </div>
            {move || { let shown = shown.get(); if shown.is_empty() {
                view! { <p class="empty">{words::t("ui.inbox.empty")}</p> }
            } else { table(shown, room) } }}
        </main>
    }
}

/// Draws a menu of everything that `codes` finds in the rows.
fn select(
    rows: Memo<Vec<FileRow>>,
    name: &str,
    all: &str,
    chosen: RwSignal<String>,
    named: impl Fn(&str) -> String + 'static,
    codes: impl Fn(&FileRow) -> Vec<String> + 'static,
) -> View {
    let options = move || {
        let mut found: Vec<(String, String)> = rows.with(|rows| {
            let codes: BTreeSet<String> = rows.iter().flat_map(&codes).filter(|code| !code.is_empty()).collect();
            codes.into_iter().map(|code| (named(&code), code)).collect()
        });
        found.sort();
        let options = found.into_iter().map(|(name, code)| {
            let selected = chosen.with_untracked(|chosen| *chosen == code);
            view! { <option value=code selected=selected>{name}</option> }
        });
        options.collect_view()
    };
    view! {
        <select aria-label=words::t(name) on:change=move |event| chosen.set(dom::typed(&event))>
            <option value="">{words::t(all)}</option>{options}</select>
    }
}

fn table(mut rows: Vec<(i64, FileRow)>, room: RwSignal<usize>) -> View {
    let more = rows.len().saturating_sub(room.get());
    // The keyboard goes on where the new rows begin.
    let next = rows.get(room.get()).map(|(_, row)| row.document.to_string());
    let show_more = move |_| {
        let next = next.clone().unwrap_or_default();
        room.update(|room| *room += ROWS_SHOWN);
        dom::after(30, move || dom::focus(&next));
    };
    rows.truncate(room.get());
    let heads = ["age", "state", "title", "look"]
        .map(|key| view! { <th scope="col">{words::t(&format!("ui.inbox.head.{key}"))}</th> });
    view! {
        <div class="scroll"><table class="queue"><thead><tr>{heads.collect_view()}</tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody></table></div>
        {(more > 0).then(|| view! { <p class="gap"><button type="button" class="btn" on:click=show_more>{words::count("ui.inbox.more", more)}</button></p> })}
    }
}

fn row((days, row): (i64, FileRow)) -> View {
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
            <td class="nw"><span class=late.then_some("bad")><b>{match days { 0 => words::t("ui.inbox.today"), days => words::count("ui.days", usize::try_from(days).unwrap_or(0)) }}</b></span></td>
            <td class="nw">{arrived}</td>
            <td><a id=row.document.to_string() dir="auto" href=format!("/inbox/{}", row.document)>{title}</a><br/><span class="quiet xs">{words::country(&row.country)}" "{receipt}</span></td>
            <td>{late.then(|| view! { <span class="tag bad">{words::t("ui.inbox.show.late")}</span>" " })}
                {(row.state == State::Received && row.letter_awaited).then(|| view! { <span class="tag">{words::t("ui.inbox.letter")}</span>" " })}
                {(row.parked > 0).then(|| view! { <span class="tag wait">{words::count("ui.where.parked", row.parked)}</span> })}
                {(row.unsent > 0).then(|| view! { <span class="tag wait">{words::count("ui.where.unsent", row.unsent)}</span> })}</td>
        </tr>
    }
}

/// When it reached us; a draft counts from its last change.
fn arrived_ms(row: &FileRow) -> i64 {
    if row.received_ms > 0 { row.received_ms } else { row.touched_ms }
}

fn days(row: &FileRow) -> i64 {
    ((clock::now_ms() - arrived_ms(row)) / DAY_MS).max(0)
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
