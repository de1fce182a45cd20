//! Names of things: who, which document, which operation, which character.
//!
//! Knows how names are ordered and written as bytes; does not know how they are drawn: random
//! numbers are handed in by the caller.

use core::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Identifies one person with an account. Allotted by the server; never authority by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, Serialize, Deserialize)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct PersonId(#[n(0)] pub u32);

/// Identifies one requesting authority that has accounts on the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, Serialize, Deserialize)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct AuthorityId(#[n(0)] pub u32);

/// The server's own pen: the author of transitions, kept versions and receipts.
pub const SERVER: PersonId = PersonId(0);

/// One writer: a browser profile of one person, a headless device, or the server.
///
/// Drawn at random by the device; a cloned profile is found out because two writers then use the
/// same name for different operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, Serialize, Deserialize)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct ReplicaId(#[n(0)] pub u64);

/// The replica under which the server writes.
pub const SERVER_REPLICA: ReplicaId = ReplicaId(0);

/// Names one operation: the `counter`-th one its replica wrote, counted from 1 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, Serialize, Deserialize)]
pub struct OpId {
    /// The writer.
    #[n(0)]
    pub replica: ReplicaId,
    /// The writer's count, from 1.
    #[n(1)]
    pub counter: u64,
}

/// Names one character of prose for ever, deleted or not.
///
/// Ordered by Lamport time first: a character typed by someone who had seen another one is always
/// greater than it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct CharId {
    /// Lamport time of the character; an insertion of *n* characters at time *t* takes *t* … *t+n-1*.
    #[n(0)]
    pub lamport: u64,
    /// The writer.
    #[n(1)]
    pub replica: ReplicaId,
}

impl CharId {
    /// Returns the id of the character `offset` places later in the same insertion.
    #[must_use]
    pub const fn plus(self, offset: u64) -> Self {
        Self { lamport: self.lamport + offset, replica: self.replica }
    }
}

/// Identifies one document (a request, later a fiche or a workshop): 16 bytes drawn by the device
/// that creates it, so that it has its name before any network.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DocumentId(pub [u8; 16]);

impl DocumentId {
    /// Reads the 32 hexadecimal digits written by `Display`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            *byte = u8::try_from(high * 16 + low).ok()?;
        }
        Some(Self(bytes))
    }

    /// Returns the short code people can read out before the server has given a reference, e.g.
    /// `KE-3F9A`: the country and the first bytes of the id.
    #[must_use]
    pub fn provisional_code(&self, country: &str) -> String {
        let prefix = if country.is_empty() { "XX" } else { country };
        format!("{prefix}-{:02X}{:02X}", self.0[0], self.0[1])
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<C> Encode<C> for DocumentId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for DocumentId {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?;
        bytes.try_into().map(Self).map_err(|_| minicbor::decode::Error::message("a document id has 16 bytes"))
    }
}

/// Which part of a document a scope holds. A scope is the unit of permission, snapshot and wipe;
/// nothing is filtered inside one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What the authority and staff both read.
    Shared,
    /// Staff only: remarks not yet sent, internal notes, read marks, kept versions.
    Internal,
    /// One partner's confidential note to staff: that person and staff, never colleagues.
    Note(PersonId),
}

/// One document's side: what is granted, synced, snapshotted and wiped together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The document.
    pub document: DocumentId,
    /// Its part.
    pub side: Side,
}

impl Scope {
    /// Returns the side of `document` that partner and staff share.
    #[must_use]
    pub const fn shared(document: DocumentId) -> Self {
        Self { document, side: Side::Shared }
    }

    /// Returns the side of `document` that only staff read.
    #[must_use]
    pub const fn internal(document: DocumentId) -> Self {
        Self { document, side: Side::Internal }
    }

    /// Returns the fixed-width form used as a storage key; sorts by document, then side.
    #[must_use]
    pub fn key(&self) -> [u8; 21] {
        let mut key = [0; 21];
        key[..16].copy_from_slice(&self.document.0);
        let (tag, person) = match self.side {
            Side::Shared => (0, 0),
            Side::Internal => (1, 0),
            Side::Note(person) => (2, person.0),
        };
        key[16] = tag;
        key[17..].copy_from_slice(&person.to_be_bytes());
        key
    }

    /// Reads what `key` wrote; `None` for any other bytes.
    #[must_use]
    pub fn from_key(key: &[u8]) -> Option<Self> {
        let (document, rest) = key.split_at_checked(16)?;
        let (tag, person) = rest.split_first()?;
        let person = PersonId(u32::from_be_bytes(person.try_into().ok()?));
        let side = match (tag, person.0) {
            (0, 0) => Side::Shared,
            (1, 0) => Side::Internal,
            (2, _) => Side::Note(person),
            _ => return None,
        };
        Some(Self { document: DocumentId(document.try_into().ok()?), side })
    }
}

// On the wire a scope is the document's bytes, with the side appended only when it is not the
// shared one: most operations pay 17 bytes, not 22.
impl<C> Encode<C> for Scope {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let key = self.key();
        let length = match self.side {
            Side::Shared => 16,
            Side::Internal => 17,
            Side::Note(_) => 21,
        };
        e.bytes(&key[..length])?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Scope {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?;
        let mut key = [0; 21];
        let wrong = || minicbor::decode::Error::message("not a scope");
        if !matches!(bytes.len(), 16 | 17 | 21) {
            return Err(wrong());
        }
        key[..bytes.len()].copy_from_slice(bytes);
        Self::from_key(&key).ok_or_else(wrong)
    }
}
