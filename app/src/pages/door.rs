//! Signing in. The first time needs the server; afterwards the desk opens without it.

use web_sys::Event;

use super::titled;
use crate::address::Address;
use crate::parts::dom;
use crate::parts::icon::icon;
use crate::session::Session;
use crate::state::{RwSignal, later};
use crate::view::{View, view};
use crate::words;

/// Draws the door.
pub fn door() -> View {
    let session = Session::here();
    let (wrong, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    titled(&words::t("ui.door.title"));
    let submit = move |event: Event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let door = Address::here().now();
        wrong.set(None);
        later(async move {
            let answer = session.sign_in(dom::value_of("login").trim(), &dom::value_of("password")).await;
            let _ = busy.try_set(false);
            match answer {
                // Whoever is quick has gone on already, and is not called back.
                Ok(()) if Address::here().now() == door => {
                    Address::here().go(if session.is_staff() { "/inbox" } else { "/" });
                }
                Ok(()) => {}
                Err(said) => {
                    let _ = wrong.try_set(Some(said));
                    dom::focus("login");
                }
            }
        });
    };
    view! {
        <main id="main" class="wrap door" tabindex="-1">
            <h1>{words::t("ui.door.title")}</h1>
            <p>{words::t("ui.door.text")}</p>
            <form class="gap" on:submit=submit>
                <div role="alert">{move || wrong.get().map(|said| view! { <p class="st bad">{icon("alert")}<b>{said}</b></p> })}</div>
                <div class="f"><label for="login">{words::t("ui.door.login")}</label>
                    <input id="login" autocomplete="username" autocapitalize="none" spellcheck="false" required /></div>
                <div class="f"><label for="password">{words::t("ui.door.password")}</label>
                    <input id="password" type="password" autocomplete="current-password" required /></div>
                <p><button class="btn main" disabled=move || busy.get()>{words::t("ui.door.open")}</button></p>
            </form>
            <p class="small quiet gap">{words::t("ui.door.promise")}</p>
        </main>
    }
}
