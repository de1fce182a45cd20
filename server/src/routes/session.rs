//! Signing in and out, and the list of devices where a person is signed in.

use std::net::{IpAddr, Ipv4Addr};

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::api::{DEVICE_LABEL_CHARS_MAX, LOGIN_BYTES_MAX, PASSWORD_BYTES_MAX, Sessions, SignIn, SignedIn};

use crate::Server;
use crate::account::Account;
use crate::error::Error;
use crate::json::JsonBody;
use crate::peer::Peer;
use crate::sessions::{self, CookieKind};
use crate::store;
use crate::store::people::Person;

/// Opens a session for a login and password.
///
/// An unknown login, a closed account and a wrong password are answered alike and take as long.
pub async fn sign_in(
    State(server): State<Server>,
    peer: Option<axum::Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<SignIn>,
) -> Result<Response, Error> {
    let login = asked.login.trim();
    if login.len() > LOGIN_BYTES_MAX || asked.password.len() > PASSWORD_BYTES_MAX {
        return Err(Error::Malformed("login or password too long".to_owned()));
    }
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.client(&server.config, &headers));
    slow_down(&server, login, address)?;
    let Some((person, hash)) = recognise(&server, login, asked.password).await? else {
        server.metrics.sign_ins_refused.add(1);
        return Err(Error::WrongCredentials);
    };
    server.throttle.succeeded(login, address, server.config.clock.now_ms());
    server.metrics.sign_ins.add(1);
    let label: String = asked.device_label.trim().chars().take(DEVICE_LABEL_CHARS_MAX).collect();
    let cookie = CookieKind::of(&server, &headers);
    let token = sessions::start(&server, &person, &hash, &label, cookie.token(&headers)).await?;
    let set_cookie = cookie.set(&token, person.role)?;
    let body = signed_in(&server, Account::new(person, token.hash())).await?;
    Ok(([(header::SET_COOKIE, set_cookie)], Json(body)).into_response())
}

fn slow_down(server: &Server, login: &str, address: IpAddr) -> Result<(), Error> {
    server.throttle.attempt(login, address, server.config.clock.now_ms()).map_err(|wait_ms| {
        server.metrics.sign_ins_slowed.add(1);
        Error::TooManyAttempts { retry_seconds: wait_ms.unsigned_abs().div_ceil(1000) }
    })
}

async fn recognise(server: &Server, login: &str, password: String) -> Result<Option<(Person, String)>, Error> {
    let known = server.store.person_by_login(login).await?;
    let right = server.passwords.verify(password, known.as_ref().map(|(_, hash)| hash.clone())).await?;
    Ok(known.filter(|(person, _)| right && !person.disabled))
}

/// Tells who is signed in.
pub async fn show_session(State(server): State<Server>, account: Account) -> Result<Json<SignedIn>, Error> {
    signed_in(&server, account).await.map(Json)
}

async fn signed_in(server: &Server, account: Account) -> Result<SignedIn, Error> {
    let authority = match account.authority {
        Some(id) => server.store.authority(id).await?,
        None => None,
    };
    let Account { person, name, role, language, .. } = account;
    Ok(SignedIn { person, name, role, authority, language })
}

/// Ends the session of this browser, if there is one, and takes its cookie away.
pub async fn sign_out(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Error> {
    let cookie = CookieKind::of(&server, &headers);
    if let Some(token) = cookie.token(&headers) {
        let mut write = server.store.write().await?;
        store::sessions::end(&mut write, &token.hash()).await?;
        write.commit().await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie.clear()?)]).into_response())
}

/// Lists the devices where the person is signed in.
pub async fn list_sessions(State(server): State<Server>, account: Account) -> Result<Json<Sessions>, Error> {
    let now_ms = server.config.clock.now_ms();
    let sessions = server.store.sessions(account.person, &account.session, now_ms).await?;
    Ok(Json(Sessions { sessions }))
}

/// Ends one of the person's own sessions.
pub async fn end_session(
    State(server): State<Server>,
    account: Account,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Error> {
    let Path(id) = id?;
    let mut write = server.store.write().await?;
    if !store::sessions::end_named(&mut write, account.person, &id).await? {
        return Err(Error::NotFound);
    }
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
