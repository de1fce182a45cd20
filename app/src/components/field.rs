//! One field: what is asked, the hint, what is wrong, the control for its kind, where the answer is, and the remarks
//! on it. Every kind of field comes through here.

use leptos::prelude::*;
use shared::check::{Problem, Severity, is_beside_the_case};
use shared::form::{Field, FieldKind, FilledBy, Form, Need};
use shared::ids::OpId;
use shared::value::Target;

use super::answer_table::AnswerTable;
use super::check_box::CheckBox;
use super::check_boxes::CheckBoxes;
use super::conflict::Conflict;
use super::error_summary::FieldErrors;
use super::item_list::ItemList;
use super::prose_editor::{EditedByBoth, ProseEditor};
use super::remarks::Remarks;
use super::save_status::FieldSaved;
use super::text_input::TextInput;
use super::{answer, options_input};
use crate::documents::handle::{DocumentHandle, control_id};
use crate::i18n::{I18n, use_i18n};

/// Choices of up to so many codes stand open; of more, in a menu.
pub const RADIOS_MAX: usize = 6;

/// What the control of a field is handed.
#[derive(Clone, Copy, Debug)]
pub struct FieldControl {
    /// The document it writes to.
    pub handle: DocumentHandle,
    /// The form of the document.
    pub form: &'static Form,
    /// The field.
    pub field: &'static Field,
    /// Where its answer stands.
    pub target: Target,
    /// Whether this person may write to it now.
    pub enabled: Memo<bool>,
    /// Whether its answer stands in the way of submission.
    pub invalid: Memo<bool>,
    /// Whether what is only missing is told too.
    pub show_missing: bool,
    /// Characters in it, for the line below.
    pub length: RwSignal<usize>,
}

impl FieldControl {
    /// Returns what the control of a field is handed.
    #[must_use]
    pub fn new(
        handle: DocumentHandle,
        form: &'static Form,
        field: &'static Field,
        target: Target,
        problems: Memo<Option<Vec<Problem>>>,
        show_missing: bool,
    ) -> Self {
        let blocks = move || problems.with(|here| here.iter().flatten().any(|one| one.severity == Severity::Blocks));
        Self {
            handle,
            form,
            field,
            target,
            enabled: Memo::new(move |_| handle.may_edit(field)),
            invalid: Memo::new(move |_| blocks()),
            show_missing,
            length: RwSignal::new(0),
        }
    }

    /// Returns the id of the control.
    #[must_use]
    pub fn id(self) -> String {
        control_id(self.target)
    }

    /// Returns the ids of what describes it: its hint, and what is wrong with it.
    #[must_use]
    pub fn described_by(self) -> String {
        format!("{0}-h {0}-e", self.id())
    }
}

/// Draws a field of the document, or of one item of a list.
#[component]
pub fn FormField(
    handle: DocumentHandle,
    field: &'static Field,
    item: Option<OpId>,
    /// Whether what is only missing is told too.
    show_missing: bool,
) -> AnyView {
    let Some(form) = handle.peek(|view| view.form).filter(|_| !field.retired) else { return ().into_any() };
    let target = Target { field: field.id, item, column: None };
    if field.filled_by == FilledBy::Staff {
        return view! { <StaffField handle form field target/> }.into_any();
    }
    let problems = problems_at(handle, target, show_missing);
    let control = FieldControl::new(handle, form, field, target, problems, show_missing);
    let rewrite = RwSignal::new(false);
    let unsettled = handle.memo(move |view| view.answers.unsettled.contains(&target));
    let replaced = move || unsettled.get() == Some(true) && !rewrite.get();
    // Shown when its case is at hand, and always once it holds something.
    let beside = handle.memo(move |view| {
        item.is_none()
            && is_beside_the_case(view.form, &view.answers, field)
            && view.answers.is_empty_at(target)
            && !view.shared.threads.values().any(|thread| thread.target == Some(target))
    });
    let beside = move || beside.get() == Some(true);
    let class = match (item, field.kind) {
        (Some(_), FieldKind::Text { .. }) => "f full",
        (Some(_), _) => "f",
        (None, _) => "f cols",
    };
    let body = view! {
        <Hint control/>
        <FieldErrors target problems form/>
        <Conflict control rewrite/>
        <div hidden=replaced><Control control/></div>
        {matches!(field.kind, FieldKind::Prose { .. }).then(|| view! { <EditedByBoth handle target/> })}
        <p class="under"><FieldSaved handle target/><Counter control/></p>
        {item.is_none().then(|| view! { <Remarks handle target=Some(target)/> })}
    };
    let i18n = use_i18n();
    let title = move || title(i18n, form, field);
    if is_group(field.kind) {
        return view! { <fieldset class=class hidden=beside><legend>{title}</legend>{body}</fieldset> }.into_any();
    }
    if let FieldKind::Flag = field.kind {
        return view! { <div class=class hidden=beside>{body}</div> }.into_any();
    }
    view! { <div class=class hidden=beside><label for=control.id()>{title}</label>{body}</div> }.into_any()
}

/// Returns what is wrong at one place, as far as it is told beside it.
#[must_use]
pub fn problems_at(handle: DocumentHandle, target: Target, show_missing: bool) -> Memo<Option<Vec<Problem>>> {
    handle.memo(move |view| {
        let here = view.problems.iter().filter(|problem| problem.target == target);
        here.filter(|problem| super::error_summary::is_told(problem, show_missing)).cloned().collect::<Vec<_>>()
    })
}

/// A field that staff fill in is read by the partner only when there is something to say about it.
#[component]
fn StaffField(handle: DocumentHandle, form: &'static Form, field: &'static Field, target: Target) -> impl IntoView {
    let i18n = use_i18n();
    let remarked = handle.memo(move |view| view.shared.threads.values().any(|thread| thread.target == Some(target)));
    view! {
        <div class="f cols" id=control_id(target) tabindex="-1" hidden=move || remarked.get() != Some(true)>
            <p><b>{move || i18n.label(form, field)}</b></p>
            <p>{move || handle.look(|view| answer::plain(i18n, field, &view.answers, target))}</p>
            <Remarks handle target=Some(target)/>
        </div>
    }
}

/// Draws the control for the kind of a field. In a cell a menu takes the room that radio buttons have not.
#[component]
pub fn Control(control: FieldControl) -> AnyView {
    match control.field.kind {
        FieldKind::Prose { .. } => view! { <ProseEditor control/> }.into_any(),
        FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Day | FieldKind::Month => {
            view! { <TextInput control/> }.into_any()
        }
        FieldKind::Choice { list } if control.target.in_table() || shared::lists::codes(list).len() > RADIOS_MAX => {
            view! { <options_input::Select control list/> }.into_any()
        }
        FieldKind::Choice { list } => view! { <options_input::Radios control list/> }.into_any(),
        FieldKind::Choices { list, .. } => view! { <CheckBoxes control list/> }.into_any(),
        FieldKind::Flag => view! { <CheckBox control/> }.into_any(),
        FieldKind::List { max, ordered, parent, .. } => view! { <ItemList control max ordered parent/> }.into_any(),
        FieldKind::Table { rows, columns, cell } => view! { <AnswerTable control rows columns cell/> }.into_any(),
    }
}

/// Returns what is asked, and whether it may stay open.
#[must_use]
pub fn title(i18n: I18n, form: &Form, field: &Field) -> String {
    let label = i18n.label(form, field);
    match field.need {
        Need::Optional if !matches!(field.kind, FieldKind::Flag) => {
            format!("{label} {}", i18n.get("ui.field.optional"))
        }
        _ => label,
    }
}

/// Whether a kind of field has several controls, which a legend names together.
fn is_group(kind: FieldKind) -> bool {
    match kind {
        FieldKind::Choices { .. } | FieldKind::List { .. } | FieldKind::Table { .. } => true,
        FieldKind::Choice { list } => shared::lists::codes(list).len() <= RADIOS_MAX,
        _ => false,
    }
}

#[component]
fn Hint(control: FieldControl) -> impl IntoView {
    let i18n = use_i18n();
    let hint = move || i18n.hint(control.form, control.field);
    view! { <p class="hint" id=format!("{}-h", control.id()) hidden=move || hint().is_none()>{hint}</p> }
}

/// Counts the characters of prose against its limit.
#[component]
fn Counter(control: FieldControl) -> impl IntoView {
    let i18n = use_i18n();
    let FieldKind::Prose { max_chars } = control.field.kind else { return None };
    let length = control.length;
    let number = move |n: usize| i18n.number(i64::try_from(n).unwrap_or(i64::MAX));
    let class = move || if length.get() > max_chars as usize { "bad" } else { "" };
    Some(view! {
        <span class=class><span class="hide">{i18n.text("ui.field.length")}" "</span>
            {move || format!("{} / {}", number(length.get()), number(max_chars as usize))}</span>
    })
}
