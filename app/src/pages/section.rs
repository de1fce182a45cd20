//! One section of a document, one page: its fields, what is to settle in it, and the way on.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::arrive;
use super::not_found::NotFound;
use super::task_list::title_or_untitled;
use crate::components::back_link::BackLink;
use crate::components::document_page::document_page;
use crate::components::error_summary::ErrorSummary;
use crate::components::field::FormField;
use crate::components::save_status::PageSaved;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Draws the section named in the address.
#[component]
pub fn SectionPage() -> impl IntoView {
    let params = use_params_map();
    // Within one document the next section is another address of the same route: it is drawn anew.
    move || {
        let key = params.with(|params| params.get("section")).unwrap_or_default();
        untrack(|| document_page(move |handle| section_body(handle, &key)))
    }
}

fn section_body(handle: DocumentHandle, key: &str) -> AnyView {
    let i18n = use_i18n();
    let form = handle.peek(|view| view.form);
    let found = form.and_then(|form| Some((form, form.sections.iter().position(|section| section.key == key)?)));
    let Some((form, index)) = found else { return view! { <NotFound/> }.into_any() };
    let section = &form.sections[index];
    let show_missing = use_query_map().with_untracked(|query| query.get("check").is_some());
    arrive(move || i18n.section(form, section.key));
    let base = format!("/d/{}", handle.id);
    let next = form.sections.get(index + 1);
    let href = match next {
        Some(next) if !show_missing => format!("{base}/{}", next.key),
        _ => format!("{base}/check"),
    };
    let way_on = i18n.text(match next {
        _ if show_missing => "ui.check.back",
        Some(_) => "ui.section.next",
        None => "ui.check.title",
    });
    let closed = move || handle.is_loaded() && !section.fields.iter().any(|field| handle.may_edit(field));
    let number = move || {
        let (n, all) = (i18n.number(index as i64 + 1), i18n.number(form.sections.len() as i64));
        i18n.with("ui.section.of", &[("n", &n), ("all", &all)])
    };
    let hint = move || i18n.section_hint(form, section.key).map(|hint| view! { <p class="quiet">{hint}</p> });
    let fields = section.fields.iter().map(|field| view! { <FormField handle field item=None show_missing/> });
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <BackLink href=base words=Signal::derive(move || title_or_untitled(i18n, handle))/>
            <div class="head">
                <span class="small quiet">{number}</span>
                <h1>{move || i18n.section(form, section.key)}</h1>
                {hint}
            </div>
            <p class="slip measure" hidden=move || !closed()>{i18n.text("ui.section.closed")}</p>
            <ErrorSummary handle section=section.key show_missing/>
            {fields.collect_view()}
        </main>
        <footer class="foot"><div class="wrap row"><PageSaved handle/><a class="btn main" href=href>{way_on}</a></div></footer>
    }
    .into_any()
}
