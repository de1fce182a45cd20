//! Signing in. The first time needs the server; afterwards the documents open without it.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_navigate};

use super::arrive;
use crate::browser;
use crate::components::icon::Icon;
use crate::i18n::{I18n, use_i18n};
use crate::program::Program;
use crate::session::{SignInError, use_session};

/// Draws the form.
#[component]
pub fn SignIn() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let program = expect_context::<Program>();
    let navigate = use_navigate();
    let path = use_location().pathname;
    arrive(i18n.text("ui.door.title"));
    let (login, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let (error, busy) = (RwSignal::new(None::<SignInError>), RwSignal::new(false));
    let value = |input: NodeRef<Input>| input.get_untracked().map(|input| input.value()).unwrap_or_default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let navigate = navigate.clone();
        let here = path.get_untracked();
        spawn_local(async move {
            let answer = session.sign_in(value(login).trim(), &value(password)).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) if session.is_staff() != program.for_staff => {
                    browser::load_page(if session.is_staff() { "/inbox" } else { "/" });
                }
                // Whoever is quick has gone on already, and is not called back.
                Ok(()) if here == "/sign-in" && path.try_get_untracked().as_deref() == Some("/sign-in") => {
                    navigate(program.home(), Default::default());
                }
                Ok(()) => {}
                Err(why) => {
                    let _ = error.try_set(Some(why));
                    browser::focus("login");
                }
            }
        });
    };
    let told = move || {
        error.get().map(|why| view! { <p class="st bad"><Icon name="alert"/><b>{sign_in_error(i18n, why)}</b></p> })
    };
    view! {
        <main id="main" class="wrap door" tabindex="-1">
            <h1>{i18n.text("ui.door.title")}</h1>
            <p>{i18n.text("ui.door.text")}</p>
            <form class="gap" on:submit=submit>
                <div role="alert">{told}</div>
                <div class="f"><label for="login">{i18n.text("ui.door.login")}</label>
                    <input id="login" node_ref=login autocomplete="username" autocapitalize="none" spellcheck="false" required/></div>
                <div class="f"><label for="password">{i18n.text("ui.door.password")}</label>
                    <input id="password" node_ref=password type="password" autocomplete="current-password" required/></div>
                <p><button class="btn main" disabled=move || busy.get()>{i18n.text("ui.door.open")}</button></p>
            </form>
            <p class="small quiet gap">{i18n.text("ui.door.promise")}</p>
        </main>
    }
}

fn sign_in_error(i18n: I18n, error: SignInError) -> String {
    match error {
        SignInError::WrongCredentials => i18n.get("ui.door.refused"),
        SignInError::Refused(message) if i18n.locale() == "fr" => message.fr,
        SignInError::Refused(message) => message.en,
        SignInError::Impostor => i18n.get("ui.link.impostor"),
        SignInError::Offline => i18n.get("ui.door.no_network"),
    }
}
