//! `fetch` and the compression of what it sends. Does not know what is sent, nor whom an answer is from.

use js_sys::{Array, Promise, Uint8Array};
use shared::api::CALL_HEADER;
use shared::sync::wire::REQUEST_PACKED_ABOVE_BYTES;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::Came;
use crate::by_name::{call, get, new, object};

/// Longest wait for one answer, in milliseconds. Generous: on a slow link a cut means sending again.
const ANSWER_MS_MAX: i32 = 180_000;

/// Fetches; every error here is the network's, whatever the browser calls it.
pub async fn fetch(method: &str, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Result<Came, JsValue> {
    let window: JsValue = js_sys::global().into();
    let abort = new("AbortController", &[])?;
    let mut all = vec![(CALL_HEADER, "1".into())];
    all.extend(headers.iter().map(|(name, value)| (*name, (*value).into())));
    let init = object(&[
        ("method", method.into()),
        ("headers", object(&all)),
        ("cache", "no-store".into()),
        ("credentials", "same-origin".into()),
        // Followed, a network's redirect to its sign-in page would look like a success.
        ("redirect", "manual".into()),
        ("signal", get(&abort, "signal")?),
        ("body", body.map_or(JsValue::UNDEFINED, |body| Uint8Array::from(body.as_slice()).into())),
    ]);
    let give_up = call(&get(&abort, "abort")?, "bind", &[abort])?;
    let timer = call(&window, "setTimeout", &[give_up, ANSWER_MS_MAX.into()])?;
    let came = receive(call(&window, "fetch", &[path.into(), init])).await;
    let _ = call(&window, "clearTimeout", &[timer]);
    came
}

async fn receive(response: Result<JsValue, JsValue>) -> Result<Came, JsValue> {
    let response = settled(response).await?;
    // The browser says 0 of a redirect it did not follow.
    let status = get(&response, "status")?.as_f64().unwrap_or_default() as u16;
    let headers = get(&response, "headers")?;
    let header = |name: &str| call(&headers, "get", &[name.into()]).ok().and_then(|value| value.as_string());
    let (media_type, retry_after) = (header("content-type"), header("retry-after"));
    let body = bytes(&response).await?;
    Ok(Came { status, media_type, retry_after, body })
}

/// Compresses with the browser's own stream; `None` when it would not pay, or when the browser has
/// none: older ones send as is.
pub async fn compress(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() <= REQUEST_PACKED_ABOVE_BYTES {
        return None;
    }
    let gzip = new("CompressionStream", &["gzip".into()]).ok()?;
    let blob = new("Blob", &[Array::of1(&Uint8Array::from(body)).into()]).ok()?;
    let stream = call(&call(&blob, "stream", &[]).ok()?, "pipeThrough", &[gzip]).ok()?;
    let small = bytes(&new("Response", &[stream]).ok()?).await.ok()?;
    (small.len() < body.len()).then_some(small)
}

async fn bytes(response: &JsValue) -> Result<Vec<u8>, JsValue> {
    Ok(Uint8Array::new(&settled(call(response, "arrayBuffer", &[])).await?).to_vec())
}

async fn settled(promise: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?.unchecked_into::<Promise>()).await
}
