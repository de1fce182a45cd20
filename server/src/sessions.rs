//! Sessions as the browser holds them: a random token in a cookie, and for how long it opens the
//! door. Only the token's hash is stored.
//!
//! The cookie is `__Host-s` with `Secure`, as strict as cookies get. Over plain HTTP on the
//! machine itself (`localhost`, `127.0.0.1`, `[::1]`) it is `relais` without `Secure`: Chromium and
//! Firefox would take a secure cookie there, WebKit would not. A proxy in front of the server must
//! pass on the `Host` header, which decides between the two.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use shared::api::Role;

use crate::Server;
use crate::clock::{Entropy, NoEntropy};
use crate::error::Error;
use crate::store::people::Person;
use crate::store::sessions::{NewSession, TokenHash};
use crate::store::{self};

/// Bytes of a token: 144 bits cannot be guessed, and are 24 letters in every request.
const TOKEN_BYTES: usize = 18;
/// How long a partner's session lasts after it was last used: links can be down for weeks.
pub const PARTNER_IDLE_MS_MAX: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long a session of staff lasts, used or not: a working day.
pub const STAFF_AGE_MS_MAX: i64 = 12 * 60 * 60 * 1000;
/// How often the use of a session is written down; each costs a write to the disk.
pub const TOUCH_EVERY_MS: i64 = 60 * 60 * 1000;
/// How long browsers keep a partner's cookie, in seconds (400 days, the most they grant); whether it
/// still opens anything is decided by the session, which moves on with use.
const PARTNER_COOKIE_SECONDS: i64 = 400 * 24 * 60 * 60;

/// What a browser shows to be let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; TOKEN_BYTES]);

impl Token {
    fn draw(entropy: &Entropy) -> Result<Self, NoEntropy> {
        entropy.bytes().map(Self)
    }

    /// Reads the letters of a cookie.
    fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// Returns what is stored of the token.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.0).into()
    }

    /// Returns the `Cookie` header that carries the token to a host of this kind.
    #[must_use]
    pub fn cookie(&self, cookie: CookieKind) -> String {
        format!("{}={}", cookie.name(), URL_SAFE_NO_PAD.encode(self.0))
    }
}

// A token in a log would open a session.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// Which of the two cookies a request uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// `__Host-s`, over HTTPS only. The host is the portal's own, and the name goes with every request.
    Secure,
    /// `relais`, over plain HTTP on the machine itself, whose ports share their cookies.
    Plain,
}

impl CookieKind {
    /// Decides by the host the request was sent to.
    #[must_use]
    pub fn of(server: &Server, headers: &HeaderMap) -> Self {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
        if server.config.insecure_cookies || names_this_machine(host) { Self::Plain } else { Self::Secure }
    }

    /// Returns the cookie's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-s",
            Self::Plain => "relais",
        }
    }

    const fn attributes(self) -> &'static str {
        match self {
            Self::Secure => "; Path=/; HttpOnly; SameSite=Strict; Secure",
            Self::Plain => "; Path=/; HttpOnly; SameSite=Strict",
        }
    }

    /// Returns the `Set-Cookie` header that hands out a token.
    pub(crate) fn set(self, token: &Token, role: Role) -> Result<HeaderValue, Error> {
        let seconds = if role.in_office() { STAFF_AGE_MS_MAX / 1000 } else { PARTNER_COOKIE_SECONDS };
        let text = format!("{}{}; Max-Age={seconds}", token.cookie(self), self.attributes());
        HeaderValue::from_str(&text).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Returns the `Set-Cookie` header that takes the token away.
    pub(crate) fn clear(self) -> Result<HeaderValue, Error> {
        let text = format!("{}={}; Max-Age=0", self.name(), self.attributes());
        HeaderValue::from_str(&text).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Returns the token the request carries, if any.
    #[must_use]
    pub fn token(self, headers: &HeaderMap) -> Option<Token> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.name()).and_then(|(_, value)| Token::parse(value))
    }
}

fn names_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.ends_with(".localhost") || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Returns until when a session of `role` lasts that is opened or used at `now_ms`.
#[must_use]
pub const fn lasts_until(role: Role, now_ms: i64) -> i64 {
    now_ms + if role.in_office() { STAFF_AGE_MS_MAX } else { PARTNER_IDLE_MS_MAX }
}

/// Opens a session for a person whose password was found to fit `password_hash`, in place of the one
/// the device had. Refused when that is no longer the password, or the account was closed.
pub async fn start(
    server: &Server,
    person: &Person,
    password_hash: &str,
    label: &str,
    before: Option<Token>,
) -> Result<Token, Error> {
    let token = Token::draw(&server.config.entropy)?;
    let now_ms = server.config.clock.now_ms();
    let expires_ms = lasts_until(person.role, now_ms);
    let new =
        NewSession { token_hash: token.hash(), person: person.id, password_hash, device_label: label, expires_ms };
    let mut write = server.store.write().await?;
    if let Some(before) = before {
        store::sessions::end(&mut write, &before.hash()).await?;
    }
    if !store::sessions::add(&mut write, new, now_ms).await? {
        return Err(Error::WrongCredentials);
    }
    write.commit().await?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_do_without_a_secure_cookie() {
        for host in
            ["localhost", "localhost:8080", "127.0.0.1:8080", "127.0.0.2", "[::1]:8080", "[::1]", "a.localhost:1"]
        {
            assert!(names_this_machine(host), "{host}");
        }
        for host in ["", "relais.example", "localhost.example:80", "10.0.0.1", "[2001:db8::1]:80", "127.0.0.1.example"]
        {
            assert!(!names_this_machine(host), "{host}");
        }
    }

    #[test]
    fn a_token_is_read_back_from_its_cookie_among_others() {
        let token = Token([0xab; TOKEN_BYTES]);
        let mut headers = HeaderMap::new();
        let line = format!("theme=dark; {}; a=b=c", token.cookie(CookieKind::Plain));
        headers.insert(header::COOKIE, line.parse().unwrap());
        assert_eq!(CookieKind::Plain.token(&headers), Some(token));
        assert_eq!(CookieKind::Secure.token(&headers), None);
        let (short, padded) = ("relais=".to_owned() + &"q".repeat(23), "relais=".to_owned() + &"q".repeat(24) + "=");
        for broken in ["relais=", "relais=+f", "relais=éé", &short, &padded, &format!("relais={}", "+f".repeat(12))] {
            headers.insert(header::COOKIE, HeaderValue::from_bytes(broken.as_bytes()).unwrap());
            assert_eq!(CookieKind::Plain.token(&headers), None, "{broken}");
        }
    }
}
