//! Compression by the browser's own stream. Does not know what is compressed.

use gloo_net::http::Response;
use js_sys::{Array, Uint8Array};
use shared::sync::wire::REQUEST_PACKED_ABOVE_BYTES;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Blob, ReadableWritablePair};

// web-sys keeps this class for builds with unstable interfaces only.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type CompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;
}

/// Compresses with gzip; `None` when it would not pay, or when the browser has no such stream: older
/// ones send as is.
pub(super) async fn compress(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() <= REQUEST_PACKED_ABOVE_BYTES {
        return None;
    }
    let gzip = CompressionStream::new("gzip").ok()?;
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(body))).ok()?;
    let stream = blob.stream().pipe_through(&gzip);
    let response = web_sys::Response::new_with_opt_readable_stream(Some(&stream)).ok()?;
    let small = Response::from(response).binary().await.ok()?;
    (small.len() < body.len()).then_some(small)
}
