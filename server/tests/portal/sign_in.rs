//! Signing in and out, and how long a session lasts.

use serde_json::json;
use server::config::Config;
use server::demo::PASSWORD;
use server::store::people;

use crate::browser::{Answer, DAY, HOUR, MINUTE, Place};

#[tokio::test]
async fn a_focal_point_signs_in_and_the_answer_says_who_for_whom() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.get("/api/v1/session").await.is_refused(401, "not_signed_in");
    let answer = browser.sign_in("  Kenya ", PASSWORD).await;
    answer.is_ok();
    let body = answer.json();
    assert_eq!(body["name"], "Wanjiru Kamau");
    assert_eq!(body["role"], "focal_point");
    assert_eq!(body["language"], "en");
    assert_eq!(body["authority"]["country"], "KE");
    assert_eq!(browser.get("/api/v1/session").await.json(), body);
}

#[tokio::test]
async fn staff_belong_to_no_authority() {
    let place = Place::open().await;
    let body = place.browser().sign_in("staff", PASSWORD).await.json();
    assert_eq!((&body["role"], &body["authority"]), (&json!("project_officer"), &json!(null)));
}

#[tokio::test]
async fn unknown_closed_and_wrong_are_answered_alike() {
    let place = Place::open().await;
    let (closed, _) = place.server.store.person_by_login("kenya2").await.unwrap().unwrap();
    let mut write = place.server.store.write().await.unwrap();
    people::set_disabled(&mut write, closed.id, true).await.unwrap();
    write.commit().await.unwrap();
    let seen = |answer: Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        (answer.status, headers, answer.text())
    };
    let wrong = place.browser().sign_in("kenya", "not the password").await;
    wrong.is_refused(401, "wrong_credentials");
    let wrong = seen(wrong);
    assert_eq!(wrong, seen(place.browser().sign_in("nobody", PASSWORD).await));
    assert_eq!(wrong, seen(place.browser().sign_in("kenya2", PASSWORD).await));
    assert_eq!(wrong, seen(place.browser().sign_in("(server)", "").await));
    assert_eq!(wrong, seen(place.browser().sign_in("", "").await));
}

/// The time an answer takes would tell which logins exist, if any attempt were spared the work.
#[tokio::test]
async fn unknown_closed_wrong_and_right_cost_one_password_check_each() {
    let place = Place::open().await;
    let (closed, _) = place.server.store.person_by_login("kenya2").await.unwrap().unwrap();
    let mut write = place.server.store.write().await.unwrap();
    people::set_disabled(&mut write, closed.id, true).await.unwrap();
    write.commit().await.unwrap();
    let attempts = [("kenya", PASSWORD), ("kenya", "wrong"), ("nobody", PASSWORD), ("kenya2", PASSWORD), ("", "")];
    for (login, password) in attempts {
        let before = place.server.passwords.checks();
        place.browser().sign_in(login, password).await;
        assert_eq!(place.server.passwords.checks(), before + 1, "{login:?}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_for_known_and_unknown_logins_but_never_locked() {
    let place = Place::open().await;
    for login in ["kenya", "nobody"] {
        for _ in 0..8 {
            place.browser().sign_in(login, "a guess").await.is_refused(401, "wrong_credentials");
        }
        let answer = place.browser().sign_in(login, PASSWORD).await;
        answer.is_refused(429, "too_many_attempts");
        assert_eq!(answer.header("retry-after"), Some("10"));
        assert_eq!(answer.json()["error"]["retry"], true);
    }
    place.browser().sign_in("staff", PASSWORD).await.is_ok();
    place.wait(10_000);
    place.browser().sign_in("kenya", PASSWORD).await.is_ok();
    place.browser().sign_in("kenya", PASSWORD).await.is_ok();
}

#[tokio::test]
async fn the_cookie_is_as_strict_as_the_place_allows() {
    let place = Place::open().await;
    let far = place.browser_at("relais.example").sign_in("kenya", PASSWORD).await;
    let cookie = far.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-s="), "{cookie}");
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let near = place.browser_at("127.0.0.1:8080").sign_in("kenya", PASSWORD).await;
    let cookie = near.header("set-cookie").unwrap();
    assert!(cookie.starts_with("relais=") && !cookie.contains("Secure"), "{cookie}");
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

#[tokio::test]
async fn a_cookie_of_one_kind_does_not_open_the_other() {
    let place = Place::open().await;
    let mut near = place.browser();
    near.sign_in("kenya", PASSWORD).await.is_ok();
    let mut far = place.browser_at("relais.example");
    far.cookie = near.cookie.clone();
    far.get("/api/v1/session").await.is_refused(401, "not_signed_in");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    let kept = browser.cookie.clone();
    let answer = browser.delete("/api/v1/session").await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    browser.cookie = kept;
    browser.get("/api/v1/session").await.is_refused(401, "not_signed_in");
    assert_eq!(browser.delete("/api/v1/session").await.status, 204, "twice is no harm");
}

#[tokio::test]
async fn signing_in_again_replaces_the_devices_session() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    let first = browser.cookie.clone();
    browser.sign_in("kenya2", PASSWORD).await.is_ok();
    assert_ne!(browser.cookie, first);
    browser.cookie = first;
    browser.get("/api/v1/session").await.is_refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_partners_session_lasts_thirty_days_from_its_last_use() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    for _ in 0..3 {
        place.wait(29 * DAY);
        browser.get("/api/v1/session").await.is_ok();
    }
    place.wait(30 * DAY);
    browser.get("/api/v1/session").await.is_refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_session_of_staff_lasts_twelve_hours_used_or_not() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("staff", PASSWORD).await.is_ok();
    for _ in 0..11 {
        place.wait(HOUR);
        browser.get("/api/v1/session").await.is_ok();
    }
    place.wait(59 * MINUTE);
    browser.get("/api/v1/session").await.is_ok();
    place.wait(MINUTE);
    browser.get("/api/v1/session").await.is_refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_person_sees_and_ends_sessions_on_other_devices_but_not_other_peoples() {
    let place = Place::open().await;
    let (mut phone, mut laptop, mut other) = (place.browser(), place.browser(), place.browser());
    phone.sign_in("kenya", PASSWORD).await.is_ok();
    place.wait(MINUTE);
    laptop.sign_in("kenya", PASSWORD).await.is_ok();
    other.sign_in("kenya2", PASSWORD).await.is_ok();
    let listed = laptop.get("/api/v1/sessions").await.json();
    let sessions = listed["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!((&sessions[0]["current"], &sessions[1]["current"]), (&json!(true), &json!(false)));
    assert_eq!(sessions[1]["device_label"], "Firefox, Android");
    let of_phone = format!("/api/v1/sessions/{}", sessions[1]["id"].as_str().unwrap());
    other.delete(&of_phone).await.is_refused(404, "not_found");
    phone.get("/api/v1/session").await.is_ok();
    assert_eq!(laptop.delete(&of_phone).await.status, 204);
    phone.get("/api/v1/session").await.is_refused(401, "not_signed_in");
    laptop.get("/api/v1/session").await.is_ok();
    laptop.delete(&of_phone).await.is_refused(404, "not_found");
}

#[tokio::test]
async fn a_new_password_or_a_closed_account_ends_every_session() {
    let place = Place::open().await;
    let mut browser = place.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    let (person, hash) = place.server.store.person_by_login("kenya").await.unwrap().unwrap();
    let mut write = place.server.store.write().await.unwrap();
    people::set_password(&mut write, person.id, &hash).await.unwrap();
    write.commit().await.unwrap();
    browser.get("/api/v1/session").await.is_refused(401, "not_signed_in");
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    let mut write = place.server.store.write().await.unwrap();
    people::set_disabled(&mut write, person.id, true).await.unwrap();
    write.commit().await.unwrap();
    browser.get("/api/v1/session").await.is_refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_restart_keeps_sessions_and_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let before = Place::with(Config::in_folder(folder.path())).await;
    let mut browser = before.browser();
    browser.sign_in("kenya", PASSWORD).await.is_ok();
    before.server.store.close().await;
    let after = Place::with(Config::in_folder(folder.path())).await;
    let mut same = after.browser();
    same.cookie = browser.cookie;
    assert_eq!(same.get("/api/v1/session").await.json()["name"], "Wanjiru Kamau");
    assert_eq!(
        after.server.store.people().await.unwrap().len(),
        server::demo::MAIN.len() + server::demo::COUNTRIES.len()
    );
}

#[tokio::test]
async fn sessions_of_one_person_stay_bounded() {
    let place = Place::open().await;
    let mut first = place.browser();
    first.sign_in("kenya", PASSWORD).await.is_ok();
    let (person, hash) = place.server.store.person_by_login("kenya").await.unwrap().unwrap();
    for _ in 0..server::store::sessions::SESSIONS_PER_PERSON_MAX {
        place.wait(1);
        server::sessions::start(&place.server, &person, &hash, "", None).await.unwrap();
    }
    first.get("/api/v1/session").await.is_refused(401, "not_signed_in");
}

/// The right password was given, and is no longer the right one by the time the session is written down.
#[tokio::test]
async fn a_sign_in_under_way_does_not_survive_a_new_password_or_a_closed_account() {
    for close in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::with(Config::in_folder(folder.path())).await;
        let (person, _) = place.server.store.person_by_login("kenya").await.unwrap().unwrap();
        let mut write = place.server.store.write().await.unwrap();
        if close {
            people::set_disabled(&mut write, person.id, true).await.unwrap();
        } else {
            people::set_password(&mut write, person.id, "another hash").await.unwrap();
        }
        let mut browser = place.browser();
        let change = async {
            // The sign-in counts as one once the password was found right; then it waits for the disk.
            while place.server.metrics.sign_ins.get() == 0 {
                tokio::task::yield_now().await;
            }
            write.commit().await.unwrap();
        };
        let (answer, ()) = tokio::join!(browser.sign_in("kenya", PASSWORD), change);
        answer.is_refused(401, "wrong_credentials");
        assert_eq!(browser.cookie, None);
    }
}
