//! What operators and their machines ask: does it live, can it work, what has it done.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;

use crate::Server;
use crate::error::Error;
use crate::metrics::CONTENT_TYPE;
use crate::peer::FORWARDED_FOR;

/// How often the disk is asked whether it is ready, however often the server is.
const READY_ASKED_EVERY_MS: i64 = 1_000;

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
    if server.readiness.found(&server).await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

/// What the disk answered when it was last asked, and when: asking takes the writer's place.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<(i64, bool)>>);

impl Readiness {
    async fn found(&self, server: &Server) -> bool {
        // Held while the disk is asked: whoever else wants to know waits for the same answer.
        let mut found = self.0.lock().await;
        let now_ms = server.config.clock.now_ms();
        if let Some((at_ms, ready)) = *found
            && (0..READY_ASKED_EVERY_MS).contains(&(now_ms - at_ms))
        {
            return ready;
        }
        let asked = server.store.ready().await;
        if let Err(error) = &asked {
            tracing::warn!(%error, "not ready");
        }
        *found = Some((now_ms, asked.is_ok()));
        asked.is_ok()
    }
}

/// Prints what is counted, for Prometheus. Not for the world: what comes through a proxy is refused.
pub async fn metrics(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Error> {
    if headers.contains_key(FORWARDED_FOR) || headers.contains_key(header::FORWARDED) {
        return Err(Error::NotFound);
    }
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], server.metrics.render()).into_response())
}
