//! Any number of codes of a list; a long list can be searched.

use leptos::prelude::*;
use shared::form::ListKey;
use shared::op::{Body, Choose};
use shared::text::fold;
use shared::value::Target;

use super::field::FieldControl;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Up to so many codes all stand open; more can be searched.
const OPEN_MAX: usize = 14;

/// Draws the boxes.
#[component]
pub fn CheckBoxes(control: FieldControl, list: ListKey) -> impl IntoView {
    let FieldControl { handle, target, enabled, .. } = control;
    let i18n = use_i18n();
    let chosen = handle.memo(move |view| view.answers.codes(target).to_vec());
    let holds = move |code: &str| chosen.with(|chosen| chosen.iter().flatten().any(|one| one == code));
    let long = shared::lists::codes(list).len() > OPEN_MAX;
    let search = RwSignal::new(String::new());
    let boxes = move || {
        let boxes = i18n.options(list).into_iter().enumerate().map(|(index, (code, name))| {
            // The first carries the id of the field, unless the search does.
            let first = index == 0 && !long;
            let id = if first { control.id() } else { format!("{}-{}", control.id(), code.replace('.', "_")) };
            let folded = fold(&name);
            let away = move || long && !search.with(|wanted| folded.contains(fold(wanted).trim()));
            view! {
                <label hidden=away><input type="checkbox" id=id disabled=move || !enabled.get()
                    prop:checked=move || holds(code)
                    on:change=move |event| choose(handle, target, code, event_target_checked(&event))/>
                    <span>{name}</span></label>
            }
        });
        boxes.collect_view()
    };
    if !long {
        return view! { <div class="pick" aria-describedby=control.described_by()>{boxes}</div> }.into_any();
    }
    let so_far = move || {
        let codes = chosen.get().unwrap_or_default();
        codes.iter().map(|code| view! { <span class="tag">{i18n.code(list, code)}</span> }).collect_view()
    };
    view! {
        <p class="row">{so_far}</p>
        <div class="picker">
            <input type="search" id=control.id() aria-describedby=control.described_by()
                placeholder=i18n.text("ui.field.search") aria-label=i18n.text("ui.field.search")
                prop:value=move || search.get() on:input=move |event| search.set(event_target_value(&event))/>
            <div class="pick">{boxes}</div>
        </div>
    }
    .into_any()
}

fn choose(handle: DocumentHandle, target: Target, code: &'static str, chosen: bool) {
    handle.edit(target, move |view| {
        let over = view.side(target.field).choices(target).map(|choices| choices.heads(code)).unwrap_or_default();
        Body::Choose(Choose { target, code: code.to_owned(), chosen, over })
    });
}
