//! One field: what is asked, the hint, what is wrong, the control for its kind, where the answer is,
//! and the remarks on it. Every kind of field comes through here.

use shared::check::is_beside_the_case;
use shared::form::{Field, FieldKind, FilledBy, Need};
use shared::ids::OpId;
use shared::value::Target;

use super::file::{Open, anchor};
use super::{answer, choice, list, problems, prose, remarks, saved, short, two};
use crate::state::{Memo, RwSignal};
use crate::view::{View, view};
use crate::words;

/// Draws a field of the document, or of one item of a list. `asked`: what is missing is told too.
pub fn field(open: Open, field: &'static Field, item: Option<OpId>, asked: bool) -> View {
    if field.retired {
        return View::Nothing;
    }
    let target = Target { field: field.id, item };
    if field.filled_by == FilledBy::Staff {
        return told_by_staff(open, field, target);
    }
    let enabled = Memo::new(move || open.may_edit(field));
    let (wrong, invalid) = problems::at_field(open, target, asked);
    let described = format!("{0}-h {0}-e", anchor(target));
    let length = RwSignal::new(0);
    let rewrite = RwSignal::new(false);
    let unsettled = open.memo(move |file| file.answers.unsettled.contains(&target));
    let away = move || unsettled.get() == Some(true) && !rewrite.get();
    // Shown when its case is at hand, and always once it holds something.
    let beside = open.memo(move |file| {
        item.is_none()
            && is_beside_the_case(file.form, &file.answers, field)
            && file.answers.is_empty_at(target)
            && !file.shared.threads.values().any(|thread| thread.target == Some(target))
    });
    let beside = move || beside.get() == Some(true);
    let control = control(open, field, target, described, invalid, enabled, length, asked);
    let class = match (item, field.kind) {
        (Some(_), FieldKind::Text { .. }) => "f full",
        (Some(_), _) => "f",
        (None, _) => "f cols",
    };
    let body = view! {
        {hint(field, target)}
        {wrong}
        {two::two(open, field, target, rewrite, enabled)}
        <div hidden=away>{control}</div>
        {prose_extras(open, field, target)}
        <p class="under">{saved::saved_line(open, target)}{counter(field, length)}</p>
        {item.is_none().then(|| remarks::remarks(open, Some(target)))}
    };
    let title = title(field);
    if group(field.kind) {
        return view! { <fieldset class=class hidden=beside><legend>{title}</legend>{body}</fieldset> };
    }
    if let FieldKind::Flag = field.kind {
        return view! { <div class=class hidden=beside>{body}</div> };
    }
    view! { <div class=class hidden=beside><label for=anchor(target)>{title}</label>{body}</div> }
}

/// A field that staff fill in is read by the partner only when there is something to say about it.
fn told_by_staff(open: Open, field: &'static Field, target: Target) -> View {
    let remarked = open.memo(move |file| file.shared.threads.values().any(|thread| thread.target == Some(target)));
    let answer = open.memo(move |file| answer::plain(field, &file.answers, target));
    view! {
        <div class="f cols" id=anchor(target) tabindex="-1" hidden=move || remarked.get() != Some(true)>
            <p><b>{words::label(field)}</b></p><p>{move || answer.get()}</p>
            {remarks::remarks(open, Some(target))}
        </div>
    }
}

#[expect(clippy::too_many_arguments, reason = "what every kind of control is handed, once")]
fn control(
    open: Open,
    field: &'static Field,
    target: Target,
    described: String,
    invalid: Memo<bool>,
    enabled: Memo<bool>,
    length: RwSignal<usize>,
    asked: bool,
) -> View {
    match field.kind {
        FieldKind::Prose { .. } => prose::prose(open, target, described, length, enabled),
        FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Day | FieldKind::Month => {
            short::short(open, field, target, described, invalid, enabled)
        }
        FieldKind::Choice { list } => choice::choice(open, field, list, target, described, enabled),
        FieldKind::Choices { list, .. } => choice::choices(open, list, target, described, enabled),
        FieldKind::Flag => choice::flag(open, target, title(field), enabled),
        FieldKind::List { .. } => list::list(open, field, enabled, asked),
    }
}

/// Returns what is asked, and whether it may stay open.
fn title(field: &Field) -> String {
    let label = words::label(field);
    match field.need {
        Need::Optional if !matches!(field.kind, FieldKind::Flag) => {
            format!("{label} {}", words::t("ui.field.optional"))
        }
        _ => label,
    }
}

fn group(kind: FieldKind) -> bool {
    match kind {
        FieldKind::Choices { .. } | FieldKind::List { .. } => true,
        FieldKind::Choice { list } => shared::lists::codes(list).len() <= 6,
        _ => false,
    }
}

fn hint(field: &Field, target: Target) -> View {
    let hint = words::hint(field);
    view! { <p class="hint" id=format!("{}-h", anchor(target)) hidden=hint.is_none()>{hint.clone()}</p> }
}

fn prose_extras(open: Open, field: &'static Field, target: Target) -> Option<View> {
    matches!(field.kind, FieldKind::Prose { .. }).then(|| prose::edited_by_both(open, target))
}

fn counter(field: &'static Field, length: RwSignal<usize>) -> Option<View> {
    let FieldKind::Prose { max_chars } = field.kind else { return None };
    let number = |n: usize| words::number(i64::try_from(n).unwrap_or(i64::MAX));
    let over = move || length.get() > max_chars as usize;
    let text = move || format!("{} / {}", number(length.get()), number(max_chars as usize));
    Some(
        view! { <span class=move || if over() { "bad" } else { "" }><span class="hide">{words::t("ui.field.length")}" "</span>{text}</span> },
    )
}
