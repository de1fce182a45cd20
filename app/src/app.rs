//! The whole program: which page stands at which address, and what surrounds every page.

use any_spawner::Executor;
use reactive_graph::graph::untrack;
use reactive_graph::owner::{Owner, provide_context};

use crate::address::Address;
use crate::pages::{check, device, door, home, new, print, section, settings, tasks};
#[cfg(feature = "office")]
use crate::pages::{inbox, review};
use crate::parts::{dom, frame};
use crate::session::{Session, note};
use crate::state::{Memo, RwSignal, later};
use crate::view::{self, Draw as _, View, view};
use crate::words::{self, Spoken};

/// After so long a page stands, and can be led to a spot in it.
const SPOT_MS: i32 = 120;

/// Starts the program: words first, then the desk, then the pages.
pub fn start() {
    let Some(root) = dom::element("app") else { return };
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| view::show(&root, whole()));
    core::mem::forget(owner);
}

fn whole() -> View {
    let spoken = Spoken(RwSignal::new(String::new()));
    let session = Session::new();
    provide_context(spoken);
    provide_context(session);
    let address = Address::start();
    listen(session);
    later(async move {
        let wished = words::first_choice();
        while !words::speak(spoken, &wished).await {
            if words::LANGS.iter().any(|(lang, _)| *lang != wished) && words::speak(spoken, "fr").await {
                break;
            }
            dom::pause(3_000).await;
        }
        session.start().await;
    });
    let ready = Memo::new(move || !spoken.0.get().is_empty() && session.ready.get());
    let person = Memo::new(move || session.who.with(|who| who.as_ref().map(|who| who.person)));
    // Drawn anew for each address, each language and each person; within a page only what changes changes.
    let page = move || {
        let drawn = ready.get().then(|| (spoken.0.get(), person.get(), address.path.get()));
        drawn.map(|(_, person, path)| untrack(|| page(session, address, person.is_some(), &path)))
    };
    page.draw()
}

/// Which page stands at which address.
fn body(path: &str) -> View {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    match steps.as_slice() {
        [] => home::home(),
        ["sign-in"] => door::door(),
        ["requests", "new"] => new::new(),
        ["requests", id] => tasks::tasks(id),
        ["requests", id, "check"] => check::check(id),
        ["requests", id, "print"] => print::print(id),
        ["requests", id, section] => section::section(id, section),
        ["device"] => device::device(),
        ["settings"] => settings::settings(),
        #[cfg(feature = "office")]
        ["inbox"] => inbox::inbox(),
        #[cfg(feature = "office")]
        ["inbox", id] => review::review(id),
        _ => home::lost(),
    }
}

fn page(session: Session, address: Address, somebody: bool, path: &str) -> View {
    dom::call(&dom::window(), "scrollTo", &[0.into(), 0.into()]);
    let office = session.is_staff() && path.starts_with("/inbox");
    let body = if somebody { body(path) } else { door::door() };
    if let Some(spot) = address.spot() {
        dom::after(SPOT_MS, move || dom::go_to(&spot));
    }
    view! {
        <div class=if office { "office" } else { "" }>
            {frame::header()}
            {frame::notices()}
            {somebody.then(frame::where_line)}
            {body}
        </div>
    }
}

fn listen(session: Session) {
    let window = dom::window();
    let document = dom::get(&window, "document");
    let flush = move || session.flush.update(|flush| *flush += 1);
    dom::listen(&window, "pagehide", flush);
    // A tab closed within the instant between a key and the disk asks first; it hardly ever comes to that.
    dom::listen(&window, "beforeunload", move || {
        if session.has_unwritten() {
            flush();
            dom::call(&dom::get(&dom::window(), "event"), "preventDefault", &[]);
        }
    });
    dom::listen(&document, "visibilitychange", move || {
        if dom::get(&dom::get(&dom::window(), "document"), "hidden").as_bool() == Some(true) {
            flush();
        } else {
            later(session.verify_if_lost());
        }
    });
    dom::listen(&window, "online", move || later(session.verify_if_lost()));
    dom::listen(&window, "relais:wake", move || later(session.verify_if_lost()));
    dom::listen(&window, "relais:update", move || session.update.set(Some("ui.update.text")));
    // Another tab signed out, or somebody else in: this page must not go on with the old desk.
    dom::listen(&window, "storage", move || {
        if session.who.with_untracked(|who| who.as_ref().is_some_and(|who| note::is_other(who.person))) {
            dom::call(&dom::get(&dom::window(), "location"), "reload", &[]);
        }
    });
}
