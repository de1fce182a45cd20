//! Accounts and the authorities they belong to.
//!
//! Keeps password hashes as text; does not know how they are made or checked.

use shared::api::{AuthorityCard, Role};
use shared::ids::{AuthorityId, PersonId};
use shared::permission::Actor;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::{Store, StoreError};

/// One account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its number.
    pub id: PersonId,
    /// The name typed to sign in.
    pub login: String,
    /// The name shown to others.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The authority the person belongs to.
    pub authority: Option<AuthorityId>,
    /// The person's language (BCP-47).
    pub language: String,
    /// Whether the account is closed.
    pub disabled: bool,
}

/// What a new account needs.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    /// The name typed to sign in; unique, capital letters do not matter.
    pub login: &'a str,
    /// The name shown to others.
    pub name: &'a str,
    /// What the person may do.
    pub role: Role,
    /// The authority the person belongs to.
    pub authority: Option<AuthorityId>,
    /// The person's language (BCP-47).
    pub language: &'a str,
    /// The password's hash.
    pub password_hash: &'a str,
}

/// What a new authority needs.
#[derive(Clone, Copy, Debug)]
pub struct NewAuthority<'a> {
    /// Its name in its own language.
    pub name: &'a str,
    /// Its name in English, or nothing.
    pub name_en: &'a str,
    /// Its country (ISO 3166 alpha-2).
    pub country: &'a str,
    /// Its type, a code of the list of authority types.
    pub kind: &'a str,
}

/// Adds an account; `Taken` when the login is in use.
pub async fn add(write: &mut SqliteConnection, new: NewPerson<'_>, now_ms: i64) -> Result<PersonId, StoreError> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO person (login, name, role, authority, language, password_hash, created_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(new.login)
    .bind(new.name)
    .bind(new.role.code())
    .bind(new.authority.map(|authority| authority.0))
    .bind(new.language)
    .bind(new.password_hash)
    .bind(now_ms)
    .fetch_one(write)
    .await?;
    Ok(PersonId(narrow(id)?))
}

/// Adds an authority.
pub async fn add_authority(write: &mut SqliteConnection, new: NewAuthority<'_>) -> Result<AuthorityId, StoreError> {
    let id: i64 =
        sqlx::query_scalar("INSERT INTO authority (name, name_en, country, kind) VALUES (?, ?, ?, ?) RETURNING id")
            .bind(new.name)
            .bind(new.name_en)
            .bind(new.country)
            .bind(new.kind)
            .fetch_one(write)
            .await?;
    Ok(AuthorityId(narrow(id)?))
}

/// Returns whether there is such an authority, as the transaction sees it.
pub async fn authority_exists(write: &mut SqliteConnection, id: AuthorityId) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT 1 FROM authority WHERE id = ?").bind(id.0).fetch_optional(write).await?;
    Ok(found.is_some())
}

/// Gives an account another password; its open sessions end.
pub async fn set_password(write: &mut SqliteConnection, person: PersonId, hash: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE person SET password_hash = ? WHERE id = ?")
        .bind(hash)
        .bind(person.0)
        .execute(&mut *write)
        .await?;
    end_sessions(write, person).await
}

/// Closes or reopens an account; its open sessions end either way.
pub async fn set_disabled(write: &mut SqliteConnection, person: PersonId, disabled: bool) -> Result<(), StoreError> {
    sqlx::query("UPDATE person SET disabled = ? WHERE id = ?")
        .bind(disabled)
        .bind(person.0)
        .execute(&mut *write)
        .await?;
    end_sessions(write, person).await
}

async fn end_sessions(write: &mut SqliteConnection, person: PersonId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE person = ?").bind(person.0).execute(write).await?;
    Ok(())
}

/// Returns what a person may do today, as permission sees them.
pub async fn actor(write: &mut SqliteConnection, id: PersonId) -> Result<Option<Actor>, StoreError> {
    let row = sqlx::query("SELECT * FROM person WHERE id = ?").bind(id.0).fetch_optional(write).await?;
    let person = row.as_ref().map(person).transpose()?;
    Ok(person.map(|person| Actor { person: person.id, role: person.role, authority: person.authority }))
}

impl Store {
    /// Returns the account of that login with its password's hash, disabled or not. Never the
    /// server's own.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<(Person, String)>, StoreError> {
        let row = sqlx::query("SELECT * FROM person WHERE login = ? AND id <> 0")
            .bind(login)
            .fetch_optional(self.reader())
            .await?;
        row.map(|row| Ok((person(&row)?, row.try_get("password_hash")?))).transpose()
    }

    /// Returns every account but the server's own.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let rows = sqlx::query("SELECT * FROM person WHERE id <> 0 ORDER BY id").fetch_all(self.reader()).await?;
        rows.iter().map(person).collect()
    }

    /// Returns one authority.
    pub async fn authority(&self, id: AuthorityId) -> Result<Option<AuthorityCard>, StoreError> {
        let row = sqlx::query("SELECT * FROM authority WHERE id = ?").bind(id.0).fetch_optional(self.reader()).await?;
        row.as_ref().map(authority_card).transpose()
    }

    /// Returns every authority.
    pub async fn authorities(&self) -> Result<Vec<AuthorityCard>, StoreError> {
        let rows = sqlx::query("SELECT * FROM authority ORDER BY id").fetch_all(self.reader()).await?;
        rows.iter().map(authority_card).collect()
    }
}

pub(super) fn person(row: &SqliteRow) -> Result<Person, StoreError> {
    let authority: Option<i64> = row.try_get("authority")?;
    let id: i64 = row.try_get("id")?;
    Ok(Person {
        id: PersonId(narrow(id)?),
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        role: role(row.try_get("role")?)?,
        authority: authority.map(|id| narrow(id).map(AuthorityId)).transpose()?,
        language: row.try_get("language")?,
        disabled: row.try_get("disabled")?,
    })
}

fn authority_card(row: &SqliteRow) -> Result<AuthorityCard, StoreError> {
    let id: i64 = row.try_get("id")?;
    Ok(AuthorityCard {
        id: AuthorityId(narrow(id)?),
        name: row.try_get("name")?,
        name_en: row.try_get("name_en")?,
        country: row.try_get("country")?,
        kind: row.try_get("kind")?,
    })
}

fn role(code: &str) -> Result<Role, StoreError> {
    Role::parse(code).ok_or_else(|| unreadable(format!("unknown role {code}")))
}

fn narrow(id: i64) -> Result<u32, StoreError> {
    u32::try_from(id).map_err(|_| unreadable(format!("id {id} out of range")))
}

fn unreadable(what: String) -> StoreError {
    StoreError::Internal(sqlx::Error::Decode(what.into()))
}
