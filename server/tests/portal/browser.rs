//! The words the tests are written in: a place with a server and a clock, and browsers that go there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use server::clock::Clock;
use server::config::Config;
use server::demo;
use tower::ServiceExt as _;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// What the clock shows when whoever looks at it falls over.
const STOPPED: i64 = i64::MIN;

/// A server with the demo accounts, and the clock it believes in.
pub struct Place {
    pub server: server::Server,
    clock: Arc<AtomicI64>,
}

impl Place {
    pub async fn open() -> Self {
        Self::with(Config::in_memory()).await
    }

    pub async fn with(mut config: Config) -> Self {
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000));
        let read = Arc::clone(&clock);
        config.clock = Clock::from_fn(move || {
            let now_ms = read.load(Ordering::Relaxed);
            assert_ne!(now_ms, STOPPED, "the clock has stopped");
            now_ms
        });
        let server = server::open(config).await.unwrap();
        demo::load(&server).await.unwrap();
        Self { server, clock }
    }

    pub fn wait(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    /// Stops the clock: whoever looks at it panics. Returns what it showed.
    pub fn stop_clock(&self) -> i64 {
        self.clock.swap(STOPPED, Ordering::Relaxed)
    }

    pub fn set_clock(&self, now_ms: i64) {
        self.clock.store(now_ms, Ordering::Relaxed);
    }

    /// A browser on this machine, as in a trial.
    pub fn browser(&self) -> Browser {
        self.browser_at("localhost:8080")
    }

    /// A browser that came by this name.
    pub fn browser_at(&self, host: &'static str) -> Browser {
        Browser { router: server::router(self.server.clone()), host, cookie: None }
    }
}

/// A browser: sends what browsers send, keeps the cookie it is given.
pub struct Browser {
    router: Router,
    host: &'static str,
    pub cookie: Option<String>,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&mut self, path: &str) -> Answer {
        let request = self.request(Method::DELETE, path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, body: impl ToString) -> Answer {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let asked = json!({ "login": login, "password": password, "device_label": "Firefox, Android" });
        self.post("/api/v1/session", asked).await
    }

    /// A request with everything the portal's own page puts on it.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(&method).uri(path).header(header::HOST, self.host);
        if !method.is_safe() {
            request = request.header("x-relais", "1").header("sec-fetch-site", "same-origin");
        }
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        if let Some(set) = answer.header("set-cookie") {
            let pair = set.split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        answer
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Checks that the call was refused with this status and code, in both languages.
    #[track_caller]
    pub fn is_refused(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let body = self.json();
        assert_eq!(body["error"]["code"], code, "{body}");
        for language in ["en", "fr"] {
            assert!(!body["error"]["message"][language].as_str().unwrap().is_empty(), "{body}");
        }
    }

    #[track_caller]
    pub fn is_ok(&self) {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
    }
}
