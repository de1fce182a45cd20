//! One code of a list: a few stand open as radio buttons, more go into a menu.

use leptos::prelude::*;
use shared::form::ListKey;
use shared::merge::register::Register;
use shared::op::{Body, Set};
use shared::value::{Target, Value};

use super::field::FieldControl;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Sets an answer in place of those its person sees.
pub fn set_value(handle: DocumentHandle, target: Target, value: Value) {
    handle.edit(target, move |view| {
        let over = view.side(target.field).register(target).map(Register::heads).unwrap_or_default();
        Body::Set(Set { target, value, over })
    });
}

/// Returns the code that is chosen, or the one that stands until one is; empty for none.
fn chosen(control: FieldControl) -> Memo<String> {
    let FieldControl { handle, target, field, .. } = control;
    let code = handle.memo(move |view| view.answers.code(target).map(ToOwned::to_owned));
    Memo::new(move |_| code.get().flatten().or_else(|| field.default.map(ToOwned::to_owned)).unwrap_or_default())
}

/// Draws a menu.
#[component]
pub fn Select(control: FieldControl, list: ListKey) -> impl IntoView {
    let FieldControl { handle, target, enabled, invalid, .. } = control;
    let i18n = use_i18n();
    let chosen = chosen(control);
    let options = move || {
        let options = i18n.options(list).into_iter().map(|(code, words)| {
            view! { <option value=code selected=move || chosen.get() == code>{words}</option> }
        });
        options.collect_view()
    };
    let change = move |event| {
        let code = event_target_value(&event);
        set_value(handle, target, if code.is_empty() { Value::Empty } else { Value::Code(code) });
    };
    view! {
        <select id=control.id() aria-describedby=control.described_by() disabled=move || !enabled.get()
            aria-invalid=move || invalid.get().then_some("true") on:change=change>
            <option value="" selected=move || chosen.get().is_empty()>{i18n.text("ui.field.choose")}</option>
            {options}
        </select>
    }
}

/// Draws radio buttons.
#[component]
pub fn Radios(control: FieldControl, list: ListKey) -> impl IntoView {
    let FieldControl { handle, target, enabled, .. } = control;
    let i18n = use_i18n();
    let chosen = chosen(control);
    let radios = move || {
        let radios = i18n.options(list).into_iter().enumerate().map(|(index, (code, words))| {
            // The first carries the id of the field: links to what is wrong lead there.
            let id = if index == 0 { control.id() } else { format!("{}-{code}", control.id()) };
            view! {
                <label><input type="radio" id=id name=control.id() disabled=move || !enabled.get()
                    prop:checked=move || chosen.get() == code
                    on:change=move |_| set_value(handle, target, Value::Code(code.to_owned()))/>{words}</label>
            }
        });
        radios.collect_view()
    };
    view! { <div class="pick" aria-describedby=control.described_by()>{radios}</div> }
}
