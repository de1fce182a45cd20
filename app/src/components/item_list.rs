//! Items in an order: add, change, remove, move up and down. Moving one touches another only where two people had
//! added theirs in one place.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::OpId;
use shared::merge::list::List;
use shared::merge::position::between;
use shared::op::{AddItem, Body, MoveItem, Reconcile, RemoveItem};
use shared::value::{FieldId, Target};

use super::answer;
use super::field::{FieldControl, FormField};
use super::history::author_and_time;
use super::icon::Icon;
use crate::browser;
use crate::documents::handle::{DocumentHandle, control_id};
use crate::i18n::use_i18n;

/// Most items above one that are looked through.
const PARENTS_MAX: usize = 64;

/// Which items stand open; told apart from the answers, which are everybody's.
type Opened = RwSignal<Vec<OpId>>;

/// Draws the list.
#[component]
pub fn ItemList(
    control: FieldControl,
    /// Most items there may be.
    max: u16,
    /// Whether their order means something.
    ordered: bool,
    /// The list whose items they may stand below.
    parent: Option<FieldId>,
) -> impl IntoView {
    let FieldControl { handle, form, field, enabled, .. } = control;
    let i18n = use_i18n();
    let items = handle.memo(move |view| view.answers.items(field.id).to_vec());
    let items = move || items.get().unwrap_or_default();
    let opened = Opened::new(Vec::new());
    let full = move || !enabled.get() || items().len() >= usize::from(max);
    let add_key = format!("form.{}.{}.add", form.key, field.key);
    view! {
        <ol class="acts" id=control.id() tabindex="-1" hidden=move || items().is_empty()>
            <For each=items key=|id| *id children=move |id| view! { <ItemRow control id opened ordered parent/> }/>
        </ol>
        <p hidden=full>
            <button type="button" class="btn" on:click=move |_| add(handle, field.id, opened)>
                <Icon name="plus"/>{i18n.text(add_key)}</button></p>
    }
}

#[component]
fn ItemRow(control: FieldControl, id: OpId, opened: Opened, ordered: bool, parent: Option<FieldId>) -> impl IntoView {
    let FieldControl { handle, form, field, enabled, show_missing, .. } = control;
    let i18n = use_i18n();
    let place = handle.memo(move |view| {
        let above = view.answers.parent(id);
        let items = view.answers.items(field.id).iter().filter(|other| view.answers.parent(**other) == above);
        let siblings: Vec<_> = items.collect();
        (siblings.iter().position(|other| **other == id).map_or(0, |index| index + 1), siblings.len())
    });
    let place = move || place.get().unwrap_or_default();
    let level = handle.memo(move |view| view.answers.depth(id).to_string());
    let number = handle.memo(move |view| answer::number(&view.answers, field.id, id));
    let is_open = Memo::new(move |_| opened.with(|opened| opened.contains(&id)));
    let summary = move || {
        let summary = handle.look(|view| answer::item(i18n, form, field, &view.answers, id));
        summary.filter(|text| !text.is_empty()).unwrap_or_else(|| i18n.get("ui.list.empty_item"))
    };
    let toggle = move |_| {
        opened.update(|opened| match opened.iter().position(|other| *other == id) {
            Some(at) => drop(opened.remove(at)),
            None => opened.push(id),
        });
    };
    let toggle_words = move || {
        i18n.get(match (is_open.get(), enabled.get()) {
            (true, _) => "ui.list.close",
            (false, true) => "ui.list.change",
            (false, false) => "ui.list.open",
        })
    };
    let remove = move |_| handle.edit(Target::of(field.id), move |_| Body::RemoveItem(RemoveItem { item: id }));
    let fields = move || {
        is_open.get().then(|| {
            let fields = field.item_fields().iter();
            let fields = fields.map(|inner| view! { <FormField handle field=inner item=Some(id) show_missing/> });
            view! { <div class="fields">{fields.collect_view()}</div> }
        })
    };
    view! {
        <li style=("--level", move || level.get())>
            <b class="n">{number}</b>
            <span class="words" hidden=move || is_open.get()>{summary}</span>
            {fields}
            <Revived handle list=field.id id/>
            {parent.map(|above| view! { <ParentMenu control id above/> })}
            <span class="row">
                <button type="button" class="btn plain small" on:click=toggle>{toggle_words}</button>
                <button type="button" class="btn plain small" hidden=move || !enabled.get() on:click=remove>{i18n.text("ui.list.remove")}</button>
                {ordered.then(|| {
                    let first = move || place().0 <= 1;
                    let last = move || place().0 == place().1;
                    view! {
                        <ShiftButton control id by=-1 number=Signal::derive(move || number.get().unwrap_or_default()) disabled=Signal::derive(first)/>
                        <ShiftButton control id by=1 number=Signal::derive(move || number.get().unwrap_or_default()) disabled=Signal::derive(last)/>
                    }
                })}
            </span>
        </li>
    }
}

/// Draws the button that moves an item one place up (`by` −1) or down (1).
#[component]
fn ShiftButton(
    control: FieldControl,
    id: OpId,
    by: isize,
    /// The number of the item, for the button's name.
    number: Signal<String>,
    disabled: Signal<bool>,
) -> impl IntoView {
    let FieldControl { handle, field, enabled, .. } = control;
    let i18n = use_i18n();
    let (icon, way, class) = if by < 0 { ("up", "up", "btn ico end") } else { ("down", "down", "btn ico") };
    let inner = field.item_fields().first().map_or(field.id, |first| first.id);
    let button = format!("{}-{way}", control_id(Target::in_item(id, inner)));
    let name = move || i18n.with(&format!("ui.list.{way}"), &[("n", &number.get())]);
    view! {
        <button type="button" class=class id=button.clone() hidden=move || !enabled.get() disabled=move || disabled.get()
            aria-label=name on:click=move |_| shift(handle, field.id, id, by, button.clone())><Icon name=icon/></button>
    }
}

/// Draws the menu of the items that one may stand below: none of those that stand below it.
#[component]
fn ParentMenu(control: FieldControl, id: OpId, above: FieldId) -> impl IntoView {
    let FieldControl { handle, form, field, enabled, .. } = control;
    let i18n = use_i18n();
    let menu = format!("{}-above", control_id(Target::in_item(id, field.id)));
    let options = handle.memo(move |view| {
        let answers = &view.answers;
        let is_below = |other: OpId| {
            core::iter::successors(Some(other), |one| answers.parent(*one)).take(PARENTS_MAX).any(|one| one == id)
        };
        let items = answers.items(above).iter().filter(|other| !is_below(**other));
        items.copied().collect::<Vec<_>>()
    });
    let chosen = handle.memo(move |view| view.answers.parent(id));
    let name = move |other: OpId| {
        let words = handle.look(|view| Some(answer::item(i18n, form, form.field(above)?, &view.answers, other)));
        words.flatten().filter(|words| !words.is_empty()).unwrap_or_else(|| i18n.get("ui.list.empty_item"))
    };
    let rows = move || {
        let options = options.get().unwrap_or_default().into_iter().map(|other| {
            let code = format!("{:x}-{}", other.replica.0, other.counter);
            view! { <option value=code selected=move || chosen.get().flatten() == Some(other)>{name(other)}</option> }
        });
        options.collect_view()
    };
    let menu_id = menu.clone();
    let change = move |event| {
        let code = event_target_value(&event);
        let all = options.get_untracked().unwrap_or_default();
        let parent = all.into_iter().find(|other| format!("{:x}-{}", other.replica.0, other.counter) == code);
        put_below(handle, field.id, id, parent, menu_id.clone());
    };
    view! {
        <span class="row small" hidden=move || !enabled.get() || options.with(|options| options.iter().flatten().next().is_none())>
            <label for=menu.clone()>{i18n.text("ui.list.below")}</label>
            <select id=menu on:change=change>
                <option value="" selected=move || chosen.get().flatten().is_none()>{i18n.text("ui.list.top")}</option>{rows}</select></span>
    }
}

/// Puts an item last below another, and leaves the keyboard on the same menu.
fn put_below(handle: DocumentHandle, list: FieldId, id: OpId, parent: Option<OpId>, menu: String) {
    let moves = handle.peek(|view| {
        let state = view.side(list).list(list)?;
        let last = state.siblings(parent).iter().filter(|other| **other != id).count();
        Some(moves_to(state, id, parent, last))
    });
    let Some(Some(moves)) = moves else { return };
    spawn_local(async move {
        handle.write(handle.scope(list), Target::of(list), moves).await;
        browser::focus_once_drawn(menu);
    });
}

fn moves_to(list: &List, id: OpId, parent: Option<OpId>, to: usize) -> Vec<Body> {
    let moves = list.moves(id, parent, to).into_iter();
    moves.map(|(item, position)| Body::MoveItem(MoveItem { item, position, parent })).collect()
}

/// Says that somebody's edit brought a removed item back, or that a move of it could not be carried out.
#[component]
fn Revived(handle: DocumentHandle, list: FieldId, id: OpId) -> impl IntoView {
    let i18n = use_i18n();
    let flags = handle.memo(move |view| {
        let item = view.side(list).list(list)?.item(id)?;
        Some((item.revived, item.left_out))
    });
    // Any field of the item stands for it.
    let first = handle.peek(|view| view.form.field(list)?.item_fields().first().map(|field| field.id));
    let target = Target::in_item(id, first.flatten().unwrap_or(list));
    move || {
        let (text, keep_words) = match flags.get().flatten()? {
            (Some((removal, edit)), _) => (
                i18n.with(
                    "ui.list.revived",
                    &[
                        ("remover", &author_and_time(i18n, handle, &removal)),
                        ("editor", &author_and_time(i18n, handle, &edit)),
                    ],
                ),
                "ui.list.keep",
            ),
            (None, Some(mark)) => {
                (i18n.with("ui.list.left_out", &[("who", &author_and_time(i18n, handle, &mark))]), "ui.understood")
            }
            (None, None) => return None,
        };
        let keep = move |_| handle.edit(target, move |_| Body::Reconcile(Reconcile { target }));
        Some(view! {
            <div class="both"><p>{text}</p>
                <button type="button" class="btn plain small" on:click=keep>{i18n.text(keep_words)}</button></div>
        })
    }
}

/// Adds an item behind the others, opens it and puts the keyboard in its first field.
fn add(handle: DocumentHandle, list: FieldId, opened: Opened) {
    let last = handle.peek(|view| {
        let state = view.side(list).list(list)?;
        let order = state.siblings(None);
        order.last().and_then(|id| state.item(*id)).map(|item| item.position.clone())
    });
    let position = between(last.flatten().as_deref(), None);
    spawn_local(async move {
        let item = Body::AddItem(AddItem { field: list, position, parent: None });
        let written = handle.write(handle.scope(list), Target::of(list), vec![item]).await;
        let Some(id) = written.and_then(|ops| ops.first().map(|op| op.id)) else { return };
        let _ = opened.try_update(|opened| opened.push(id));
        let first = handle.peek(|view| view.form.field(list)?.item_fields().first().map(|field| field.id));
        if let Some(first) = first.flatten() {
            browser::focus_once_drawn(control_id(Target::in_item(id, first)));
        }
    });
}

/// Moves an item, and leaves the keyboard on the same button.
fn shift(handle: DocumentHandle, list: FieldId, id: OpId, by: isize, button: String) {
    let moves = handle.peek(|view| {
        let state = view.side(list).list(list)?;
        let parent = state.parent(id);
        let now = state.siblings(parent).iter().position(|other| *other == id)?;
        Some(moves_to(state, id, parent, now.checked_add_signed(by)?))
    });
    let Some(Some(moves)) = moves else { return };
    spawn_local(async move {
        handle.write(handle.scope(list), Target::of(list), moves).await;
        browser::focus_once_drawn(button);
    });
}
