//! One call over the network. Does not know what is sent, nor whom an answer is from.

use gloo_net::Error;
use gloo_net::http::{Method, Request, RequestBuilder};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use shared::api::CALL_HEADER;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestRedirect};

/// Longest wait for one answer, in milliseconds. Generous: on a slow link a cut means sending again.
const ANSWER_MS_MAX: u32 = 180_000;

/// An answer before it is read.
pub(super) struct Received {
    /// HTTP status; 0 for a redirect the browser did not follow.
    pub(super) status: u16,
    pub(super) media_type: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Makes one call and receives the whole answer.
pub(super) async fn fetch(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Result<Received, Error> {
    let mut request = RequestBuilder::new(path)
        .method(method)
        .header(CALL_HEADER, "1")
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        // Followed, a network's redirect to its sign-in page would look like a success.
        .redirect(RequestRedirect::Manual);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    // Every browser that runs this has one.
    let abort = AbortController::new().ok();
    let signal = abort.as_ref().map(AbortController::signal);
    let request = request.abort_signal(signal.as_ref());
    let request = match body {
        Some(body) => request.body(Uint8Array::from(body))?,
        None => request.build()?,
    };
    // Dropped with the whole answer there, it does not ring.
    let _timer = abort.map(|abort| Timeout::new(ANSWER_MS_MAX, move || abort.abort()));
    receive(request).await
}

async fn receive(request: Request) -> Result<Received, Error> {
    let response = request.send().await?;
    let headers = response.headers();
    Ok(Received {
        status: response.status(),
        media_type: headers.get("content-type"),
        retry_after: headers.get("retry-after"),
        body: response.binary().await?,
    })
}
