//! The inbox as JSON: for staff, filtered, in pages, the one that waits longest first.

use serde_json::Value;
use server::demo::PASSWORD;

use crate::browser::{Browser, Place};

async fn signed_in(place: &Place, login: &str) -> Browser {
    let mut browser = place.browser();
    browser.sign_in(login, PASSWORD).await.is_ok();
    browser
}

async fn inbox(browser: &mut Browser, query: &str) -> Value {
    let answer = browser.get(&format!("/api/v1/inbox{query}")).await;
    answer.is_ok();
    answer.json()
}

fn titles(found: &Value) -> Vec<&str> {
    found["documents"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn staff_filter_and_search_what_was_submitted_and_see_no_draft() {
    let place = Place::open().await;
    let mut staff = signed_in(&place, "staff").await;
    let all = inbox(&mut staff, "").await;
    assert_eq!(all["total"], 5, "{all}");
    assert!(!titles(&all).contains(&"Timor-Leste II: tráfico de pessoas"), "a draft is nobody else’s");
    let registered = inbox(&mut staff, "?state=registered").await;
    assert_eq!(titles(&registered), ["Kenya II: migration data"]);
    let environment = inbox(&mut staff, "?theme=ENV&state=received").await;
    assert_eq!(titles(&environment), ["Afrique de l’Ouest : migration et environnement"]);
    let country = inbox(&mut staff, "?country=CR").await;
    assert_eq!(titles(&country), ["Costa Rica III: situaciones migratorias especiales"]);
    assert_eq!(country["documents"][0]["version"], 2);
    let found = inbox(&mut staff, "?search=JEUNESSE").await;
    assert_eq!(titles(&found), ["Niger : migration et jeunesse"]);
    let page = inbox(&mut staff, "?from=3&limit=1").await;
    assert_eq!((titles(&page).len(), &page["total"]), (1, &all["total"]));
}

#[tokio::test]
async fn partners_have_no_inbox_and_nonsense_is_refused_with_a_reason() {
    let place = Place::open().await;
    let mut partner = signed_in(&place, "kenya").await;
    partner.get("/api/v1/inbox").await.is_refused(403, "forbidden");
    place.browser().get("/api/v1/inbox").await.is_refused(401, "not_signed_in");
    let mut staff = signed_in(&place, "staff").await;
    for query in ["?state=lost", "?limit=many", "?color=blue"] {
        staff.get(&format!("/api/v1/inbox{query}")).await.is_refused(400, "malformed");
    }
}
