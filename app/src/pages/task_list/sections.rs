//! The sections of a document, and how far each is.

use leptos::prelude::*;
use shared::check::{SectionState, section_state};
use shared::document::Thread;

use crate::components::icon::Icon;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};

#[derive(Clone, PartialEq)]
struct Row {
    key: &'static str,
    state: SectionState,
    /// Whether two answers wait to be settled.
    settle: bool,
    /// How many remarks nobody has answered.
    remarks: usize,
}

impl Row {
    fn is_ready(&self) -> bool {
        matches!(self.state, SectionState::Ready | SectionState::Optional) && !self.settle && self.remarks == 0
    }
}

/// Draws the list.
#[component]
pub fn Sections(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let rows = handle.memo(rows);
    let ready = move || {
        rows.get().map(|rows| {
            let ready = rows.iter().filter(|row| row.is_ready()).count();
            let (n, all) = (i18n.number(ready as i64), i18n.number(rows.len() as i64));
            i18n.with("ui.tasks.ready", &[("n", &n), ("all", &all)])
        })
    };
    let list = move || {
        let rows = rows.get().unwrap_or_default().into_iter().enumerate();
        rows.map(|(index, row)| section_row(i18n, handle, index + 1, &row)).collect_view()
    };
    view! {
        <h2 class="rule">{i18n.text("ui.tasks.sections")}" "<span class="quiet end small">{ready}</span></h2>
        <ol class="rows tasks">{list}</ol>
    }
}

fn rows(view: &DocumentView) -> Vec<Row> {
    let rows = view.form.sections.iter().map(|section| {
        let here = |field| view.form.section_of(field).is_some_and(|found| found.key == section.key);
        let open_remark = |thread: &&Thread| {
            thread.settled.is_none()
                && thread.replies.is_empty()
                && thread.target.is_some_and(|target| here(target.field))
        };
        Row {
            key: section.key,
            state: section_state(view.form, section, &view.answers, &view.problems),
            settle: view.answers.unsettled.iter().any(|target| here(target.field)),
            remarks: view.shared.threads.values().filter(open_remark).count(),
        }
    });
    rows.collect()
}

// A function, not a component: it is drawn again with the list, when the language changes too.
fn section_row(i18n: I18n, handle: DocumentHandle, number: usize, row: &Row) -> Option<impl IntoView + use<>> {
    let form = handle.peek(|view| view.form)?;
    let mut why = Vec::new();
    if row.settle {
        why.push(i18n.get("ui.tasks.two"));
    }
    if row.remarks > 0 {
        why.push(i18n.count("ui.tasks.remarks", row.remarks));
    }
    let (class, icon_class, icon, words) = match row.state {
        _ if row.settle || row.remarks > 0 => ("st wait", "", "two", "ui.tasks.to_settle"),
        SectionState::Ready => ("st quiet", "ok", "check", "ui.tasks.done"),
        SectionState::InProgress => ("st", "", "half", "ui.tasks.started"),
        SectionState::NotStarted => ("st quiet", "", "ring", "ui.tasks.not_started"),
        SectionState::Optional => ("st quiet", "", "ring", "ui.tasks.optional"),
    };
    let why = (!why.is_empty()).then(|| view! { <br/><span class="small wait">{why.join(", ")}</span> });
    Some(view! {
        <li><span class="n">{number}</span>
            <span><a class="t" href=format!("/d/{}/{}", handle.id, row.key)>{i18n.section(form, row.key)}</a>{why}</span>
            <span class=class><span class=icon_class><Icon name=icon/></span>{i18n.get(words)}</span></li>
    })
}
