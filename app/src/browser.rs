//! The few things of the browser that several parts of the client ask for, each behind a typed call.
//!
//! Knows nothing of documents or of pages. What Leptos or a `gloo` crate offers is not repeated here.

use shared::ids::ReplicaId;
use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement, VisibilityState, Window};

/// Returns the clock, in Unix milliseconds. It is shown and written beside operations; it decides nothing.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the client's only reading of the clock; rules take it as an argument")]
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Returns the window.
///
/// # Panics
/// Outside a page: the client runs in no worker.
#[must_use]
#[expect(clippy::expect_used, reason = "a program of pages cannot start without a window")]
pub fn window() -> Window {
    web_sys::window().expect("the client runs in a page")
}

/// Returns the document of the page.
///
/// # Panics
/// Outside a page.
#[must_use]
#[expect(clippy::expect_used, reason = "a program of pages cannot start without a document")]
pub fn document() -> Document {
    window().document().expect("the client runs in a page")
}

/// Returns random bytes of the browser's cryptographic source.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Ok(crypto) = window().crypto() {
        // Fails only for more bytes than 65,536.
        let drawn = crypto.get_random_values_with_u8_array(&mut bytes);
        debug_assert!(drawn.is_ok(), "a few bytes can always be drawn");
    }
    bytes
}

/// Draws a name for a new replica: random, and never zero.
#[must_use]
pub fn fresh_replica() -> ReplicaId {
    ReplicaId(u64::from_le_bytes(random_bytes::<8>()) >> 1 | 1)
}

/// Waits.
pub async fn sleep(ms: u32) {
    gloo_timers::future::TimeoutFuture::new(ms).await;
}

/// Returns whether the person cannot be looking at this page.
#[must_use]
pub fn is_hidden() -> bool {
    document().visibility_state() == VisibilityState::Hidden
}

/// Returns the language the browser prefers (BCP-47), if it says so.
#[must_use]
pub fn preferred_language() -> Option<String> {
    window().navigator().language()
}

/// Sets an attribute of the page's root element; `None` takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let changed = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
    // Fails only for what is no name of an attribute.
    debug_assert!(changed.is_ok(), "{name} is an attribute");
}

/// Returns the element with this id, if it is in the page and of this kind.
#[must_use]
pub fn element<E: wasm_bindgen::JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Puts the keyboard on an element.
pub fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        // Fails only for an element that takes no focus, which is then left where it is.
        let _ = element.focus();
    }
}

/// Puts the keyboard on an element that what was just changed is about to draw.
pub fn focus_once_drawn(id: String) {
    leptos::task::spawn_local(async move {
        leptos::task::tick().await;
        focus(&id);
    });
}

/// Brings an element into sight and, when it can take it, the keyboard to it.
pub fn go_to(id: &str) {
    if let Some(element) = element::<Element>(id) {
        element.scroll_into_view();
        focus(id);
    }
}

/// Puts the keyboard on the heading of the page, which screen readers then read.
pub fn focus_heading() {
    let Ok(Some(heading)) = document().query_selector("main h1") else { return };
    let _ = heading.set_attribute("tabindex", "-1");
    let heading: &HtmlElement = heading.unchecked_ref();
    let _ = heading.focus();
}

/// Opens a dialog.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = element::<HtmlDialogElement>(id) {
        // Fails for one that is open already.
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = element::<HtmlDialogElement>(id) {
        dialog.close();
    }
}

/// Leaves for another address with a new page, so that nothing of this one stays in memory.
pub fn load_page(address: &str) {
    let asked = window().location().assign(address);
    debug_assert!(asked.is_ok(), "our own addresses can be loaded");
}

/// Loads the page again.
pub fn reload_page() {
    let asked = window().location().reload();
    debug_assert!(asked.is_ok(), "a page can be loaded again");
}

/// Tells the page's own scripts something, as an event of the window.
pub fn announce(event: &str) {
    if let Ok(event) = web_sys::Event::new(event) {
        let _ = window().dispatch_event(&event);
    }
}
