//! The description of the JSON calls. Kept by hand in `openapi.json`; tests compare it with the
//! router and with the types of `shared::api`.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The description as sent.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// Sends the description.
pub async fn show_openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Method, Request, StatusCode};
    use serde::Serialize;
    use serde_json::{Value, json};
    use shared::api::{AuthorityCard, Inbox, InboxRow, OpenSession, RefusalCode, Role, Sessions, SignIn, SignedIn};
    use shared::ids::{AuthorityId, PersonId};
    use tower::ServiceExt as _;

    use super::DOCUMENT;
    use crate::config::Config;
    use crate::router::{API, router};

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).unwrap()
    }

    #[tokio::test]
    async fn every_call_is_described_and_every_description_is_a_call() {
        let document = document();
        let described = document["paths"].as_object().unwrap();
        assert_eq!(described.len(), API.len());
        let router = router(crate::open(Config::in_memory()).await.unwrap());
        for (path, _) in API {
            let calls = described.get(*path).unwrap_or_else(|| panic!("{path} is not described"));
            for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let request = Request::builder().method(&method).uri(path.replace("{id}", "0")).header("x-relais", "1");
                let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                let answered = answer.status() != StatusCode::METHOD_NOT_ALLOWED;
                let described = calls.get(method.as_str().to_lowercase()).is_some();
                assert_eq!(answered, described, "{method} {path}");
            }
        }
    }

    fn assert_described(name: &str, sample: impl Serialize) {
        let document = document();
        let schema = &document["components"]["schemas"][name];
        let sample = serde_json::to_value(sample).unwrap();
        let mut sent: Vec<_> = sample.as_object().unwrap().keys().collect();
        let mut described: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        sent.sort();
        described.sort();
        assert_eq!(sent, described, "{name}");
    }

    #[test]
    fn the_described_fields_are_the_ones_sent() {
        let kenya = AuthorityCard {
            id: AuthorityId(1),
            name: String::new(),
            name_en: String::new(),
            country: "KE".into(),
            kind: "agency".into(),
        };
        let session = OpenSession {
            id: String::new(),
            device_label: String::new(),
            created_ms: 0,
            last_seen_ms: 0,
            current: false,
        };
        let row = InboxRow {
            document: String::new(),
            title: String::new(),
            reference: None,
            form: String::new(),
            state: String::new(),
            countries: Vec::new(),
            themes: Vec::new(),
            owners: Vec::new(),
            version: 1,
            received_ms: None,
            date: None,
            awaits: false,
        };
        assert_described("InboxRow", &row);
        assert_described("Inbox", Inbox { total: 1, documents: vec![row] });
        assert_described("AuthorityCard", &kenya);
        assert_described("OpenSession", &session);
        assert_described("Sessions", Sessions { sessions: vec![session] });
        assert_described(
            "SignIn",
            SignIn { login: String::new(), password: String::new(), device_label: String::new() },
        );
        assert_described(
            "SignedIn",
            SignedIn {
                person: PersonId(1),
                name: String::new(),
                role: Role::FocalPoint,
                authority: Some(kenya),
                language: "en".into(),
            },
        );
    }

    #[test]
    fn the_described_codes_are_the_ones_sent() {
        let document = document();
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Role"]["enum"], json!(Role::ALL));
        assert_eq!(schemas["Role"]["enum"], json!(Role::ALL.map(Role::code)));
        // Forms and states are the forms' own: the description gives those of Relais as examples.
        let states = shared::forms::request::FORM.workflow.states.iter().map(|known| known.key);
        assert_eq!(schemas["State"]["examples"], json!(states.collect::<Vec<_>>()));
        for code in schemas["RefusalCode"]["enum"].as_array().unwrap() {
            let known: RefusalCode = serde_json::from_value(code.clone()).unwrap();
            assert_ne!(known, RefusalCode::Unknown, "{code}");
            assert_eq!(&json!(known), code);
        }
    }
}
