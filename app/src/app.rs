//! The whole program: which page stands at which address, and what surrounds every page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::path;

use crate::pages::{check, device, door, home, inbox, new, print, review, section, settings, tasks};
use crate::parts::{dom, frame};
use crate::session::Session;
use crate::words::{self, Spoken};

/// Starts the program: words first, then the desk, then the pages.
pub fn start() {
    let root = dom::element("app");
    let Some(root) = root.and_then(|root| wasm_bindgen::JsCast::dyn_into(root).ok()) else { return };
    mount_to(root, whole).forget();
}

fn whole() -> AnyView {
    let spoken = Spoken(RwSignal::new(String::new()));
    let session = Session::new();
    provide_context(spoken);
    provide_context(session);
    listen(session);
    spawn_local(async move {
        let wished = words::first_choice();
        while !words::speak(spoken, &wished).await {
            if words::LANGS.iter().any(|(lang, _)| *lang != wished) && words::speak(spoken, "fr").await {
                break;
            }
            pause(3_000).await;
        }
        session.start().await;
    });
    let ready = Memo::new(move |_| !spoken.0.get().is_empty() && session.ready.get());
    view! { {move || ready.get().then(|| view! { <Router>{routes()}</Router> })} }.into_any()
}

async fn pause(ms: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        dom::call(&dom::window(), "setTimeout", &[done.into(), ms.into()]);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

fn routes() -> AnyView {
    view! {
        <Routes fallback=|| page(home::lost)>
            <Route path=path!("/") view=|| page(home::home) />
            <Route path=path!("/sign-in") view=|| page(door::door) />
            <Route path=path!("/requests/new") view=|| page(new::new) />
            <Route path=path!("/requests/:id") view=|| page(tasks::tasks) />
            <Route path=path!("/requests/:id/check") view=|| page(check::check) />
            <Route path=path!("/requests/:id/print") view=|| page(print::print) />
            <Route path=path!("/requests/:id/:section") view=|| page(section::section) />
            <Route path=path!("/device") view=|| page(device::device) />
            <Route path=path!("/settings") view=|| page(settings::settings) />
            <Route path=path!("/inbox") view=|| page(inbox::inbox) />
            <Route path=path!("/inbox/:id") view=|| page(review::review) />
        </Routes>
    }
    .into_any()
}

/// Draws a page anew for each address and each language; within it only what changes changes.
fn page(body: fn() -> AnyView) -> impl IntoView {
    let path = use_location().pathname;
    let spoken = expect_context::<Spoken>();
    let session = Session::here();
    let person = Memo::new(move |_| session.who.with(|who| who.as_ref().map(|who| who.person)));
    move || {
        path.track();
        spoken.0.track();
        let nobody = person.get().is_none();
        untrack(move || {
            dom::call(&dom::window(), "scrollTo", &[0.into(), 0.into()]);
            let staff = session.is_staff();
            let office = staff && path.with(|path| path.starts_with("/inbox"));
            let body = if nobody { door::door() } else { body() };
            view! {
                <div class=if office { "office" } else { "" }>
                    {frame::header()}
                    {frame::notices()}
                    {(!nobody).then(frame::where_line)}
                    {body}
                </div>
            }
            .into_any()
        })
    }
}

/// Goes to an address within the program.
pub fn go(to: &str) {
    use_navigate()(to, leptos_router::NavigateOptions::default());
}

fn listen(session: Session) {
    let window = dom::window();
    let document = dom::get(&window, "document");
    let flush = move || session.flush.update(|flush| *flush += 1);
    dom::listen(&window, "pagehide", flush);
    dom::listen(&document, "visibilitychange", move || {
        if dom::get(&dom::get(&dom::window(), "document"), "hidden").as_bool() == Some(true) {
            flush();
        } else {
            spawn_local(session.verify_if_lost());
        }
    });
    dom::listen(&window, "online", move || spawn_local(session.verify_if_lost()));
    dom::listen(&window, "relais:wake", move || spawn_local(session.verify_if_lost()));
    dom::listen(&window, "relais:update", move || session.update.set(true));
    // Another tab signed out, or somebody else in: this page must not go on with the old desk.
    dom::listen(&window, "storage", move || {
        let now = dom::keep_get("relais.current").and_then(|text| person_of(&text));
        let was = session.who.with_untracked(|who| who.as_ref().map(|who| who.person.0));
        if was.is_some() && now != was {
            dom::call(&dom::get(&dom::window(), "location"), "reload", &[]);
        }
    });
}

fn person_of(text: &str) -> Option<u32> {
    let json = js_sys::JSON::parse(text).ok()?;
    dom::get(&json, "person").as_f64().map(|person| person as u32)
}
