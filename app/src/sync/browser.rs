//! What sync asks of the browser: a lock held by one tab, timers, chance, and whether anybody looks.
//!
//! Knows no rounds and no other tabs.

use core::slice;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::by_name::{call, get, object};

/// Asks for a Web Lock: `navigator.locks.request(name, { steal }, heard).then(heard, heard)`.
pub(super) fn request_lock(name: &str, steal: bool, heard: &JsValue) -> Result<(), JsValue> {
    let locks = get(&get(&js_sys::global(), "navigator")?, "locks")?;
    let options = object(&[("steal", steal.into())]);
    let asked = call(&locks, "request", &[name.into(), options, heard.clone()])?;
    call(&asked, "then", &[heard.clone(), heard.clone()])?;
    Ok(())
}

/// Returns whether the person cannot be looking at this tab.
pub(super) fn is_hidden() -> bool {
    get(&js_sys::global(), "document")
        .and_then(|document| get(&document, "hidden"))
        .is_ok_and(|hidden| hidden.is_truthy())
}

/// Calls something with a word after a while; returns what [`stop`] takes.
pub(super) fn after(ms: u32, ring: &JsValue, word: &str) -> Option<JsValue> {
    call(&js_sys::global(), "setTimeout", &[ring.clone(), ms.into(), word.into()]).ok()
}

/// Stops a timer; one that has rung is none any more.
pub(super) fn stop(timer: &JsValue) {
    let _ = call(&js_sys::global(), "clearTimeout", slice::from_ref(timer));
}

/// Draws a random number from the browser's cryptographic source.
pub(super) fn random() -> u64 {
    let drawn = Uint8Array::new_with_length(8);
    let crypto = get(&js_sys::global(), "crypto");
    let crypto = crypto.and_then(|crypto| call(&crypto, "getRandomValues", &[drawn.clone().into()]));
    debug_assert!(crypto.is_ok(), "every browser that runs this has a cryptographic source");
    let mut bytes = [0; 8];
    drawn.copy_to(&mut bytes);
    u64::from_le_bytes(bytes)
}
