//! What a document begins with: what is asked before it is opened, and what the device knows already.
//!
//! Pure: who opens it is an argument. Writes nothing down.

use super::Form;
use crate::api::AuthorityCard;
use crate::ids::OpId;
use crate::merge::position::between;
use crate::op::{AddItem, Body, Create, Set};
use crate::value::{FieldId, Target, Value};

/// How documents of a form begin.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// The lines and choices asked before it is opened, in this order; they may be left empty.
    pub asks: &'static [FieldId],
    /// The codes that stand in some of them until another is chosen.
    pub presets: &'static [(FieldId, &'static str)],
    /// An item of a list that the opener's authority is entered in.
    pub item: Option<FirstItem>,
}

/// An item every document begins with.
#[derive(Clone, Copy, Debug)]
pub struct FirstItem {
    /// The list.
    pub list: FieldId,
    /// What stands in it.
    pub fills: &'static [(FieldId, Known)],
}

/// What is known before anybody answers.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// The name of the opener's authority.
    AuthorityName,
    /// Its type.
    AuthorityType,
    /// Its country.
    AuthorityCountry,
    /// Always this code.
    Code(&'static str),
}

impl Opening {
    /// Nothing is asked and nothing known: the case to start from.
    pub const NONE: Self = Self { asks: &[], presets: &[], item: None };
}

/// Returns what opens a document of `form`: its creation, the answers given, and the first item. The item
/// comes last: once these are written down, the name of the last operation is the item's, and
/// [`first_item`] says what stands in it.
#[must_use]
pub fn opening(form: &Form, authority: &AuthorityCard, answers: Vec<(FieldId, Value)>) -> Vec<Body> {
    let create = Create { form: form.id, form_version: form.version, authority: authority.id };
    let mut bodies = vec![Body::Create(create)];
    bodies.extend(
        answers.into_iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| set(None, field, value)),
    );
    let item = form.opening.item.map(|item| AddItem { field: item.list, position: between(None, None), parent: None });
    bodies.extend(item.map(Body::AddItem));
    bodies
}

/// Returns what stands in the first item; nothing when the form has none.
#[must_use]
pub fn first_item(form: &Form, authority: &AuthorityCard, item: OpId) -> Vec<Body> {
    let value = |known| match known {
        Known::AuthorityName => Value::Text(authority.name.clone()),
        Known::AuthorityType => Value::Code(authority.kind.clone()),
        Known::AuthorityCountry => Value::Code(authority.country.clone()),
        Known::Code(code) => Value::Code(code.to_owned()),
    };
    let fills = form.opening.item.map_or(&[][..], |first| first.fills);
    fills.iter().map(|(field, known)| set(Some(item), *field, value(*known))).collect()
}

fn set(item: Option<OpId>, field: FieldId, value: Value) -> Body {
    Body::Set(Set { target: Target { field, item, column: None }, value, over: Vec::new() })
}
