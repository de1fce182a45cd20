//! The record of who is at this device, which lets their documents open without the server.
//!
//! It stands in a store of the device's own, on the disk before the sign-in is over: browsers write their small
//! preferences some seconds late, and a browser that is killed must not forget who was here, nor remember somebody
//! who has signed out. The preferences hold hints beside it: who is here, which the first page goes by and whose change
//! other tabs hear; which program is theirs; and one for each person who ever had documents here.
//!
//! **A record of anybody but the person the hint names is nobody's.** The first page signs people in and writes the
//! hint, but not the record, which a program writes once it has come and runs. Until then, for minutes on a slow line,
//! the record may still name whoever used this device before, and their documents must not open under another's eyes.
//! A missing hint is different: a killed browser has lost it, so the record alone stands.

use gloo_storage::{LocalStorage, Storage as _};
use shared::api::SignedIn;
use shared::ids::PersonId;
use shared::sync::rows::{Durability, Fetch, ObjectStore, Writes};

use crate::browser;
use crate::storage::indexed_db::IndexedDb;
use crate::storage::{LocalStore as _, StoreError};

/// The device's own store is that of nobody.
const DEVICE: PersonId = PersonId(0);
const ACCOUNT: &[u8] = b"who";
/// Number of the person who is here; `0` for nobody. Other tabs hear of its changes.
const PERSON: &str = "relais.person";
/// The program of whoever is here, which then starts on every address.
const PROGRAM: &str = "relais.program";
/// The attribute of the page's root in which the first page hands over whom the server has just signed in, as the
/// server said it: a program that has taken minutes to come needs no further answer to open.
const ARRIVED: &str = "data-signed-in";

/// Returns who has just signed in on this page; once.
pub fn arrived() -> Option<SignedIn> {
    let said = browser::document().document_element()?.get_attribute(ARRIVED)?;
    browser::set_root_attribute(ARRIVED, None);
    serde_json::from_str(&said).ok().filter(|who: &SignedIn| !is_other(who.person))
}

/// Reads the record, unless it is nobody's (see above). That it cannot be read does not mean that nobody is here.
pub async fn read() -> Result<Option<SignedIn>, StoreError> {
    let rows = IndexedDb::open(DEVICE).await?.read(vec![row()]).await?;
    let record = rows.0.values().next().and_then(|record| serde_json::from_slice(record).ok());
    Ok(record.filter(|who: &SignedIn| !is_other(who.person)))
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
        keep(PROGRAM, program_of(who));
    }
}

/// Returns whether the first page will start the program of `who` next time.
pub fn knows_program_of(who: &SignedIn) -> bool {
    kept(PROGRAM).as_deref() == Some(program_of(who))
}

/// Returns the name of a person's program, as the build has it.
fn program_of(who: &SignedIn) -> &'static str {
    if who.role.in_office() { "office" } else { "portal" }
}

/// Returns whom the hint names.
pub fn named() -> Option<String> {
    kept(PERSON)
}

/// Returns whether the hint names somebody else than `person`, or nobody.
pub fn is_other(person: PersonId) -> bool {
    named().is_some_and(|other| other != person.0.to_string())
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
