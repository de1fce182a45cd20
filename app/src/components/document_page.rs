//! What pages of one document have in common: they are drawn once it has been read, or say that it is not here.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::ids::DocumentId;

use crate::documents::handle::DocumentHandle;
use crate::pages::not_found::{DocumentMissing, NotFound};
use crate::session::use_session;

/// Draws the page `body` of the document the address names.
pub fn document_page<V: IntoView + 'static>(body: impl Fn(DocumentHandle) -> V + 'static) -> impl IntoView {
    view! { <DocumentPage body=Box::new(move |handle| body(handle).into_any())/> }
}

// Its body is boxed: the component is then compiled once, not for each page.
#[component]
fn DocumentPage(body: Box<dyn Fn(DocumentHandle) -> AnyView>) -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let body = StoredValue::new_local(body);
    // From one document to another the address may change while the page stays: it is then drawn anew.
    let id = Memo::new(move |_| params.with(|params| params.get("document")).and_then(|id| DocumentId::parse(&id)));
    move || {
        let Some(id) = id.get() else { return view! { <NotFound/> }.into_any() };
        let handle = untrack(|| DocumentHandle::open(session, id));
        // A page is drawn once; what changes in the document is for its parts to follow.
        let found = Memo::new(move |_| (handle.is_loaded(), handle.is_missing()));
        let page = move || match found.get() {
            (true, _) => Some(untrack(|| body.with_value(|body| body(handle)))),
            (false, true) => Some(view! { <DocumentMissing/> }.into_any()),
            (false, false) => None,
        };
        page.into_any()
    }
}
