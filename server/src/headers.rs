//! The headers that go on every answer, and the check on every call that changes something.
//!
//! The answer to a sync exchange goes without, since people pay for its bytes at every look for news,
//! and none of them does anything there. Only the portal's own `fetch` can come by one: without the
//! client's header (see [`require_call_header`]), a session's strict cookie and our media type, which no
//! form, link, element or page of another site can send, there is a refusal instead, and refusals have
//! all of them. One by one:
//! - `Content-Security-Policy` rules what a document may do; the answer is never one.
//! - `X-Content-Type-Options` and `Cross-Origin-Resource-Policy` are about what elements load, by `GET`
//!   and without headers of their own.
//! - `Cache-Control`, `Vary`: answers to `POST` that do not say how long they last are never kept
//!   (RFC 9111 §3, RFC 9110 §9.3.3), and the client asks for none to be.
//! - `Strict-Transport-Security` came with the pages, the worker's script and the session, for two years.
//! - `X-Request-Id` finds the line of a log; of successes there is none.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use shared::api::CALL_HEADER;

use crate::Server;
use crate::error::Error;
use crate::metrics::RouteClass;
use crate::sessions::CookieKind;

/// What a page of the portal may load and do. Nothing inline, nothing from elsewhere; WASM is
/// compiled, JavaScript is never made from text. Trusted Types are left out until the client has a
/// policy for the static markup Leptos sets through `innerHTML`.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' blob:; font-src 'self'; worker-src 'self'; manifest-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), publickey-credentials-get=(self), usb=()";

/// Two years; the browser then never tries plain HTTP.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=63072000; includeSubDomains; preload";

/// On every answer but that to a sync exchange.
const ALWAYS: [(HeaderName, &str); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// On what a browser can show as a page or run as a worker.
const ON_PAGES: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
];

/// On data, which no page needs more of: the long policies would cost a kilobyte at each sync.
const ON_DATA: [(HeaderName, &str); 2] = [
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Adds the security headers to an answer.
pub async fn protect(State(server): State<Server>, request: Request, next: Next) -> Response {
    let secure = CookieKind::of(&server, request.headers()) == CookieKind::Secure;
    let route = RouteClass::of(request.uri().path());
    let mut response = next.run(request).await;
    if is_exchange(route, &response) {
        return response;
    }
    let headers = response.headers_mut();
    let further = if route == RouteClass::Client { &ON_PAGES[..] } else { &ON_DATA };
    for (name, value) in ALWAYS.iter().chain(further) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT_SECURITY));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Returns whether this answers a sync exchange that went well.
pub fn is_exchange(route: RouteClass, response: &Response) -> bool {
    route == RouteClass::Sync && response.status() == StatusCode::OK
}

/// Lets a call that changes something through only with the client's own header. A page of another
/// site cannot add it without a preflight request, which this server never grants.
pub async fn require_call_header(request: Request, next: Next) -> Response {
    if request.method().is_safe() || request.headers().contains_key(CALL_HEADER) {
        next.run(request).await
    } else {
        Error::CrossSite.into_response()
    }
}

/// Refuses a call from a page that was opened by another name than the call came by. The proxy in
/// between keeps the name to itself, and cookies and their strictness would go by its own.
pub async fn require_own_name(request: Request, next: Next) -> Response {
    if !request.method().is_safe() && came_by_another_name(request.headers()) {
        Error::ProxyHostHeader.into_response()
    } else {
        next.run(request).await
    }
}

fn came_by_another_name(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    // Some requests hide where they come from; whether they may is decided elsewhere.
    let Some((scheme, name)) = text(header::ORIGIN).split_once("://") else { return false };
    let host = text(header::HOST);
    let port = if scheme == "https" { ":443" } else { ":80" };
    !name.eq_ignore_ascii_case(host.strip_suffix(port).unwrap_or(host))
}
