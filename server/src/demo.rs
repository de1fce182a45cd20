//! What `--demo` loads: accounts of 28 countries, and requests in different states to look at.
//!
//! Every request is written as its people would have written it: operations of their own devices,
//! pushed through the writer and judged by the same rules. Loading twice changes nothing: an
//! authority is recognised by its name, a person by the login, a step by the device it came from.

mod people;
mod story;

use std::collections::BTreeMap;

use shared::ids::AuthorityId;
use shared::permission::Actor;

pub use self::people::{COUNTRIES, DemoAccount, MAIN};
use crate::Server;
use crate::error::Error;
use crate::store::meta;
use crate::store::people::{self as accounts, NewAuthority, NewPerson};

/// The password of every demo account.
pub const PASSWORD: &str = "relais-demo";

/// The requests, modelled on actions of domain.md §5.2.
const REQUESTS: &[&str] = &[
    include_str!("demo/requests/kenya_migration_data.json"),
    include_str!("demo/requests/niger_migration_and_youth.json"),
    include_str!("demo/requests/west_africa_migration_and_environment.json"),
    include_str!("demo/requests/timor_leste_trafficking.json"),
    include_str!("demo/requests/costa_rica_special_situations.json"),
    include_str!("demo/requests/mali_civil_society_alone.json"),
];

/// Marks an empty database as the demo's; returns whether it is the demo's now. One that holds
/// accounts of its own is not: everybody knows the demo's password.
///
/// # Errors
/// The database cannot be read or written.
pub async fn claim(server: &Server) -> Result<bool, Error> {
    if server.store.is_demo().await? {
        return Ok(true);
    }
    // A demo from before there was a mark is known by having nobody else.
    let ours = |person: &accounts::Person| {
        MAIN.iter().chain(COUNTRIES).any(|account| account.login == person.login && account.name == person.name)
    };
    if !server.store.people().await?.iter().all(ours) {
        return Ok(false);
    }
    let mut write = server.store.write().await?;
    meta::mark_demo(&mut write).await?;
    write.commit().await?;
    Ok(true)
}

/// Adds the demo's authorities, accounts and requests where they are missing.
///
/// # Errors
/// The database cannot take them; what was added stays, and the next start adds the rest.
pub async fn load(server: &Server) -> Result<(), Error> {
    let cast = load_accounts(server).await?;
    for request in REQUESTS {
        story::load(server, &cast, request).await?;
    }
    Ok(())
}

async fn load_accounts(server: &Server) -> Result<BTreeMap<&'static str, Actor>, Error> {
    let mut cast = BTreeMap::new();
    // One hash for all: it takes its time on purpose, and everybody knows the password anyway.
    let mut password_hash = None;
    for account in MAIN.iter().chain(COUNTRIES) {
        let DemoAccount { login, name, role, language, .. } = *account;
        if let Some((person, _)) = server.store.person_by_login(login).await? {
            cast.insert(login, Actor { person: person.id, role: person.role, authority: person.authority });
            continue;
        }
        let authority = match account.authority {
            Some(authority) => Some(find_or_add(server, authority).await?),
            None => None,
        };
        let hash = match &password_hash {
            Some(hash) => hash,
            None => password_hash.insert(server.passwords.hash(PASSWORD.to_owned(), &server.config.entropy).await?),
        };
        let new = NewPerson { login, name, role, authority, language, password_hash: hash };
        let mut write = server.store.write().await?;
        let person = accounts::add(&mut write, new, server.config.clock.now_ms()).await?;
        write.commit().await?;
        cast.insert(login, Actor { person, role, authority });
    }
    Ok(cast)
}

async fn find_or_add(server: &Server, wanted: NewAuthority<'_>) -> Result<AuthorityId, Error> {
    let known = server.store.authorities().await?;
    if let Some(found) = known.iter().find(|known| known.name == wanted.name && known.country == wanted.country) {
        return Ok(found.id);
    }
    let mut write = server.store.write().await?;
    let id = accounts::add_authority(&mut write, wanted).await?;
    write.commit().await?;
    Ok(id)
}
