//! The quiet lines that say where an answer, and where the work of the whole page, is.

use leptos::prelude::*;
use shared::value::Target;

use super::icon::{Leg, Whereabouts};
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Draws the line of one field, once it was written here.
#[component]
pub fn FieldSaved(handle: DocumentHandle, target: Target) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let (_, at_ms) = handle.last_saved().filter(|(saved, _)| *saved == target)?;
        let words = i18n.with("ui.saved.at", &[("time", &i18n.moment(at_ms))]);
        Some(view! { <Whereabouts leg=Leg::Device words/> })
    }
}

/// Draws the line of the whole page.
#[component]
pub fn PageSaved(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let session = handle.session;
    let line = move || {
        let (leg, words) = match (session.unsent(), handle.last_saved()) {
            _ if session.fault.with(Option::is_some) => (Leg::None, i18n.get("ui.saved.not")),
            (Some(0), _) => (Leg::Received, i18n.get("ui.saved.all")),
            (_, Some((_, at_ms))) => (Leg::Device, i18n.with("ui.saved.at", &[("time", &i18n.moment(at_ms))])),
            (Some(unsent), None) => (Leg::Device, i18n.count("ui.where.unsent", unsent)),
            (None, None) => return None,
        };
        Some(view! { <Whereabouts leg words/> })
    };
    view! { <span role="status">{line}</span> }
}
