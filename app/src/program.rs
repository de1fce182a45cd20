//! What the programs have in common: start, contexts, the events of the browser, and what is to be said when one stops.
//!
//! Does not know which pages a program has, nor how anybody signs in: the first page does that (`public/start.js`), and
//! a program that finds nobody goes back to it.

use gloo_events::{EventListener, EventListenerOptions};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement};

use crate::browser;
use crate::components::app_shell::{AppShell, SignInAgain};
use crate::components::prose_editor::LeftEditors;
use crate::i18n::I18n;
use crate::pages::FirstPage;
use crate::session::{PendingUpdate, Session};

/// One program of the client, for one audience.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// What stands before the language in the names of its message files.
    pub message_files: &'static [&'static str],
    /// Whether it is the one for those who work for the facility.
    pub for_staff: bool,
}

impl Program {
    /// Returns its first page.
    #[must_use]
    pub const fn home(self) -> &'static str {
        if self.for_staff { "/inbox" } else { "/" }
    }
}

/// Starts a program; `routes` draws its `Routes`.
pub fn start(program: Program, routes: fn() -> AnyView) {
    std::panic::set_hook(Box::new(|panic| {
        // Message and place for the console; the person is told on the page, which outlives the program.
        console_error_panic_hook::hook(panic);
        browser::announce("relais:stopped");
    }));
    let Some(root) = browser::element::<HtmlElement>("app") else { return };
    mount_to(root, move || view! { <Whole program routes/> }).forget();
}

#[component]
fn Whole(program: Program, routes: fn() -> AnyView) -> impl IntoView {
    let i18n = I18n::new(program.message_files);
    let session = Session::new();
    provide_context(program);
    provide_context(i18n);
    provide_context(session);
    provide_context(LeftEditors::new());
    provide_context(FirstPage::new());
    listen(session);
    spawn_local(async move {
        i18n.load().await;
        session.start().await;
    });
    // Drawn anew for each person; within a page only what changes changes.
    let person = Memo::new(move |_| session.account.with(|who| who.as_ref().map(|who| who.person)));
    // With nobody here the first page stands: it says that Relais opens, until somebody is found or asked to sign in.
    // What the store could not do is said even so.
    let drawn = Memo::new(move |_| {
        let told = person.get().is_some() || session.fault.with(Option::is_some);
        i18n.is_loaded() && session.ready.get() && told
    });
    let elsewhere = Memo::new(move |_| session.has_another_program(program.for_staff));
    Effect::new(move |_| {
        if elsewhere.get() {
            browser::reload_page();
        } else if drawn.get() {
            browser::announce("relais:drawn");
        }
    });
    let whole = move || {
        if !drawn.get() || elsewhere.get() {
            return None;
        }
        let signed_in = person.get().is_some();
        Some(untrack(|| view! { <AppShell>{if signed_in { routes() } else { nobody() }}</AppShell> }))
    };
    view! { <Router>{whole}</Router> }
}

/// Draws the way on where the store has a fault and nobody is known.
fn nobody() -> AnyView {
    view! { <main id="main" class="wrap sign-in" tabindex="-1"><SignInAgain/></main> }.into_any()
}

fn listen(session: Session) {
    let window = browser::window();
    let document = browser::document();
    let flush = move || session.flush.update(|flush| *flush += 1);
    on(&window, "pagehide", move |_| flush());
    // A tab closed within the instant between a key and the disk asks first; it hardly ever comes to that.
    let active = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window, "beforeunload", active, move |event| {
        if session.has_unwritten() {
            flush();
            event.prevent_default();
        }
    })
    .forget();
    let verify = move || spawn_local(session.verify_if_lost());
    on(&document, "visibilitychange", move |_| if browser::is_hidden() { flush() } else { verify() });
    on(&window, "online", move |_| verify());
    on(&window, "relais:wake", move |_| verify());
    on(&window, "relais:update", move |_| session.update.set(Some(PendingUpdate::Ready)));
    on(&window, "storage", move |_| session.leave_if_replaced());
    // Gone back to, a page that was left may stand as it was, whoever is here now.
    on(&window, "pageshow", move |_| session.leave_if_replaced());
}

/// Listens for as long as the program lives.
fn on(target: &web_sys::EventTarget, event: &'static str, handler: impl FnMut(&Event) + 'static) {
    EventListener::new(target.unchecked_ref(), event, handler).forget();
}
