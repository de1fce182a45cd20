//! A question before something that cannot be taken back at once.
//!
//! Does not know what is asked: its words and what is done are handed in.

use leptos::prelude::*;

use crate::browser;
use crate::i18n::use_i18n;

/// What came of saying yes.
pub type Confirmed = Result<(), String>;

/// Draws the dialog `id`, which `browser::open_dialog` opens. `confirm` says what is done; where something is missing
/// it returns the id of the control that lacks it, and the dialog stays open with the keyboard there.
#[component]
pub fn ConfirmDialog(
    #[prop(into)] id: String,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] yes: Signal<String>,
    confirm: impl Fn() -> Confirmed + 'static,
    /// Whether the keyboard stands on *cancel* first, as befits what is seldom meant.
    #[prop(optional)]
    cautious: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(id.clone());
    let close = move || name.with_value(|id| browser::close_dialog(id));
    let confirm = move |_| match confirm() {
        Ok(()) => close(),
        Err(missing) => browser::focus(&missing),
    };
    view! {
        <dialog id=id.clone() aria-labelledby=format!("{id}-t")>
            <h2 id=format!("{id}-t")>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
            <p class="row">
                <button type="button" class="btn main" on:click=confirm>{yes}</button>
                <button type="button" class="btn plain" autofocus=cautious on:click=move |_| close()>
                    {i18n.text("ui.cancel")}
                </button>
            </p>
        </dialog>
    }
}
