//! The browser by name: names cost fewer bytes to download than a binding for every method.
//! Knows nothing of Relais.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Returns a property; fails where there is no object.
pub fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// Calls a method; the error is what it throws.
pub fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    // Calling what is no function throws, as everything else does that can go wrong here.
    let method: Function = get(object, method)?.unchecked_into();
    let list: Array = arguments.iter().collect();
    method.apply(object, &list)
}

/// Makes an object of a class; fails where the browser has no such class.
pub fn new(class: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let class: Function = get(&js_sys::global(), class)?.unchecked_into();
    let list: Array = arguments.iter().collect();
    Reflect::construct(&class, &list)
}

/// Makes a plain object.
pub fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // Fails only for what is no object.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
