//! Calls to the server from the browser: the sync exchange, the JSON calls of `shared::api`, and the client's own files.
//!
//! Only this folder uses `fetch`. What may be believed of an answer is decided in `sync::answer`.

use gloo_net::http::{Method, Request, Response};
use serde::de::DeserializeOwned;
use shared::api::{Refusal, SESSION, SignedIn};
use shared::sync::wire::{MEDIA_TYPE, PATH};

use crate::sync::{Answer, Exchanged, Transport, TransportError, read_answer};

mod compression;
mod fetch;
use compression::compress;
use fetch::{Received, fetch};

/// Fetches a JSON file of the client's own; `None` when anything but that comes back.
pub async fn fetch_file<T: DeserializeOwned>(path: &str) -> Option<T> {
    let response = Request::get(path).send().await.ok().filter(Response::ok)?;
    response.json().await.ok()
}

/// The server this page came from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Api;

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

impl Api {
    /// Returns who is signed in.
    ///
    /// # Errors
    /// Nobody is, or the server is not reached.
    pub async fn session(&self) -> Result<SignedIn, CallError> {
        let received = send(Method::GET, SESSION, &[], None).await?;
        if !(200..300).contains(&received.status) {
            return Err(refused(received));
        }
        serde_json::from_slice(&received.body).map_err(|_| TransportError::Impostor.into())
    }

    /// Ends the session.
    ///
    /// # Errors
    /// The server is not reached: the session goes on.
    pub async fn sign_out(&self) -> Result<(), CallError> {
        let received = send(Method::DELETE, SESSION, &[], None).await?;
        if received.status == 204 { Ok(()) } else { Err(refused(received)) }
    }
}

impl Transport for Api {
    async fn exchange(&self, body: Vec<u8>) -> Result<Exchanged, TransportError> {
        let mut headers = vec![("content-type", MEDIA_TYPE)];
        let body = match compress(&body).await {
            Some(small) => {
                headers.push(("content-encoding", "gzip"));
                small
            }
            None => body,
        };
        let received = send(Method::POST, PATH, &headers, Some(&body)).await?;
        Ok(Exchanged { answer: read_answer(received.answer())?, sent_bytes: body.len() })
    }
}

impl Received {
    fn answer(&self) -> Answer<'_> {
        let (media_type, retry_after) = (self.media_type.as_deref(), self.retry_after.as_deref());
        Answer { status: self.status, media_type, retry_after, body: self.body.clone() }
    }
}

/// Every error of the browser's is the network's, whatever it is called.
async fn send(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Result<Received, TransportError> {
    fetch(method, path, headers, body).await.map_err(|_| TransportError::Offline)
}

fn refused(received: Received) -> CallError {
    let answer = received.answer();
    match serde_json::from_slice(&received.body) {
        Ok(refusal) if answer.is_refusal() => CallError::Refused(refusal),
        _ => CallError::Transport(answer.fault()),
    }
}
