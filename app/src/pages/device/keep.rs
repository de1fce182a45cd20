//! What the browser promises about storage, and the rescue file.

use crate::parts::dom;
use crate::parts::icon::icon;
use crate::session::Session;
use crate::state::{RwSignal, later};
use crate::view::{View, view};
use crate::words;

/// Draws what the browser promises.
pub fn promise() -> View {
    let kept = RwSignal::new(None::<bool>);
    let room = RwSignal::new(None::<(f64, f64)>);
    let ask = move || {
        later(async move {
            let storage = dom::get(&dom::navigator(), "storage");
            if let Some(answer) = dom::call_later(&storage, "persisted", &[]).await {
                let _ = kept.try_set(answer.as_bool());
            }
            if let Some(estimate) = dom::call_later(&storage, "estimate", &[]).await {
                let usage = dom::get(&estimate, "usage").as_f64().unwrap_or(0.0);
                let quota = dom::get(&estimate, "quota").as_f64().unwrap_or(0.0);
                let _ = room.try_set(Some((usage, quota - usage)));
            }
        });
    };
    ask();
    let promise = move |_| {
        later(async move {
            dom::call_later(&dom::get(&dom::navigator(), "storage"), "persist", &[]).await;
            ask();
        });
    };
    view! {
        <section>
            <h2 class="rule">{words::t("ui.promise.title")}</h2>
            <ul class="checks">
                {move || match kept.get() {
                    Some(true) => view! { <li><span class="ok">{icon("check")}</span><span>{words::t("ui.promise.kept")}</span></li> },
                    Some(false) => view! { <li><span class="wait">{icon("alert")}</span><span>{words::t("ui.promise.not_kept")}" "
                        <button type="button" class="btn plain small" on:click=promise>{words::t("ui.promise.ask")}</button></span></li> },
                    None => view! { <li><span class="quiet">{icon("ring")}</span><span>{words::t("ui.promise.unknown")}</span></li> },
                }}
                {move || room.get().map(|(used, free)| view! { <li><span class="ok">{icon("check")}</span>
                    <span>{words::with("ui.promise.room", &[("used", &words::size(used)), ("free", &words::size(free))])}</span></li> })}
            </ul>
        </section>
    }
}

/// Draws the rescue file's section.
pub fn rescue(session: Session) -> View {
    view! {
        <section id="rescue" tabindex="-1">
            <h2 class="rule">{words::t("ui.rescue.title")}</h2>
            <p class="small">{words::t("ui.rescue.text")}</p>
            {crate::session::rescue_controls(session)}
        </section>
    }
}
