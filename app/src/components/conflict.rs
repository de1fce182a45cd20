//! "Two answers": one slip with both, and who gave them. None is preselected; the person chooses, or writes another.

use leptos::prelude::{Set as _, *};
use shared::form::FieldKind;
use shared::ids::OpId;
use shared::op::{Body, Set};
use shared::value::Value;

use super::answer;
use super::field::FieldControl;
use super::history::author_and_time;
use super::icon::{Leg, Whereabouts};
use crate::i18n::use_i18n;

/// Draws the slip when two answers stand side by side, and nothing otherwise. `rewrite` is raised when the person
/// wants to write another answer.
#[component]
pub fn Conflict(control: FieldControl, rewrite: RwSignal<bool>) -> impl IntoView {
    let FieldControl { handle, field, target, enabled, .. } = control;
    let i18n = use_i18n();
    let register = handle.memo(move |view| {
        let register = view.side(target.field).register(target).filter(|register| register.unsettled())?;
        let answers: Vec<_> = register.answers().into_iter().map(|one| (one.mark, one.value.clone())).collect();
        Some((answers, register.heads()))
    });
    let picked = RwSignal::new(None::<OpId>);
    move || {
        let (answers, heads) = register.get().flatten()?;
        let tall = matches!(field.kind, FieldKind::Text { .. }) || answers.len() > 2;
        let slips = answers.iter().map(|(mark, value)| {
            let (leg, place) = match mark.seq {
                0 => (Leg::Device, "ui.place.device"),
                _ => (Leg::Received, "ui.place.received"),
            };
            let words = if value.is_empty() { i18n.get("ui.two.none") } else { answer::value(i18n, field, value) };
            let op = mark.op;
            view! {
                <label><input type="radio" name=format!("{}-two", control.id()) on:change=move |_| picked.set(Some(op))/>
                    <b>{words}</b><small>{author_and_time(i18n, handle, mark)}" "<Whereabouts leg words=i18n.get(place)/></small></label>
            }
        });
        let slips = slips.collect_view();
        let keep = move |_| {
            let Some(op) = picked.get_untracked() else { return };
            let value = answers.iter().find(|(mark, _)| mark.op == op).map_or(Value::Empty, |(_, value)| value.clone());
            let over = heads.clone();
            handle.edit(target, move |_| Body::Set(Set { target, value, over }));
            rewrite.set(false);
        };
        Some(view! {
            <p class="hint">{i18n.text("ui.two.text")}</p>
            <div class=if tall { "two tall" } else { "two" } id=format!("{}-slip", control.id()) tabindex="-1">{slips}</div>
            <p class="row" hidden=move || !enabled.get()>
                <button type="button" class="btn main" disabled=move || picked.get().is_none() on:click=keep>{i18n.text("ui.two.keep")}</button>
                <button type="button" class="btn plain" on:click=move |_| rewrite.set(true)>{i18n.text("ui.two.rewrite")}</button>
            </p>
        })
    }
}
