//! The events of IndexedDB as futures. Does not know what is stored.

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::by_name::get;

/// Waits for the event that comes first to one of these handlers, which are set at once.
///
/// Through a promise: the handlers belong to the browser, so that none can be called after its end,
/// and what waits goes on while the event is still being told, when its transaction takes requests.
pub fn first(object: &JsValue, handlers: &[&str]) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        for handler in handlers {
            // Cannot fail: every object of IndexedDB has its handlers.
            let _ = Reflect::set(object, &(*handler).into(), &resolve);
        }
    }))
}

/// Waits for what a request comes to.
pub async fn answered(request: &JsValue) -> Result<JsValue, JsValue> {
    let event = first(request, &["onsuccess", "onerror"]).await?;
    outcome(request, &event)
}

/// Returns what a request came to with `event`.
pub fn outcome(request: &JsValue, event: &JsValue) -> Result<JsValue, JsValue> {
    if is(event, "success") { get(request, "result") } else { Err(get(request, "error")?) }
}

/// Returns whether an event is of this type.
pub fn is(event: &JsValue, kind: &str) -> bool {
    get(event, "type").is_ok_and(|found| found == *kind)
}
