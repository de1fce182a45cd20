//! The inbox as JSON, for tools beside the portal: what staff may read, filtered and in pages.
//!
//! The portal's own inbox works on the device, without this call. Reads envelopes only.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use shared::api::{INBOX_PAGE, INBOX_PAGE_MAX, Inbox, InboxRow};
use shared::form::FormId;
use shared::forms;
use shared::permission::Actor;
use shared::role::Role;

use crate::Server;
use crate::account::Account;
use crate::error::Error;
use crate::store::log::Envelope;

/// What is asked for; everything may be left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    form: Option<String>,
    state: Option<String>,
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
        let summary = &envelope.summary;
        let form = forms::form(FormId(envelope.form));
        let state = form.and_then(|form| form.workflow.state(summary.state)).map(|state| state.key);
        self.form.as_deref().is_none_or(|wanted| form.is_some_and(|form| form.key == wanted))
            && self.state.as_deref().is_none_or(|wanted| state == Some(wanted))
            && self.country.as_ref().is_none_or(|country| summary.countries.contains(country))
            && self.theme.as_ref().is_none_or(|theme| summary.themes.contains(theme))
            && (found(&summary.title) || summary.reference.as_deref().is_some_and(found))
    }
}

/// Lists the documents that staff may read.
pub async fn show_inbox(
    State(server): State<Server>,
    account: Account,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Inbox>, Error> {
    if !account.role.in_office() || account.role == Role::Admin {
        return Err(Error::Forbidden);
    }
    let Query(wanted) = wanted.map_err(|rejection| Error::Malformed(rejection.body_text()))?;
    let mut states = forms::all().flat_map(|form| form.workflow.states);
    if wanted.state.as_ref().is_some_and(|wanted| !states.any(|state| state.key == *wanted)) {
        return Err(Error::Malformed("no form has this state".to_owned()));
    }
    if wanted.form.as_ref().is_some_and(|wanted| forms::form_by_key(wanted).is_none()) {
        return Err(Error::Malformed("there is no such form".to_owned()));
    }
    let actor = Actor { person: account.person, role: account.role, authority: account.authority };
    let (from, limit) = (wanted.from.unwrap_or(0), wanted.limit.unwrap_or(INBOX_PAGE).min(INBOX_PAGE_MAX));
    Ok(Json(server.ledger.look(|committed| {
        let mut found: Vec<&Envelope> =
            committed.readable(&actor).into_iter().filter(|envelope| wanted.takes(envelope)).collect();
        found.sort_by_key(|envelope| (envelope.summary.received_ms, envelope.id));
        let documents = found.iter().skip(from).take(limit).filter_map(|envelope| row(envelope)).collect();
        Inbox { total: found.len(), documents }
    })))
}

fn row(envelope: &Envelope) -> Option<InboxRow> {
    let (form, summary) = (forms::form(FormId(envelope.form))?, &envelope.summary);
    Some(InboxRow {
        document: envelope.id.to_string(),
        title: summary.title.clone(),
        reference: summary.reference.clone(),
        form: form.key.to_owned(),
        state: form.workflow.state(summary.state)?.key.to_owned(),
        countries: summary.countries.clone(),
        themes: summary.themes.clone(),
        owners: summary.owners.clone(),
        version: summary.version,
        received_ms: summary.received_ms,
        date: summary.date.map(|date| date.to_string()),
        awaits: summary.awaits,
    })
}
