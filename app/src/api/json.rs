//! The bodies of the JSON calls this client makes, read and written with the browser's own reader
//! and writer, which cost no bytes to download. The names are those of `shared::api`.
//!
//! Unknown fields are passed over; one that is missing or of another kind makes the whole unreadable.

use js_sys::{JSON, Reflect};
use shared::api::{AuthorityCard, Refusal, RefusalCode, RefusalDetail, RefusalMessage, SignIn, SignedIn};
use shared::ids::{AuthorityId, PersonId};
use shared::workflow::Role;
use wasm_bindgen::JsValue;

use crate::by_name::object;

/// Reads who is signed in; `None` when this is something else.
#[must_use]
pub fn read_signed_in(json: &str) -> Option<SignedIn> {
    let who = JSON::parse(json).ok()?;
    Some(SignedIn {
        person: PersonId(number(&who, "person")?),
        name: text(&who, "name")?,
        role: Role::parse(&text(&who, "role")?)?,
        authority: match field(&who, "authority").filter(|card| !card.is_null()) {
            Some(card) => Some(authority(&card)?),
            None => None,
        },
        language: text(&who, "language")?,
    })
}

/// Writes who is signed in, for [`read_signed_in`].
#[must_use]
pub fn write_signed_in(who: &SignedIn) -> String {
    let authority = who.authority.as_ref().map_or(JsValue::NULL, |card| {
        object(&[
            ("id", card.id.0.into()),
            ("name", (&card.name).into()),
            ("name_en", (&card.name_en).into()),
            ("country", (&card.country).into()),
            ("kind", (&card.kind).into()),
        ])
    });
    write(&[
        ("person", who.person.0.into()),
        ("name", (&who.name).into()),
        ("role", who.role.code().into()),
        ("authority", authority),
        ("language", (&who.language).into()),
    ])
}

/// Writes the request to sign in.
pub fn write_sign_in(with: &SignIn) -> String {
    write(&[
        ("login", (&with.login).into()),
        ("password", (&with.password).into()),
        ("device_label", (&with.device_label).into()),
    ])
}

/// Reads a refusal; `None` when this is something else.
pub fn read_refusal(json: &str) -> Option<Refusal> {
    let error = field(&JSON::parse(json).ok()?, "error")?;
    let message = field(&error, "message")?;
    let code = match text(&error, "code")?.as_str() {
        "not_signed_in" => RefusalCode::NotSignedIn,
        // This client acts on no other: the person is told in the server's words.
        _ => RefusalCode::Unknown,
    };
    let retry = field(&error, "retry")?.as_bool()?;
    let message = RefusalMessage { en: text(&message, "en")?, fr: text(&message, "fr")? };
    Some(Refusal { error: RefusalDetail { code, retry, message } })
}

fn authority(card: &JsValue) -> Option<AuthorityCard> {
    Some(AuthorityCard {
        id: AuthorityId(number(card, "id")?),
        name: text(card, "name")?,
        name_en: match field(card, "name_en") {
            Some(name) => name.as_string()?,
            None => String::new(),
        },
        country: text(card, "country")?,
        kind: text(card, "kind")?,
    })
}

fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|found| !found.is_undefined())
}

fn text(of: &JsValue, name: &str) -> Option<String> {
    field(of, name)?.as_string()
}

/// Reads a whole number that is an id.
fn number(of: &JsValue, name: &str) -> Option<u32> {
    let found = field(of, name)?.as_f64()?;
    // Saturates: what does not fit is another number afterwards.
    let id = found as u32;
    (f64::from(id) == found).then_some(id)
}

/// Objects of text and numbers can always be written.
fn write(fields: &[(&str, JsValue)]) -> String {
    JSON::stringify(&object(fields)).map(String::from).unwrap_or_default()
}
