//! The quiet line that says where an answer is.

use shared::value::Target;

use super::file::Open;
use super::icon::at;
use crate::view::{View, view};
use crate::words;

/// Draws the line of one field, once it was written here.
pub fn saved_line(open: Open, target: Target) -> View {
    let here = move || open.saved.get().filter(|(field, _)| *field == target);
    view! { {move || here().map(|(_, ms)| at(1, words::with("ui.saved.at", &[("time", &words::moment(ms))])))} }
}

/// Draws the line of the whole page.
pub fn saved_page(open: Open) -> View {
    let session = open.session;
    view! {
        <span role="status">{move || {
            match (session.waiting(), open.saved.get()) {
                _ if session.fault.with(Option::is_some) => at(0, words::t("ui.saved.not")),
                (Some(0), _) => at(2, words::t("ui.saved.all")),
                (_, Some((_, ms))) => at(1, words::with("ui.saved.at", &[("time", &words::moment(ms))])),
                (unsent, None) => unsent.map_or(View::Nothing, |unsent| at(1, words::count("ui.where.unsent", unsent))),
            }
        }}</span>
    }
}
