//! The note of who is at this device, which lets their desk open without the server.
//!
//! It stands in a store of the device's own, on the disk before the sign-in is over: browsers write
//! their small preferences some seconds late, and a browser that is killed must not forget who was
//! here, nor remember somebody who has signed out. The preferences hold two hints beside it: one
//! whose change other tabs hear, and one for each person who ever had a desk here.

use app::client::{read_signed_in, write_signed_in};
use app::storage::indexed_db::IndexedDb;
use app::storage::{LocalStore as _, StoreError};
use shared::api::SignedIn;
use shared::ids::PersonId;
use shared::sync::rows::{Durability, Fetch, ObjectStore, Writes};

use crate::parts::dom;

/// Nobody's store: the device's own.
const DEVICE: PersonId = PersonId(0);
const WHO: &[u8] = b"who";
const BELL: &str = "relais.person";

/// Reads the note. That it cannot be read does not mean that nobody is here.
pub async fn recalled() -> Result<Option<SignedIn>, StoreError> {
    let rows = IndexedDb::open(DEVICE).await?.read(vec![row()]).await?;
    let note = rows.0.values().next().and_then(|note| core::str::from_utf8(note).ok());
    Ok(note.and_then(read_signed_in))
}

/// Writes the note; `None` takes it away.
pub async fn remember(who: Option<&SignedIn>) -> Result<(), StoreError> {
    let note = who.map(|who| write_signed_in(who).into_bytes());
    let mut writes = Writes::new(Durability::Strict);
    writes.rows.insert((ObjectStore::Device, WHO.to_vec()), note);
    IndexedDb::open(DEVICE).await?.transact(vec![], |_| (Some(writes), ())).await?;
    ring(who.map(|who| who.person));
    Ok(())
}

/// Lets the other tabs hear who is here now.
pub fn ring(person: Option<PersonId>) {
    dom::keep_set(BELL, &person.map_or(0, |person| person.0).to_string());
}

/// Returns whether another tab has heard of somebody else than `person`.
pub fn is_other(person: PersonId) -> bool {
    dom::keep_get(BELL).is_some_and(|rung| rung != person.0.to_string())
}

/// Returns whether whoever was here last has signed out.
pub fn left() -> bool {
    dom::keep_get(BELL).as_deref() == Some("0")
}

/// Returns whether this person has had a desk on this device: a desk of theirs that is new was erased.
pub fn had_desk(person: PersonId) -> bool {
    dom::keep_get(&desk_hint(person)).is_some()
}

/// Notes that this person has a desk on this device.
pub fn has_desk(person: PersonId) {
    dom::keep_set(&desk_hint(person), "");
}

/// Notes for boot.js whether whoever is here works for the facility: their program then starts on every page.
#[cfg(feature = "office")]
pub fn prefers_office(office: bool) {
    dom::keep_set("relais.office", if office { "1" } else { "" });
}

fn desk_hint(person: PersonId) -> String {
    format!("relais.desk.{}", person.0)
}

fn row() -> Fetch {
    Fetch::One(ObjectStore::Device, WHO.to_vec())
}
