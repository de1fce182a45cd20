//! What is still open, then the decisions that can be taken.

use leptos::prelude::*;
use shared::check::Severity;
use shared::form::assessment::Outcome;

use super::rail::assessed;
use crate::components::history::state_words;
use crate::components::moves::Moves;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;

/// Draws the bar with the decisions.
#[component]
pub fn Decision(handle: DocumentHandle) -> impl IntoView {
    view! {
        <footer class="foot"><div class="wrap row"><span role="status"><Standing handle/></span>
            <span class="row"><Moves handle/></span></div></footer>
    }
}

/// Says where the document stands and what speaks against a decision.
#[component]
fn Standing(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let state = move || handle.look(|view| format!("{}.", state_words(i18n, Some(view.form), view.shared.state, None)));
    let told = move || {
        let (queued, remarks) = handle.look(|view| (view.queued().is_some(), view.unsent_remarks().len()))?;
        match (queued, remarks) {
            (true, _) => Some(i18n.get("ui.review.queued")),
            (false, 0) => None,
            (false, n) => Some(i18n.count("ui.review.drafts", n)),
        }
    };
    let missing = move || {
        let blocking = |problems: &[shared::check::Problem]| {
            problems.iter().filter(|problem| problem.severity == Severity::Blocks).count()
        };
        let count = handle.look(|view| blocking(&view.problems)).filter(|count| *count > 0)?;
        Some(i18n.count("ui.review.incomplete", count))
    };
    let unmet = move || {
        let findings = handle.look(assessed).flatten()?.findings;
        let count = findings.iter().filter(|finding| finding.outcome == Outcome::Fails).count();
        (count > 0).then(|| view! { " "<span class="bad">{i18n.count("ui.review.unmet", count)}</span> })
    };
    view! { <b>{state}</b>" "<span class="quiet">{told}" "{missing}</span>{unmet} }
}
