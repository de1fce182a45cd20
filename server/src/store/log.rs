//! The log of operations, the envelopes and snapshots folded from it.
//!
//! Speaks SQL and bytes; which operation is accepted is decided by `ledger`.

use shared::document::{Document, Summary};
use shared::ids::{AuthorityId, DocumentId, OpId, PersonId, ReplicaId, Scope, Side};
use shared::op::{Entry, Op, PAYLOAD_BYTES_MAX, from_bytes, to_bytes};
use shared::permission::Named;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, SqliteConnection};

use super::{Store, StoreError};
use crate::store::size::Size;

/// Entries read from the log at a time.
pub const PAGE_ENTRIES: u16 = 500;

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has this place in the log.
    Accepted(u64),
    /// It is kept apart for this reason's number.
    Parked(u8),
}

/// A taken operation, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Fingerprint of its bytes.
    pub hash: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// The envelope of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The document.
    pub id: DocumentId,
    /// Its form's number.
    pub form: u16,
    /// Who owns it.
    pub authority: AuthorityId,
    /// Who opened it.
    pub created_by: PersonId,
    /// When the facility received it, or opened it itself, as a place in the log.
    pub received_seq: Option<u64>,
    /// What lists and the inbox read of it.
    pub summary: Summary,
    /// Who is named on it.
    pub named: Vec<Named>,
    /// When it last changed.
    pub updated_ms: i64,
    /// Last place in the log.
    pub head_seq: u64,
    /// First place in the log.
    pub created_seq: u64,
    /// How much of it was accepted.
    pub size: Size,
}

fn signed(number: u64) -> i64 {
    number.cast_signed()
}

fn unsigned(row: &SqliteRow, column: &str) -> Result<u64, StoreError> {
    Ok(row.try_get::<i64, _>(column)?.cast_unsigned())
}

fn narrow<T: TryFrom<i64>>(row: &SqliteRow, column: &str) -> Result<T, StoreError> {
    T::try_from(row.try_get::<i64, _>(column)?).map_err(|_| damaged(column))
}

fn damaged(what: &str) -> StoreError {
    StoreError::Internal(sqlx::Error::Decode(format!("{what} cannot be read back").into()))
}

const fn side_columns(side: Side) -> (i64, i64) {
    match side {
        Side::Shared => (0, 0),
        Side::Internal => (1, 0),
        Side::Note(person) => (2, person.0 as i64),
    }
}

/// Writes one taken operation. What is parked and far too large stays with its author: its name and
/// fingerprint are enough to recognise it when it comes again.
pub async fn add(
    write: &mut SqliteConnection,
    op: &Op,
    author: PersonId,
    received_ms: i64,
    outcome: Outcome,
) -> Result<(), StoreError> {
    let (side, note) = side_columns(op.scope.side);
    let (seq, state, reason) = match outcome {
        Outcome::Accepted(seq) => (Some(signed(seq)), 1, None),
        Outcome::Parked(reason) => (None, 2, Some(i64::from(reason))),
    };
    let body = match outcome {
        Outcome::Parked(_) if op.payload.len() > PAYLOAD_BYTES_MAX => {
            to_bytes(&Op { payload: Vec::new(), ..op.clone() })
        }
        _ => to_bytes(op),
    };
    sqlx::query(
        "INSERT INTO op (replica, counter, hash, document, side, note_person, author, received_ms, seq, state, reason, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(signed(op.id.replica.0))
    .bind(signed(op.id.counter))
    .bind(op.fingerprint().to_be_bytes().to_vec())
    .bind(op.scope.document.0.to_vec())
    .bind(side)
    .bind(note)
    .bind(author.0)
    .bind(received_ms)
    .bind(seq)
    .bind(state)
    .bind(reason)
    .bind(body)
    .execute(write)
    .await?;
    Ok(())
}

/// Gives a parked operation its place in the log.
pub async fn adopt(write: &mut SqliteConnection, id: OpId, seq: u64) -> Result<(), StoreError> {
    sqlx::query("UPDATE op SET state = 1, reason = NULL, seq = ? WHERE replica = ? AND counter = ? AND state = 2")
        .bind(signed(seq))
        .bind(signed(id.replica.0))
        .bind(signed(id.counter))
        .execute(write)
        .await?;
    Ok(())
}

/// Takes a parked operation out, to be judged anew in the same transaction.
pub async fn forget_parked(write: &mut SqliteConnection, id: OpId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM op WHERE replica = ? AND counter = ? AND state = 2")
        .bind(signed(id.replica.0))
        .bind(signed(id.counter))
        .execute(write)
        .await?;
    Ok(())
}

/// Finds what became of an operation.
pub async fn taken(write: &mut SqliteConnection, id: OpId) -> Result<Option<Taken>, StoreError> {
    let row = sqlx::query("SELECT hash, seq, state, reason FROM op WHERE replica = ? AND counter = ?")
        .bind(signed(id.replica.0))
        .bind(signed(id.counter))
        .fetch_optional(write)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let hash: Vec<u8> = row.try_get("hash")?;
    let hash = u64::from_be_bytes(hash.try_into().map_err(|_| damaged("hash"))?);
    let outcome = match row.try_get::<i64, _>("state")? {
        1 => Outcome::Accepted(unsigned(&row, "seq")?),
        _ => Outcome::Parked(narrow(&row, "reason")?),
    };
    Ok(Some(Taken { hash, outcome }))
}

/// Finds one operation with its author, accepted or parked.
pub async fn entry(write: &mut SqliteConnection, id: OpId) -> Result<Option<(Entry, Outcome)>, StoreError> {
    let row =
        sqlx::query("SELECT body, author, received_ms, seq, state, reason FROM op WHERE replica = ? AND counter = ?")
            .bind(signed(id.replica.0))
            .bind(signed(id.counter))
            .fetch_optional(write)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let outcome = match row.try_get::<i64, _>("state")? {
        1 => Outcome::Accepted(unsigned(&row, "seq")?),
        _ => Outcome::Parked(narrow(&row, "reason")?),
    };
    Ok(Some((read_entry(&row)?, outcome)))
}

fn read_entry(row: &SqliteRow) -> Result<Entry, StoreError> {
    let op: Op = from_bytes(row.try_get("body")?).map_err(|_| damaged("op"))?;
    let seq: Option<i64> = row.try_get("seq")?;
    Ok(Entry {
        seq: seq.unwrap_or(0).cast_unsigned(),
        author: PersonId(narrow(row, "author")?),
        received_ms: row.try_get("received_ms")?,
        op,
    })
}

/// Notes up to which counter a replica's operations are taken.
pub async fn set_acked(
    write: &mut SqliteConnection,
    replica: ReplicaId,
    person: PersonId,
    acked: u64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO replica (replica, person, acked) VALUES (?, ?, ?)
         ON CONFLICT (replica) DO UPDATE SET acked = excluded.acked",
    )
    .bind(signed(replica.0))
    .bind(person.0)
    .bind(signed(acked))
    .execute(write)
    .await?;
    Ok(())
}

/// Writes a document's envelope.
pub async fn put_envelope(write: &mut SqliteConnection, envelope: &Envelope) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO document (id, form, authority, created_by, received_seq, reference, summary, named,
                               updated_ms, head_seq, created_seq, bytes, ops)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET received_seq = excluded.received_seq, reference = excluded.reference,
            summary = excluded.summary, named = excluded.named, updated_ms = excluded.updated_ms,
            head_seq = excluded.head_seq, bytes = excluded.bytes, ops = excluded.ops",
    )
    .bind(envelope.id.0.to_vec())
    .bind(envelope.form)
    .bind(envelope.authority.0)
    .bind(envelope.created_by.0)
    .bind(envelope.received_seq.map(signed))
    .bind(&envelope.summary.reference)
    .bind(to_bytes(&envelope.summary))
    .bind(to_bytes(&envelope.named))
    .bind(envelope.updated_ms)
    .bind(signed(envelope.head_seq))
    .bind(signed(envelope.created_seq))
    .bind(signed(envelope.size.bytes))
    .bind(signed(envelope.size.ops))
    .execute(write)
    .await?;
    Ok(())
}

/// Writes a scope folded up to its own `seq`.
pub async fn put_snapshot(
    write: &mut SqliteConnection,
    scope: Scope,
    seq: u64,
    body: Vec<u8>,
) -> Result<(), StoreError> {
    let (side, note) = side_columns(scope.side);
    sqlx::query(
        "INSERT INTO snapshot (document, side, note_person, seq, body) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (document, side, note_person) DO UPDATE SET seq = excluded.seq, body = excluded.body",
    )
    .bind(scope.document.0.to_vec())
    .bind(side)
    .bind(note)
    .bind(signed(seq))
    .bind(body)
    .execute(write)
    .await?;
    Ok(())
}

/// Returns the next number of a year's references.
pub async fn next_reference(write: &mut SqliteConnection, year: u16) -> Result<u32, StoreError> {
    let last: Option<i64> = sqlx::query_scalar("SELECT last FROM reference_counter WHERE year = ?")
        .bind(year)
        .fetch_optional(write)
        .await?;
    u32::try_from(last.unwrap_or(0) + 1).map_err(|_| damaged("reference counter"))
}

/// Notes that a reference was given out.
pub async fn use_reference(write: &mut SqliteConnection, year: u16, number: u32) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO reference_counter (year, last) VALUES (?, ?)
         ON CONFLICT (year) DO UPDATE SET last = max(last, excluded.last)",
    )
    .bind(year)
    .bind(number)
    .execute(write)
    .await?;
    Ok(())
}

/// The folded state of one scope to start from, and the entries after it.
pub type Tail = (Document, Vec<Entry>);

/// Reads what a document's scopes are folded from.
pub async fn scopes(read: &mut SqliteConnection, document: DocumentId) -> Result<Vec<(Scope, Tail)>, StoreError> {
    let sides = sqlx::query("SELECT DISTINCT side, note_person FROM op WHERE document = ? AND state = 1")
        .bind(document.0.to_vec())
        .fetch_all(&mut *read)
        .await?;
    let mut scopes = Vec::new();
    for row in sides {
        let side = match row.try_get::<i64, _>("side")? {
            0 => Side::Shared,
            1 => Side::Internal,
            _ => Side::Note(PersonId(narrow(&row, "note_person")?)),
        };
        let scope = Scope { document, side };
        scopes.push((scope, tail(read, scope).await?));
    }
    Ok(scopes)
}

async fn tail(read: &mut SqliteConnection, scope: Scope) -> Result<Tail, StoreError> {
    let (side, note) = side_columns(scope.side);
    let kept: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM snapshot WHERE document = ? AND side = ? AND note_person = ?")
            .bind(scope.document.0.to_vec())
            .bind(side)
            .bind(note)
            .fetch_optional(&mut *read)
            .await?;
    // One that cannot be read is made again from the log.
    let kept: Document = kept.and_then(|body| from_bytes(&body).ok()).unwrap_or_default();
    let rows = sqlx::query(
        "SELECT body, author, received_ms, seq FROM op
         WHERE document = ? AND side = ? AND note_person = ? AND seq > ? ORDER BY seq",
    )
    .bind(scope.document.0.to_vec())
    .bind(side)
    .bind(note)
    .bind(signed(kept.seq))
    .fetch_all(read)
    .await?;
    Ok((kept, rows.iter().map(read_entry).collect::<Result<_, _>>()?))
}

impl Store {
    /// Returns every replica with its person and how far its operations are taken.
    pub async fn replicas(&self) -> Result<Vec<(ReplicaId, PersonId, u64)>, StoreError> {
        let rows = sqlx::query("SELECT replica, person, acked FROM replica").fetch_all(self.reader()).await?;
        rows.iter()
            .map(|row| {
                Ok((ReplicaId(unsigned(row, "replica")?), PersonId(narrow(row, "person")?), unsigned(row, "acked")?))
            })
            .collect()
    }

    /// Returns every envelope.
    pub async fn envelopes(&self) -> Result<Vec<Envelope>, StoreError> {
        let rows = sqlx::query("SELECT * FROM document").fetch_all(self.reader()).await?;
        rows.iter().map(envelope).collect()
    }

    /// Returns the log's next entries after `seq`, of all scopes, in order.
    pub async fn entries_after(&self, seq: u64) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query("SELECT body, author, received_ms, seq FROM op WHERE seq > ? ORDER BY seq LIMIT ?")
            .bind(signed(seq))
            .bind(PAGE_ENTRIES)
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read_entry).collect()
    }

    /// Returns the next entries of these documents after `seq`, in order, `most` of them.
    pub async fn entries_of(&self, documents: &[DocumentId], seq: u64, most: usize) -> Result<Vec<Entry>, StoreError> {
        let mut query = QueryBuilder::new("SELECT body, author, received_ms, seq FROM op WHERE document IN (");
        let mut list = query.separated(", ");
        for document in documents {
            list.push_bind(document.0.to_vec());
        }
        query.push(") AND seq > ").push_bind(signed(seq));
        query.push(" ORDER BY seq LIMIT ").push_bind(i64::try_from(most).unwrap_or(i64::MAX));
        let rows = query.build().fetch_all(self.reader()).await?;
        rows.iter().map(read_entry).collect()
    }

    /// Returns the parked operations of one document with their reasons, oldest first.
    pub async fn parked(&self, document: DocumentId) -> Result<Vec<(Entry, u8)>, StoreError> {
        let rows = sqlx::query(
            "SELECT body, author, received_ms, seq, reason FROM op WHERE document = ? AND state = 2 ORDER BY received_ms, counter",
        )
        .bind(document.0.to_vec())
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(|row| Ok((read_entry(row)?, narrow(row, "reason")?))).collect()
    }
}

fn envelope(row: &SqliteRow) -> Result<Envelope, StoreError> {
    let id: Vec<u8> = row.try_get("id")?;
    let received: Option<i64> = row.try_get("received_seq")?;
    Ok(Envelope {
        id: DocumentId(id.try_into().map_err(|_| damaged("document id"))?),
        form: narrow(row, "form")?,
        authority: AuthorityId(narrow(row, "authority")?),
        created_by: PersonId(narrow(row, "created_by")?),
        received_seq: received.map(i64::cast_unsigned),
        summary: from_bytes(row.try_get("summary")?).map_err(|_| damaged("summary"))?,
        named: from_bytes(row.try_get("named")?).map_err(|_| damaged("named"))?,
        updated_ms: row.try_get("updated_ms")?,
        head_seq: unsigned(row, "head_seq")?,
        created_seq: unsigned(row, "created_seq")?,
        size: Size { bytes: unsigned(row, "bytes")?, ops: unsigned(row, "ops")? },
    })
}
