//! Items in an order: add, change, remove, move up and down. Moving one touches another only where two people had
//! added theirs in one place.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::OpId;
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
            <For each=items key=|id| *id children=move |id| view! { <ItemRow control id opened ordered/> }/>
        </ol>
        <p hidden=full>
            <button type="button" class="btn" on:click=move |_| add(handle, field.id, opened)>
                <Icon name="plus"/>{i18n.text(add_key)}</button></p>
    }
}

#[component]
fn ItemRow(control: FieldControl, id: OpId, opened: Opened, ordered: bool) -> impl IntoView {
    let FieldControl { handle, form, field, enabled, show_missing, .. } = control;
    let i18n = use_i18n();
    let place = handle.memo(move |view| {
        let items = view.answers.items(field.id);
        (items.iter().position(|other| *other == id).map_or(0, |index| index + 1), items.len())
    });
    let place = move || place.get().unwrap_or_default();
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
        <li>
            <b class="n">{move || place().0}</b>
            <span class="words" hidden=move || is_open.get()>{summary}</span>
            {fields}
            <Revived handle list=field.id id/>
            <span class="row">
                <button type="button" class="btn plain small" on:click=toggle>{toggle_words}</button>
                <button type="button" class="btn plain small" hidden=move || !enabled.get() on:click=remove>{i18n.text("ui.list.remove")}</button>
                {ordered.then(|| {
                    let first = move || place().0 <= 1;
                    let last = move || place().0 == place().1;
                    view! {
                        <MoveButton control id by=-1 number=Signal::derive(move || place().0) disabled=Signal::derive(first)/>
                        <MoveButton control id by=1 number=Signal::derive(move || place().0) disabled=Signal::derive(last)/>
                    }
                })}
            </span>
        </li>
    }
}

/// Draws the button that moves an item one place up (`by` −1) or down (1).
#[component]
fn MoveButton(
    control: FieldControl,
    id: OpId,
    by: isize,
    /// The number of the item, for the button's name.
    number: Signal<usize>,
    disabled: Signal<bool>,
) -> impl IntoView {
    let FieldControl { handle, field, enabled, .. } = control;
    let i18n = use_i18n();
    let (icon, way, class) = if by < 0 { ("up", "up", "btn ico end") } else { ("down", "down", "btn ico") };
    let inner = field.item_fields().first().map_or(field.id, |first| first.id);
    let button = format!("{}-{way}", control_id(Target::in_item(id, inner)));
    let name = move || i18n.with(&format!("ui.list.{way}"), &[("n", &number.get().to_string())]);
    view! {
        <button type="button" class=class id=button.clone() hidden=move || !enabled.get() disabled=move || disabled.get()
            aria-label=name on:click=move |_| shift(handle, field.id, id, by, button.clone())><Icon name=icon/></button>
    }
}

/// Says that somebody's edit brought a removed item back.
#[component]
fn Revived(handle: DocumentHandle, list: FieldId, id: OpId) -> impl IntoView {
    let i18n = use_i18n();
    let revived = handle.memo(move |view| view.side(list).list(list)?.item(id)?.revived);
    let target = Target::in_item(id, list);
    move || {
        let (removal, edit) = revived.get().flatten()?;
        let text = i18n.with(
            "ui.list.revived",
            &[("remover", &author_and_time(i18n, handle, &removal)), ("editor", &author_and_time(i18n, handle, &edit))],
        );
        let keep = move |_| handle.edit(target, move |_| Body::Reconcile(Reconcile { target }));
        Some(view! {
            <div class="both"><p>{text}</p>
                <button type="button" class="btn plain small" on:click=keep>{i18n.text("ui.list.keep")}</button></div>
        })
    }
}

/// Adds an item behind the others, opens it and puts the keyboard in its first field.
fn add(handle: DocumentHandle, list: FieldId, opened: Opened) {
    let last = handle.peek(|view| {
        let order = view.answers.items(list);
        let state = view.side(list).list(list)?;
        order.last().and_then(|id| state.item(*id)).map(|item| item.position.clone())
    });
    let position = between(last.flatten().as_deref(), None);
    spawn_local(async move {
        let item = Body::AddItem(AddItem { field: list, position });
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
        let now = state.order().iter().position(|other| *other == id)?;
        let moves = state.moves(id, now.checked_add_signed(by)?).into_iter();
        Some(moves.map(|(item, position)| Body::MoveItem(MoveItem { item, position })).collect())
    });
    let Some(Some(moves)) = moves else { return };
    spawn_local(async move {
        handle.write(handle.scope(list), Target::of(list), moves).await;
        browser::focus_once_drawn(button);
    });
}
