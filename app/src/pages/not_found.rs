//! What is said of an address that leads nowhere, and of a document that is not on this device.

use leptos::prelude::*;

use super::arrive;
use crate::i18n::use_i18n;
use crate::program::Program;

/// Says that the address leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! { <DeadEnd title="ui.lost.title" text="ui.lost.text"/> }
}

/// Says that a document is not on this device.
#[component]
pub fn DocumentMissing() -> impl IntoView {
    view! { <DeadEnd title="ui.file.missing" text="ui.file.missing_text"/> }
}

#[component]
fn DeadEnd(title: &'static str, text: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    let program = expect_context::<Program>();
    arrive(i18n.text(title));
    let home = if program.for_staff { "ui.nav.inbox" } else { "ui.nav.files" };
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{i18n.text(title)}</h1>
            <p>{i18n.text(text)}</p>
            <p class="gap-s"><a class="btn" href=program.home()>{i18n.text(home)}</a></p>
        </main>
    }
}
