//! The index beside a review: its sections with what changed in each, and what the rules said.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::form::Form;
use shared::form::assessment::Assessment;
use shared::op::from_bytes;
use shared::value::FieldId;

use crate::browser;
use crate::components::back_link::BackLink;
use crate::documents::DocumentView;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;
use crate::pages::check::assessment_list;

/// Returns what the rules said of the newest version, as the server kept it.
pub fn assessed(view: &DocumentView) -> Option<Assessment> {
    view.internal.versions.last().and_then(|version| from_bytes::<Assessment>(&version.assessment).ok())
}

/// Draws the index.
#[component]
pub fn Rail(handle: DocumentHandle, form: &'static Form, changed: Memo<BTreeSet<FieldId>>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = form.sections.iter().enumerate().map(|(index, section)| {
        let count = move || {
            let count = |changed: &BTreeSet<FieldId>| {
                section.fields.iter().filter(|field| changed.contains(&field.id)).count()
            };
            Some(changed.with(count)).filter(|count| *count > 0)
        };
        let id = format!("s{}", index + 1);
        let href = format!("#{id}");
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            browser::go_to(&id);
        };
        view! {
            <a href=href on:click=go><span>{index + 1}" "{move || i18n.section(form, section.key)}</span><span class="end quiet">{count}</span></a>
        }
    });
    let assessment = handle.memo(assessed);
    let findings = move || {
        let assessment = assessment.get().flatten()?;
        let rules = i18n.with(
            "ui.assessment.rules",
            &[("n", &assessment.rules_version.to_string()), ("day", &i18n.day(assessment.on))],
        );
        Some(view! {
            <h2 class="rule gap">{i18n.of_form(form, "assessment.title")}</h2>{assessment_list(i18n, form, &assessment)}
            <p class="xs quiet gap-s">{rules}</p>
        })
    };
    view! {
        <nav class="rail" aria-label=i18n.text("ui.tasks.sections")>
            <BackLink href="/inbox" words=Signal::derive(i18n.text("ui.nav.inbox"))/>
            <div class="index"><h2 class="rule gap-s">{i18n.text("ui.tasks.sections")}</h2>{rows.collect_view()}</div>
            {findings}
        </nav>
    }
}
