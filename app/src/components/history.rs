//! Who did what, and when: the steps of a document's life, and the words for who wrote something.

use leptos::prelude::*;
use shared::document::Step;
use shared::ids::PersonId;
use shared::merge::Mark;
use shared::workflow::{Action, State};

use crate::documents::handle::DocumentHandle;
use crate::i18n::{I18n, use_i18n};

/// Returns the name to show for a person: *you*, their name, or *somebody*.
#[must_use]
pub fn person_name(i18n: I18n, handle: DocumentHandle, person: PersonId) -> String {
    if person == handle.session.person() {
        return i18n.get("ui.you");
    }
    let known = handle.peek(|view| view.name(person).map(ToOwned::to_owned)).flatten();
    known.unwrap_or_else(|| i18n.get("ui.someone"))
}

/// Returns who wrote something and when, in words.
#[must_use]
pub fn author_and_time(i18n: I18n, handle: DocumentHandle, mark: &Mark) -> String {
    format!("{}, {}", person_name(i18n, handle, mark.author), i18n.moment(mark.at_ms))
}

/// Returns the words for where a document stands.
#[must_use]
pub fn state_words(i18n: I18n, state: State) -> String {
    let key = match state {
        State::Draft => "draft",
        State::Received => "received",
        State::Registered => "registered",
        State::Returned => "returned",
        State::UnderAssessment => "under_assessment",
        State::InConsultation => "in_consultation",
        State::CppDecision => "cpp_decision",
        State::Approved => "approved",
        State::Rejected => "rejected",
        State::Deferred => "deferred",
        State::Redirected => "redirected",
        State::Converted => "converted",
        State::Withdrawn => "withdrawn",
    };
    i18n.get(&format!("ui.state.{key}"))
}

fn action_key(action: Action) -> &'static str {
    match action {
        Action::Submit => "submit",
        Action::Register => "register",
        Action::Return => "return",
        Action::Withdraw => "withdraw",
        Action::Adopt => "adopt",
        _ => "other",
    }
}

/// Draws the steps of a document's life, the newest first; nothing while there are none.
#[component]
pub fn History(handle: DocumentHandle) -> impl IntoView {
    let i18n = use_i18n();
    let steps = handle.memo(|view| view.shared.history.clone());
    move || {
        let steps = steps.get().filter(|steps| !steps.is_empty())?;
        let rows = steps.iter().rev().map(|step| history_step(i18n, handle, step)).collect_view();
        Some(view! { <section><h2 class="rule">{i18n.text("ui.history")}</h2><ol class="story">{rows}</ol></section> })
    }
}

fn history_step(i18n: I18n, handle: DocumentHandle, step: &Step) -> impl IntoView + use<> {
    let transition = &step.transition;
    let action = i18n.get(&format!("ui.action.{}", action_key(transition.action)));
    let mut told = format!("{action}, {}", person_name(i18n, handle, transition.by));
    for more in [&transition.receipt, &transition.reference].into_iter().flatten() {
        told = format!("{told}, {more}");
    }
    let reason = transition.reason.clone().map(|reason| view! { <br/><span class="words" dir="auto">{reason}</span> });
    view! { <li><time>{i18n.moment(transition.at_ms)}</time><span>{told}{reason}</span></li> }
}
