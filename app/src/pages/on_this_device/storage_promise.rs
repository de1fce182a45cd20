//! What the browser promises about storage.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

use crate::browser;
use crate::components::icon::Icon;
use crate::i18n::use_i18n;

/// What is known of the storage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Known {
    /// Whether the browser promised not to clear it by itself.
    persisted: Option<bool>,
    /// Bytes used and bytes free.
    room: Option<(f64, f64)>,
}

/// Draws what the browser promises, and asks it for more where it does not.
#[component]
pub fn StoragePromise() -> impl IntoView {
    let i18n = use_i18n();
    let known = RwSignal::new(Known::default());
    let look = move || {
        spawn_local(async move {
            let found = look_up().await;
            let _ = known.try_set(found);
        });
    };
    look();
    let ask = move |_| {
        spawn_local(async move {
            if let Some(storage) = storage_manager()
                && let Ok(asked) = storage.persist()
            {
                // A browser that declines says so in what is looked up next.
                let _ = JsFuture::from(asked).await;
            }
            look();
        });
    };
    let promise = move || {
        match known.get().persisted {
        Some(true) => view! { <li><span class="ok"><Icon name="check"/></span><span>{i18n.text("ui.promise.kept")}</span></li> }.into_any(),
        Some(false) => view! {
            <li><span class="wait"><Icon name="alert"/></span><span>{i18n.text("ui.promise.not_kept")}" "
                <button type="button" class="btn plain small" on:click=ask>{i18n.text("ui.promise.ask")}</button></span></li>
        }
        .into_any(),
        None => view! { <li><span class="quiet"><Icon name="ring"/></span><span>{i18n.text("ui.promise.unknown")}</span></li> }.into_any(),
    }
    };
    let room = move || {
        let (used, free) = known.get().room?;
        let words = i18n.with("ui.promise.room", &[("used", &i18n.size(used)), ("free", &i18n.size(free))]);
        Some(view! { <li><span class="ok"><Icon name="check"/></span><span>{words}</span></li> })
    };
    view! {
        <section>
            <h2 class="rule">{i18n.text("ui.promise.title")}</h2>
            <ul class="checks">{promise}{room}</ul>
        </section>
    }
}

/// Returns the browser's storage manager; there is none in a page the browser does not trust.
fn storage_manager() -> Option<StorageManager> {
    let storage = browser::window().navigator().storage();
    (!storage.is_undefined()).then_some(storage)
}

async fn look_up() -> Known {
    let Some(storage) = storage_manager() else { return Known::default() };
    let mut known = Known::default();
    if let Ok(asked) = storage.persisted() {
        known.persisted = JsFuture::from(asked).await.ok().and_then(|answer| answer.as_bool());
    }
    if let Ok(asked) = storage.estimate()
        && let Ok(estimate) = JsFuture::from(asked).await
    {
        let estimate: StorageEstimate = estimate.unchecked_into();
        let used = estimate.get_usage().unwrap_or(0.0);
        known.room = Some((used, estimate.get_quota().unwrap_or(0.0) - used));
    }
    known
}
