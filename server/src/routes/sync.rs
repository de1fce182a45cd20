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
use shared::sync::wire::{MEDIA_TYPE, PROTOCOL, PULL_BYTES_MAX, PUSH_OPS_MAX, Request, protocol, well_nested};

use crate::Server;
use crate::account::Account;
use crate::error::Error;
use crate::ledger;
use crate::packing::Coding;

/// How many times as large as was asked a page may be before a smaller one is made instead; one document
/// is always sent, whatever its size.
const PAGE_TIMES_MAX: usize = 2;

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
    // A device that knows another database is first told so, and then offers its work again.
    let pushed = if ops.is_empty() || (request.epoch != epoch && !request.begins()) {
        ledger::Pushed::default()
    } else {
        server.writer.push(actor, ops).await?
    };
    let coding = Coding::taken(&headers);
    let wanted = request.bytes_max.min(PULL_BYTES_MAX) as usize;
    let room = coding.unpacked(wanted);
    let mut page = page_of(&server, &actor, &request, &pushed, room, coding).await?;
    let smaller = room.saturating_mul(wanted) / page.body.len().max(1);
    if page.parts > 1 && page.body.len() > wanted.saturating_mul(PAGE_TIMES_MAX) && smaller < room {
        // It packs worse than pages do as a rule: once more, by what this one packed to.
        page = page_of(&server, &actor, &request, &pushed, smaller, coding).await?;
    }
    Ok(page.into_response())
}

/// The body of one answer, packed.
struct Page {
    body: Vec<u8>,
    coding: Coding,
    /// How many documents and entries are in it; all but one could wait for the next.
    parts: usize,
}

async fn page_of(
    server: &Server,
    actor: &Actor,
    request: &Request,
    pushed: &ledger::Pushed,
    room: usize,
    coding: Coding,
) -> Result<Page, Error> {
    let (epoch, now_ms) = (server.store.epoch(), server.config.clock.now_ms());
    let mut reply = ledger::pull(&server.ledger, epoch, now_ms, actor, request, room).await?;
    reply.parked = (!pushed.parked.is_empty()).then(|| pushed.parked.clone());
    reply.replayed = (!pushed.replayed.is_empty()).then(|| pushed.replayed.clone());
    reply.forked_at = reply.forked_at.or(pushed.forked_at);
    let parts = reply.snapshots.as_ref().map_or(0, Vec::len) + reply.entries.as_ref().map_or(0, Vec::len);
    let packed = server.packer.pack(reply.to_body(), coding).await;
    let (body, coding) = packed.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Page { body, coding, parts })
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = ([(header::CONTENT_TYPE, MEDIA_TYPE)], self.body).into_response();
        if let Some(coding) = self.coding.header() {
            response.headers_mut().insert(header::CONTENT_ENCODING, coding);
        }
        response
    }
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
