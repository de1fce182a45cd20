//! Check and send: what is missing with links to it, what the rules warn of, and the sending itself, which waits
//! on this device when there is no network.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use shared::check::{Problem, Severity};
use shared::form::assessment::{Assessment, AssessmentRules, Facts, Finding, Outcome, ValueKind};
use shared::form::{Form, ListKey};
use shared::value::Date;

use super::arrive;
use super::task_list::title_or_untitled;
use crate::browser;
use crate::components::back_link::BackLink;
use crate::components::confirm_dialog::ConfirmDialog;
use crate::components::document_page::document_page;
use crate::components::error_summary::{place, problem_line, problem_mark};
use crate::components::icon::Icon;
use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};
use crate::session::clock;

/// Draws the page.
#[component]
pub fn Check() -> impl IntoView {
    document_page(check_body)
}

fn check_body(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    arrive(i18n.text("ui.check.title"));
    let problems = handle.memo(|view| view.problems.clone());
    let of = move |severity: Severity| {
        problems.with(|all| all.iter().flatten().filter(|one| one.severity == severity).cloned().collect::<Vec<_>>())
    };
    let form = handle.peek(|view| view.form)?;
    let findings = handle.memo(|view| {
        let rules = view.form.assessment?;
        Some(rules.assess(&view.answers, &Facts::on(clock::today())))
    });
    let queued = handle.memo(|view| view.queued().is_some());
    let sending = handle.memo(|view| view.sending().map(|one| (one.action, one.key)));
    let of_sending = move |part: &'static str| {
        let key = sending.get().flatten().map(|(_, key)| key)?;
        Some(i18n.of_form(form, &format!("action.{key}.{part}")))
    };
    let send_words = move || of_sending("do").unwrap_or_default();
    let missing = move || {
        let problems = of(Severity::Blocks);
        if problems.is_empty() {
            return view! { <p class="st"><span class="ok"><Icon name="check"/></span>{i18n.text("ui.check.nothing")}</p> }.into_any();
        }
        view! {
            <div class="sum" id="missing" role="group" tabindex="-1"><h2>{i18n.count("ui.check.missing", problems.len())}</h2>
                <p class="small">{i18n.text("ui.sum.calm")}</p>{problem_links(i18n, handle, &problems)}</div>
        }
        .into_any()
    };
    let warned = move || {
        let problems = of(Severity::Warns);
        (!problems.is_empty()).then(|| view! {
            <section><h2 class="rule">{i18n.text("ui.check.look")}</h2>{problem_links(i18n, handle, &problems)}</section>
        })
    };
    let send =
        move |_| if of(Severity::Blocks).is_empty() { browser::open_dialog("send") } else { browser::go_to("missing") };
    let base = format!("/d/{}", handle.id);
    let navigate = use_navigate();
    let confirm = {
        let base = base.clone();
        move || {
            if let Some((action, _)) = sending.get_untracked().flatten() {
                handle.command(action, None, Vec::new());
            }
            navigate(&base, Default::default());
            Ok(())
        }
    };
    let assessed = move || {
        let assessment = findings.get().flatten()?;
        Some(view! {
            <section><h2 class="rule">{i18n.of_form(form, "assessment.title")}</h2>
                <p class="small quiet">{i18n.of_form(form, "assessment.local")}</p>{assessment_list(i18n, form, &assessment)}</section>
        })
    };
    Some(view! {
        <main id="main" class="wrap" tabindex="-1">
            <BackLink href=base words=Signal::derive(move || title_or_untitled(i18n, handle))/>
            <h1>{i18n.text("ui.check.title")}</h1>
            <div class="measure">
                {move || (queued.get() == Some(true)).then(|| view! {
                    <div class="slip"><p><b>{i18n.text("ui.queued.title")}</b></p><p class="small">{i18n.text("ui.queued.text")}</p></div> })}
                {missing}
                {warned}
                {assessed}
                <section hidden=move || sending.get().flatten().is_none()>
                    <h2 class="rule">{send_words}</h2>
                    <p class="small quiet">{i18n.text("ui.check.offline")}</p>
                    <p class="gap-s"><button type="button" class="btn main" on:click=send>{send_words}</button></p>
                </section>
            </div>
            <ConfirmDialog id="send" title=Signal::derive(send_words) text=Signal::derive(move || of_sending("text").unwrap_or_default())
                yes=Signal::derive(send_words) confirm/>
        </main>
    })
}

fn problem_links(i18n: I18n, handle: DocumentHandle, problems: &[Problem]) -> Option<impl IntoView + use<>> {
    let form = handle.peek(|view| view.form)?;
    let rows = problems.iter().map(|problem| {
        let section = form.section_of(problem.target.field).map(|section| section.key).unwrap_or_default();
        let href = format!("/d/{}/{section}?check#{}", handle.id, place(problem));
        let (class, icon) = problem_mark(problem);
        let line = problem_line(i18n, form, problem);
        view! { <li class=class><Icon name=icon/><span><a href=href>{line}</a>" "<span class="quiet small">{i18n.section(form, section)}</span></span></li> }
    });
    Some(view! { <ul class="checks">{rows.collect_view()}</ul> })
}

/// Draws what the rules of a form found.
pub(super) fn assessment_list(
    i18n: I18n,
    form: &'static Form,
    assessment: &Assessment,
) -> Option<impl IntoView + use<>> {
    let rules = form.assessment?;
    let told = assessment.findings.iter().filter(|finding| finding.outcome != Outcome::NotApplicable);
    let rows = told.filter_map(|finding| {
        let (class, icon) = match finding.outcome {
            Outcome::Passes => ("ok", "check"),
            Outcome::Pending | Outcome::NotApplicable => ("quiet", "ring"),
            Outcome::Warns => ("wait", "alert"),
            Outcome::Fails => ("bad", "alert"),
        };
        let outcome = i18n.get(&format!("assessment.outcome.{}", finding.outcome.key()));
        let title = i18n.of_form(form, &format!("assessment.{}", rules.title_key(finding)?));
        Some(view! {
            <li><span class=class><Icon name=icon/><span class="hide">{outcome}</span></span>
                <span><b>{title}</b>{i18n.get("ui.colon")}{finding_words(i18n, form, &rules, finding)}</span></li>
        })
    });
    Some(view! { <ul class="checks">{rows.collect_view()}</ul> })
}

fn finding_words(i18n: I18n, form: &Form, rules: &AssessmentRules, finding: &Finding) -> Option<String> {
    let shown = finding.values.iter().map(|value| match rules.value_kind(finding) {
        ValueKind::Country => i18n.country(value),
        ValueKind::AuthorityType => i18n.code(ListKey::AuthorityType, value),
        ValueKind::Day => Date::parse(value).map_or_else(|| value.clone(), |day| i18n.day(day)),
        ValueKind::Plain => value.clone(),
    });
    let key = format!("form.{}.assessment.{}", form.key, rules.key(finding)?);
    Some(i18n.with(&key, &[("values", &shown.collect::<Vec<_>>().join(", "))]))
}
