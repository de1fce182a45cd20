//! Calls to the server from the browser: the sync exchange and the JSON calls of `shared::api`.
//!
//! The only code that uses `fetch`. What may be believed of an answer is decided in `sync::answer`.

use js_sys::{Function, JSON, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::api::{CALL_HEADER, Refusal, SESSION, SignIn, SignedIn};
use shared::sync::wire::{MEDIA_TYPE, PATH};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response,
    ResponseType,
};

use crate::sync::{Answer, Transport, TransportError, read_answer};

/// Bodies above this many bytes are compressed; below it the gain is eaten up by the wrapping.
const COMPRESS_ABOVE_BYTES: usize = 600;
/// Longest wait for one answer, in milliseconds. Generous: on a slow link a cut means sending again.
const ANSWER_MS_MAX: i32 = 180_000;
const JSON_TYPE: &str = "application/json";

/// The server this page came from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client;

/// Why a JSON call did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// There is no answer of the server.
    Transport(TransportError),
    /// The server refuses, in words for the person.
    Refused(Refusal),
}

impl From<TransportError> for CallError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

/// An answer before it is read.
struct Came {
    status: u16,
    media_type: Option<String>,
    retry_after: Option<String>,
    body: Vec<u8>,
}

impl Came {
    fn answer(&self) -> Answer<'_> {
        let (media_type, retry_after) = (self.media_type.as_deref(), self.retry_after.as_deref());
        Answer { status: self.status, media_type, retry_after, body: self.body.clone() }
    }
}

impl Client {
    /// Opens a session.
    ///
    /// # Errors
    /// The login and password are not right, or the server is not reached.
    pub async fn sign_in(&self, with: &SignIn) -> Result<SignedIn, CallError> {
        self.call("POST", SESSION, Some(&write_json(with)?)).await
    }

    /// Returns who is signed in.
    ///
    /// # Errors
    /// Nobody is, or the server is not reached.
    pub async fn session(&self) -> Result<SignedIn, CallError> {
        self.call("GET", SESSION, None).await
    }

    /// Ends the session.
    ///
    /// # Errors
    /// The server is not reached: the session goes on.
    pub async fn sign_out(&self) -> Result<(), CallError> {
        let came = send("DELETE", SESSION, &[], None).await?;
        if came.status == 204 { Ok(()) } else { Err(refused(&came)) }
    }

    /// Makes any call of `shared::api`; `body` is JSON.
    ///
    /// # Errors
    /// The server refuses or is not reached.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> Result<T, CallError> {
        let body = body.map(|body| body.as_bytes().to_vec());
        let came = send(method, path, &[("content-type", JSON_TYPE)], body).await?;
        if !(200..300).contains(&came.status) {
            return Err(refused(&came));
        }
        Ok(read_json(&came.body).ok_or(TransportError::Impostor)?)
    }
}

impl Transport for Client {
    async fn exchange(&self, body: Vec<u8>) -> Result<Vec<u8>, TransportError> {
        let mut headers = vec![("content-type", MEDIA_TYPE)];
        let body = match compress(&body).await {
            Some(small) => {
                headers.push(("content-encoding", "gzip"));
                small
            }
            None => body,
        };
        let came = send("POST", PATH, &headers, Some(body)).await?;
        read_answer(came.answer())
    }
}

async fn send(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Vec<u8>>,
) -> Result<Came, TransportError> {
    fetch(method, path, headers, body).await.map_err(|_| TransportError::Offline)
}

/// Fetches; every error here is the network's, whatever the browser calls it.
async fn fetch(method: &str, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Result<Came, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let all = Headers::new()?;
    all.set(CALL_HEADER, "1")?;
    headers.iter().try_for_each(|(name, value)| all.set(name, value))?;
    let abort = AbortController::new()?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers_headers(&all);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::SameOrigin);
    // Followed, a network's redirect to its sign-in page would look like a success.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&abort.signal()));
    if let Some(body) = body {
        init.set_body_opt_u8_array(Some(&Uint8Array::from(body.as_slice())));
    }
    let give_up = Closure::<dyn Fn()>::new(move || abort.abort());
    let timer = window
        .set_timeout_with_callback_and_timeout_and_arguments_0(give_up.as_ref().unchecked_ref(), ANSWER_MS_MAX)?;
    let came = receive(window.fetch_with_str_and_init(path, &init)).await;
    window.clear_timeout_with_handle(timer);
    came
}

async fn receive(response: js_sys::Promise) -> Result<Came, JsValue> {
    let response: Response = JsFuture::from(response).await?.dyn_into()?;
    let status = if response.type_() == ResponseType::Opaqueredirect { 0 } else { response.status() };
    let header = |name| response.headers().get(name).ok().flatten();
    let (media_type, retry_after) = (header("content-type"), header("retry-after"));
    let body = Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?).to_vec();
    Ok(Came { status, media_type, retry_after, body })
}

/// Compresses with the browser's own stream; `None` when it has none, or when it would not pay.
async fn compress(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() <= COMPRESS_ABOVE_BYTES {
        return None;
    }
    // Reached by name: older browsers do not have it, and send as is.
    let constructor: Function = Reflect::get(&js_sys::global(), &"CompressionStream".into()).ok()?.dyn_into().ok()?;
    let gzip = Reflect::construct(&constructor, &js_sys::Array::of1(&"gzip".into())).ok()?;
    let blob = Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&Uint8Array::from(body))).ok()?;
    let stream = blob.stream().pipe_through(gzip.unchecked_ref());
    let packed = Response::new_with_opt_readable_stream(Some(&stream)).ok()?.array_buffer().ok()?;
    let small = Uint8Array::new(&JsFuture::from(packed).await.ok()?).to_vec();
    (small.len() < body.len()).then_some(small)
}

fn refused(came: &Came) -> CallError {
    let answer = came.answer();
    match answer.is_refusal().then(|| read_json::<Refusal>(&came.body)).flatten() {
        Some(refusal) => CallError::Refused(refusal),
        None => CallError::Transport(answer.fault()),
    }
}

/// Writes JSON with the browser's own writer, which costs no bytes to download.
fn write_json(value: &impl Serialize) -> Result<String, TransportError> {
    let value = serde_wasm_bindgen::to_value(value).map_err(|_| TransportError::Refused(0))?;
    let value: &Object = value.unchecked_ref();
    JSON::stringify(value).map(String::from).map_err(|_| TransportError::Refused(0))
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let value = JSON::parse(core::str::from_utf8(body).ok()?).ok()?;
    serde_wasm_bindgen::from_value(value).ok()
}
