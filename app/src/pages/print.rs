//! A document on paper, or read from top to bottom.

use leptos::prelude::*;
use shared::form::HeldIn;

use super::arrive;
use super::task_list::{DocumentHead, title_or_untitled};
use crate::browser;
use crate::components::answer::answer;
use crate::components::back_link::BackLink;
use crate::components::document_page::document_page;
use crate::components::icon::Icon;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};

/// Draws the page.
#[component]
pub fn Print() -> impl IntoView {
    document_page(print_body)
}

fn print_body(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    arrive(move || title_or_untitled(i18n, handle));
    let print = move |_| {
        // A browser that cannot print says so itself.
        let _ = browser::window().print();
    };
    let printed_at = browser::now_ms();
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <BackLink href=format!("/d/{}", handle.id) words=Signal::derive(move || title_or_untitled(i18n, handle))/>
            <p><button type="button" class="btn" on:click=print><Icon name="print"/>{i18n.text("ui.print.title")}</button></p>
            <DocumentHead handle class="head gap"/>
            {move || handle.look(|view| sections(i18n, view))}
            <p class="small quiet gap">{move || i18n.with("ui.print.on", &[("when", &i18n.instant(printed_at))])}</p>
        </main>
    }
}

fn sections(i18n: I18n, document: &DocumentView) -> impl IntoView + use<> {
    let form = document.form;
    let sections =
        form.sections.iter().filter_map(|section| {
            // What is confided to staff does not go to those who sign.
            let printed = section.fields.iter().filter(|field| field.held_in != HeldIn::Note);
            let rows = printed.filter_map(|field| {
                let shown = answer(i18n, form, field, &document.answers, document.language())?;
                Some(view! { <dt>{i18n.label(form, field)}</dt><dd>{shown}</dd> })
            });
            let rows: Vec<_> = rows.collect();
            (!rows.is_empty()).then(|| view! {
            <section><h2 class="rule">{i18n.section(form, section.key)}</h2><dl class="said">{rows}</dl></section>
        })
        });
    sections.collect_view()
}
