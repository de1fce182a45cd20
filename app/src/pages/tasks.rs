//! One request: its sections and how far each is, where this work is, who writes along.

use shared::check::{SectionState, section_state};
use shared::workflow::{Action, State, is_final, partner_may_edit};

use super::{back, question, titled, with_file};
use crate::parts::file::{File, Open, state_words};
use crate::parts::icon::icon;
use crate::parts::pen::Pen;
use crate::parts::{dom, remarks};
use crate::state::{RwSignal, effect, later};
use crate::view::{CollectView, Draw as _, View, view};
use crate::words;

/// Draws the task list.
pub fn tasks(id: &str) -> View {
    with_file(id, body)
}

fn body(open: Open) -> View {
    let title = open.memo(File::title);
    titled(&open.peek(File::title).unwrap_or_default());
    let rows = open.memo(sections);
    let editable = open.memo(|file| partner_may_edit(file.shared.state) && file.queued().is_none());
    let ready = move || {
        rows.get().map(|rows| {
            let ready = rows
                .iter()
                .filter(|row| {
                    matches!(row.state, SectionState::Ready | SectionState::Optional) && !row.settle && row.remarks == 0
                })
                .count();
            words::with(
                "ui.tasks.ready",
                &[("n", &words::number(ready as i64)), ("all", &words::number(rows.len() as i64))],
            )
        })
    };
    view! {
        <main id="main" class="wrap" tabindex="-1">
            {back("/".to_owned(), words::t("ui.nav.files"))}
            <div class="head">
                <span class="small quiet">{move || open.look(kicker)}</span>
                <h1 class="words" dir="auto">{move || title.get()}</h1>
                <span class="small">{move || open.look(authority)}</span>
            </div>
            {move || open.look(|file| standing(file, open))}
            {needs_newer(open, || false)}
            <div class="cols">
                <div>
                    <h2 class="rule">{words::t("ui.tasks.sections")}" "<span class="quiet end small">{ready}</span></h2>
                    <ol class="rows tasks">{move || rows.get().unwrap_or_default().into_iter().enumerate().map(|(index, row)| task(open, index, row)).collect_view()}</ol>
                    <div hidden=move || editable.get() != Some(true)>
                        <h2 class="rule gap">{words::t("ui.check.title")}</h2>
                        <p class="gap-s"><a class="btn main" href=format!("/requests/{}/check", open.id)>{words::t("ui.check.title")}</a></p>
                        <p class="small quiet gap-s measure">{words::t("ui.check.offline")}</p>
                    </div>
                    {remarks::remarks(open, None)}
                    {history(open)}
                </div>
                {side(open)}
            </div>
        </main>
    }
}

#[derive(Clone, PartialEq)]
struct Row {
    key: &'static str,
    state: SectionState,
    settle: bool,
    remarks: usize,
}

fn sections(file: &File) -> Vec<Row> {
    file.form
        .sections
        .iter()
        .map(|section| {
            let here = |field| file.form.section_of(field).is_some_and(|found| found.key == section.key);
            let open_remark = |thread: &&shared::document::Thread| {
                thread.settled.is_none()
                    && thread.replies.is_empty()
                    && thread.target.is_some_and(|target| here(target.field))
            };
            Row {
                key: section.key,
                state: section_state(file.form, section, &file.answers, &file.problems),
                settle: file.answers.unsettled.iter().any(|target| here(target.field)),
                remarks: file.shared.threads.values().filter(open_remark).count(),
            }
        })
        .collect()
}

fn task(open: Open, index: usize, row: Row) -> View {
    let mut why = Vec::new();
    if row.settle {
        why.push(words::t("ui.tasks.two"));
    }
    if row.remarks > 0 {
        why.push(words::count("ui.tasks.remarks", row.remarks));
    }
    let state = match (row.settle || row.remarks > 0, row.state) {
        (true, _) => view! { <span class="st wait">{icon("two")}{words::t("ui.tasks.to_settle")}</span> },
        (_, SectionState::Ready) => {
            view! { <span class="st quiet"><span class="ok">{icon("check")}</span>{words::t("ui.tasks.done")}</span> }
        }
        (_, SectionState::InProgress) => {
            view! { <span class="st">{icon("half")}{words::t("ui.tasks.started")}</span> }
        }
        (_, SectionState::NotStarted) => {
            view! { <span class="st quiet">{icon("ring")}{words::t("ui.tasks.not_started")}</span> }
        }
        (_, SectionState::Optional) => {
            view! { <span class="st quiet">{icon("ring")}{words::t("ui.tasks.optional")}</span> }
        }
    };
    let why = (!why.is_empty()).then(|| view! { <br/><span class="small wait">{why.join(", ")}</span> });
    view! {
        <li><span class="n">{index + 1}</span>
            <span><a class="t" href=format!("/requests/{}/{}", open.id, row.key)>{words::section(row.key)}</a>{why}</span>{state}</li>
    }
}

/// Returns what stands above the title.
pub fn kicker(file: &File) -> String {
    let code = file.shared.reference().map_or_else(
        || words::with("ui.file.provisional", &[("code", &file.id.provisional_code(&country(file)))]),
        ToOwned::to_owned,
    );
    let stand = if file.queued().is_some() { words::t("ui.state.queued") } else { state_words(file.shared.state) };
    format!("{} · {stand} · {code}", words::t("ui.request"))
}

fn country(file: &File) -> String {
    use shared::forms::request::{AUTHORITIES, AUTHORITY_COUNTRY};
    let first = file.answers.items(AUTHORITIES).first().copied();
    first
        .and_then(|item| file.answers.code(shared::value::Target::in_item(item, AUTHORITY_COUNTRY)))
        .unwrap_or_default()
        .to_owned()
}

/// Returns the names of the authorities.
pub fn authority(file: &File) -> String {
    use shared::forms::request::{AUTHORITIES, AUTHORITY_NAME};
    let names = file
        .answers
        .items(AUTHORITIES)
        .iter()
        .map(|item| file.answers.text(shared::value::Target::in_item(*item, AUTHORITY_NAME)));
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Says what happened last, when the person should know.
fn standing(file: &File, open: Open) -> Option<View> {
    if file.queued().is_some() {
        return Some(
            view! { <div class="slip measure"><p><b>{words::t("ui.queued.title")}</b></p><p class="small">{words::t("ui.queued.text")}</p></div> },
        );
    }
    let last = file.shared.history.last()?;
    let by =
        format!("{}, {}", file.name(last.transition.by, open.session.person()), words::moment(last.transition.at_ms));
    let reason =
        last.transition.reason.clone().map(|reason| view! { <p class="words pre gap-s" dir="auto">{reason}</p> });
    let (title, text) = match file.shared.state {
        State::Returned => (words::t("ui.returned.title"), words::t("ui.returned.text")),
        State::Received => (
            words::with("ui.received.title", &[("receipt", file.shared.receipt().unwrap_or_default())]),
            words::t("ui.received.text"),
        ),
        State::Registered => (
            words::with("ui.registered.title", &[("reference", file.shared.reference().unwrap_or_default())]),
            words::t("ui.received.text"),
        ),
        _ => return None,
    };
    Some(
        view! { <div class="slip measure"><p><b>{title}</b>" "<span class="quiet small">{by}</span></p><p class="small">{text}</p>{reason}</div> },
    )
}

/// Says that a part of the file needs the new version; `more` asks what is not in it.
pub fn needs_newer(open: Open, more: impl Fn() -> bool + 'static) -> View {
    let newer = open.memo(File::needs_newer);
    view! {
        {move || (newer.get() == Some(true) || more()).then(|| view! {
            <div class="slip measure"><p><b>{words::t("ui.later.title")}</b></p><p class="small">{words::t("ui.later.text")}</p></div>
        })}
    }
}

fn history(open: Open) -> View {
    let steps = open.memo(|file| file.shared.history.clone());
    view! {
        {move || steps.get().filter(|steps| !steps.is_empty()).map(|steps| view! {
            <section><h2 class="rule">{words::t("ui.history")}</h2><ol class="story">
                {steps.into_iter().rev().map(|step| story(open, &step)).collect_view()}</ol></section>
        })}
    }
}

/// Draws one step of the life of a request.
pub fn story(open: Open, step: &shared::document::Step) -> View {
    let name = open.peek(|file| file.name(step.transition.by, open.session.person())).unwrap_or_default();
    let mut told = format!("{}, {name}", words::t(&format!("ui.action.{}", action_key(step.transition.action))));
    for more in [&step.transition.receipt, &step.transition.reference].into_iter().flatten() {
        told = format!("{told}, {more}");
    }
    view! { <li><time>{words::moment(step.transition.at_ms)}</time><span>{told}
    {step.transition.reason.clone().map(|reason| view! { <br/><span class="words" dir="auto">{reason}</span> })}</span></li> }
}

fn action_key(action: Action) -> &'static str {
    match action {
        Action::Submit => "submit",
        Action::Register => "register",
        Action::Return => "return",
        Action::Withdraw => "withdraw",
        Action::Adopt => "adopt",
        _ => "other",
    }
}

fn side(open: Open) -> View {
    let counts = open.memo(|file| file.shared.version());
    let people = open.memo(|file| {
        let people = file.shared.people().into_iter().filter(|person| person.0 != 0);
        people
            .map(|person| (person, file.people.get(&person).is_some_and(|known| known.role.is_staff())))
            .collect::<Vec<_>>()
    });
    let mine = RwSignal::new(0_usize);
    effect(move || {
        open.session.tick.track();
        later(async move {
            let Some(desk) = open.session.desk() else { return };
            if let Ok(waiting) = desk.waiting().await {
                let _ = mine.try_set(waiting.unsent.iter().filter(|op| op.scope.document == open.id).count());
            }
        });
    });
    let withdrawable = open
        .memo(|file| !is_final(file.shared.state) && file.shared.state != State::Approved && file.queued().is_none());
    let reason = Pen::new(open, "withdraw-why");
    let why = view! { <div class="f"><label for="withdraw-why">{words::t("ui.withdraw.reason")}</label>{reason.area(Some("withdraw-why"), None)}</div> };
    let me = open.session.person();
    let names = move || {
        people.get().unwrap_or_default().into_iter().filter(|(person, _)| *person != me).map(|(person, staff)| {
        let name = open.peek(|file| file.name(person, me)).unwrap_or_default();
        view! { <p class="small"><b>{name}</b>{staff.then(|| view! { " "<span class="quiet">{words::t("ui.tasks.team")}</span> })}</p> }
    }).collect_view()
    };
    view! {
        <aside class="side">
            <section>
                <h2 class="rule">{words::t("ui.where.this")}</h2>
                <ol class="legs">
                    <li class="s1"><b>{move || mine.get()}</b><span>{move || words::count("ui.legs.device", mine.get())}</span></li>
                    <li class="s2"><b>{move || counts.get().unwrap_or(0)}</b><span>{move || words::count("ui.legs.versions", counts.get().unwrap_or(0) as usize)}</span></li>
                </ol>
                <p class="small quiet gap-s">{move || open.look(|file| file.shared.receipt().map(|receipt| words::with("ui.where.receipt", &[("receipt", receipt)])))}</p>
            </section>
            <section hidden=move || people.get().unwrap_or_default().iter().all(|(person, _)| *person == me)>
                <h2 class="rule">{words::t("ui.tasks.people")}</h2>{names}
            </section>
            <section class="row small">
                <a class="btn plain" href=format!("/requests/{}/print", open.id)>{words::t("ui.print.title")}</a>
                <a class="btn plain" href="/device#rescue">{words::t("ui.rescue.title")}</a>
                <button type="button" class="btn plain" hidden=move || withdrawable.get() != Some(true)
                    on:click=|_| dom::open_dialog("withdraw")>{words::t("ui.withdraw.title")}</button>
            </section>
            {question("withdraw", words::t("ui.withdraw.title"), words::t("ui.withdraw.text"), why.draw(), words::t("ui.withdraw.yes"), move || {
                let words = reason.words();
                if reason.is_too_long() {
                    return Err("withdraw-why");
                }
                // The words stay begun: should it not come to it, they are here again.
                open.command(Action::Withdraw, (!words.is_empty()).then_some(words), Vec::new());
                Ok(())
            })}
        </aside>
    }
}
