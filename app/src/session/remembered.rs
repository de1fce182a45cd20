//! The record of who is at this device, which lets their documents open without the server.
//!
//! It stands in a store of the device's own, on the disk before the sign-in is over: browsers write their small
//! preferences some seconds late, and a browser that is killed must not forget who was here, nor remember somebody
//! who has signed out. The preferences hold hints beside it: one whose change other tabs hear, one that tells the
//! first page which program to start, and one for each person who ever had documents here.

use gloo_storage::{LocalStorage, Storage as _};
use shared::api::SignedIn;
use shared::ids::PersonId;
use shared::sync::rows::{Durability, Fetch, ObjectStore, Writes};

use crate::storage::indexed_db::IndexedDb;
use crate::storage::{LocalStore as _, StoreError};

/// The device's own store is that of nobody.
const DEVICE: PersonId = PersonId(0);
const ACCOUNT: &[u8] = b"who";
/// Number of the person who is here; `0` for nobody. Other tabs hear of its changes.
const PERSON: &str = "relais.person";
/// Whether whoever is here works for the facility: their program then starts on every address.
const OFFICE: &str = "relais.office";

/// Reads the record. That it cannot be read does not mean that nobody is here.
pub async fn read() -> Result<Option<SignedIn>, StoreError> {
    let rows = IndexedDb::open(DEVICE).await?.read(vec![row()]).await?;
    Ok(rows.0.values().next().and_then(|record| serde_json::from_slice(record).ok()))
}

/// Writes the record; `None` takes it away.
pub async fn write(who: Option<&SignedIn>) -> Result<(), StoreError> {
    let record = who.and_then(|who| serde_json::to_vec(who).ok());
    let mut writes = Writes::new(Durability::Strict);
    writes.rows.insert((ObjectStore::Device, ACCOUNT.to_vec()), record);
    IndexedDb::open(DEVICE).await?.transact(vec![], |_| (Some(writes), ())).await?;
    announce(who);
    Ok(())
}

/// Lets the other tabs, and the first page, hear who is here now.
pub fn announce(who: Option<&SignedIn>) {
    keep(PERSON, &who.map_or(0, |who| who.person.0).to_string());
    if let Some(who) = who {
        keep(OFFICE, if who.role.of_partner() { "" } else { "1" });
    }
}

/// Returns whether another tab has heard of somebody else than `person`.
pub fn is_other(person: PersonId) -> bool {
    kept(PERSON).is_some_and(|other| other != person.0.to_string())
}

/// Returns whether whoever was here last has signed out.
pub fn has_left() -> bool {
    kept(PERSON).as_deref() == Some("0")
}

/// Returns whether this person has had documents on this device: if they are gone, they were erased.
pub fn had_documents(person: PersonId) -> bool {
    kept(&hint(person)).is_some()
}

/// Notes that this person has documents on this device.
pub fn has_documents(person: PersonId) {
    keep(&hint(person), "");
}

fn hint(person: PersonId) -> String {
    format!("relais.documents.{}", person.0)
}

fn row() -> Fetch {
    Fetch::One(ObjectStore::Device, ACCOUNT.to_vec())
}

fn kept(name: &str) -> Option<String> {
    LocalStorage::raw().get_item(name).ok().flatten()
}

fn keep(name: &str, value: &str) {
    // They are hints: where there is no room for them, the server is asked instead.
    let _ = LocalStorage::raw().set_item(name, value);
}
