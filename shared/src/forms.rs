//! All document types. Adding one is one file in `forms/` and two lines here.

use crate::form::{Form, FormId};

mod lines;
pub mod request;
#[cfg(test)]
mod visit;

/// Every form there is.
pub const ALL: &[&Form] = &[
    &request::FORM,
    #[cfg(test)]
    &visit::FORM,
];

/// Returns the form with this number.
#[must_use]
pub fn form(id: FormId) -> Option<&'static Form> {
    ALL.iter().copied().find(|form| form.id == id)
}

#[cfg(test)]
mod words;
