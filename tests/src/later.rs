//! What a version to come has written, laid into a server's database while the server stands still:
//! there is none yet to ask for it.

use std::path::Path;

use server::clock::Entropy;
use server::store::log::{self, Outcome};
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

/// Lets `author` write to `document`, in the database in the folder `data`, an operation of a kind to
/// come and an answer to a field to come.
///
/// # Panics
/// The database does not take them.
pub fn writes(data: &Path, document: DocumentId, author: PersonId) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&Storage::Folder(data.to_owned()), &Entropy::system()).await.expect("it opens");
        let envelopes = store.envelopes().await.expect("they are read");
        let first = store.head().await.expect("it is read") + 1;
        let mut envelope = envelopes.into_iter().find(|envelope| envelope.id == document).expect("it is there");
        let answer = Set { target: Target::of(FIELD), value: Value::Text(ANSWER.to_owned()), over: Vec::new() };
        let mut write = store.write().await.expect("nobody else writes");
        for (counter, (kind, payload)) in (1..).zip([(KIND, vec![0x81, 0x07]), Body::Set(answer).encode()]) {
            let op = Op {
                id: OpId { replica: REPLICA, counter },
                scope: Scope::shared(document),
                lamport: 10_000 + counter,
                observed: 0,
                wall_ms: envelope.updated_ms,
                kind,
                payload,
            };
            envelope.head_seq = first + counter - 1;
            let accepted = Outcome::Accepted(envelope.head_seq);
            log::add(&mut write, &op, author, envelope.updated_ms, accepted).await.expect("written");
        }
        log::set_acked(&mut write, REPLICA, author, 2).await.expect("written");
        log::put_envelope(&mut write, &envelope).await.expect("written");
        meta::set_head(&mut write, envelope.head_seq).await.expect("written");
        write.commit().await.expect("kept");
        store.close().await;
    });
}
