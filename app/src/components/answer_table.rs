//! A table whose rows and columns are the items of two lists: one short answer, or a few, in each cell.

use leptos::prelude::*;
use shared::form::{Field, FieldKind};
use shared::ids::OpId;
use shared::value::{FieldId, Target};

use super::answer;
use super::conflict::Conflict;
use super::error_summary::FieldErrors;
use super::field::{Control, FieldControl, problems_at};
use crate::i18n::use_i18n;

/// Draws the table; nothing but a word while it has no rows or no columns.
#[component]
pub fn AnswerTable(
    control: FieldControl,
    /// The list whose items are the rows.
    rows: FieldId,
    /// The list whose items are the columns.
    columns: FieldId,
    /// What each cell is asked.
    cell: &'static [Field],
) -> impl IntoView {
    let FieldControl { handle, form, .. } = control;
    let i18n = use_i18n();
    let items = move |list: FieldId| {
        let items = handle.memo(move |view| view.answers.items(list).to_vec());
        move || items.get().unwrap_or_default()
    };
    let (rows_here, columns_here) = (items(rows), items(columns));
    let is_empty = {
        let (rows, columns) = (rows_here, columns_here);
        move || rows().is_empty() || columns().is_empty()
    };
    let name_of = move |list: FieldId, id: OpId| {
        let field = form.field(list);
        let words = handle.look(|view| answer::item(i18n, form, field?, &view.answers, id).into());
        words.flatten().filter(|words: &String| !words.is_empty()).unwrap_or_else(|| i18n.get("ui.list.empty_item"))
    };
    let label = move || i18n.label(form, control.field);
    let head = move |id: OpId| view! { <th scope="col" dir="auto">{move || name_of(columns, id)}</th> };
    let line = move |row: OpId| {
        let cell = move |column: OpId| {
            let name = Signal::derive(move || format!("{}, {}", name_of(rows, row), name_of(columns, column)));
            let fields = cell.iter().map(|field| view! { <Cell control field row column name alone=cell.len() == 1/> });
            view! { <td>{fields.collect_view()}</td> }
        };
        view! {
            <tr><th scope="row" dir="auto">{move || name_of(rows, row)}</th>
                <For each=columns_here key=|id| *id children=cell/></tr>
        }
    };
    view! {
        <div id=control.id() tabindex="-1"><div class="scroll" role="group" tabindex="0" aria-label=label hidden=is_empty>
            <table class="cells"><thead><tr><td></td><For each=columns_here key=|id| *id children=head/></tr></thead>
                <tbody><For each=rows_here key=|id| *id children=line/></tbody></table></div>
        <p class="quiet small" hidden=move || !is_empty()>{i18n.text("ui.table.empty")}</p></div>
    }
}

/// Draws one field of one cell.
#[component]
fn Cell(
    control: FieldControl,
    field: &'static Field,
    row: OpId,
    column: OpId,
    name: Signal<String>,
    /// Whether the table asks nothing else: the eye then needs no label in each cell.
    alone: bool,
) -> impl IntoView {
    let FieldControl { handle, form, show_missing, .. } = control;
    let i18n = use_i18n();
    let target = Target::in_cell(row, column, field.id);
    let problems = problems_at(handle, target, show_missing);
    let control = FieldControl::new(handle, form, field, target, problems, show_missing);
    let rewrite = RwSignal::new(false);
    let unsettled = handle.memo(move |view| view.answers.unsettled.contains(&target));
    let replaced = move || unsettled.get() == Some(true) && !rewrite.get();
    let label = move || i18n.label(form, field);
    let class = if alone { "hide" } else { "xs" };
    // A tick brings its own label.
    let labelled = (!matches!(field.kind, FieldKind::Flag)).then(|| {
        view! { <label class=class for=control.id()><span class="hide">{name}", "</span>{label}</label> }
    });
    view! {
        {labelled}
        <FieldErrors target problems form/>
        <Conflict control rewrite/>
        <div hidden=replaced><Control control/></div>
    }
}
