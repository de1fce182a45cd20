//! What stands in front of every handler: other sites, odd requests, and the headers on every answer.

use std::io::Read as _;

use axum::body::Body as HttpBody;
use axum::http::{Method, Request, header};
use flate2::Compression;
use flate2::read::GzEncoder;
use server::config::Config;
use server::demo::PASSWORD;
use shared::forms::request;
use shared::ids::{DocumentId, OpId, ReplicaId, Scope};
use shared::op::{Body, Create, Op, Set, to_bytes};
use shared::permission::Actor;
use shared::sync::wire;
use shared::value::{Target, Value};

use crate::browser::{Browser, Place};

const SIGN_IN: &str = r#"{"login":"kenya","password":"relais-demo"}"#;

fn from_elsewhere(name: &'static str, value: &'static str) -> axum::http::request::Builder {
    Request::post("/api/v1/session")
        .header(header::HOST, "relais.example")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-relais", "1")
        .header(name, value)
}

#[tokio::test]
async fn a_page_of_another_site_cannot_act() {
    let place = Place::open().await;
    let mut browser = place.browser_at("relais.example");
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ];
    for (name, value) in foreign {
        let request = from_elsewhere(name, value).body(HttpBody::from(SIGN_IN)).unwrap();
        browser.send(request).await.is_refused(403, "cross_site");
    }
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "https://relais.example")] {
        let request = from_elsewhere(name, value).body(HttpBody::from(SIGN_IN)).unwrap();
        browser.send(request).await.is_ok();
    }
}

#[tokio::test]
async fn a_call_without_the_clients_header_does_nothing() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    for (method, path) in
        [(Method::POST, "/api/v1/session"), (Method::DELETE, "/api/v1/session"), (Method::POST, "/sync")]
    {
        let mut request = browser.request(method, path).body(HttpBody::from(SIGN_IN)).unwrap();
        request.headers_mut().remove("x-relais");
        browser.send(request).await.is_refused(403, "cross_site");
    }
    browser.get("/api/v1/session").await.is_ok();
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_with_a_reason() {
    let place = Place::open().await;
    let mut browser = place.browser();
    let deep = "[".repeat(10_000);
    let broken = ["", "{", "null", "[]", "{}", r#"{"login":1,"password":[]}"#, "{\"login\":\"\u{0}", deep.as_str()];
    for body in broken {
        browser.post("/api/v1/session", body).await.is_refused(400, "malformed");
    }
    let request = browser.request(Method::POST, "/api/v1/session").header(header::CONTENT_TYPE, "application/json");
    let not_utf8 = request.body(HttpBody::from(&b"{\"login\":\"\xff\",\"password\":\"\"}"[..])).unwrap();
    browser.send(not_utf8).await.is_refused(400, "malformed");
    let form = browser
        .request(Method::POST, "/api/v1/session")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(HttpBody::from("login=kenya"))
        .unwrap();
    browser.send(form).await.is_refused(415, "unsupported_encoding");
    let long = format!(r#"{{"login":"{}","password":""}}"#, "k".repeat(65));
    browser.post("/api/v1/session", long).await.is_refused(400, "malformed");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_announced_or_not() {
    let place = Place::open().await;
    let mut browser = place.browser();
    let large = format!(r#"{{"login":"{}","password":""}}"#, "k".repeat(20_000));
    browser.post("/api/v1/session", &large).await.is_refused(413, "too_large");
    let announced = browser
        .request(Method::POST, "/api/v1/session")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, large.len())
        .body(HttpBody::from(large))
        .unwrap();
    browser.send(announced).await.is_refused(413, "too_large");
}

#[tokio::test]
async fn a_push_that_is_too_large_is_refused_packed_and_unpacked() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    let push =
        |browser: &Browser| browser.request(Method::POST, wire::PATH).header(header::CONTENT_TYPE, wire::MEDIA_TYPE);
    let large = vec![0; wire::REQUEST_BYTES_MAX + 1];
    let announced =
        push(&browser).header(header::CONTENT_LENGTH, large.len()).body(HttpBody::from(large.clone())).unwrap();
    browser.send(announced).await.is_refused(413, "too_large");
    let unannounced = push(&browser).body(HttpBody::from(large)).unwrap();
    browser.send(unannounced).await.is_refused(413, "too_large");
    let bomb = gzip(&vec![0; wire::REQUEST_DECODED_BYTES_MAX + 1]);
    assert!(bomb.len() < 10_000);
    let packed = push(&browser).header(header::CONTENT_ENCODING, "gzip").body(HttpBody::from(bomb)).unwrap();
    browser.send(packed).await.is_refused(413, "too_large");
    let torn = &gzip(&[0; 1000])[..15];
    let torn = push(&browser).header(header::CONTENT_ENCODING, "gzip").body(HttpBody::from(torn.to_vec())).unwrap();
    browser.send(torn).await.is_refused(400, "malformed");
    let strange = push(&browser).header(header::CONTENT_ENCODING, "lzma").body(HttpBody::empty()).unwrap();
    browser.send(strange).await.is_refused(415, "unsupported_encoding");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).unwrap();
    packed
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_refused_in_json() {
    let place = Place::open().await;
    let mut browser = place.browser();
    for path in ["/api", "/api/", "/api/v1/nothing", "/api/v2/session", "/missing.js", "/a/b.css"] {
        browser.get(path).await.is_refused(404, "not_found");
    }
    browser.delete("/api/v1/sessions").await.is_refused(405, "method_not_allowed");
    browser.get("/api/v1/sessions/0123").await.is_refused(405, "method_not_allowed");
    browser.post("/", "{}").await.is_refused(405, "method_not_allowed");
    browser.get("/sync").await.is_refused(405, "method_not_allowed");
}

#[tokio::test]
async fn session_names_that_are_none_are_not_found() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    for name in ["x", "%00", "%F0%9F%A6%8A", "0000000000000000", "'%20OR%201=1"] {
        browser.delete(&format!("/api/v1/sessions/{name}")).await.is_refused(404, "not_found");
    }
    browser.delete("/api/v1/sessions/%FF").await.is_refused(400, "malformed");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let place = Place::open().await;
    for path in ["/", "/missing.js", "/healthz", "/api/v1/session", "/api/v1/nothing", "/api/v1/openapi.json"] {
        let answer = place.browser_at("relais.example").get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert!(answer.header("strict-transport-security").unwrap().starts_with("max-age=63072000"), "{path}");
        assert_eq!(answer.header("x-request-id").unwrap().len(), 16);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let near = place.browser().get("/api/v1/session").await;
    assert_eq!(near.header("strict-transport-security"), None, "would lock the machine out of plain HTTP");
}

#[tokio::test]
async fn pages_are_locked_down_and_data_is_neither_kept_nor_heavy() {
    let place = Place::open().await;
    let page = place.browser().get("/").await;
    let policy = page.header("content-security-policy").unwrap();
    for rule in ["script-src 'self' 'wasm-unsafe-eval';", "style-src 'self';", "base-uri 'none'", "object-src 'none'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"));
    assert_eq!(page.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert!(page.header("permissions-policy").unwrap().contains("camera=()"));
    let data = place.browser().get("/api/v1/session").await;
    assert_eq!(data.header("cache-control"), Some("no-store"));
    let head: usize = data.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    assert!(head < 350, "{head} bytes of headers: {:?}", data.headers);
}

/// What goes with every look for news is what it needs, and nothing else; each header left out is
/// explained in `server/src/headers.rs`. Refusals, which a browser can show, have all of them.
#[tokio::test]
async fn the_answer_to_an_exchange_carries_no_more_than_it_needs() {
    let place = Place::open().await;
    let mut browser = place.browser_at("relais.example");
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    let (person, _) = place.server.store.person_by_login("kenya").await.unwrap().unwrap();
    let ask = |bytes_max: u32| {
        let request = wire::Request { protocol: wire::PROTOCOL, person: person.id, bytes_max, ..Default::default() };
        HttpBody::from(to_bytes(&request))
    };
    let exchange = |browser: &Browser| {
        let request = browser.request(Method::POST, wire::PATH).header(header::ACCEPT_ENCODING, "gzip, br");
        request.header(header::CONTENT_TYPE, wire::MEDIA_TYPE)
    };
    let request = exchange(&browser).body(ask(wire::PULL_BYTES_START)).unwrap();
    let answer = browser.send(request).await;
    assert_eq!(answer.status.as_u16(), 200);
    let mut names: Vec<_> = answer.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    // Short as it is, nothing would be gained by packing it.
    assert_eq!(names, ["content-length", "content-type"]);

    let (document, replica) = (DocumentId([7; 16]), ReplicaId(7));
    let authority = person.authority.unwrap();
    let create = Create { form: request::FORM.id, form_version: request::FORM.version, authority };
    let title = Value::Text("Migration data of the border posts. ".repeat(20));
    let set = Set { target: Target::of(request::TITLE), value: title, over: Vec::new() };
    let ops = [Body::Create(create), Body::Set(set)].into_iter().zip(1..).map(|(body, counter)| {
        let (kind, payload) = body.encode();
        let id = OpId { replica, counter };
        Op { id, scope: Scope::shared(document), lamport: counter, observed: 0, wall_ms: 1_000, kind, payload }
    });
    let actor = Actor { person: person.id, role: person.role, authority: Some(authority) };
    place.server.writer.push(actor, ops.collect()).await.unwrap();
    let request = exchange(&browser).body(ask(wire::PULL_BYTES_START)).unwrap();
    let answer = browser.send(request).await;
    let mut names: Vec<_> = answer.headers.keys().map(|name| name.as_str()).collect();
    names.retain(|name| *name != "content-length");
    names.sort_unstable();
    assert_eq!(names, ["content-encoding", "content-type"]);
    assert_eq!(answer.header("content-encoding"), Some("br"));

    let mut foreign = exchange(&browser).body(ask(0)).unwrap();
    foreign.headers_mut().remove("x-relais");
    let refusal = browser.send(foreign).await;
    refusal.is_refused(403, "cross_site");
    for name in ["content-security-policy", "x-content-type-options", "cross-origin-resource-policy", "x-request-id"] {
        assert!(refusal.header(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn a_session_costs_few_bytes_in_every_request_and_cannot_be_guessed() {
    let place = Place::open().await;
    let mut browser = place.browser_at("relais.example");
    let answer = browser.sign_in("kenya", PASSWORD).await;
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let (name, token) = cookie.split_once('=').unwrap();
    assert!(cookie.len() <= 36, "{cookie}");
    assert!(name.starts_with("__Host-") && token.len() * 6 >= 128, "{cookie}");
}

/// A proxy that keeps the name people typed to itself: cookies and limits would go by its own.
#[tokio::test]
async fn a_proxy_that_does_not_pass_on_the_host_is_found_out_and_named() {
    let place = Place::open().await;
    let mut browser = place.browser_at("127.0.0.1:8080");
    let sign_in = |browser: &Browser, origin: &'static str| {
        let request = browser.request(Method::POST, "/api/v1/session").header(header::CONTENT_TYPE, "application/json");
        request.header(header::ORIGIN, origin).body(HttpBody::from(SIGN_IN)).unwrap()
    };
    for origin in ["https://relais.example", "https://127.0.0.1:8443", "http://localhost:8080"] {
        let request = sign_in(&browser, origin);
        let answer = browser.send(request).await;
        answer.is_refused(403, "proxy_host_header");
        assert!(answer.json()["error"]["message"]["en"].as_str().unwrap().contains("Host"), "{}", answer.text());
    }
    // Some requests of the page itself hide where they come from.
    for origin in ["http://127.0.0.1:8080", "null"] {
        let request = sign_in(&browser, origin);
        browser.send(request).await.is_ok();
    }
    let mut behind = place.browser_at("Relais.example:443");
    let request = sign_in(&behind, "https://relais.example");
    behind.send(request).await.is_ok();
}

/// A body that never ends.
struct Dripping;

impl axum::body::HttpBody for Dripping {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

#[tokio::test]
async fn a_call_whose_body_does_not_come_is_ended() {
    let mut config = Config::in_memory();
    config.json_body_within = std::time::Duration::from_millis(20);
    let place = Place::with(config).await;
    let mut browser = place.browser();
    let request = browser.request(Method::POST, "/api/v1/session").header(header::CONTENT_TYPE, "application/json");
    browser.send(request.body(HttpBody::new(Dripping)).unwrap()).await.is_refused(408, "too_slow");
}
