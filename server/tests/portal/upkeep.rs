//! What operators rely on: health, readiness, metrics.

use axum::body::Body;
use axum::http::Method;
use server::demo::PASSWORD;

use crate::browser::Place;

#[tokio::test]
async fn a_healthy_server_says_so_until_its_database_is_gone() {
    let place = Place::open().await;
    let mut browser = place.browser();
    assert_eq!(browser.get("/healthz").await.text(), "ok\n");
    assert_eq!(browser.get("/readyz").await.text(), "ready\n");
    place.server.store.close().await;
    assert_eq!(browser.get("/healthz").await.status, 200);
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
