//! What the programs have in common: start, contexts, the events of the browser, and sign-in before anything else.
//!
//! Does not know which pages a program has.

use gloo_events::{EventListener, EventListenerOptions};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement};

use crate::browser;
use crate::components::app_shell::AppShell;
use crate::components::prose_editor::LeftEditors;
use crate::i18n::I18n;
use crate::pages::FirstPage;
use crate::pages::sign_in::SignIn;
use crate::session::{PendingUpdate, Session};

/// The first page of the program for staff, by which the page that every address opens knows it, and of the others.
pub const STAFF_HOME: &str = "/inbox";
pub const PARTNER_HOME: &str = "/";

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
        if self.for_staff { STAFF_HOME } else { PARTNER_HOME }
    }
}

/// Starts a program; `routes` draws its `Routes`.
pub fn start(program: Program, routes: fn() -> AnyView) {
    console_error_panic_hook::set_once();
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
    let ready = Memo::new(move |_| i18n.is_loaded() && session.ready.get());
    // Drawn anew for each person; within a page only what changes changes.
    let person = Memo::new(move |_| session.account.with(|who| who.as_ref().map(|who| who.person)));
    let whole = move || {
        if !ready.get() {
            return None;
        }
        let signed_in = person.get().is_some();
        // Where nobody knew whose program to start, the other one may have been.
        if signed_in && session.is_staff() != program.for_staff {
            browser::load_page(if session.is_staff() { STAFF_HOME } else { PARTNER_HOME });
            return None;
        }
        Some(untrack(
            || view! { <AppShell>{if signed_in { routes() } else { view! { <SignIn/> }.into_any() }}</AppShell> },
        ))
    };
    view! { <Router>{whole}</Router> }
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
}

/// Listens for as long as the program lives.
fn on(target: &web_sys::EventTarget, event: &'static str, handler: impl FnMut(&Event) + 'static) {
    EventListener::new(target.unchecked_ref(), event, handler).forget();
}
