//! Reading a request as staff: answers or what changed, remarks in the margin, eligibility, and the
//! decision.

mod aside;
mod margin;

use shared::answers::Answers;
use shared::check::Severity;
use shared::diff::{Piece, changed_fields, words as word_diff};
use shared::document::{Document, EDITION};
use shared::eligibility::{Assessment, Outcome};
use shared::form::{Field, HeldIn};
use shared::ids::{OpId, PersonId, Scope};
use shared::op::{Body, Read, from_bytes};
use shared::value::Target;
use shared::workflow::{Action, State};

use super::{back, check, question, tasks, titled, with_file};
use crate::parts::answer;
use crate::parts::dom;
use crate::parts::file::{File, Open, state_words};
use crate::parts::pen::Pen;
use crate::session::Session;
use crate::state::{Memo, RwSignal, effect, later};
use crate::view::{CollectView, Draw as _, View, view};
use crate::words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Changed,
    Remarked,
    Everything,
}

/// Draws the review.
pub fn review(id: &str) -> View {
    if !Session::here().is_staff() {
        return super::home::lost();
    }
    with_file(id, body)
}

/// Returns the answers of the newest version this person had read before, and its number.
fn read_before(file: &File, me: PersonId, opened_at: u32) -> Option<(u32, Answers)> {
    let number = file.internal.read.get(&me).copied().filter(|read| *read < opened_at).or(opened_at.checked_sub(1))?;
    let version = file.internal.versions.iter().find(|version| version.number == number)?;
    Some((number, from_bytes(&version.answers).ok()?))
}

fn body(open: Open) -> View {
    titled(&open.peek(File::title).unwrap_or_default());
    let me = open.session.person();
    let before = RwSignal::new(None::<(u32, Answers)>);
    let show = RwSignal::new(Show::Everything);
    let version = open.memo(|file| file.shared.version());
    // A version that arrives while the page stands open is compared with the one read until then.
    effect(move || {
        let now = version.get().unwrap_or(0);
        let known = open.peek(|file| (read_before(file, me, now), file.internal.read.get(&me).copied().unwrap_or(0)));
        let Some((earlier, read)) = known else { return };
        show.set(if earlier.is_some() { Show::Changed } else { Show::Everything });
        before.set(earlier);
        if read < now {
            open.put_on(Scope::internal(open.id), Body::Read(Read { version: now }));
        }
    });
    let number = Memo::new(move || before.with(|before| before.as_ref().map(|(number, _)| *number)));
    let changed = Memo::new(move || {
        before.with(|before| {
            let old = before.as_ref().map(|(_, old)| old)?;
            open.look(|file| changed_fields(file.form, old, &file.answers))
        })
    });
    let changed = move || changed.get().unwrap_or_default();
    let remarked = open.memo(margin::remarked);
    let chips = [(Show::Changed, "changed"), (Show::Remarked, "remarked"), (Show::Everything, "everything")].map(|(one, key)| {
        let count = move || match one {
            Show::Changed => changed().len().to_string(),
            Show::Remarked => remarked.get().unwrap_or_default().len().to_string(),
            Show::Everything => String::new(),
        };
        view! { <button type="button" class="btn chip" aria-pressed=move || if show.get() == one { "true" } else { "false" }
            hidden=move || one == Show::Changed && number.get().is_none() on:click=move |_| show.set(one)>{words::t(&format!("ui.review.show.{key}"))}" "{count}</button> }
    });
    let Some(form) = open.peek(|file| file.form) else { return View::Nothing };
    let notes = RwSignal::new(Vec::new());
    effect(move || {
        open.session.tick.track();
        later(async move {
            let Some(desk) = open.session.desk() else { return };
            let writers = open.peek(|file| file.shared.people()).unwrap_or_default();
            if let Ok(found) = desk.notes(open.id, writers).await {
                let _ = notes.try_set(found);
            }
        });
    });
    let beyond =
        move || notes.with(|notes: &Vec<(PersonId, Document)>| notes.iter().any(|(_, note)| note.is_beyond(EDITION)));
    let fields = form
        .sections
        .iter()
        .enumerate()
        .flat_map(|(index, section)| section.fields.iter().map(move |field| (index + 1, field)));
    let rows = fields.map(|(index, field)| {
        let id = field.id;
        let first = form.sections[index - 1].fields.first().is_some_and(|first| first.id == id);
        let anchor = first.then(|| format!("s{index}"));
        let away = move || match show.get() {
            Show::Changed => !changed().contains(&id),
            Show::Remarked => !remarked.get().unwrap_or_default().contains(&id),
            Show::Everything => false,
        };
        view! {
            <div class="ans" id=anchor hidden=away><h2>{index}" · "{words::label(field)}</h2>{move || match field.held_in {
                HeldIn::Note => Some(confidential(open, field, &notes.get())),
                HeldIn::Shared => open.look(|file| before.with(|before| shown(file, field, before.as_ref().map(|(_, old)| old)))),
            }}</div>
            <div id=format!("r{}", id.0) hidden=away>{margin::margin(open, Some(Target::of(id)))}</div>
        }
    }).collect_view();
    let compared = move || number.get().map(|number| words::with("ui.review.compared", &[("n", &number.to_string())]));
    view! {
        <div class="wrap bench review">
            {rail(open, form, changed)}
            <main id="main" tabindex="-1">
                <div class="head"><span class="quiet">{move || open.look(tasks::kicker)}" "{move || open.look(receipt)}</span>
                    <h1 class="words" dir="auto">{move || open.look(File::title)}</h1><span>{move || open.look(tasks::authority)}</span></div>
                {tasks::needs_newer(open, beyond)}
                {aside::put_aside(open)}
                <div class="row filters"><span class="chips" role="group" aria-label=words::t("ui.inbox.show")>{chips.collect_view()}</span>
                    <span class="quiet end">{compared}</span></div>
                <div class="doc">{rows}
                    <div class="ans"><h2>{words::t("ui.review.whole")}</h2><p class="quiet">{words::t("ui.review.whole_text")}</p></div>
                    <div>{margin::margin(open, None)}</div>
                </div>
                <section><h2 class="rule">{words::t("ui.history")}</h2>
                    <ol class="story">{move || open.look(|file| file.shared.history.iter().rev().map(|step| tasks::story(open, step)).collect_view())}</ol></section>
                {margin::internal_notes(open)}
            </main>
        </div>
        {decision(open)}
    }
}

fn receipt(file: &File) -> String {
    let receipt = file
        .shared
        .receipt()
        .map(|receipt| words::with("ui.where.receipt", &[("receipt", receipt)]))
        .unwrap_or_default();
    format!("· {} · {receipt}", words::with("ui.inbox.version", &[("n", &file.shared.version().to_string())]))
}

/// Draws an answer, against the earlier one where there is one.
fn shown(file: &File, field: &'static Field, before: Option<&Answers>) -> View {
    let lang = field.in_document_language.then(|| file.language()).flatten();
    let target = Target::of(field.id);
    if let Some(before) = before {
        let (old, new) = (in_words(field, before, target), in_words(field, &file.answers, target));
        if old != new {
            let pieces = word_diff(&old, &new).into_iter().map(|piece| match piece {
                Piece::Same(text) => text.draw(),
                Piece::Removed(text) => view! { <del>{text}</del> },
                Piece::Added(text) => view! { <ins>{text}</ins> },
            });
            return view! { <div class="words pre" dir="auto" lang=lang>{pieces.collect_view()}</div> };
        }
    }
    answer::answer(field, &file.answers, lang)
        .unwrap_or_else(|| view! { <p class="quiet">{words::t("ui.review.unanswered")}</p> })
}

/// Draws what each writer confided to staff.
fn confidential(open: Open, field: &'static Field, notes: &[(PersonId, Document)]) -> View {
    let told = notes.iter().filter_map(|(person, note)| {
        let answer = answer::answer(field, &note.answers(), None)?;
        let name = open.peek(|file| file.name(*person, open.session.person())).unwrap_or_default();
        Some(view! { <p class="small quiet">{name}</p>{answer} })
    });
    match told.collect::<Vec<_>>() {
        told if told.is_empty() => view! { <p class="quiet">{words::t("ui.review.unanswered")}</p> },
        told => told.into_iter().collect_view(),
    }
}

/// A list reads as one line for each item.
fn in_words(field: &Field, answers: &Answers, target: Target) -> String {
    if field.item_fields().is_empty() {
        return answer::plain(field, answers, target);
    }
    answers.items(field.id).iter().map(|id| answer::item(field, answers, *id)).collect::<Vec<_>>().join("\n")
}

fn rail(
    open: Open,
    form: &'static shared::form::Form,
    changed: impl Fn() -> std::collections::BTreeSet<shared::value::FieldId> + Copy + Send + Sync + 'static,
) -> View {
    let rows = form
        .sections
        .iter()
        .enumerate()
        .map(|(index, section)| {
            let count = move || {
                let changed = changed();
                match section.fields.iter().filter(|field| changed.contains(&field.id)).count() {
                    0 => String::new(),
                    n => n.to_string(),
                }
            };
            let id = format!("s{}", index + 1);
            view! { <a href=format!("#{id}") on:click=move |event| { event.prevent_default(); dom::go_to(&id); }>
            <span>{index + 1}" "{words::section(section.key)}</span><span class="end quiet">{count}</span></a> }
        })
        .collect_view();
    let assessed = open.memo(assessed);
    view! {
        <nav class="rail" aria-label=words::t("ui.tasks.sections")>
            {back("/inbox".to_owned(), words::t("ui.nav.inbox"))}
            <div class="index"><h2 class="rule gap-s">{words::t("ui.tasks.sections")}</h2>{rows}</div>
            {move || assessed.get().flatten().map(|assessment| view! {
                <h2 class="rule gap">{words::t("ui.eligibility.title")}</h2>{check::eligibility(&assessment)}
                <p class="xs quiet gap-s">{words::with("ui.eligibility.rules", &[("n", &assessment.rules_version.to_string()), ("day", &words::day(assessment.on))])}</p> })}
        </nav>
    }
}

/// Returns what the rules said of the newest version, as the server kept it.
fn assessed(file: &File) -> Option<Assessment> {
    file.internal.versions.last().and_then(|version| from_bytes::<Assessment>(&version.assessment).ok())
}

/// Draws what is still open, then the decisions that can be taken.
fn decision(open: Open) -> View {
    let reason = Pen::new(open, "why");
    let drafts = open.memo(margin::drafts);
    let drafts = move || drafts.get().unwrap_or_default();
    let names = move || drafts().into_iter().map(|(id, _)| id).collect::<Vec<OpId>>();
    let can = open.memo(|file| (file.shared.state, file.queued().is_some()));
    let returnable = move || matches!(can.get(), Some((State::Received | State::Registered, false)));
    let registrable = move || matches!(can.get(), Some((State::Received, false)));
    let blocking =
        open.memo(|file| file.problems.iter().filter(|problem| problem.severity == Severity::Blocks).count());
    let unmet = open.memo(|file| {
        let findings = assessed(file).map(|assessment| assessment.findings).unwrap_or_default();
        findings.iter().filter(|finding| finding.outcome == Outcome::Fails).count()
    });
    // The reason is put away once the decision it belongs to is written down, not before.
    let returning = open.memo(|file| file.queued() == Some(Action::Return));
    effect(move || {
        if returning.get() == Some(true) {
            reason.clear();
        }
    });
    let standing = move || {
        let queued = matches!(can.get(), Some((_, true)));
        let state = can.get().map(|(state, _)| state_words(state)).unwrap_or_default();
        let told = if queued {
            words::t("ui.review.queued")
        } else {
            match drafts().len() {
                0 => String::new(),
                n => words::count("ui.review.drafts", n),
            }
        };
        let missing =
            blocking.get().filter(|n| *n > 0).map(|n| words::count("ui.review.incomplete", n)).unwrap_or_default();
        let unmet = unmet.get().filter(|n| *n > 0).map(|n| words::count("ui.review.unmet", n));
        view! { <b>{state}"."</b>" "<span class="quiet">{told}" "{missing}</span>{unmet.map(|unmet| view! { " "<span class="bad">{unmet}</span> })} }
    };
    let form = view! { <div class="f"><label for="why">{words::t("ui.review.reason")}</label>
    {reason.area(Some("why"), None)}</div> };
    view! {
        <footer class="foot"><div class="wrap row"><span role="status">{standing}</span><span class="row">
            <button type="button" class="btn" hidden=move || !returnable() on:click=|_| dom::open_dialog("return")>{move || match drafts().len() { 0 => words::t("ui.review.return.none"), n => words::count("ui.review.return", n) }}</button>
            <button type="button" class="btn main" hidden=move || !registrable() on:click=|_| dom::open_dialog("register")>{words::t("ui.review.register")}</button>
        </span></div></footer>
        {question("return", words::t("ui.review.return_title"), words::t("ui.review.return_text"), form.draw(), words::t("ui.review.return_yes"), move || {
            let words = reason.words();
            if (names().is_empty() && words.is_empty()) || reason.is_too_long() {
                return Err("why");
            }
            open.command(Action::Return, Some(words), names());
            Ok(())
        })}
        {question("register", words::t("ui.review.register"), words::t("ui.review.register_text"), View::Nothing, words::t("ui.review.register"), move || {
            open.command(Action::Register, None, Vec::new());
            Ok(())
        })}
    }
}
