//! Language and colours of this device.

use gloo_storage::{LocalStorage, Storage as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::arrive;
use crate::browser;
use crate::i18n::{LOCALES, use_i18n};

/// Where the chosen colours are kept; the first page reads it too.
const THEME: &str = "relais.theme";

/// The colours that can be chosen, with the key of their words; nothing for those of the system.
const THEMES: [(Option<&str>, &str); 3] = [
    (None, "ui.settings.theme.system"),
    (Some("light"), "ui.settings.theme.light"),
    (Some("dark"), "ui.settings.theme.dark"),
];

/// Draws the page.
#[component]
pub fn Settings() -> impl IntoView {
    let i18n = use_i18n();
    arrive(i18n.text("ui.nav.settings"));
    let languages = LOCALES.iter().map(|(locale, name)| {
        let choose = move |_| {
            spawn_local(async move {
                i18n.set_locale(locale).await;
            });
        };
        view! {
            <label lang=*locale><input type="radio" name="lang" prop:checked=move || i18n.locale() == *locale on:change=choose/>{*name}</label>
        }
    });
    let chosen = LocalStorage::raw().get_item(THEME).ok().flatten();
    let themes = THEMES.map(|(theme, key)| {
        let checked = chosen.as_deref() == theme;
        view! { <label><input type="radio" name="theme" checked=checked on:change=move |_| paint(theme)/>{i18n.text(key)}</label> }
    });
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{i18n.text("ui.nav.settings")}</h1>
            <div class="measure">
                <fieldset class="f"><legend>{i18n.text("ui.settings.language")}</legend>
                    <p class="hint">{i18n.text("ui.settings.language_hint")}</p>
                    <div class="pick">{languages.collect_view()}</div></fieldset>
                <fieldset class="f"><legend>{i18n.text("ui.settings.theme")}</legend>
                    <div class="pick">{themes.collect_view()}</div></fieldset>
            </div>
        </main>
    }
}

fn paint(theme: Option<&str>) {
    let storage = LocalStorage::raw();
    // Without room for a preference the colours hold until the page is left.
    let _ = match theme {
        Some(theme) => storage.set_item(THEME, theme),
        None => storage.remove_item(THEME),
    };
    browser::set_root_attribute("data-theme", theme);
}
