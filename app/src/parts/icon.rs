//! The icons and the relay mark, drawn from the symbols of the page. Knows no meaning: an icon
//! never appears without its words.

use crate::view::{View, view};

/// Draws an icon by its name, e.g. `next`.
pub fn icon(name: &'static str) -> View {
    let href = format!("#i-{name}");
    let class = if matches!(name, "next" | "prev") { "i flip" } else { "i" };
    view! { <svg class=class aria-hidden="true"><use href=href></use></svg> }
}

/// Draws the relay mark: leg 1 this device, leg 2 received, leg 3 safe.
pub fn relay(leg: u8) -> View {
    let class = match leg {
        1 => "relay s1",
        2 => "relay s2",
        3 => "relay s3",
        _ => "relay",
    };
    view! { <svg class=class aria-hidden="true"><use href="#relay"></use></svg> }
}

/// Draws the relay mark with its words.
pub fn at(leg: u8, words: String) -> View {
    view! { <span class="at">{relay(leg)}<span>{words}</span></span> }
}
