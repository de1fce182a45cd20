//! Follows each request: gives it a name, logs how it ended, counts it.
//!
//! Logs hold no logins, names, addresses, query strings or bodies.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use crate::Server;
use crate::error::Error;
use crate::headers::is_exchange;
use crate::metrics::RouteClass;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the requests of one run of the server: a random start, then counting.
#[derive(Debug)]
pub struct RequestIds(AtomicU64);

impl RequestIds {
    /// Starts counting at `first`.
    #[must_use]
    pub const fn starting_at(first: u64) -> Self {
        Self(AtomicU64::new(first))
    }

    fn next(&self) -> String {
        format!("{:016x}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Names, times, logs and counts a request.
pub async fn follow(State(server): State<Server>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = server.request_ids.next();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", id, %method, path);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let took = started.elapsed();
    let route = RouteClass::of(&path);
    server.metrics.count_request(route, status, took);
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    // Successes are counted; writing down each would cost more than some of them.
    span.in_scope(|| match status {
        500.. => tracing::error!(status, took_ms, "answered"),
        400.. => tracing::info!(status, took_ms, "answered"),
        _ => tracing::debug!(status, took_ms, "answered"),
    });
    if let Ok(id) = HeaderValue::from_str(&id)
        && !is_exchange(route, &response)
    {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Turns a panic, the last thing that should happen, into an answer.
pub fn answer_panic(server: &Server, panic: &(dyn std::any::Any + Send)) -> Response {
    server.metrics.panics.add(1);
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::Internal(format!("panic: {}", text.unwrap_or("without a text"))).into_response()
}
