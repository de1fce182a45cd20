//! What must hold once a world is quiet (sync.md §6): nothing lost, nothing twice, nothing stuck,
//! all replicas equal, nobody holds what is not theirs.

use std::collections::BTreeMap;

use shared::document::Document;
use shared::ids::{DocumentId, Scope, Side};
use shared::op::{Body, from_bytes, to_bytes};
use shared::sync::rows::ObjectStore;
use shared::value::Target;

use super::{Seen, World};

impl World {
    /// Checks the invariants; returns the first that is broken, in words.
    pub(super) async fn check(&self) -> Result<Seen, String> {
        // I4: what somebody just typed stands before them where they typed it.
        self.displaced.clone().map_or(Ok(()), Err)?;
        self.check_replicas().await?;
        self.check_scopes()?;
        self.check_tokens().await?;
        self.check_settled_once()?;
        self.check_losses().await
    }

    /// I3: the same scope is the same everywhere, and everybody has what they may read.
    async fn check_replicas(&self) -> Result<(), String> {
        let ledger = &self.server.server().ledger;
        for (number, device) in self.devices.iter().enumerate() {
            let actor = device.person.actor;
            let readable: Vec<_> = ledger.look(|committed| {
                committed.readable(&actor).iter().map(|envelope| (envelope.id, envelope.holder())).collect()
            });
            for (document, holder) in readable {
                let sides = ledger.sides(document).await.map_err(|error| error.to_string())?;
                for (scope, side) in sides.iter().filter(|(scope, _)| holder.may_read(&actor, scope.side)) {
                    let key = (ObjectStore::Documents, scope.key().to_vec());
                    let held: Document = device
                        .disk
                        .get(&key)
                        .and_then(|body| from_bytes(body).ok())
                        .ok_or_else(|| format!("device {number} does not have {scope:?}"))?;
                    if held.state_hash() != side.state_hash() {
                        return Err(format!("device {number} differs from the server in {scope:?}"));
                    }
                    let listed = device.disk.get(&(ObjectStore::Summaries, key.1)).map(Vec::as_slice);
                    if listed != Some(&to_bytes(&held.into_list_row())) {
                        return Err(format!("device {number} lists something else of {scope:?} than it holds"));
                    }
                }
            }
        }
        Ok(())
    }

    /// I6: no device holds a scope its person may not read.
    fn check_scopes(&self) -> Result<(), String> {
        for (number, device) in self.devices.iter().enumerate() {
            let scopes = device
                .disk
                .keys()
                .filter(|(object_store, _)| *object_store == ObjectStore::Documents)
                .filter_map(|(_, key)| Scope::from_key(key));
            for scope in scopes {
                let holder = self.server.server().ledger.look(|committed| {
                    committed.envelopes.get(&scope.document).map(server::store::log::Envelope::holder)
                });
                if !holder.is_some_and(|holder| holder.may_read(&device.person.actor, scope.side)) {
                    return Err(format!("device {number} holds {scope:?}, which is not its person's"));
                }
            }
        }
        Ok(())
    }

    /// I1, I9: every piece of prose is in its document exactly once, or parked where its author
    /// sees it, and also with the server.
    #[expect(clippy::map_entry, reason = "an entry cannot be held while the server is asked")]
    async fn check_tokens(&self) -> Result<(), String> {
        let mut texts: BTreeMap<DocumentId, String> = BTreeMap::new();
        let mut parked: BTreeMap<DocumentId, String> = BTreeMap::new();
        for token in &self.tokens {
            if !texts.contains_key(&token.document) {
                let sides =
                    self.server.server().ledger.sides(token.document).await.map_err(|error| error.to_string())?;
                let shared = sides.get(&Scope { document: token.document, side: Side::Shared });
                let prose = shared
                    .and_then(|shared| shared.prose(Target::of(token.field)).map(shared::merge::prose::Prose::text));
                texts.insert(token.document, prose.unwrap_or_default());
                let held =
                    self.server.server().store.parked(token.document).await.map_err(|error| error.to_string())?;
                let words = held.iter().filter_map(|(entry, _)| match entry.op.body() {
                    Ok(Body::Insert(insert)) => Some(insert.text),
                    _ => None,
                });
                parked.insert(token.document, words.collect());
            }
            let found = texts[&token.document].matches(&token.text).count();
            let kept = parked[&token.document].contains(&token.text);
            let shown = self
                .devices
                .iter()
                .flat_map(|device| device.own(ObjectStore::Parked))
                .any(|own| matches!(own.op.body(), Ok(Body::Insert(insert)) if insert.text.contains(&token.text)));
            match (found, kept) {
                (1, _) => {}
                (2.., _) if self.copied.iter().any(|copied| copied.contains(&token.text)) => {}
                (0, true) if shown || self.wiped => {}
                (0, true) => return Err(format!("{} is parked, but no device shows it", token.text)),
                (0, false) => return Err(format!("{} is lost; {}", token.text, self.whereabouts(&token.text))),
                (more, _) => {
                    return Err(format!("{} stands {more} times; {}", token.text, self.whereabouts(&token.text)));
                }
            }
        }
        Ok(())
    }

    /// Says on which object stores of which devices the operation that typed `text` stands.
    fn whereabouts(&self, text: &str) -> String {
        let mut found = Vec::new();
        for (number, device) in self.devices.iter().enumerate() {
            for object_store in [ObjectStore::Outbox, ObjectStore::Kept, ObjectStore::Parked] {
                for own in device.own(object_store) {
                    if matches!(own.op.body(), Ok(Body::Insert(insert)) if insert.text.contains(text)) {
                        found.push(format!("device {number} {object_store:?} {:?}", own.op.id));
                    }
                }
            }
        }
        format!("its operation: {found:?}")
    }

    /// I1: nothing is both pending and settled.
    fn check_settled_once(&self) -> Result<(), String> {
        for (number, device) in self.devices.iter().enumerate() {
            let parked: Vec<_> = device.own(ObjectStore::Parked).iter().map(|own| own.op.id).collect();
            if device.own(ObjectStore::Kept).iter().any(|own| parked.contains(&own.op.id)) {
                return Err(format!("device {number} has an operation both accepted and parked"));
            }
        }
        Ok(())
    }
}
