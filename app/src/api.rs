//! Calls to the server from the browser: the sync exchange and the JSON calls of `shared::api`.
//!
//! Only this folder uses `fetch`. What may be believed of an answer is decided in `sync::answer`.

use shared::api::{Refusal, SESSION, SignIn, SignedIn};
use shared::sync::wire::{MEDIA_TYPE, PATH};

use crate::sync::{Answer, Exchanged, Transport, TransportError, read_answer};

mod fetch;
mod json;
use fetch::{compress, fetch};
pub use json::{read_signed_in, write_signed_in};

const JSON_TYPE: &str = "application/json";

/// The server this page came from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client;

/// Why a JSON call did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// There is no answer of the server.
    Transport(TransportError),
    /// The server refuses, in words for the person.
    Refused(Refusal),
}

impl From<TransportError> for CallError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

/// An answer before it is read.
struct Came {
    status: u16,
    media_type: Option<String>,
    retry_after: Option<String>,
    body: Vec<u8>,
}

impl Came {
    fn answer(&self) -> Answer<'_> {
        let (media_type, retry_after) = (self.media_type.as_deref(), self.retry_after.as_deref());
        Answer { status: self.status, media_type, retry_after, body: self.body.clone() }
    }

    fn text(&self) -> Option<&str> {
        core::str::from_utf8(&self.body).ok()
    }
}

impl Client {
    /// Opens a session.
    ///
    /// # Errors
    /// The login and password are not right, or the server is not reached.
    pub async fn sign_in(&self, with: &SignIn) -> Result<SignedIn, CallError> {
        who("POST", Some(json::write_sign_in(with))).await
    }

    /// Returns who is signed in.
    ///
    /// # Errors
    /// Nobody is, or the server is not reached.
    pub async fn session(&self) -> Result<SignedIn, CallError> {
        who("GET", None).await
    }

    /// Ends the session.
    ///
    /// # Errors
    /// The server is not reached: the session goes on.
    pub async fn sign_out(&self) -> Result<(), CallError> {
        let came = send("DELETE", SESSION, &[], None).await?;
        if came.status == 204 { Ok(()) } else { Err(refused(&came)) }
    }
}

impl Transport for Client {
    async fn exchange(&self, body: Vec<u8>) -> Result<Exchanged, TransportError> {
        let mut headers = vec![("content-type", MEDIA_TYPE)];
        let body = match compress(&body).await {
            Some(small) => {
                headers.push(("content-encoding", "gzip"));
                small
            }
            None => body,
        };
        let sent_bytes = body.len();
        let came = send("POST", PATH, &headers, Some(body)).await?;
        Ok(Exchanged { answer: read_answer(came.answer())?, sent_bytes })
    }
}

/// Calls `SESSION` to hear who is signed in; `body` is JSON.
async fn who(method: &str, body: Option<String>) -> Result<SignedIn, CallError> {
    let came = send(method, SESSION, &[("content-type", JSON_TYPE)], body.map(String::into_bytes)).await?;
    if !(200..300).contains(&came.status) {
        return Err(refused(&came));
    }
    Ok(came.text().and_then(read_signed_in).ok_or(TransportError::Impostor)?)
}

async fn send(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Vec<u8>>,
) -> Result<Came, TransportError> {
    fetch(method, path, headers, body).await.map_err(|_| TransportError::Offline)
}

fn refused(came: &Came) -> CallError {
    let answer = came.answer();
    match came.text().filter(|_| answer.is_refusal()).and_then(json::read_refusal) {
        Some(refusal) => CallError::Refused(refusal),
        None => CallError::Transport(answer.fault()),
    }
}
