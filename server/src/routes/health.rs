//! What operators and their machines ask: does it live, can it work, what has it done.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Server;
use crate::error::Error;
use crate::listen::FORWARDED_FOR;
use crate::metrics::CONTENT_TYPE;

/// Says that the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Says whether the database can be written, and whether there is anyone to write to it.
pub async fn readyz(State(server): State<Server>) -> (StatusCode, &'static str) {
    if !server.writer.runs() {
        tracing::error!("not ready: the writer ended; start the server anew");
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready\n");
    }
    match server.store.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}

/// Prints what is counted, for Prometheus. Not for the world: what comes through a proxy is refused.
pub async fn metrics(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Error> {
    if headers.contains_key(FORWARDED_FOR) || headers.contains_key(header::FORWARDED) {
        return Err(Error::NotFound);
    }
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], server.metrics.render()).into_response())
}
