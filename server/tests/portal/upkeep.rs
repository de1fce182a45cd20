//! What operators rely on: health, readiness, metrics.

use axum::body::Body;
use axum::http::{Method, header};
use server::demo::PASSWORD;
use shared::forms::request;
use shared::ids::{DocumentId, OpId, ReplicaId, Scope};
use shared::op::{self, Op, to_bytes};
use shared::permission::Actor;
use shared::sync::wire::{self, PROTOCOL, Push, Request};
use shared::value::{Target, Value};

use crate::browser::Place;

#[tokio::test]
async fn a_healthy_server_says_so_until_its_database_is_gone() {
    let place = Place::open().await;
    let mut browser = place.browser();
    assert_eq!(browser.get("/healthz").await.text(), "ok\n");
    assert_eq!(browser.get("/readyz").await.text(), "ready\n");
    place.server.store.close().await;
    assert_eq!(browser.get("/healthz").await.status, 200);
    place.wait(1_000);
    assert_eq!(browser.get("/readyz").await.status, 503);
    browser.sign_in("kenya", PASSWORD).await.is_refused(503, "unavailable");
}

#[tokio::test]
async fn what_happens_is_counted_and_told_to_the_machine_itself_only() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    browser.sign_in("kenya", "wrong").await;
    let answer = browser.get("/metrics").await;
    let text = answer.text();
    for line in [
        "relais_sign_ins_total{outcome=\"ok\"} 1\n",
        "relais_sign_ins_total{outcome=\"refused\"} 1\n",
        "relais_requests_total{route=\"api\",status=\"2xx\"} 1\n",
        "relais_requests_total{route=\"api\",status=\"4xx\"} 1\n",
        "relais_panics_total 0\n",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let through_a_proxy = browser.request(Method::GET, "/metrics").header("x-forwarded-for", "192.0.2.1");
    browser.send(through_a_proxy.body(Body::empty()).unwrap()).await.is_refused(404, "not_found");
}

/// Whoever asks ten times a second does not hold up those who write.
#[tokio::test]
async fn the_disk_is_asked_once_a_second_whether_it_is_ready() {
    let place = Place::open().await;
    let mut browser = place.browser();
    assert_eq!(browser.get("/readyz").await.text(), "ready\n");
    place.server.store.close().await;
    place.wait(999);
    assert_eq!(browser.get("/readyz").await.text(), "ready\n", "as it was found less than a second ago");
    place.wait(1);
    assert_eq!(browser.get("/readyz").await.text(), "not ready\n");
}

fn a_title(replica: u64) -> Op {
    let set = op::Set { target: Target::of(request::TITLE), value: Value::Text("T".to_owned()), over: Vec::new() };
    let (kind, payload) = op::Body::Set(set).encode();
    let (id, scope) = (OpId { replica: ReplicaId(replica), counter: 1 }, Scope::shared(DocumentId([1; 16])));
    Op { id, scope, lamport: 1, observed: 0, wall_ms: 0, kind, payload }
}

/// The writer is one task: should it ever fall over, machines that watch learn of it.
#[tokio::test]
async fn a_server_whose_writer_fell_over_is_not_ready_and_asks_devices_to_come_back() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    let (person, _) = place.server.store.person_by_login("kenya").await.unwrap().unwrap();
    let actor = Actor { person: person.id, role: person.role, authority: person.authority };
    let now_ms = place.stop_clock();
    place.server.writer.push(actor, vec![a_title(1)]).await.expect_err("the writer looks at the clock");
    place.set_clock(now_ms);

    assert_eq!(browser.get("/readyz").await.text(), "not ready\n");
    let epoch = place.server.store.epoch();
    let push = Request {
        protocol: PROTOCOL,
        replica: ReplicaId(2),
        epoch,
        ops: Push::pack(&[a_title(2)]),
        person: actor.person,
        ..Request::default()
    };
    let push = browser
        .request(Method::POST, wire::PATH)
        .header(header::CONTENT_TYPE, wire::MEDIA_TYPE)
        .body(Body::from(to_bytes(&push)))
        .unwrap();
    browser.send(push).await.is_refused(503, "unavailable");
}
