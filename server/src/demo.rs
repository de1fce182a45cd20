//! What `--demo` loads: a few accounts to try the portal with. The people are invented.
//!
//! Loading twice changes nothing: an authority is recognised by its name, a person by the login.

use shared::api::Role;
use shared::ids::AuthorityId;

use crate::Server;
use crate::error::Error;
use crate::store::people::{self, NewAuthority, NewPerson};

/// The password of every demo account.
pub const PASSWORD: &str = "relais-demo";

const KENYA: NewAuthority<'static> = NewAuthority {
    name: "Directorate of Immigration Services",
    name_en: "Directorate of Immigration Services",
    country: "KE",
    kind: "agency",
};

/// One account to try the portal with.
#[derive(Clone, Copy, Debug)]
pub struct DemoAccount {
    /// The name typed to sign in.
    pub login: &'static str,
    /// The name shown to others; invented.
    pub name: &'static str,
    /// What the account may do.
    pub role: Role,
    /// The language it starts in.
    pub language: &'static str,
    authority: Option<NewAuthority<'static>>,
}

/// The accounts, in the order shown at start.
pub const ACCOUNTS: &[DemoAccount] = &[
    DemoAccount {
        login: "kenya",
        name: "Wanjiru Kamau",
        role: Role::FocalPoint,
        language: "en",
        authority: Some(KENYA),
    },
    DemoAccount {
        login: "kenya2",
        name: "Otieno Odhiambo",
        role: Role::FocalPoint,
        language: "en",
        authority: Some(KENYA),
    },
    DemoAccount { login: "staff", name: "Claire Delmas", role: Role::ProjectOfficer, language: "fr", authority: None },
];

/// Adds the demo's authorities and accounts where they are missing.
pub async fn load(server: &Server) -> Result<(), Error> {
    for account in ACCOUNTS {
        if server.store.person_by_login(account.login).await?.is_some() {
            continue;
        }
        let authority = match account.authority {
            Some(authority) => Some(find_or_add(server, authority).await?),
            None => None,
        };
        let password_hash = server.passwords.hash(PASSWORD.to_owned(), &server.config.entropy).await?;
        let DemoAccount { login, name, role, language, .. } = *account;
        let new = NewPerson { login, name, role, authority, language, password_hash: &password_hash };
        let mut write = server.store.write().await?;
        people::add(&mut write, new, server.config.clock.now_ms()).await?;
        write.commit().await?;
    }
    Ok(())
}

async fn find_or_add(server: &Server, wanted: NewAuthority<'_>) -> Result<AuthorityId, Error> {
    let known = server.store.authorities().await?;
    if let Some(found) = known.iter().find(|known| known.name == wanted.name && known.country == wanted.country) {
        return Ok(found.id);
    }
    let mut write = server.store.write().await?;
    let id = people::add_authority(&mut write, wanted).await?;
    write.commit().await?;
    Ok(id)
}
