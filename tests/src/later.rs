//! What a version to come has written, laid into a server's database while the server stands still:
//! there is none yet to ask for it.

use std::path::Path;

use server::clock::Entropy;
use server::store::log::{self, Envelope, Outcome};
use server::store::{Storage, Store, meta};
use shared::ids::{DocumentId, OpId, PersonId, ReplicaId, Scope};
use shared::op::{Body, Op, Set};
use shared::value::{FieldId, Target, Value};

/// The device it was written on.
const REPLICA: ReplicaId = ReplicaId(0x1A7E);
/// A kind of operation nobody knows yet.
const KIND: u16 = 999;
/// A field no form has yet.
pub const FIELD: FieldId = FieldId(9_999);
/// What was answered there.
pub const ANSWER: &str = "For a field to come";

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// An operation of a kind to come.
    Operation,
    /// An answer to a field to come.
    Answer,
}

impl Written {
    fn encoded(self) -> (u16, Vec<u8>) {
        let answer = Set { target: Target::of(FIELD), value: Value::Text(ANSWER.to_owned()), over: Vec::new() };
        match self {
            Self::Operation => (KIND, vec![0x81, 0x07]),
            Self::Answer => Body::Set(answer).encode(),
        }
    }
}

/// Lets `author` write to documents, in the database in the folder `data`.
///
/// # Panics
/// The database does not take it.
pub fn writes(data: &Path, author: PersonId, what: &[(DocumentId, Written)]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&Storage::Folder(data.to_owned()), &Entropy::system()).await.expect("it opens");
        let envelopes = store.envelopes().await.expect("they are read");
        let mut head = store.head().await.expect("it is read");
        let mut write = store.write().await.expect("nobody else writes");
        for (counter, (document, written)) in (1..).zip(what) {
            let found = envelopes.iter().find(|envelope| envelope.id == *document).expect("it is there");
            let (kind, payload) = written.encoded();
            head += 1;
            let op = Op {
                id: OpId { replica: REPLICA, counter },
                scope: Scope::shared(*document),
                lamport: 10_000 + counter,
                observed: 0,
                wall_ms: found.updated_ms,
                kind,
                payload,
            };
            log::add(&mut write, &op, author, found.updated_ms, Outcome::Accepted(head)).await.expect("written");
            let envelope = Envelope { head_seq: head, ..found.clone() };
            log::put_envelope(&mut write, &envelope).await.expect("written");
        }
        log::set_acked(&mut write, REPLICA, author, what.len() as u64).await.expect("written");
        meta::set_head(&mut write, head).await.expect("written");
        write.commit().await.expect("kept");
        store.close().await;
    });
}
