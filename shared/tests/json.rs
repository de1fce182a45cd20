//! The bodies of the JSON calls, written and read by both ends. Old clients live for months: what
//! they send and can read is held here word for word.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::api::{
    AuthorityCard, Inbox, InboxRow, OpenSession, Refusal, RefusalCode, RefusalDetail, RefusalMessage, Role, Sessions,
    SignIn, SignedIn,
};
use shared::ids::{AuthorityId, PersonId};

/// Checks that `value` is written as `written`, and read back from it.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug>(value: &T, written: Value) {
    assert_eq!(serde_json::to_value(value).expect("is written"), written);
    assert_eq!(&serde_json::from_value::<T>(written).expect("is read"), value);
}

fn sign_in() -> SignIn {
    SignIn { login: "kenya".to_owned(), password: "correct horse".to_owned(), device_label: "Firefox".to_owned() }
}

fn signed_in(authority: Option<AuthorityCard>) -> SignedIn {
    let name = "Amina Otieno".to_owned();
    SignedIn { person: PersonId(7), name, role: Role::FocalPoint, authority, language: "en".to_owned() }
}

#[test]
fn signing_in_reads_the_same_on_both_ends() {
    check(&sign_in(), json!({ "login": "kenya", "password": "correct horse", "device_label": "Firefox" }));
    let card = AuthorityCard {
        id: AuthorityId(3),
        name: "Idara".to_owned(),
        name_en: "Department".to_owned(),
        country: "KE".to_owned(),
        kind: "ministry".to_owned(),
    };
    check(
        &signed_in(Some(card)),
        json!({
            "person": 7, "name": "Amina Otieno", "role": "focal_point", "language": "en",
            "authority": { "id": 3, "name": "Idara", "name_en": "Department", "country": "KE", "kind": "ministry" },
        }),
    );
}

#[test]
fn sessions_and_the_inbox_read_the_same_on_both_ends() {
    let session = OpenSession {
        id: "a1".to_owned(),
        device_label: "Firefox".to_owned(),
        created_ms: 1,
        last_seen_ms: 2,
        current: true,
    };
    check(
        &Sessions { sessions: vec![session] },
        json!({ "sessions": [
            { "id": "a1", "device_label": "Firefox", "created_ms": 1, "last_seen_ms": 2, "current": true },
        ] }),
    );
    let row = InboxRow {
        document: "00".repeat(16),
        title: "Visas".to_owned(),
        reference: None,
        form: "request".to_owned(),
        state: "received".to_owned(),
        countries: vec!["KE".to_owned()],
        themes: vec!["visa".to_owned()],
        owners: vec!["Ministry".to_owned()],
        version: 1,
        received_ms: Some(3),
        date: Some("2026-09".to_owned()),
        awaits: true,
    };
    check(
        &Inbox { total: 1, documents: vec![row] },
        json!({ "total": 1, "documents": [{
            "document": "00000000000000000000000000000000", "title": "Visas", "reference": null, "form": "request",
            "state": "received", "countries": ["KE"], "themes": ["visa"], "owners": ["Ministry"], "version": 1, "received_ms": 3, "date": "2026-09",
            "awaits": true,
        }] }),
    );
}

#[test]
fn a_refusal_reads_the_same_on_both_ends() {
    for (code, name) in [
        (RefusalCode::Malformed, "malformed"),
        (RefusalCode::NotSignedIn, "not_signed_in"),
        (RefusalCode::WrongCredentials, "wrong_credentials"),
        (RefusalCode::CrossSite, "cross_site"),
        (RefusalCode::Forbidden, "forbidden"),
        (RefusalCode::NotFound, "not_found"),
        (RefusalCode::MethodNotAllowed, "method_not_allowed"),
        (RefusalCode::TooLarge, "too_large"),
        (RefusalCode::UnsupportedEncoding, "unsupported_encoding"),
        (RefusalCode::OtherVersion, "other_version"),
        (RefusalCode::TooManyAttempts, "too_many_attempts"),
        (RefusalCode::ProxyHostHeader, "proxy_host_header"),
        (RefusalCode::TooSlow, "too_slow"),
        (RefusalCode::Internal, "internal"),
        (RefusalCode::Unavailable, "unavailable"),
    ] {
        let message = RefusalMessage { en: "No.".to_owned(), fr: "Non.".to_owned() };
        check(
            &Refusal { error: RefusalDetail { code, retry: false, message } },
            json!({ "error": { "code": name, "retry": false, "message": { "en": "No.", "fr": "Non." } } }),
        );
    }
}

#[test]
fn what_an_older_or_newer_peer_says_is_read() {
    let code = serde_json::from_value::<RefusalCode>(json!("out_of_paper")).expect("any code is read");
    assert_eq!(code, RefusalCode::Unknown, "a code of a newer server");
    let older = serde_json::from_value::<SignIn>(json!({ "login": "kenya", "password": "correct horse" }));
    assert_eq!(older.expect("a label may be missing").device_label, "");
    let newer = json!({ "person": 7, "name": "Amina Otieno", "role": "focal_point", "language": "en", "new": [1] });
    assert_eq!(serde_json::from_value::<SignedIn>(newer).expect("more is passed over"), signed_in(None));
}

#[test]
fn a_password_is_not_shown_by_accident() {
    assert!(!format!("{:?}", sign_in()).contains("horse"));
}
