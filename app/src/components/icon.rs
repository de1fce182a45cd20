//! The icons and the relay mark, drawn from the symbols of the page. An icon never appears without its words.

use leptos::prelude::*;

/// Draws an icon by its name, e.g. `next`.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    let class = if matches!(name, "next" | "prev") { "i flip" } else { "i" };
    view! { <svg class=class aria-hidden="true"><use href=format!("#i-{name}")></use></svg> }
}

/// How far work has come: one leg of the relay after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// Nowhere yet.
    None,
    /// On this device.
    Device,
    /// Received by the server.
    Received,
}

/// Draws the relay mark.
#[component]
pub fn RelayMark(leg: Leg) -> impl IntoView {
    let class = match leg {
        Leg::None => "relay",
        Leg::Device => "relay s1",
        Leg::Received => "relay s2",
    };
    view! { <svg class=class aria-hidden="true"><use href="#relay"></use></svg> }
}

/// Draws the relay mark with the words for where something is.
#[component]
pub fn Whereabouts(leg: Leg, words: String) -> impl IntoView {
    view! { <span class="at"><RelayMark leg/><span>{words}</span></span> }
}
