//! A tick.

use leptos::prelude::*;
use shared::value::Value;

use super::field::{FieldControl, title};
use super::options_input::set_value;
use crate::i18n::use_i18n;

/// Draws the box with what is ticked beside it.
#[component]
pub fn CheckBox(control: FieldControl) -> impl IntoView {
    let FieldControl { handle, form, field, target, enabled, .. } = control;
    let i18n = use_i18n();
    let ticked = handle.memo(move |view| view.answers.ticked(target));
    view! {
        <div class="pick"><label><input type="checkbox" id=control.id() disabled=move || !enabled.get()
            aria-describedby=control.described_by()
            prop:checked=move || ticked.get() == Some(true)
            on:change=move |event| set_value(handle, target, Value::Flag(event_target_checked(&event)))/>
            <span>{move || title(i18n, form, field)}</span></label></div>
    }
}
