//! The few things of the browser that all client code shares: the window, the clock, chance and a
//! pause. Knows nothing of Relais.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::UnwrapThrowExt as _;
use web_sys::{Document, Window};

/// Returns the window.
#[must_use]
pub fn window() -> Window {
    web_sys::window().expect_throw("the client runs in a window")
}

/// Returns the document of the window.
#[must_use]
pub fn document() -> Document {
    window().document().expect_throw("a window has a document")
}

/// Returns whether the person cannot be looking at this tab.
#[must_use]
pub fn is_hidden() -> bool {
    document().hidden()
}

/// Returns the clock, Unix milliseconds. Shown and written beside operations; decides nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "the client's only reading of the clock; what is decided takes it as an argument"
)]
#[must_use]
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Returns random bytes of the browser's cryptographic source.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Ids made of anything less would collide: without the source, nothing may be written.
    let crypto = window().crypto().expect_throw("a browser has a cryptographic source");
    crypto.get_random_values_with_u8_array(&mut bytes).expect_throw("a few random bytes are always there");
    bytes
}

/// Waits a while.
pub async fn sleep(ms: u32) {
    TimeoutFuture::new(ms).await;
}
