//! One page a file, and what a page does when it is arrived at.

pub mod check;
pub mod home;
pub mod inbox;
pub mod new_document;
pub mod not_found;
pub mod on_this_device;
pub mod print;
pub mod review;
pub mod section;
pub mod settings;
pub mod task_list;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use crate::browser;

/// Whether a page is the first of this visit, which leaves the keyboard where the browser puts it. In the context of
/// the whole program.
#[derive(Clone, Copy, Debug)]
pub struct FirstPage(StoredValue<bool>);

impl FirstPage {
    /// Returns that the first page is still to come.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it belongs to the reactive owner it is made in")]
    pub fn new() -> Self {
        Self(StoredValue::new(true))
    }
}

/// Names the page in the browser's own list and, once it is drawn, leads to the spot its address points to, or else
/// puts the keyboard on its heading, which screen readers then read.
pub(crate) fn arrive(title: impl Fn() -> String + 'static) {
    let first = expect_context::<FirstPage>().0;
    let hash = use_location().hash;
    Effect::new(move |_| browser::document().set_title(&format!("{} · Relais", title())));
    spawn_local(async move {
        leptos::task::tick().await;
        let is_first = first.try_update_value(|first| core::mem::replace(first, false)).unwrap_or(true);
        let spot = hash.try_get_untracked().unwrap_or_default();
        match spot.trim_start_matches('#') {
            "" if is_first => {}
            "" => browser::focus_heading(),
            spot => browser::go_to(spot),
        }
    });
}
