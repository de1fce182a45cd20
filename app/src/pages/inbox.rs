//! What arrived and waits for staff, oldest first.

mod filter;

use leptos::prelude::*;
use shared::form::ListKey;
use shared::form::workflow::Phase;

use self::filter::{Filter, SHOWS, Show, arrived_ms, days};
use super::arrive;
use super::home::{title_words, use_files};
use crate::browser;
use crate::components::history::state_words;
use crate::documents::FileRow;
use crate::i18n::{I18n, use_i18n};
use crate::session::use_session;

/// Ages that the list can be held to, in days.
const AGES: [i64; 4] = [filter::LATE_DAYS, 14, 30, 90];
/// Rows that are drawn before more are asked for: a cheap computer draws a few hundred at once.
const ROWS_SHOWN: usize = 200;

/// Draws the queue.
#[component]
pub fn Inbox() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    arrive(i18n.text("ui.nav.inbox"));
    let files = use_files(session);
    let rows = Memo::new(move |_| {
        let mut rows = files.get().unwrap_or_default();
        rows.sort_by_key(arrived_ms);
        rows
    });
    let show = RwSignal::new(Show::Waiting);
    let filter = RwSignal::new(Filter::default());
    let room = RwSignal::new(ROWS_SHOWN);
    // With the server's answer its clock is known, and with it what is late.
    let clock = Memo::new(move |_| session.status.with(|status| status.as_ref().map(|status| status.synced_ms)));
    // Drawn again only when something else is to be seen: rows must not change under the hand.
    let shown = Memo::new(move |_| {
        clock.track();
        let show = show.get();
        let takes = |row: &FileRow| show.takes(row) && filter.with(|filter| filter.takes(i18n, row));
        rows.with(|rows| rows.iter().filter(|row| takes(row)).map(|row| (days(row), row.clone())).collect::<Vec<_>>())
    });
    let chips = SHOWS.map(|(one, key)| {
        let count = move || {
            clock.track();
            rows.with(|rows| rows.iter().filter(|row| one.takes(row)).count())
        };
        view! {
            <button type="button" class="btn chip" aria-pressed=move || if show.get() == one { "true" } else { "false" }
                on:click=move |_| show.set(one)>{i18n.text(key)}" "{count}</button>
        }
    });
    let countries = move || options(rows, |row| row.summary.countries.clone(), |code| i18n.country(code));
    let themes = move || options(rows, |row| row.summary.themes.clone(), |code| i18n.code(ListKey::Theme, code));
    let ages = AGES.map(|days| {
        let words = move || i18n.with("ui.inbox.older", &[("n", &days.to_string())]);
        view! { <option value=days.to_string()>{words}</option> }
    });
    let table = move || match shown.with(Vec::is_empty) {
        true => view! { <p class="empty">{i18n.text("ui.inbox.empty")}</p> }.into_any(),
        false => view! { <Queue rows=shown.get() room/> }.into_any(),
    };
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{i18n.text("ui.nav.inbox")}" "<span class="quiet small">{i18n.text("ui.inbox.order")}</span></h1>
            <div class="row filters">
                <span class="chips" role="group" aria-label=i18n.text("ui.inbox.show")>{chips.collect_view()}</span>
                <span class="row end">
                    <FilterMenu name="ui.inbox.country" all="ui.inbox.all_countries" options=Signal::derive(countries)
                        choose=move |code| filter.update(|filter| filter.country = code)/>
                    <FilterMenu name="ui.inbox.theme" all="ui.inbox.all_themes" options=Signal::derive(themes)
                        choose=move |code| filter.update(|filter| filter.theme = code)/>
                    <select aria-label=i18n.text("ui.inbox.head.age")
                        on:change=move |event| filter.update(|filter| filter.days_min = event_target_value(&event).parse().unwrap_or_default())>
                        <option value="0">{i18n.text("ui.inbox.all_ages")}</option>{ages.collect_view()}</select></span>
                <input type="search" size="30" placeholder=i18n.text("ui.inbox.search") aria-label=i18n.text("ui.inbox.search")
                    on:input=move |event| filter.update(|filter| filter.search_for(&event_target_value(&event)))/>
            </div>
            {table}
        </main>
    }
}

/// Returns every code found in the rows with its words, in the order of the words.
fn options(
    rows: Memo<Vec<FileRow>>,
    codes: impl Fn(&FileRow) -> Vec<String>,
    words: impl Fn(&str) -> String,
) -> Vec<(String, String)> {
    let codes: std::collections::BTreeSet<String> =
        rows.with(|rows| rows.iter().flat_map(codes).filter(|code| !code.is_empty()).collect());
    let mut options: Vec<_> = codes.into_iter().map(|code| (words(&code), code)).collect();
    options.sort();
    options
}

/// Draws a menu of what can be chosen, as words and codes.
#[component]
fn FilterMenu(
    name: &'static str,
    all: &'static str,
    options: Signal<Vec<(String, String)>>,
    choose: impl Fn(String) + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(String::new());
    let options = move || {
        let options = options.get().into_iter().map(|(words, code)| {
            let selected = chosen.with_untracked(|chosen| *chosen == code);
            view! { <option value=code selected=selected>{words}</option> }
        });
        options.collect_view()
    };
    let change = move |event| {
        let code = event_target_value(&event);
        chosen.set(code.clone());
        choose(code);
    };
    view! {
        <select aria-label=i18n.text(name) on:change=change><option value="">{i18n.text(all)}</option>{options}</select>
    }
}

#[component]
fn Queue(rows: Vec<(i64, FileRow)>, room: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let all = rows.len();
    // The keyboard goes on where the new rows begin.
    let ids: Vec<String> = rows.iter().map(|(_, row)| row.document.to_string()).collect();
    let show_more = move |_| {
        let next = ids.get(room.get_untracked()).cloned();
        room.update(|room| *room += ROWS_SHOWN);
        if let Some(next) = next {
            browser::focus_once_drawn(next);
        }
    };
    let more = move || all.saturating_sub(room.get());
    let heads = ["ui.inbox.head.age", "ui.inbox.head.state", "ui.inbox.head.title", "ui.inbox.head.look"];
    let heads = heads.map(|key| view! { <th scope="col">{i18n.text(key)}</th> });
    let rows = move || rows.iter().take(room.get()).map(|(days, row)| queue_row(i18n, *days, row)).collect_view();
    view! {
        <div class="scroll"><table class="queue"><thead><tr>{heads.collect_view()}</tr></thead><tbody>{rows}</tbody></table></div>
        <p class="gap" hidden=move || more() == 0>
            <button type="button" class="btn" on:click=show_more>{move || i18n.count("ui.inbox.more", more())}</button></p>
    }
}

fn queue_row(i18n: I18n, days: i64, row: &FileRow) -> impl IntoView + use<> {
    let (form, summary) = (row.form(), &row.summary);
    let waits = row.phase() == Phase::Waiting;
    let late = waits && days >= filter::LATE_DAYS;
    let title = title_words(i18n, form, &summary.title);
    let title = summary.reference.as_ref().map(|reference| format!("{reference} {title}")).unwrap_or(title);
    let arrived = match summary.version {
        2.. => i18n.with("ui.inbox.version", &[("n", &summary.version.to_string())]),
        _ => state_words(i18n, form, summary.state, None),
    };
    let age = match days {
        0 => i18n.get("ui.inbox.today"),
        days => i18n.count("ui.days", usize::try_from(days).unwrap_or(0)),
    };
    let receipt = summary.receipt.clone().unwrap_or_default();
    let awaits = form.filter(|_| waits && summary.awaits);
    let countries = summary.countries.iter().map(|code| i18n.country(code)).collect::<Vec<_>>().join(", ");
    view! {
        <tr>
            <td class="nw"><span class=if late { "bad" } else { "" }><b>{age}</b></span></td>
            <td class="nw">{arrived}</td>
            <td><a id=row.document.to_string() dir="auto" href=format!("/d/{}", row.document)>{title}</a><br/>
                <span class="quiet xs">{countries}" "{receipt}</span></td>
            <td>{late.then(|| view! { <span class="tag bad">{i18n.get("ui.inbox.show.late")}</span>" " })}
                {awaits.map(|form| view! { <span class="tag">{i18n.of_form(form, "awaits")}</span>" " })}
                {(row.parked > 0).then(|| view! { <span class="tag wait">{i18n.count("ui.where.parked", row.parked)}</span> })}
                {(row.unsent > 0).then(|| view! { <span class="tag wait">{i18n.count("ui.where.unsent", row.unsent)}</span> })}</td>
        </tr>
    }
}
