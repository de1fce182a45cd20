//! The way back to the page above.

use leptos::prelude::*;

use super::icon::Icon;

/// Draws the link.
#[component]
pub fn BackLink(#[prop(into)] href: String, #[prop(into)] words: Signal<String>) -> impl IntoView {
    view! { <a class="st back" href=href><Icon name="prev"/>{words}</a> }
}
