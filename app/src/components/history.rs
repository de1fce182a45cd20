//! Who did what, and when: the steps of a document's life, and the words for who wrote something.

use leptos::prelude::*;
use shared::document::Step;
use shared::form::Form;
use shared::form::workflow::{Action, Deed, State};
use shared::ids::PersonId;
use shared::merge::Mark;

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

/// Returns the words for where a document stands, or for what waits to happen to it.
#[must_use]
pub fn state_words(i18n: I18n, form: Option<&Form>, state: State, queued: Option<Action>) -> String {
    let known = form.and_then(|form| Some((form, form.workflow.state(state)?)));
    match (queued, known) {
        (Some(action), _) => {
            let sends = form.is_some_and(|form| form.workflow.action_does(action, Deed::Version));
            i18n.get(if sends { "ui.state.queued" } else { "ui.state.queued_other" })
        }
        (None, Some((form, known))) => i18n.of_form(form, &format!("state.{}", known.key)),
        (None, None) => i18n.get("ui.state.unknown"),
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
    let action = handle.peek(|view| {
        let key = view.form.workflow.action_key(transition.action)?;
        Some(i18n.of_form(view.form, &format!("action.{key}.done")))
    });
    let action = action.flatten().unwrap_or_else(|| i18n.get("ui.action.other"));
    let mut told = format!("{action}, {}", person_name(i18n, handle, transition.by));
    for more in [&transition.receipt, &transition.reference].into_iter().flatten() {
        told = format!("{told}, {more}");
    }
    let reason = transition.reason.clone().map(|reason| view! { <br/><span class="words" dir="auto">{reason}</span> });
    view! { <li><time>{i18n.moment(transition.at_ms)}</time><span>{told}{reason}</span></li> }
}
