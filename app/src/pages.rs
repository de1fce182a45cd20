//! One file for each page.

pub mod check;
pub mod device;
pub mod door;
pub mod home;
#[cfg(feature = "office")]
pub mod inbox;
pub mod new;
pub mod print;
#[cfg(feature = "office")]
pub mod review;
pub mod section;
pub mod settings;
pub mod tasks;

use reactive_graph::graph::untrack;
use shared::ids::DocumentId;

use crate::parts::dom;
use crate::parts::file::Open;
use crate::parts::icon::icon;
use crate::state::Memo;
use crate::view::{View, view};

/// Draws a page of one document once it has been read, or says that it is not here.
fn with_file(id: &str, body: impl Fn(Open) -> View + 'static) -> View {
    let Some(open) = DocumentId::parse(id).map(Open::new) else { return home::lost() };
    // A page is drawn once; what changes in the document is for its parts to follow.
    let found = Memo::new(move || (open.file.with(Option::is_some), open.missing.get()));
    view! {
        {move || match found.get() {
            (true, _) => untrack(|| body(open)),
            (false, true) => home::not_here(),
            _ => View::Nothing,
        }}
    }
}

/// Draws the way back.
fn back(href: String, words: String) -> View {
    view! { <a class="st back" href=href>{icon("prev")}{words}</a> }
}

/// Names the page in the browser's own list.
fn titled(title: &str) {
    dom::set_title(title);
}

/// Draws a question before something that cannot be taken back at once. It stays open when nothing was
/// done, with the keyboard where something is missing.
fn question(
    id: &'static str,
    title: String,
    text: String,
    body: View,
    yes: String,
    act: impl Fn() -> Result<(), &'static str> + 'static,
) -> View {
    let act = move |_| match act() {
        Ok(()) => dom::close_dialog(id),
        Err(missing) => dom::focus(missing),
    };
    view! {
        <dialog id=id aria-labelledby=format!("{id}-t")>
            <h2 id=format!("{id}-t")>{title}</h2>
            <p>{text}</p>
            {body}
            <p class="row">
                <button type="button" class="btn main" on:click=act>{yes}</button>
                <button type="button" class="btn plain" autofocus=(id == "withdraw").then_some("") on:click=move |_| dom::close_dialog(id)>{words::t("ui.cancel")}</button>
            </p>
        </dialog>
    }
}
