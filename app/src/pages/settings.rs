//! Language and colours of this device.

use reactive_graph::owner::expect_context;

use super::titled;
use crate::parts::dom;
use crate::state::later;
use crate::view::{CollectView, View, view};
use crate::words::{self, Spoken};

/// Draws the page.
pub fn settings() -> View {
    titled(&words::t("ui.nav.settings"));
    let spoken = expect_context::<Spoken>();
    let languages = words::LANGS
        .iter()
        .map(|(lang, name)| {
            view! {
                <label lang=*lang><input type="radio" name="lang" checked=words::lang() == *lang
                    on:change=move |_| later(async move { words::speak(spoken, lang).await; }) />{*name}</label>
            }
        })
        .collect_view();
    let chosen = dom::keep_get("relais.theme").unwrap_or_default();
    let themes = ["", "light", "dark"].map(|theme| {
        let key = if theme.is_empty() { "system" } else { theme };
        view! { <label><input type="radio" name="theme" checked=chosen == theme on:change=move |_| paint(theme) />{words::t(&format!("ui.settings.theme.{key}"))}</label> }
    });
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{words::t("ui.nav.settings")}</h1>
            <div class="measure">
                <fieldset class="f"><legend>{words::t("ui.settings.language")}</legend><p class="hint">{words::t("ui.settings.language_hint")}</p><div class="pick">{languages}</div></fieldset>
                <fieldset class="f"><legend>{words::t("ui.settings.theme")}</legend><div class="pick">{themes.collect_view()}</div></fieldset>
            </div>
        </main>
    }
}

fn paint(theme: &str) {
    if theme.is_empty() {
        dom::keep_drop("relais.theme")
    } else {
        dom::keep_set("relais.theme", theme)
    }
    dom::set_root("data-theme", theme);
}
