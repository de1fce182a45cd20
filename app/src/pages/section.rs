//! One section of a request, one page: its fields, what is to settle in it, and the way on.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use super::{back, titled, with_file};
use crate::parts::field::field;
use crate::parts::file::{File, Open};
use crate::parts::{dom, problems, saved};
use crate::words;

/// Draws the section named in the address.
pub fn section() -> AnyView {
    with_file(body)
}

fn body(open: Open) -> AnyView {
    let key = use_params_map().with_untracked(|map| map.get("section")).unwrap_or_default();
    let Some(form) = open.peek(|file| file.form) else { return super::home::lost() };
    let Some(index) = form.sections.iter().position(|section| section.key == key) else { return super::home::lost() };
    let section = &form.sections[index];
    let place = use_location();
    let asked = place.search.with_untracked(|search| search.contains("check"));
    let hash = place.hash.get_untracked();
    if hash.len() > 1 {
        dom::after(120, move || dom::go_to(&hash[1..]));
    }
    titled(&words::section(section.key));
    let next = form.sections.get(index + 1);
    let base = format!("/requests/{}", open.id);
    let (href, way) = match next {
        _ if asked => (format!("{base}/check"), words::t("ui.check.back")),
        Some(next) => (format!("{base}/{}", next.key), words::t("ui.section.next")),
        None => (format!("{base}/check"), words::t("ui.check.title")),
    };
    let closed = open
        .memo(move |file| !section.fields.iter().any(|field| open.may_edit(field)) && file.problems.len() < usize::MAX);
    let number = [("n", words::number(index as i64 + 1)), ("all", words::number(form.sections.len() as i64))];
    let number: Vec<(&str, &str)> = number.iter().map(|(name, value)| (*name, value.as_str())).collect();
    view! {
        <main id="main" class="wrap" tabindex="-1">
            {back(base, open.peek(File::title).unwrap_or_default())}
            <div class="head">
                <span class="small quiet">{words::with("ui.section.of", &number)}</span>
                <h1>{words::section(section.key)}</h1>
                {words::section_hint(section.key).map(|hint| view! { <p class="quiet">{hint}</p> })}
            </div>
            <p class="slip measure" hidden=move || closed.get() != Some(true)>{words::t("ui.section.closed")}</p>
            {problems::summary(open, section.key, asked)}
            {section.fields.iter().map(|one| field(open, one, None, asked)).collect_view()}
        </main>
        <footer class="foot"><div class="wrap row">{saved::saved_page(open)}<a class="btn main" href=href>{way}</a></div></footer>
    }
    .into_any()
}
