//! Work lent to a colleague: whether it has been brought is asked before it is sent.

use super::{by_name, device_read, may_be_brought, own_rows};
use crate::document::{Document, Seen};
use crate::ids::{OpId, ReplicaId};
use crate::op::{Op, fingerprint, from_bytes, to_bytes};
use crate::sorted::Map;
use crate::sync::device::{Device, Own, row_key};
use crate::sync::renaming::{Renaming, going_on, under};
use crate::sync::rows::{Durability, Fetch, Rows, Shelf, Writes};

/// Key of the row that says which operations are in a rescue file, and may have been lent.
pub(in crate::sync) const LENT_KEY: &[u8] = b"lent";

/// What may have been lent: names and fingerprints.
pub(super) type Lent = Map<OpId, u64>;

/// Returns the name under which a colleague brings what is written from `first` on, which has this
/// fingerprint: a copy of its writer may use the same name for another operation.
pub(super) fn derived(first: OpId, fingerprinted: u64) -> ReplicaId {
    let mut bytes = b"brought by a colleague".to_vec();
    bytes.extend(first.replica.0.to_be_bytes());
    bytes.extend(fingerprinted.to_be_bytes());
    ReplicaId(fingerprint(&bytes).max(1))
}

/// What to read before [`lent_question`].
#[must_use]
pub fn lent_reads() -> Vec<Fetch> {
    vec![device_read(), Fetch::One(Shelf::Imported, LENT_KEY.to_vec())]
}

/// What to read before [`lent_answer`].
#[must_use]
pub fn lent_answer_reads() -> Vec<Fetch> {
    [lent_reads(), vec![Fetch::All(Shelf::Outbox), Fetch::All(Shelf::Documents)]].concat()
}

/// Returns the name to ask the server for before anything is sent, if work was lent to a colleague
/// and is not all sent. That it is another person's name, the server says by `forked_at`.
#[must_use]
pub fn lent_question(rows: &Rows) -> Option<ReplicaId> {
    let device = Device::read(rows)?;
    let lent = lent(rows);
    let mut names = device.past.iter().map(|past| past.replica).chain([device.replica]);
    let unsent = |name| lent.iter().find(|(id, _)| id.replica == name && device.unsent(**id));
    names.find_map(unsent).map(|(id, fingerprint)| derived(*id, *fingerprint))
}

/// Plans what is changed when a colleague turns out to have the name, once everything new has been
/// fetched: copies of what arrived are laid aside on the imported shelf, and what was written after
/// them is made to name the ones that arrived.
#[must_use]
pub fn lent_answer(rows: &Rows) -> Option<Writes> {
    let device = Device::read(rows)?;
    let lent = lent(rows);
    let unsent: Vec<Own> = own_rows(rows, Shelf::Outbox).into_iter().filter(|own| device.unsent(own.op.id)).collect();
    let mut renaming = Renaming::default();
    let is_lent = |own: &&Own| lent.get(&own.op.id).is_some_and(|fingerprint| *fingerprint == own.op.fingerprint());
    let brought: Vec<Own> = unsent.iter().filter(is_lent).cloned().collect();
    for own in by_name(&brought) {
        name_as_brought(rows, own, &mut renaming);
    }
    let mut writes = Writes::new(Durability::Strict);
    writes.remove(Shelf::Imported, LENT_KEY);
    for own in unsent {
        if renaming.renames(own.op.id) {
            writes.remove(Shelf::Outbox, row_key(own.row));
            writes.put(Shelf::Imported, row_key(own.row), to_bytes(&own));
        } else {
            writes.put(Shelf::Outbox, row_key(own.row), to_bytes(&Own { op: renaming.apply(&own.op), ..own }));
        }
    }
    Some(writes)
}

/// Notes under which names colleagues have brought what was lent: the first one from the beginning,
/// others with files written later what the one before them had not.
fn name_as_brought(rows: &Rows, lent: Vec<Own>, renaming: &mut Renaming) {
    let mut lent = lent.as_slice();
    let Some(first) = lent.first().map(|own| &own.op) else { return };
    let mut name = derived(first.id, first.fingerprint());
    let mut left = lent.to_vec();
    loop {
        let mut named = under(name, left).0;
        let (arrived, rest) = lent.split_at(arrived(rows, &named));
        arrived.iter().zip(&named).for_each(|(own, named)| renaming.add(&own.op, named.op.id));
        left = named.split_off(arrived.len());
        match left.first() {
            Some(next) if !arrived.is_empty() => name = going_on(name, &next.op),
            _ => return,
        }
        lent = rest;
    }
}

pub(super) fn lendable(own: &[Own]) -> impl Iterator<Item = (OpId, u64)> {
    own.iter().filter(|own| may_be_brought(own)).map(|own| (own.op.id, own.op.fingerprint()))
}

pub(super) fn lent(rows: &Rows) -> Lent {
    rows.get(Shelf::Imported, LENT_KEY).and_then(|lent| from_bytes(lent).ok()).unwrap_or_default()
}

/// Returns how many of `own`, all of one writer and in order, the documents stored here show. Where they
/// read otherwise, a copy of that writer has used the same names.
pub(super) fn arrived(rows: &Rows, own: &[Own]) -> usize {
    let documents = rows.shelf(Shelf::Documents).filter_map(|(key, body)| Some((key, from_bytes(body).ok()?)));
    let documents: Vec<(&[u8], Document)> = documents.collect();
    let Some(writer) = own.first().map(|own| own.op.id.replica) else { return 0 };
    let seen = documents.iter().fold(Seen::default(), |seen, (_, document)| seen.and(document.seen_of(writer)));
    let otherwise = |op: &Op| documents.iter().any(|(key, document)| *key == op.scope.key() && document.denies(op));
    own.iter().take_while(|own| seen.has(&own.op) && !otherwise(&own.op)).count()
}
