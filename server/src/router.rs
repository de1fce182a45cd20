//! Every address the server answers, on one page.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, post};
use shared::api;
use shared::sync::wire;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer};

use crate::Server;
use crate::error::Error;
use crate::routes::{client, health, inbox, openapi, session, sync};
use crate::{headers, observe};

/// Longest silence in the middle of a body. There is no limit on the whole of a push: on a slow link
/// it may take minutes, and cutting it would make the client start again.
const BODY_SILENCE_MAX: Duration = Duration::from_secs(120);

/// How hard answers are compressed: beyond it a first load costs the server more than it saves the line.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(6);
/// Shortest answer that is compressed; below it the headers compression needs cost more than it saves.
const COMPRESSED_FROM_BYTES: u64 = 256;

/// One JSON call: its path, and what answers each method.
type Call = (&'static str, fn() -> MethodRouter<Server>);

/// The JSON calls; each also stands in `routes/openapi.json`, which a test checks.
pub(crate) const API: &[Call] = &[
    (api::SESSION, || post(session::sign_in).get(session::show_session).delete(session::sign_out)),
    (api::SESSIONS, || get(session::list_sessions)),
    (api::SESSION_BY_ID, || delete(session::end_session)),
    (api::INBOX, || get(inbox::show_inbox)),
    (api::OPENAPI, || get(openapi::show_openapi)),
];

/// Returns the router of a server, with everything that stands around its handlers.
pub fn router(server: Server) -> Router {
    let routes = Router::new()
        .merge(api_routes(server.config.json_body_within))
        .merge(sync_routes())
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .fallback(client::show_client)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed);
    surround(routes, server)
}

/// Puts around routes what every request passes; the later a layer, the earlier it sees a request.
fn surround(routes: Router<Server>, server: Server) -> Router {
    let on_panic = server.clone();
    routes
        .layer(RequestBodyTimeoutLayer::new(BODY_SILENCE_MAX))
        .layer(from_fn(headers::require_own_name))
        .layer(from_fn(headers::require_call_header))
        .layer(CsrfLayer::new().with_rejection_response(|_: ProtectionError| Error::CrossSite.into_response()))
        .layer(CatchPanicLayer::custom(move |panic: Box<dyn std::any::Any + Send>| {
            observe::answer_panic(&on_panic, &*panic)
        }))
        .layer(from_fn_with_state(server.clone(), headers::protect))
        .layer(from_fn_with_state(server.clone(), observe::follow))
        .with_state(server)
}

fn api_routes(body_within: Duration) -> Router<Server> {
    let routes = API.iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods()));
    routes
        .layer(DefaultBodyLimit::max(api::JSON_BODY_BYTES_MAX))
        .layer(RequestBodyDeadlineLayer::new(body_within))
        .layer(compression())
}

fn compression() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new().quality(COMPRESSION).compress_when(SizeAbove::new(COMPRESSED_FROM_BYTES))
}

/// A push is limited twice: as it comes, and as it is once unpacked. Answers pack themselves: how large
/// they are decides what is in them.
fn sync_routes() -> Router<Server> {
    Router::new()
        .route(wire::PATH, post(sync::sync))
        .layer(DefaultBodyLimit::max(wire::REQUEST_DECODED_BYTES_MAX))
        .layer(RequestDecompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(wire::REQUEST_BYTES_MAX))
        .layer(map_response(in_own_words))
}

/// The layers above refuse in plain text; a client reads one kind of refusal only.
async fn in_own_words(response: Response) -> Response {
    let plain = response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/json");
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE if plain => Error::TooLarge.into_response(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE if plain => Error::UnsupportedEncoding.into_response(),
        _ => response,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;
    use crate::config::Config;

    #[tokio::test]
    async fn a_panic_is_answered_counted_and_keeps_its_text_to_itself() {
        let server = crate::open(Config::in_memory()).await.unwrap();
        let routes = Router::new().route("/panic", get(async || -> () { panic!("a secret") }));
        let request = Request::get("/panic").body(Body::empty()).unwrap();
        let answer = surround(routes, server.clone()).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains("\"internal\"") && !body.contains("secret"), "{body}");
        assert_eq!(server.metrics.panics.get(), 1);
    }
}
