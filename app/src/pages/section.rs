//! One section of a request, one page: its fields, what is to settle in it, and the way on.

use super::{back, titled, with_file};
use crate::address::Address;
use crate::parts::field::field;
use crate::parts::file::{File, Open};
use crate::parts::{problems, saved};
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the section named in the address.
pub fn section(id: &str, key: &str) -> View {
    let key = key.to_owned();
    with_file(id, move |open| body(open, &key))
}

fn body(open: Open, key: &str) -> View {
    let Some(form) = open.peek(|file| file.form) else { return super::home::lost() };
    let Some(index) = form.sections.iter().position(|section| section.key == key) else { return super::home::lost() };
    let section = &form.sections[index];
    let asked = Address::here().asks("check");
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
}
