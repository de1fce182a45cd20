//! The vocabulary of rights: a form lists who reads and writes which side of its documents, and when.
//!
//! `permission` decides by these lists. Beside them a field may be staff's to fill in (`FilledBy`).

use minicbor::{Decode, Encode};

use super::workflow::State;
use crate::role::Role;

/// A part a person may have in one document, as whoever names them there says: lead expert, co-author.
/// Its form gives the number its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Part(#[n(0)] pub u8);

/// Who may do what with the documents of one form.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// Who may open one.
    pub open: &'static [Role],
    /// Every right; a person has those of all that fit.
    pub grants: &'static [Grant],
    /// Who may name people on a document, and take them off.
    pub assign: &'static [Who],
    /// The parts people can be named to.
    pub parts: &'static [PartDefinition],
    /// The part of whoever opens a document, if they get one by that.
    pub opener: Option<Part>,
}

/// One part.
#[derive(Clone, Copy, Debug)]
pub struct PartDefinition {
    /// Its number: never reused.
    pub part: Part,
    /// Its name in message keys.
    pub key: &'static str,
    /// Accounts of which roles may be named to it; a partner's only within the authority that owns the
    /// document.
    pub held_by: &'static [Role],
}

/// To whom a right is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every account of a role; a partner's only within the authority that owns the document.
    Role(Role),
    /// Whoever is named on the document to this part.
    Named(Part),
}

/// What some people may do.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// To whom.
    pub to: &'static [Who],
    /// From when on.
    pub since: Since,
    /// Which sides they read.
    pub reads: &'static [Reads],
    /// In which states they change answers.
    pub writes: &'static [State],
    /// How they take part in what is said about them.
    pub talk: Talk,
}

/// From when on people know of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From its first operation, or from when they were named.
    Opened,
    /// From its first version, or from the start when the facility opened it.
    Received,
}

/// A side of a document that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// What both sides read.
    Shared,
    /// What only the facility reads.
    Internal,
    /// The own confidential note.
    OwnNote,
    /// Everybody's confidential notes.
    Notes,
}

/// How people take part in remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Talk {
    /// They read them.
    Listens,
    /// They answer them.
    Answers,
    /// They make and settle them.
    Remarks,
}

impl Roles {
    /// Returns what is known of a part; `None` for one of a newer version of the form.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<&'static PartDefinition> {
        self.parts.iter().find(|known| known.part == part)
    }
}
