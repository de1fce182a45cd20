//! A thin W3C WebDriver client: one session of one driver process, JSON in and JSON out.
//!
//! Hand-written because the client crates ask for thirty more crates (second copies of `http`,
//! `cookie` and `icu` among them) and an async story to send some fifteen kinds of JSON bodies.
//! Deliberately does not know the engines, labels or waiting.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// A command that takes longer has lost its browser.
const COMMAND_LIMIT: Duration = Duration::from_secs(90);
/// A picture of a whole long page in base64 stays well below.
const ANSWER_LIMIT_BYTES: u64 = 128 * 1024 * 1024;
/// The key under which WebDriver hands out references to elements.
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Why a command has no answer.
#[derive(Debug)]
pub enum DriverError {
    /// The driver answered with a WebDriver error.
    Refused { code: String, message: String },
    /// The driver did not answer.
    Unreachable(String),
}

impl fmt::Display for DriverError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code, message } => write!(out, "{code}: {message}"),
            Self::Unreachable(reason) => write!(out, "the driver does not answer: {reason}"),
        }
    }
}

/// A reference to an element of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

impl Element {
    /// Reads a reference out of a script's answer.
    pub fn read(value: &Value) -> Option<Self> {
        Some(Self(value.get(ELEMENT_KEY)?.as_str()?.to_owned()))
    }
}

/// One session with one browser.
#[derive(Debug)]
pub struct Session {
    agent: ureq::Agent,
    base: String,
}

impl Session {
    /// Starts the browser through the driver that listens on `port`.
    pub fn open(port: u16, capabilities: &Value) -> Result<Self, DriverError> {
        let agent = agent();
        let driver = format!("http://127.0.0.1:{port}");
        let answer = send(
            agent
                .post(format!("{driver}/session"))
                .send_json(json!({ "capabilities": { "alwaysMatch": capabilities } })),
        )?;
        let id = answer["sessionId"].as_str().unwrap_or_default();
        Ok(Self { agent, base: format!("{driver}/session/{id}") })
    }

    /// Sends a command with a body.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, DriverError> {
        send(self.agent.post(self.address(path)).send_json(body))
    }

    /// Asks for something.
    pub fn get(&self, path: &str) -> Result<Value, DriverError> {
        send(self.agent.get(self.address(path)).call())
    }

    /// Takes something away.
    pub fn delete(&self, path: &str) -> Result<Value, DriverError> {
        send(self.agent.delete(self.address(path)).call())
    }

    /// Runs the body of a function in the page and returns what it returns.
    pub fn script(&self, body: &str, arguments: &[Value]) -> Result<Value, DriverError> {
        self.post("execute/sync", &json!({ "script": body, "args": arguments }))
    }

    /// Clicks into the middle of an element with a real pointer.
    pub fn click(&self, element: &Element) -> Result<(), DriverError> {
        let path = format!("element/{}/click", element.0);
        self.post(&path, &json!({})).map(drop)
    }

    /// Sends keys to an element; a file input takes a path.
    pub fn send_keys(&self, element: &Element, text: &str) -> Result<(), DriverError> {
        let path = format!("element/{}/value", element.0);
        self.post(&path, &json!({ "text": text })).map(drop)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }
}

/// True when a driver on that port says that it takes sessions.
pub fn is_ready(port: u16) -> bool {
    let status = agent().get(format!("http://127.0.0.1:{port}/status")).call();
    send(status).is_ok_and(|status| status["ready"] == json!(true))
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(COMMAND_LIMIT))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into()
}

/// Unwraps the answer's `value`, or the error in it.
fn send(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, DriverError> {
    let unreachable = |error: ureq::Error| DriverError::Unreachable(error.to_string());
    let mut answer = answer.map_err(unreachable)?;
    let body: Value = answer.body_mut().with_config().limit(ANSWER_LIMIT_BYTES).read_json().map_err(unreachable)?;
    let value = body.get("value").cloned().unwrap_or(Value::Null);
    if answer.status().is_success() {
        return Ok(value);
    }
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Err(DriverError::Refused { code: text("error"), message: text("message") })
}
