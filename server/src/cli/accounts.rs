//! `relais user …` and `relais authority …`: short writes beside a running server.

use std::io;

use shared::api::{LOGIN_BYTES_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use shared::form::ListKey;
use shared::ids::AuthorityId;
use shared::lists;

use super::{Authority, AuthorityAdd, Data, Failure, PasswordSource, User, UserAdd, UserName, UserPassword, say};
use crate::clock::{Clock, Entropy};
use crate::passwords::Passwords;
use crate::store::people::{self, NewAuthority, NewPerson, Person};
use crate::store::{Storage, Store, StoreError};

/// Letters and digits that are not mistaken for one another when read aloud.
const PASSWORD_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of a generated password, in groups of five: 100 bits.
const PASSWORD_LENGTH: usize = 20;

/// Does a `user` command.
pub async fn user(command: User) -> Result<(), Failure> {
    match command {
        User::Add(new) => add(new).await,
        User::List { data } => list(&data).await,
        User::Password(change) => change_password(change).await,
        User::Disable(user) => set_disabled(user, true).await,
        User::Enable(user) => set_disabled(user, false).await,
    }
}

/// Does an `authority` command.
pub async fn authority(command: Authority) -> Result<(), Failure> {
    match command {
        Authority::Add(new) => add_authority(new).await,
        Authority::List { data } => list_authorities(&data).await,
    }
}

async fn add(new: UserAdd) -> Result<(), Failure> {
    let UserAdd { user, name, role, authority, language, password } = new;
    check_login(&user.login)?;
    let store = open(&user.data).await?;
    let authority = authority.map(AuthorityId);
    if role.of_partner() != authority.is_some() {
        return Err(Failure("a focal point or signatory has an --authority, nobody else does".to_owned()));
    }
    if let Some(id) = authority
        && store.authority(id).await?.is_none()
    {
        return Err(Failure(format!("there is no authority {}; see `relais authority list`", id.0)));
    }
    let password = Password::obtain(password)?;
    let hash = password.hash().await?;
    let (login, name, language) = (user.login.as_str(), name.as_str(), language.as_str());
    let new = NewPerson { login, name, role, authority, language, password_hash: &hash };
    let mut write = store.write().await?;
    let id = match people::add(&mut write, new, Clock::system().now_ms()).await {
        Err(StoreError::Taken) => return Err(Failure(format!("the login {login} is in use"))),
        added => added?,
    };
    write.commit().await?;
    store.close().await;
    say(format_args!("Account {} was added: {login}", id.0))?;
    password.reveal()
}

async fn list(data: &Data) -> Result<(), Failure> {
    let store = open(data).await?;
    for Person { id, login, name, role, authority, disabled, .. } in store.people().await? {
        let authority = authority.map_or(String::new(), |id| format!(", authority {}", id.0));
        let closed = if disabled { ", closed" } else { "" };
        say(format_args!("{:>5}  {login:<24} {name} ({}{authority}{closed})", id.0, role.code()))?;
    }
    store.close().await;
    Ok(())
}

async fn change_password(change: UserPassword) -> Result<(), Failure> {
    let store = open(&change.user.data).await?;
    let person = find(&store, &change.user.login).await?;
    let password = Password::obtain(change.password)?;
    let hash = password.hash().await?;
    let mut write = store.write().await?;
    people::set_password(&mut write, person.id, &hash).await?;
    write.commit().await?;
    store.close().await;
    say(format_args!("The password of {} was changed", person.login))?;
    password.reveal()
}

async fn set_disabled(user: UserName, disabled: bool) -> Result<(), Failure> {
    let store = open(&user.data).await?;
    let person = find(&store, &user.login).await?;
    let mut write = store.write().await?;
    people::set_disabled(&mut write, person.id, disabled).await?;
    write.commit().await?;
    store.close().await;
    say(format_args!("The account {} is {}", person.login, if disabled { "closed" } else { "open" }))
}

async fn add_authority(new: AuthorityAdd) -> Result<(), Failure> {
    let AuthorityAdd { name, name_en, country, kind, data } = new;
    if !lists::holds(ListKey::AuthorityType, &kind) {
        let known = lists::codes(ListKey::AuthorityType).join(", ");
        return Err(Failure(format!("there is no authority type {kind}; the types are {known}")));
    }
    if !lists::holds(ListKey::Country, &country) {
        return Err(Failure(format!("there is no country {country}; countries are ISO codes such as KE")));
    }
    let store = open(&data).await?;
    let new = NewAuthority { name: &name, name_en: &name_en, country: &country, kind: &kind };
    let mut write = store.write().await?;
    let id = people::add_authority(&mut write, new).await?;
    write.commit().await?;
    store.close().await;
    say(format_args!("Authority {} was added: {name}", id.0))
}

async fn list_authorities(data: &Data) -> Result<(), Failure> {
    let store = open(data).await?;
    for authority in store.authorities().await? {
        say(format_args!("{:>5}  {}  {} ({})", authority.id.0, authority.country, authority.name, authority.kind))?;
    }
    store.close().await;
    Ok(())
}

async fn open(data: &Data) -> Result<Store, Failure> {
    Ok(Store::open(&Storage::Folder(data.data.clone()), &Entropy::system()).await?)
}

async fn find(store: &Store, login: &str) -> Result<Person, Failure> {
    let found = store.person_by_login(login).await?;
    found.map(|(person, _)| person).ok_or_else(|| Failure(format!("there is no account {login}")))
}

fn check_login(login: &str) -> Result<(), Failure> {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@+".contains(&byte);
    if login.is_empty() || login.len() > LOGIN_BYTES_MAX || !login.bytes().all(usual) {
        return Err(Failure(format!(
            "a login has up to {LOGIN_BYTES_MAX} letters without accents, digits and . _ - @ +"
        )));
    }
    Ok(())
}

/// A new password, and whether its owner has yet to see it.
struct Password {
    text: String,
    generated: bool,
}

impl Password {
    fn obtain(source: PasswordSource) -> Result<Self, Failure> {
        if source.password_stdin { Self::read() } else { Self::generate() }
    }

    fn read() -> Result<Self, Failure> {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        let text = line.trim_end_matches(['\r', '\n']).to_owned();
        if text.chars().count() < PASSWORD_CHARS_MIN || text.len() > PASSWORD_BYTES_MAX {
            return Err(Failure(format!("a password has at least {PASSWORD_CHARS_MIN} characters")));
        }
        Ok(Self { text, generated: false })
    }

    fn generate() -> Result<Self, Failure> {
        let bytes: [u8; PASSWORD_LENGTH] = Entropy::system().bytes().map_err(|error| Failure(error.to_string()))?;
        let letters: Vec<char> =
            bytes.iter().map(|byte| char::from(PASSWORD_ALPHABET[usize::from(byte % 32)])).collect();
        let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
        Ok(Self { text: groups.join("-"), generated: true })
    }

    async fn hash(&self) -> Result<String, Failure> {
        Ok(Passwords::default().hash(self.text.clone(), &Entropy::system()).await?)
    }

    fn reveal(&self) -> Result<(), Failure> {
        if self.generated {
            say(format_args!("Password, shown this once: {}", self.text))?;
        }
        Ok(())
    }
}
