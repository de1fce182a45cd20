//! What the JSON calls under `/api/v1` say, for both ends: paths, limits, requests, responses.
//!
//! Serialisable means frozen: old clients live for months, so fields are added with a default and
//! never renamed. Does not know how a call travels or is answered; sync has its own encoding.

use serde::{Deserialize, Serialize};

use crate::ids::{AuthorityId, PersonId};

/// Sign in (POST), who is signed in (GET), sign out (DELETE).
pub const SESSION: &str = "/api/v1/session";
/// Documents for staff (GET), with `form`, `state`, `country`, `theme`, `search`, `from` and `limit`.
pub const INBOX: &str = "/api/v1/inbox";
/// Documents on one page of the inbox, unless asked otherwise, and the most of them.
pub const INBOX_PAGE: usize = 50;
/// See [`INBOX_PAGE`].
pub const INBOX_PAGE_MAX: usize = 200;
/// The open sessions of the person who asks (GET).
pub const SESSIONS: &str = "/api/v1/sessions";
/// One open session of the person who asks, by `OpenSession::id` (DELETE).
pub const SESSION_BY_ID: &str = "/api/v1/sessions/{id}";
/// The description of these calls (GET).
pub const OPENAPI: &str = "/api/v1/openapi.json";

/// The header every call that changes something carries, with any value; a page of another site
/// cannot send it without asking first.
pub const CALL_HEADER: &str = "x-relais";

/// Longest login, in bytes.
pub const LOGIN_BYTES_MAX: usize = 64;
/// Shortest password a person may choose, in characters.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, in bytes; hashing a longer one would only cost time.
pub const PASSWORD_BYTES_MAX: usize = 1024;
/// Longest name of a device, in characters.
pub const DEVICE_LABEL_CHARS_MAX: usize = 80;
/// Longest body of a JSON call, in bytes.
pub const JSON_BODY_BYTES_MAX: usize = 16 * 1024;

pub use crate::role::Role;

/// POST `SESSION`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The account's name; capital letters do not matter.
    pub login: String,
    /// The password as typed.
    pub password: String,
    /// How the person will recognise this device in the list of sessions, e.g. `Firefox, Android`.
    #[serde(default)]
    pub device_label: String,
}

// Passwords must not reach a log by accident.
impl core::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SignIn").field("login", &self.login).finish_non_exhaustive()
    }
}

/// Answers POST and GET of `SESSION`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who this is; the device's store is named after it.
    pub person: PersonId,
    /// The person's name as shown to others.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The authority the person belongs to; absent for staff.
    #[serde(default)]
    pub authority: Option<AuthorityCard>,
    /// The person's language (BCP-47).
    pub language: String,
}

/// What a device needs to know of an authority to work offline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityCard {
    /// Its number.
    pub id: AuthorityId,
    /// Its name in its own language.
    pub name: String,
    /// Its name in English; empty when unknown.
    #[serde(default)]
    pub name_en: String,
    /// Its country (ISO 3166 alpha-2).
    pub country: String,
    /// Its type, a code of the list of authority types.
    pub kind: String,
}

/// Answers GET `SESSIONS`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// The newest activity first.
    pub sessions: Vec<OpenSession>,
}

/// One device on which a person is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// Names the session in `SESSION_BY_ID`; opens nothing.
    pub id: String,
    /// What the device called itself.
    pub device_label: String,
    /// When the person signed in, server time in milliseconds since 1970.
    pub created_ms: i64,
    /// When the session was last used, to within an hour.
    pub last_seen_ms: i64,
    /// Whether this is the session that asks.
    pub current: bool,
}

/// Answers GET `INBOX`: documents staff may read, the one that waits longest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// How many fit the query, on all pages.
    pub total: usize,
    /// This page of them.
    pub documents: Vec<InboxRow>,
}

/// One document in the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRow {
    /// Its id, as in the portal's addresses.
    pub document: String,
    /// Its title, as written.
    pub title: String,
    /// Its reference, once registered.
    pub reference: Option<String>,
    /// Its form's name, e.g. `request`.
    pub form: String,
    /// Where it stands, by the name its form gives the state, e.g. `received`.
    pub state: String,
    /// The countries it is about (ISO 3166 alpha-2).
    pub countries: Vec<String>,
    /// Codes of its themes.
    pub themes: Vec<String>,
    /// Whose it is, by name.
    pub owners: Vec<String>,
    /// How many versions were received.
    pub version: u32,
    /// When the newest version was received, server time in milliseconds since 1970.
    pub received_ms: Option<i64>,
    /// When it should be done, or takes place (`YYYY-MM-DD` or `YYYY-MM`).
    pub date: Option<String>,
    /// Whether something that belongs to it is still to come.
    pub awaits: bool,
}

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What went wrong.
    pub error: RefusalDetail,
}

/// Why a call was not answered as hoped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalDetail {
    /// For programs.
    pub code: RefusalCode,
    /// Whether the same call can succeed later without anyone changing anything.
    pub retry: bool,
    /// For people.
    pub message: RefusalMessage,
}

/// One sentence that says what happened and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalMessage {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

/// The reasons for which a call can be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The body or address cannot be read as this call.
    Malformed,
    /// No session, or one that ended.
    NotSignedIn,
    /// The login and password do not open an account.
    WrongCredentials,
    /// The call came from a page of another site, or without the header of this client.
    CrossSite,
    /// The person may not do this.
    Forbidden,
    /// Nothing is there, or nothing this person may see.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// The body is larger than the call allows.
    TooLarge,
    /// The body is not in the encoding of the call.
    UnsupportedEncoding,
    /// The client speaks another version of the sync protocol.
    OtherVersion,
    /// Too many attempts to sign in; `Retry-After` says how long to wait.
    TooManyAttempts,
    /// The proxy in front of the server does not pass on the `Host` header.
    ProxyHostHeader,
    /// The body took too long to come.
    TooSlow,
    /// A fault of the server; nothing was changed.
    Internal,
    /// The server cannot write now; `Retry-After` says how long to wait.
    Unavailable,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}
