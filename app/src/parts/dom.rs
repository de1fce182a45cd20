//! The few things of the browser that the pages touch directly. Knows nothing of Relais.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Returns the clock, Unix milliseconds. Shown and written beside operations; decides nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "the pages' only reading of the clock; what is decided takes it as an argument"
)]
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Returns a property, or undefined.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method; undefined when there is none, or when it throws.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> JsValue {
    let Ok(method) = get(object, name).dyn_into::<Function>() else { return JsValue::UNDEFINED };
    let list: Array = arguments.iter().collect();
    method.apply(object, &list).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method that answers later; `None` when there is none, or when it fails.
pub async fn call_later(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let promise: js_sys::Promise = call(object, name, arguments).dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Returns a formatter of `Intl` for a language.
pub fn intl(kind: &str, lang: &str, options: &Object) -> JsValue {
    let Ok(constructor) = get(&get(&js_sys::global(), "Intl"), kind).dyn_into::<Function>() else {
        return JsValue::UNDEFINED;
    };
    Reflect::construct(&constructor, &Array::of2(&lang.into(), options)).unwrap_or(JsValue::UNDEFINED)
}

/// Returns the window.
pub fn window() -> JsValue {
    js_sys::global().into()
}

/// Returns the browser's account of itself.
pub fn navigator() -> JsValue {
    get(&window(), "navigator")
}

/// Returns a small preference.
pub fn keep_get(name: &str) -> Option<String> {
    call(&get(&window(), "localStorage"), "getItem", &[name.into()]).as_string()
}

/// Keeps a small preference.
pub fn keep_set(name: &str, value: &str) {
    call(&get(&window(), "localStorage"), "setItem", &[name.into(), value.into()]);
}

/// Forgets a small preference.
pub fn keep_drop(name: &str) {
    call(&get(&window(), "localStorage"), "removeItem", &[name.into()]);
}

/// Sets an attribute of the page's root, or takes it away when empty.
pub fn set_root(name: &str, value: &str) {
    let root = get(&get(&window(), "document"), "documentElement");
    if value.is_empty() {
        call(&root, "removeAttribute", &[name.into()]);
    } else {
        call(&root, "setAttribute", &[name.into(), value.into()]);
    }
}

/// Sets the page's title.
pub fn set_title(title: &str) {
    let _ = Reflect::set(&get(&window(), "document"), &"title".into(), &format!("{title} · Relais").into());
}

/// Listens to an event of the window or the document for as long as the page lives.
pub fn listen(object: &JsValue, event: &str, heard: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(heard);
    call(object, "addEventListener", &[event.into(), closure.as_ref().clone()]);
    closure.forget();
}

/// Tells boot.js something.
pub fn announce(event: &str) {
    let kind: Function = get(&window(), "Event").unchecked_into();
    if let Ok(event) = Reflect::construct(&kind, &Array::of1(&event.into())) {
        call(&window(), "dispatchEvent", &[event]);
    }
}

/// Runs something once after a while; returns what `stop` takes.
pub fn after(ms: i32, run: impl FnOnce() + 'static) -> JsValue {
    let closure = Closure::once_into_js(run);
    call(&window(), "setTimeout", &[closure, ms.into()])
}

/// Waits a while.
pub async fn pause(ms: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        call(&window(), "setTimeout", &[done.into(), ms.into()]);
    });
    let _ = JsFuture::from(promise).await;
}

/// Calls off what `after` started.
pub fn stop(timer: &JsValue) {
    call(&window(), "clearTimeout", std::slice::from_ref(timer));
}

/// Returns the element with this id.
pub fn element(id: &str) -> Option<web_sys::Element> {
    call(&get(&window(), "document"), "getElementById", &[id.into()]).dyn_into().ok()
}

/// Puts the keyboard focus on an element.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        call(&element, "focus", &[]);
    }
}

/// Brings an element into sight and, when it can take it, the focus to it.
pub fn go_to(id: &str) {
    if let Some(element) = element(id) {
        call(&element, "scrollIntoView", &[]);
        call(&element, "focus", &[]);
    }
}

/// Returns what stands in the control with this id.
pub fn value_of(id: &str) -> String {
    element(id).and_then(|element| get(&element, "value").as_string()).unwrap_or_default()
}

/// Opens a dialog.
pub fn open_dialog(id: &str) {
    if let Some(element) = element(id) {
        call(&element, "showModal", &[]);
    }
}

/// Closes a dialog.
pub fn close_dialog(id: &str) {
    if let Some(element) = element(id) {
        call(&element, "close", &[]);
    }
}

/// Fetches a JSON file of our own; `None` when anything but that comes back.
pub async fn fetch_json(path: &str) -> Option<JsValue> {
    let response = call_later(&window(), "fetch", &[path.into()]).await?;
    if get(&response, "ok").as_bool() != Some(true) {
        return None;
    }
    call_later(&response, "json", &[]).await
}

/// Returns what stands in the field an event came from.
pub fn typed(event: &web_sys::Event) -> String {
    get(&get(event, "target"), "value").as_string().unwrap_or_default()
}

/// Returns whether the box an event came from is ticked.
pub fn ticked(event: &web_sys::Event) -> bool {
    get(&get(event, "target"), "checked").as_bool() == Some(true)
}

/// Puts text on the clipboard.
pub fn copy(text: &str) {
    call(&get(&navigator(), "clipboard"), "writeText", &[text.into()]);
}

/// Returns random bytes of the browser's cryptographic source.
pub fn random<const N: usize>() -> [u8; N] {
    let array = js_sys::Uint8Array::new_with_length(u32::try_from(N).unwrap_or(0));
    call(&get(&window(), "crypto"), "getRandomValues", &[array.clone().into()]);
    let mut bytes = [0; N];
    array.copy_to(&mut bytes);
    bytes
}
