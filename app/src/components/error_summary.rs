//! What is wrong, in words: beside its field, and in a summary that leads to the fields.

use leptos::prelude::*;
use shared::check::{Complaint, Problem, Severity, Shown};
use shared::form::Form;
use shared::value::Target;

use super::icon::Icon;
use crate::browser;
use crate::documents::handle::{DocumentHandle, control_id};
use crate::i18n::{I18n, use_i18n};

/// Returns whether a problem is told beside its field: one that only says that nobody has answered yet is told once
/// the person has asked, and two answers have a slip of their own.
#[must_use]
pub fn is_told(problem: &Problem, show_missing: bool) -> bool {
    (show_missing || !is_only_missing(problem)) && problem.complaint != Complaint::Unsettled
}

/// Returns whether a problem is only that nobody has answered yet.
#[must_use]
pub fn is_only_missing(problem: &Problem) -> bool {
    matches!(problem.complaint, Complaint::Missing | Complaint::NotTicked)
}

/// Returns the id of where in the page a problem is put right.
#[must_use]
pub fn place(problem: &Problem) -> String {
    let slip = if problem.complaint == Complaint::Unsettled { "-slip" } else { "" };
    format!("{}{slip}", control_id(problem.target))
}

/// Returns a problem in words.
#[must_use]
pub fn problem_text(i18n: I18n, form: &Form, problem: &Problem) -> String {
    let values = problem.values().into_iter().map(|(name, shown)| match shown {
        Shown::Number(number) => (name, i18n.number(number)),
        Shown::Text(text) => (name, text),
    });
    let values: Vec<(&str, String)> = values.collect();
    let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    i18n.with(&problem.key(form), &pairs)
}

/// Returns one line of a list of problems. A field of an item is named after its list.
#[must_use]
pub fn problem_line(i18n: I18n, form: &'static Form, problem: &Problem) -> String {
    let field = problem.target.field;
    let list = problem.target.item.and(form.container_of(field));
    let list = list.map(|list| format!("{}, ", i18n.label(form, list))).unwrap_or_default();
    let label = form.field(field).map(|field| i18n.label(form, field)).unwrap_or_default();
    // What is ticked is a whole sentence.
    let label = label.trim_end_matches('.');
    format!("{list}{label}{}{}", i18n.get("ui.colon"), problem_text(i18n, form, problem))
}

/// Returns the class and the icon of a problem: two answers and warnings wait, the others are wrong.
#[must_use]
pub fn problem_mark(problem: &Problem) -> (&'static str, &'static str) {
    match (&problem.complaint, problem.severity) {
        (Complaint::Unsettled, _) => ("wait", "two"),
        (_, Severity::Warns) => ("wait", "alert"),
        _ => ("bad", "alert"),
    }
}

/// Draws what is wrong at one field.
#[component]
pub fn FieldErrors(target: Target, problems: Memo<Option<Vec<Problem>>>, form: &'static Form) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        let problems = problems.get().unwrap_or_default();
        let lines = problems.into_iter().map(|problem| {
            let class = if problem.severity == Severity::Blocks { "st bad" } else { "st wait" };
            view! { <p class=class><Icon name="alert"/><b>{problem_text(i18n, form, &problem)}</b></p> }
        });
        lines.collect_view()
    };
    view! { <div id=format!("{}-e", control_id(target))>{lines}</div> }
}

/// Draws the summary of a section; nothing while nothing is wrong.
#[component]
pub fn ErrorSummary(
    handle: DocumentHandle,
    /// Key of the section.
    section: &'static str,
    /// Whether what is only missing is told too.
    show_missing: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let problems = handle.memo(move |view| {
        let here = view.problems.iter().filter(|problem| {
            view.form.section_of(problem.target.field).is_some_and(|found| found.key == section)
                && (show_missing || !is_only_missing(problem))
        });
        here.cloned().collect::<Vec<_>>()
    });
    move || {
        let problems = problems.get().filter(|problems| !problems.is_empty())?;
        let form = handle.peek(|view| view.form)?;
        let rows = problems.iter().map(|problem| {
            let (class, icon) = problem_mark(problem);
            let place = place(problem);
            let href = format!("#{place}");
            let go = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                browser::go_to(&place);
            };
            view! { <li class=class><Icon name=icon/><a href=href on:click=go>{problem_line(i18n, form, problem)}</a></li> }
        });
        Some(view! {
            <div class="sum measure" role="group" aria-labelledby="sum" tabindex="-1">
                <h2 id="sum">{i18n.count("ui.sum.title", problems.len())}</h2>
                <p class="small">{i18n.text("ui.sum.calm")}</p>
                <ul class="checks">{rows.collect_view()}</ul>
            </div>
        })
    }
}
