//! What is wrong, in words, and the summary that leads to it.

use shared::check::{Complaint, Problem, Severity, Shown};
use shared::form::Form;
use shared::value::Target;

use super::dom;
use super::file::{Open, anchor};
use super::icon::icon;
use crate::state::Memo;
use crate::view::{CollectView, Draw as _, View, view};
use crate::words;

/// Returns a problem in words.
pub fn text(form: &Form, problem: &Problem) -> String {
    let values: Vec<(&str, String)> = problem
        .values()
        .into_iter()
        .map(|(name, shown)| match shown {
            Shown::Number(number) => (name, words::number(number)),
            Shown::Text(text) => (name, text),
        })
        .collect();
    let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words::with(&problem.key(form), &pairs)
}

/// Returns whether a problem is only that nobody has answered yet.
pub fn only_missing(problem: &Problem) -> bool {
    matches!(problem.complaint, Complaint::Missing | Complaint::NotTicked)
}

/// Returns where in the page a problem is put right.
pub fn place(problem: &Problem) -> String {
    let slip = if problem.complaint == Complaint::Unsettled { "-slip" } else { "" };
    format!("{}{slip}", anchor(problem.target))
}

/// Draws one line of a list of problems. A field of an item is named after its list.
pub fn line(form: &'static Form, problem: &Problem) -> View {
    let field = problem.target.field;
    let list = problem
        .target
        .item
        .and(form.list_of(field))
        .map(|list| format!("{}, ", words::label(list)))
        .unwrap_or_default();
    let label = form.field(field).map(words::label).unwrap_or_default();
    // What is ticked is a whole sentence.
    let label = label.trim_end_matches('.');
    format!("{list}{label}{}{}", words::t("ui.colon"), text(form, problem)).draw()
}

/// Draws a problem's icon: two answers and warnings wait, the others are wrong.
pub fn mark(problem: &Problem) -> (&'static str, View) {
    match (&problem.complaint, problem.severity) {
        (Complaint::Unsettled, _) => ("wait", icon("two")),
        (_, Severity::Warns) => ("wait", icon("alert")),
        _ => ("bad", icon("alert")),
    }
}

/// Draws what is wrong at one field. What is only missing is said once the person has asked.
pub fn at_field(open: Open, target: Target, asked: bool) -> (View, Memo<bool>) {
    let here = open.memo(move |file| {
        let here = file.problems.iter().filter(|problem| problem.target == target);
        let told =
            here.filter(|problem| (asked || !only_missing(problem)) && problem.complaint != Complaint::Unsettled);
        told.map(|problem| (text(file.form, problem), problem.severity)).collect::<Vec<_>>()
    });
    let invalid =
        Memo::new(move || here.get().is_some_and(|here| here.iter().any(|(_, grave)| *grave == Severity::Blocks)));
    let view = view! {
        <div id=format!("{}-e", anchor(target))>{move || here.get().unwrap_or_default().into_iter().map(|(text, severity)| {
            let class = if severity == Severity::Blocks { "st bad" } else { "st wait" };
            view! { <p class=class>{icon("alert")}<b>{text}</b></p> }
        }).collect_view()}</div>
    };
    (view.draw(), invalid)
}

/// Draws the summary of a section.
pub fn summary(open: Open, section: &'static str, asked: bool) -> View {
    let here = open.memo(move |file| {
        let here = file.problems.iter().filter(|problem| {
            file.form.section_of(problem.target.field).is_some_and(|found| found.key == section)
                && (asked || !only_missing(problem))
        });
        here.cloned().collect::<Vec<_>>()
    });
    view! {
        {move || here.get().filter(|here| !here.is_empty()).map(|here| {
            let form = open.peek(|file| file.form);
            let rows = here.iter().filter_map(|problem| form.map(|form| {
                let (class, icon) = mark(problem);
                let place = place(problem);
                let href = format!("#{place}");
                view! { <li class=class>{icon}<a href=href on:click=move |event| { event.prevent_default(); dom::go_to(&place); }>{line(form, problem)}</a></li> }
            })).collect_view();
            view! {
                <div class="sum measure" role="group" aria-labelledby="sum" tabindex="-1">
                    <h2 id="sum">{words::count("ui.sum.title", here.len())}</h2>
                    <p class="small">{words::t("ui.sum.calm")}</p>
                    <ul class="checks">{rows}</ul>
                </div>
            }
        })}
    }
}
