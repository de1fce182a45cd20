//! The device's way to the server: sync exchanges and the session, with its cookie kept in a file.

use std::path::PathBuf;
use std::time::Duration;

use app::sync::{Answer, Exchanged, Transport, TransportError, read_answer};
use shared::api::{CALL_HEADER, SESSION, SignIn, SignedIn};
use shared::sync::wire::{MEDIA_TYPE, PATH};
use tests::packing::{TAKEN, packed, unpacked};
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

/// What JSON calls say of their bodies.
const JSON: (&str, &str) = ("content-type", "application/json");
/// Longest wait for one answer.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(180);
/// Largest answer read, in bytes as it comes.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

/// The server this device talks to.
#[derive(Clone, Debug)]
pub struct Server {
    agent: Agent,
    address: String,
    cookie_file: PathBuf,
}

impl Server {
    /// Returns the server at `address`; the session's cookie is kept in `cookie_file`.
    pub fn new(address: String, cookie_file: PathBuf) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(ANSWER_WAIT_MAX))
            // A device that is counted sends nothing it does not need.
            .user_agent("")
            .accept("")
            .build()
            .into();
        Self { agent, address: address.trim_end_matches('/').to_owned(), cookie_file }
    }

    /// Opens a session.
    pub fn sign_in(&self, with: &SignIn) -> Result<SignedIn, String> {
        let body = serde_json::to_vec(with).map_err(|error| error.to_string())?;
        let mut response = self.send("POST", SESSION, &[JSON], body).map_err(|error| error.to_string())?;
        let cookie = response
            .headers()
            .get("set-cookie")
            .and_then(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned));
        let text = response.body_mut().read_to_string().map_err(|error| error.to_string())?;
        if response.status() != 200 {
            return Err(text);
        }
        let signed_in = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        std::fs::write(&self.cookie_file, cookie.unwrap_or_default()).map_err(|error| error.to_string())?;
        Ok(signed_in)
    }

    /// Ends the session here, and there if the server is reached.
    pub fn sign_out(&self) -> Result<(), String> {
        let ended = self.send("DELETE", SESSION, &[JSON], Vec::new());
        std::fs::remove_file(&self.cookie_file).map_err(|error| error.to_string())?;
        ended.map(drop).map_err(|error| error.to_string())
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Response<Body>, TransportError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header(CALL_HEADER, "1")
            .header("cookie", std::fs::read_to_string(&self.cookie_file).unwrap_or_default());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(body).map_err(|_| TransportError::Offline)?;
        self.agent.run(request).map_err(|_| TransportError::Offline)
    }
}

impl Transport for Server {
    async fn exchange(&self, body: Vec<u8>) -> Result<Exchanged, TransportError> {
        let mut headers = vec![("content-type", MEDIA_TYPE), ("accept-encoding", TAKEN)];
        let body = match packed(&body) {
            Some(small) => {
                headers.push(("content-encoding", "gzip"));
                small
            }
            None => body,
        };
        let sent_bytes = body.len();
        let mut response = self.send("POST", PATH, &headers, body)?;
        let read = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        let body = read.map_err(|_| TransportError::Offline)?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let body = unpacked(body, header("content-encoding")).map_err(|_| TransportError::Offline)?;
        let answer = read_answer(Answer {
            status: response.status().as_u16(),
            media_type: header("content-type"),
            retry_after: header("retry-after"),
            body,
        })?;
        Ok(Exchanged { answer, sent_bytes })
    }
}
