//! Items in an order: add, change, remove, move up and down. Moving one touches another only where two people had added theirs in one place.

use shared::form::{Field, FieldKind};
use shared::ids::OpId;
use shared::merge::position::between;
use shared::op::{AddItem, Body, MoveItem, Reconcile, RemoveItem};
use shared::value::{FieldId, Target};

use super::file::{Open, anchor};
use super::icon::icon;
use super::{answer, dom, field};
use crate::state::{Memo, RwSignal, later};
use crate::view::{CollectView, View, keyed, view};
use crate::words;

/// Draws the list of `field`.
pub fn list(open: Open, field: &'static Field, enabled: Memo<bool>, asked: bool) -> View {
    let FieldKind::List { max, ordered, .. } = field.kind else { return View::Nothing };
    let target = Target::of(field.id);
    let items = open.memo(move |file| file.answers.items(field.id).to_vec());
    let items = move || items.get().unwrap_or_default();
    // Which items stand open; told apart from the answers, which are everybody's.
    let opened = RwSignal::new(Vec::<OpId>::new());
    let add = move |_| add(open, field.id, opened);
    let one = format!("form.request.{}.add", field.key);
    view! {
        <ol class="acts" id=anchor(target) tabindex="-1" hidden=move || items().is_empty()>
            {keyed(items, move |id| row(open, field, id, opened, enabled, ordered, asked))}
        </ol>
        <p hidden=move || !enabled.get() || (items().len() >= usize::from(max))>
            <button type="button" class="btn" on:click=add>{icon("plus")}{words::t(&one)}</button></p>
    }
}

fn row(
    open: Open,
    field: &'static Field,
    id: OpId,
    opened: RwSignal<Vec<OpId>>,
    enabled: Memo<bool>,
    ordered: bool,
    asked: bool,
) -> View {
    let place = open.memo(move |file| {
        let items = file.answers.items(field.id);
        (items.iter().position(|other| *other == id).map_or(0, |index| index + 1), items.len())
    });
    let place = move || place.get().unwrap_or_default();
    let is_open = Memo::new(move || opened.with(|opened| opened.contains(&id)));
    let summary = open.memo(move |file| answer::item(field, &file.answers, id));
    let summary =
        move || summary.get().filter(|text| !text.is_empty()).unwrap_or_else(|| words::t("ui.list.empty_item"));
    let inner = Target::in_item(id, field.item_fields().first().map_or(field.id, |first| first.id));
    let toggle = move |_| {
        opened.update(|opened| {
            let before = opened.len();
            opened.retain(|other| *other != id);
            if opened.len() == before {
                opened.push(id);
            }
        });
    };
    let moves = move |by: i32| {
        let button = format!("{}-{}", anchor(inner), if by < 0 { "up" } else { "down" });
        move |_| shift(open, field.id, id, by, button.clone())
    };
    let name = move || place().0.to_string();
    view! {
        <li>
            <b class="n">{move || place().0}</b>
            <span class="words" hidden=move || is_open.get()>{summary}</span>
            {move || is_open.get().then(|| view! {
                <div class="fields">{field.item_fields().iter().map(|inner| field::field(open, inner, Some(id), asked)).collect_view()}</div>
            })}
            {revived(open, field.id, id)}
            <span class="row">
                <button type="button" class="btn plain small" on:click=toggle>
                    {move || words::t(match (is_open.get(), enabled.get()) { (true, _) => "ui.list.close", (false, true) => "ui.list.change", _ => "ui.list.open" })}</button>
                <button type="button" class="btn plain small" hidden=move || !enabled.get()
                    on:click=move |_| open.put(Target::of(field.id), move |_| Body::RemoveItem(RemoveItem { item: id }))>{words::t("ui.list.remove")}</button>
                {ordered.then(|| view! {
                    <button type="button" class="btn ico end" id=format!("{}-up", anchor(inner)) hidden=move || !enabled.get()
                        disabled=move || place().0 <= 1 aria-label=move || words::with("ui.list.up", &[("n", &name())]) on:click=moves(-1)>{icon("up")}</button>
                    <button type="button" class="btn ico" id=format!("{}-down", anchor(inner)) hidden=move || !enabled.get()
                        disabled=move || place().0 == place().1 aria-label=move || words::with("ui.list.down", &[("n", &name())]) on:click=moves(1)>{icon("down")}</button>
                })}
            </span>
        </li>
    }
}

/// Says that somebody's edit brought a removed item back.
fn revived(open: Open, list: FieldId, id: OpId) -> View {
    let revived =
        open.memo(move |file| file.side(list).list(list).and_then(|list| list.item(id)).and_then(|item| item.revived));
    let target = Target::in_item(id, list);
    view! {
        {move || revived.get().flatten().map(|(removal, edit)| view! {
            <div class="both"><p>{words::with("ui.list.revived", &[("remover", &open.by(&removal)), ("editor", &open.by(&edit))])}</p>
                <button type="button" class="btn plain small" on:click=move |_| open.put(target, move |_| Body::Reconcile(Reconcile { target }))>{words::t("ui.list.keep")}</button></div>
        })}
    }
}

fn add(open: Open, list: FieldId, opened: RwSignal<Vec<OpId>>) {
    let last = open.peek(|file| {
        let order = file.answers.items(list);
        let state = file.side(list).list(list)?;
        order.last().and_then(|id| state.item(*id)).map(|item| item.position.clone())
    });
    let position = between(last.flatten().as_deref(), None);
    later(async move {
        let written = open
            .write(open.scope(list), Target::of(list), vec![Body::AddItem(AddItem { field: list, position })])
            .await;
        if let Some(op) = written.and_then(|ops| ops.first().map(|op| op.id)) {
            opened.update(|opened| opened.push(op));
            let first = open
                .peek(|file| file.form.field(list).and_then(|field| field.item_fields().first()).map(|field| field.id));
            if let Some(first) = first.flatten() {
                dom::after(30, move || dom::focus(&anchor(Target::in_item(op, first))));
            }
        }
    });
}

/// Moves an item one place, and leaves the keyboard on the same button.
fn shift(open: Open, list: FieldId, id: OpId, by: i32, button: String) {
    let moves = open.peek(|file| {
        let state = file.side(list).list(list)?;
        let now = state.order().iter().position(|other| *other == id)?;
        let moves = state.moves(id, now.checked_add_signed(by as isize)?).into_iter();
        Some(moves.map(|(item, position)| Body::MoveItem(MoveItem { item, position })).collect())
    });
    let Some(Some(moves)) = moves else { return };
    later(async move {
        open.write(open.scope(list), Target::of(list), moves).await;
        dom::after(30, move || dom::focus(&button));
    });
}
