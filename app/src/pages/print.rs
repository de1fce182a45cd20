//! A request on paper, or read from top to bottom.

use shared::form::HeldIn;

use super::{back, tasks, titled, with_file};
use crate::parts::answer::answer;
use crate::parts::dom;
use crate::parts::file::{File, Open};
use crate::parts::icon::icon;
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the page.
pub fn print(id: &str) -> View {
    with_file(id, body)
}

fn body(open: Open) -> View {
    titled(&open.peek(File::title).unwrap_or_default());
    view! {
        <main id="main" class="wrap" tabindex="-1">
            {back(format!("/requests/{}", open.id), open.peek(File::title).unwrap_or_default())}
            <p><button type="button" class="btn" on:click=|_| { dom::call(&dom::window(), "print", &[]); }>{icon("print")}{words::t("ui.print.title")}</button></p>
            {move || open.look(|file| view! {
                <div class="head gap"><span class="small quiet">{tasks::kicker(file)}</span><h1 class="words" dir="auto">{file.title()}</h1>
                    <span class="small">{tasks::authority(file)}</span></div>
                {sections(file)}
                <p class="small quiet gap">{words::with("ui.print.on", &[("when", &words::instant(dom::now_ms()))])}</p>
            })}
        </main>
    }
}

fn sections(file: &File) -> View {
    let lang = file.language();
    let sections = file.form.sections.iter().filter_map(|section| {
        // What is confided to staff does not go to those who sign.
        let printed = section.fields.iter().filter(|field| field.held_in != HeldIn::Note);
        let rows: Vec<_> = printed.filter_map(|field| {
            let shown = answer(field, &file.answers, lang.clone())?;
            Some(view! { <dt>{words::label(field)}</dt><dd>{shown}</dd> })
        }).collect();
        (!rows.is_empty()).then(|| view! { <section><h2 class="rule">{words::section(section.key)}</h2><dl class="said">{rows}</dl></section> })
    });
    sections.collect_view()
}
