//! The inbox as JSON, for tools beside the portal: what staff may read, filtered and in pages.
//!
//! The portal's own inbox works on the device, without this call. Reads envelopes only.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use shared::api::{INBOX_PAGE, INBOX_PAGE_MAX, Inbox, InboxRow};
use shared::permission::Actor;
use shared::workflow;

use crate::Server;
use crate::account::Account;
use crate::error::Error;
use crate::store::log::Envelope;

/// What is asked for; everything may be left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    state: Option<workflow::State>,
    country: Option<String>,
    theme: Option<String>,
    search: Option<String>,
    from: Option<usize>,
    limit: Option<usize>,
}

impl Wanted {
    fn takes(&self, envelope: &Envelope) -> bool {
        let search = self.search.as_deref().unwrap_or_default().to_lowercase();
        let found = |text: &str| text.to_lowercase().contains(&search);
        self.state.is_none_or(|state| envelope.state == state as u8)
            && self.country.as_ref().is_none_or(|country| envelope.country == *country)
            && self.theme.as_ref().is_none_or(|theme| envelope.themes.split_whitespace().any(|code| code == theme))
            && (found(&envelope.title) || envelope.reference.as_deref().is_some_and(found))
    }
}

/// Lists the requests that staff may read.
pub async fn show_inbox(
    State(server): State<Server>,
    account: Account,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Inbox>, Error> {
    if !account.role.reads_as_staff() {
        return Err(Error::Forbidden);
    }
    let Query(wanted) = wanted.map_err(|rejection| Error::Malformed(rejection.body_text()))?;
    let actor = Actor { person: account.person, role: account.role, authority: account.authority };
    let (from, limit) = (wanted.from.unwrap_or(0), wanted.limit.unwrap_or(INBOX_PAGE).min(INBOX_PAGE_MAX));
    Ok(Json(server.ledger.look(|committed| {
        let mut found: Vec<&Envelope> =
            committed.readable(&actor).into_iter().filter(|envelope| wanted.takes(envelope)).collect();
        found.sort_by_key(|envelope| (envelope.submitted_ms, envelope.id));
        let requests = found.iter().skip(from).take(limit).filter_map(|envelope| row(envelope)).collect();
        Inbox { total: found.len(), requests }
    })))
}

fn row(envelope: &Envelope) -> Option<InboxRow> {
    Some(InboxRow {
        document: envelope.id.to_string(),
        title: envelope.title.clone(),
        reference: envelope.reference.clone(),
        country: envelope.country.clone(),
        themes: envelope.themes.split_whitespace().map(ToOwned::to_owned).collect(),
        state: workflow::State::from_number(envelope.state)?,
        version: envelope.version,
        submitted_ms: envelope.submitted_ms,
    })
}
