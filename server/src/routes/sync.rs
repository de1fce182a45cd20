//! `POST /sync`: push and pull in one round trip.
//!
//! Acknowledges only what is on the disk. Every refusal is typed; nothing a device sends makes the
//! server fail.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use shared::op::from_bytes;
use shared::permission::Actor;
use shared::sync::wire::{MEDIA_TYPE, PROTOCOL, PUSH_OPS_MAX, Request, protocol, well_nested};

use crate::Server;
use crate::account::Account;
use crate::error::Error;
use crate::ledger;

/// Takes a device's operations and sends what it does not have.
pub async fn sync(
    State(server): State<Server>,
    account: Account,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Error> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != MEDIA_TYPE) {
        return Err(Error::UnsupportedEncoding);
    }
    let mut request = read(&body?)?;
    // One browser, two people: what the one wrote is never taken in the other's name, nor is the
    // one's store filled with what the other may read.
    if request.person != account.person {
        return Err(Error::NotSignedIn);
    }
    let actor = Actor { person: account.person, role: account.role, authority: account.authority };
    let replica = request.replica;
    let ops = match request.ops.take() {
        Some(push) if push.ops.len() > PUSH_OPS_MAX => return Err(Error::TooLarge),
        Some(push) => push.unpack(replica).ok_or_else(|| Error::Malformed("a push that does not unpack".to_owned()))?,
        None => Vec::new(),
    };
    let epoch = server.store.epoch();
    // A device that has not met this database yet is first told so, and then offers its work again.
    let pushed = if ops.is_empty() || request.epoch != epoch {
        ledger::Pushed::default()
    } else {
        server.writer.push(actor, ops).await?
    };
    let mut reply = ledger::pull(&server.ledger, epoch, server.config.clock.now_ms(), &actor, &request).await?;
    reply.parked = (!pushed.parked.is_empty()).then_some(pushed.parked);
    reply.replayed = (!pushed.replayed.is_empty()).then_some(pushed.replayed);
    reply.forked_at = reply.forked_at.or(pushed.forked_at);
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], reply.to_body()).into_response())
}

fn read(body: &[u8]) -> Result<Request, Error> {
    if !well_nested(body) {
        return Err(Error::Malformed("a body that is not ours".to_owned()));
    }
    // Looked at alone: the rest of another protocol may be anything.
    match protocol(body) {
        Some(PROTOCOL) => from_bytes(body).map_err(|error| Error::Malformed(error.to_string())),
        Some(_) => Err(Error::OtherVersion),
        None => Err(Error::Malformed("a body that names no protocol".to_owned())),
    }
}
