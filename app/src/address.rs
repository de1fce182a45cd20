//! Where the person is in the program: the address bar, links within the program, back and forward.
//!
//! Does not know which page stands at which address.

use std::cell::Cell;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event};

use crate::parts::dom;
use crate::state::{Memo, RwSignal};

/// Where the office begins; boot.js knows it too.
const OFFICE: &str = "/inbox";

thread_local! {
    static HERE: Cell<Option<Address>> = const { Cell::new(None) };
}

/// The address in use; every part can be listened to.
#[derive(Clone, Copy)]
pub struct Address {
    /// The path, e.g. `/requests/new`.
    pub path: Memo<String>,
    whole: RwSignal<Whole>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Whole {
    path: String,
    search: String,
    hash: String,
}

impl Whole {
    fn now() -> Self {
        let location = dom::get(&dom::window(), "location");
        let part = |name| dom::get(&location, name).as_string().unwrap_or_default();
        Self { path: part("pathname"), search: part("search"), hash: part("hash") }
    }
}

impl Address {
    /// Takes over links and the history for as long as the page lives.
    pub fn start() -> Self {
        let whole = RwSignal::new(Whole::now());
        let address = Self { path: Memo::new(move || whole.with(|whole| whole.path.clone())), whole };
        dom::listen(&dom::window(), "popstate", move || whole.set(Whole::now()));
        let clicked = Closure::<dyn Fn(Event)>::new(move |event: Event| address.clicked(&event));
        dom::call(
            &dom::get(&dom::window(), "document"),
            "addEventListener",
            &["click".into(), clicked.as_ref().clone()],
        );
        clicked.forget();
        HERE.set(Some(address));
        address
    }

    /// Returns the address in use.
    pub fn here() -> Self {
        HERE.get().unwrap_or_else(Self::start)
    }

    /// Returns the path, without listening to it.
    pub fn now(self) -> String {
        self.whole.with_untracked(|whole| whole.path.clone())
    }

    /// Returns whether the address carries the word `name` behind its question mark.
    pub fn asks(self, name: &str) -> bool {
        self.whole.with_untracked(|whole| whole.search.trim_start_matches('?').split('&').any(|word| word == name))
    }

    /// Returns the id the address points to within its page.
    pub fn spot(self) -> Option<String> {
        self.whole.with_untracked(|whole| whole.hash.strip_prefix('#').filter(|id| !id.is_empty()).map(str::to_owned))
    }

    /// Goes to an address: within the program, or to the program that holds it.
    pub fn go(self, to: &str) {
        if !is_here(to) {
            dom::call(&dom::get(&dom::window(), "location"), "assign", &[to.into()]);
            return;
        }
        let history = dom::get(&dom::window(), "history");
        dom::call(&history, "pushState", &[JsValue::NULL, "".into(), to.into()]);
        self.whole.set(Whole::now());
    }

    /// A plain click on a link within the program does not leave it; any other click is the browser's.
    fn clicked(self, event: &Event) {
        let pressed = |name: &str| dom::get(event, name).as_bool() == Some(true);
        let plain = dom::get(event, "button").as_f64() == Some(0.0)
            && !["ctrlKey", "metaKey", "shiftKey", "altKey"].into_iter().any(pressed);
        if !plain || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(link) = target.and_then(|target| target.closest("a[href]").ok().flatten()) else { return };
        let href = link.get_attribute("href").unwrap_or_default();
        if href.starts_with('/') && is_here(&href) && !link.has_attribute("download") && !link.has_attribute("target") {
            event.prevent_default();
            self.go(&href);
        }
    }
}

/// Whether this program holds an address: the office's pages are in a program of their own.
fn is_here(address: &str) -> bool {
    cfg!(feature = "office") || !(address == OFFICE || address.starts_with("/inbox/"))
}
