//! Who is asking: the extractor every handler takes that is not open to strangers.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use shared::api::Role;
use shared::ids::{AuthorityId, PersonId};

use crate::Server;
use crate::error::Error;
use crate::sessions::{CookieKind, TOUCH_EVERY_MS, lasts_until};
use crate::store::people::Person;
use crate::store::sessions::{StoredSession, TokenHash};
use crate::store::{self, StoreError};

/// The person behind a request with an open session; without one the request is refused (401).
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub person: PersonId,
    /// The name shown to others.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The authority the person belongs to; staff have none.
    pub authority: Option<AuthorityId>,
    /// The person's language (BCP-47).
    pub language: String,
    pub(crate) session: TokenHash,
}

impl Account {
    pub(crate) fn new(person: Person, session: TokenHash) -> Self {
        let Person { id, name, role, authority, language, .. } = person;
        Self { person: id, name, role, authority, language, session }
    }
}

impl FromRequestParts<Server> for Account {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Error> {
        let token = CookieKind::of(server, &parts.headers).token(&parts.headers).ok_or(Error::NotSignedIn)?;
        let now_ms = server.config.clock.now_ms();
        let hash = token.hash();
        let stored = server.store.session(&hash, now_ms).await?.ok_or(Error::NotSignedIn)?;
        if now_ms.saturating_sub(stored.last_seen_ms) >= TOUCH_EVERY_MS {
            // A disk that is full for a moment must not keep people from reading.
            if let Err(error) = note_use(server, &stored, &hash, now_ms).await {
                tracing::warn!(%error, "the use of a session was not written down");
            }
        }
        Ok(Self::new(stored.person, hash))
    }
}

async fn note_use(server: &Server, stored: &StoredSession, hash: &TokenHash, now_ms: i64) -> Result<(), StoreError> {
    let role = stored.person.role;
    let expires_ms = if role.in_office() { stored.expires_ms } else { lasts_until(role, now_ms) };
    let mut write = server.store.write().await?;
    store::sessions::touch(&mut write, hash, now_ms, expires_ms).await?;
    write.commit().await
}
