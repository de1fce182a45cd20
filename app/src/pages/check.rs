//! Check and send: what is missing with links to it, what eligibility warns of, and the sending
//! itself, which waits on this device when there is no network.

use shared::check::{Problem, Severity};
use shared::eligibility::{Assessment, Facts, Finding, Outcome, ValueKind, assess};
use shared::value::Date;
use shared::workflow::{Action, partner_may_edit};

use super::{back, question, titled, with_file};
use crate::address::Address;
use crate::parts::file::{File, Open};
use crate::parts::icon::icon;
use crate::parts::{dom, problems};
use crate::session::clock;
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the page.
pub fn check(id: &str) -> View {
    with_file(id, body)
}

fn body(open: Open) -> View {
    titled(&words::t("ui.check.title"));
    let all = open.memo(|file| file.problems.clone());
    let blocking = move || {
        all.get()
            .unwrap_or_default()
            .into_iter()
            .filter(|problem| problem.severity == Severity::Blocks)
            .collect::<Vec<_>>()
    };
    let warning = move || {
        all.get()
            .unwrap_or_default()
            .into_iter()
            .filter(|problem| problem.severity == Severity::Warns)
            .collect::<Vec<_>>()
    };
    let findings = open.memo(|file| assess(&file.answers, &Facts::on(Date::from_unix_ms(clock::now_ms()))));
    let open_to_send = open.memo(|file| partner_may_edit(file.shared.state) && file.queued().is_none());
    let send = move |_| if blocking().is_empty() { dom::open_dialog("send") } else { dom::go_to("missing") };
    let base = format!("/requests/{}", open.id);
    view! {
        <main id="main" class="wrap" tabindex="-1">
            {back(base.clone(), open.peek(File::title).unwrap_or_default())}
            <h1>{words::t("ui.check.title")}</h1>
            <div class="measure">
                {move || open.look(|file| file.queued().is_some()).unwrap_or_default().then(|| view! {
                    <div class="slip"><p><b>{words::t("ui.queued.title")}</b></p><p class="small">{words::t("ui.queued.text")}</p></div> })}
                {move || {
                    let problems = blocking();
                    if problems.is_empty() {
                        view! { <p class="st"><span class="ok">{icon("check")}</span>{words::t("ui.check.nothing")}</p> }
                    } else {
                        view! { <div class="sum" id="missing" role="group" tabindex="-1"><h2>{words::count("ui.check.missing", problems.len())}</h2>
                            <p class="small">{words::t("ui.sum.calm")}</p>{links(open, &problems)}</div> }
                    }
                }}
                {move || { let warned = warning(); (!warned.is_empty()).then(|| view! {
                    <section><h2 class="rule">{words::t("ui.check.look")}</h2>{links(open, &warned)}</section> }) }}
                <section><h2 class="rule">{words::t("ui.eligibility.title")}</h2><p class="small quiet">{words::t("ui.eligibility.local")}</p>
                    {move || findings.get().map(|assessment| eligibility(&assessment))}</section>
                <section hidden=move || open_to_send.get() != Some(true)>
                    <h2 class="rule">{words::t("ui.check.send")}</h2>
                    <p class="small quiet">{words::t("ui.check.offline")}</p>
                    <p class="gap-s"><button type="button" class="btn main" on:click=send>{words::t("ui.check.send")}</button></p>
                </section>
            </div>
            {question("send", words::t("ui.check.send"), words::t("ui.check.sure"), View::Nothing, words::t("ui.check.send"), move || {
                open.command(Action::Submit, None, Vec::new());
                Address::here().go(&base);
                Ok(())
            })}
        </main>
    }
}

fn links(open: Open, all: &[Problem]) -> View {
    let Some(form) = open.peek(|file| file.form) else { return View::Nothing };
    let rows = all.iter().map(|problem| {
        let section = form.section_of(problem.target.field).map(|section| section.key).unwrap_or_default();
        let href = format!("/requests/{}/{section}?check#{}", open.id, problems::place(problem));
        let (class, icon) = problems::mark(problem);
        view! { <li class=class>{icon}<span><a href=href>{problems::line(form, problem)}</a>" "<span class="quiet small">{words::section(section)}</span></span></li> }
    }).collect_view();
    view! { <ul class="checks">{rows}</ul> }
}

/// Draws the result of the rules.
pub fn eligibility(assessment: &Assessment) -> View {
    let told = assessment.findings.iter().filter(|finding| finding.outcome != Outcome::NotApplicable);
    let rows = told.map(|finding| {
        let (class, name) = match finding.outcome {
            Outcome::Passes => ("ok", "check"),
            Outcome::Pending | Outcome::NotApplicable => ("quiet", "ring"),
            Outcome::Warns => ("wait", "alert"),
            Outcome::Fails => ("bad", "alert"),
        };
        let outcome = words::t(&format!("eligibility.outcome.{}", finding.outcome.key()));
        view! { <li><span class=class>{icon(name)}<span class="hide">{outcome}</span></span>
            <span><b>{words::t(&finding.rule.title_key())}</b>{words::t("ui.colon")}{finding_words(finding)}</span></li> }
    }).collect_view();
    view! { <ul class="checks">{rows}</ul> }
}

fn finding_words(finding: &Finding) -> String {
    let shown = finding.values.iter().map(|value| match finding.detail.value_kind() {
        ValueKind::Country => words::country(value),
        ValueKind::AuthorityType => words::code(shared::form::ListKey::AuthorityType, value),
        ValueKind::Day => Date::parse(value).map_or_else(|| value.clone(), words::day),
        ValueKind::Plain => value.clone(),
    });
    words::with(&finding.key(), &[("values", &shown.collect::<Vec<_>>().join(", "))])
}
