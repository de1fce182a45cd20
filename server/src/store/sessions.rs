//! Open sessions, by the hash of their token. Does not know the tokens themselves, nor how long a
//! session lasts.

use shared::api::OpenSession;
use shared::ids::PersonId;
use sqlx::{Row as _, SqliteConnection};

use super::people::{Person, person};
use super::{Store, StoreError};

/// The SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

/// Most sessions one person has open; the one unused for longest makes room.
pub const SESSIONS_PER_PERSON_MAX: i64 = 50;
/// How much of the hash names a session in lists: enough to be unique among one person's.
const NAME_BYTES: usize = 8;

/// A session as stored, with whose it is.
#[derive(Clone, Debug)]
pub struct StoredSession {
    /// Whose.
    pub person: Person,
    /// When it was last used, to within the hour.
    pub last_seen_ms: i64,
    /// When it ends unless used.
    pub expires_ms: i64,
}

/// What a new session needs.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// The hash of its token.
    pub token_hash: TokenHash,
    /// Whose.
    pub person: PersonId,
    /// The hash their password was found to fit.
    pub password_hash: &'a str,
    /// What the device calls itself.
    pub device_label: &'a str,
    /// When it ends unless used.
    pub expires_ms: i64,
}

/// Adds a session, and clears away those of the same person that ended or are too many. Returns
/// whether it was added: not when the password was changed or the account closed meanwhile.
pub async fn add(write: &mut SqliteConnection, new: NewSession<'_>, now_ms: i64) -> Result<bool, StoreError> {
    sqlx::query("DELETE FROM session WHERE person = ? AND expires_ms <= ?")
        .bind(new.person.0)
        .bind(now_ms)
        .execute(&mut *write)
        .await?;
    sqlx::query(
        "DELETE FROM session WHERE token_hash IN
         (SELECT token_hash FROM session WHERE person = ? ORDER BY last_seen_ms DESC LIMIT -1 OFFSET ?)",
    )
    .bind(new.person.0)
    .bind(SESSIONS_PER_PERSON_MAX - 1)
    .execute(&mut *write)
    .await?;
    let added = sqlx::query(
        "INSERT INTO session (token_hash, person, created_ms, last_seen_ms, expires_ms, device_label)
         SELECT ?, id, ?, ?, ?, ? FROM person WHERE id = ? AND password_hash = ? AND NOT disabled",
    )
    .bind(&new.token_hash[..])
    .bind(now_ms)
    .bind(now_ms)
    .bind(new.expires_ms)
    .bind(new.device_label)
    .bind(new.person.0)
    .bind(new.password_hash)
    .execute(write)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Writes down that a session was used, and until when it now lasts.
pub async fn touch(
    write: &mut SqliteConnection,
    token_hash: &TokenHash,
    now_ms: i64,
    expires_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE session SET last_seen_ms = ?, expires_ms = ? WHERE token_hash = ?")
        .bind(now_ms)
        .bind(expires_ms)
        .bind(&token_hash[..])
        .execute(write)
        .await?;
    Ok(())
}

/// Ends a session, if it is open.
pub async fn end(write: &mut SqliteConnection, token_hash: &TokenHash) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE token_hash = ?").bind(&token_hash[..]).execute(write).await?;
    Ok(())
}

/// Ends the session of `person` that lists name `name`; returns whether there was one.
pub async fn end_named(write: &mut SqliteConnection, person: PersonId, name: &str) -> Result<bool, StoreError> {
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT token_hash FROM session WHERE person = ?")
        .bind(person.0)
        .fetch_all(&mut *write)
        .await?;
    let Some(hash) = hashes.iter().find(|hash| session_name(hash) == name) else {
        return Ok(false);
    };
    sqlx::query("DELETE FROM session WHERE token_hash = ?").bind(hash).execute(write).await?;
    Ok(true)
}

impl Store {
    /// Returns the session of that token if it is open at `now_ms` and its account is not closed.
    pub async fn session(&self, token_hash: &TokenHash, now_ms: i64) -> Result<Option<StoredSession>, StoreError> {
        let row = sqlx::query(
            "SELECT person.*, session.last_seen_ms, session.expires_ms
             FROM session JOIN person ON person.id = session.person
             WHERE token_hash = ? AND expires_ms > ? AND NOT disabled",
        )
        .bind(&token_hash[..])
        .bind(now_ms)
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| {
            Ok(StoredSession {
                person: person(&row)?,
                last_seen_ms: row.try_get("last_seen_ms")?,
                expires_ms: row.try_get("expires_ms")?,
            })
        })
        .transpose()
    }

    /// Returns the open sessions of a person, the newest activity first; `current` is the one asking.
    pub async fn sessions(
        &self,
        person: PersonId,
        current: &TokenHash,
        now_ms: i64,
    ) -> Result<Vec<OpenSession>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM session WHERE person = ? AND expires_ms > ? ORDER BY last_seen_ms DESC, created_ms DESC",
        )
        .bind(person.0)
        .bind(now_ms)
        .fetch_all(self.reader())
        .await?;
        let listed = rows.iter().map(|row| {
            let token_hash: &[u8] = row.try_get("token_hash")?;
            Ok(OpenSession {
                id: session_name(token_hash),
                device_label: row.try_get("device_label")?,
                created_ms: row.try_get("created_ms")?,
                last_seen_ms: row.try_get("last_seen_ms")?,
                current: token_hash == current,
            })
        });
        listed.collect()
    }
}

fn session_name(token_hash: &[u8]) -> String {
    token_hash.iter().take(NAME_BYTES).map(|byte| format!("{byte:02x}")).collect()
}
