//! All document types. Adding one is one folder in `forms/` and two lines here.

use std::sync::OnceLock;

use crate::form::{Form, FormId};

mod lines;
pub mod request;

/// Every form of Relais.
pub const ALL: &[&Form] = &[&request::FORM];

/// Forms of a program that is built around this crate.
static INSTALLED: OnceLock<&'static [&'static Form]> = OnceLock::new();

/// Adds forms to those of Relais, for the whole program: once, before any document is read. Tests prove
/// with a form of their own that no other code knows a particular one.
///
/// # Errors
/// Others were installed already.
pub fn install(forms: &'static [&'static Form]) -> Result<(), &'static [&'static Form]> {
    INSTALLED.set(forms)
}

/// Returns every form there is.
pub fn all() -> impl Iterator<Item = &'static Form> {
    ALL.iter().chain(INSTALLED.get().copied().unwrap_or_default()).copied()
}

/// Returns the form with this number.
#[must_use]
pub fn form(id: FormId) -> Option<&'static Form> {
    all().find(|form| form.id == id)
}

/// Returns the form of this name.
#[must_use]
pub fn form_by_key(key: &str) -> Option<&'static Form> {
    all().find(|form| form.key == key)
}

#[cfg(test)]
mod words;
