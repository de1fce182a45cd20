//! "Two answers": one slip with both, and who gave them. None is preselected; the person chooses,
//! or writes another.

use shared::form::{Field, FieldKind};
use shared::ids::OpId;
use shared::op::{Body, Set};
use shared::value::{Target, Value};

use super::answer;
use super::file::{Open, anchor};
use super::icon::at;
use crate::state::{Memo, RwSignal};
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the slip when two answers stand side by side, and nothing otherwise. `rewrite` is raised
/// when the person wants to write another answer.
pub fn two(open: Open, field: &'static Field, target: Target, rewrite: RwSignal<bool>, enabled: Memo<bool>) -> View {
    let register = open.memo(move |file| {
        let register = file.side(target.field).register(target);
        register.filter(|register| register.unsettled()).map(|register| {
            let answers: Vec<_> = register.answers().into_iter().map(|one| (one.mark, one.value.clone())).collect();
            (answers, register.heads())
        })
    });
    let picked = RwSignal::new(None::<OpId>);
    view! {
        {move || register.get().flatten().map(|(answers, heads)| {
            let name = format!("{}-two", anchor(target));
            let tall = matches!(field.kind, FieldKind::Text { .. }) || answers.len() > 2;
            let slips = answers.clone().into_iter().map(|(mark, value)| {
                let leg = if mark.seq == 0 { 1 } else { 2 };
                let place = if leg == 1 { "ui.place.device" } else { "ui.place.received" };
                let words = if value.is_empty() { words::t("ui.two.none") } else { answer::value(field, &value) };
                view! {
                    <label><input type="radio" name=name.clone() on:change=move |_| picked.set(Some(mark.op)) />
                        <b>{words}</b><small>{open.by(&mark)}" "{at(leg, words::t(place))}</small></label>
                }
            });
            let keep = move |_| {
                let Some(op) = picked.get_untracked() else { return };
                let value = answers.iter().find(|(mark, _)| mark.op == op).map_or(Value::Empty, |(_, value)| value.clone());
                let over = heads.clone();
                open.put(target, move |_| Body::Set(Set { target, value, over }));
                rewrite.set(false);
            };
            view! {
                <p class="hint">{words::t("ui.two.text")}</p>
                <div class=if tall { "two tall" } else { "two" } id=format!("{}-slip", anchor(target)) tabindex="-1">{slips.collect_view()}</div>
                <p class="row" hidden=move || !enabled.get()>
                    <button type="button" class="btn main" disabled=move || picked.get().is_none() on:click=keep>{words::t("ui.two.keep")}</button>
                    <button type="button" class="btn plain" on:click=move |_| rewrite.set(true)>{words::t("ui.two.rewrite")}</button>
                </p>
            }
        })}
    }
}
