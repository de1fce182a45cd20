//! When the browser syncs: after edits, when a link returns, when the page is shown, and now and
//! then. One tab of a person syncs at a time; all of them hear what changed.
//!
//! Knows no pages: they are told through callbacks.

use core::cell::{Cell, RefCell};
use core::fmt;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use shared::ids::{DocumentId, PersonId, ReplicaId};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::{BroadcastChannel, EventTarget, MessageEvent, VisibilityState};

use super::{Backoff, Driver, Status, Transport};
use crate::local::LocalStore;

/// Pause after an edit before it is sent, in milliseconds: a word costs one exchange, not five.
const EDIT_WAIT_MS: i32 = 300;
/// Most times that further edits put the sending off: somebody who never pauses is sent every six seconds.
const EDITS_PUT_OFF_MAX: u32 = 20;

/// Is told which documents changed.
pub type Changed = dyn Fn(&[DocumentId]);

/// What pages want to hear.
#[derive(Clone)]
pub struct Hears {
    /// How sync stands.
    pub status: Rc<dyn Fn(Status)>,
    /// These documents may look different now, by sync or by another tab.
    pub changed: Rc<Changed>,
}

impl fmt::Debug for Hears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hears")
    }
}

/// Sync running beside the pages. Dropping the last clone does not stop it; [`Self::stop`] does.
#[derive(Clone, Debug)]
pub struct Wake(Rc<Shared>);

struct Shared {
    hears: Hears,
    channel: Option<BroadcastChannel>,
    backoff: Cell<Backoff>,
    started: Cell<bool>,
    signed_out: Cell<bool>,
    stopped: Cell<bool>,
    /// Somebody asked for a round while none was being waited for.
    due: Cell<bool>,
    /// Ends the wait under way.
    resolve: RefCell<Option<Function>>,
    edit_timer: Cell<Option<i32>>,
    edits_put_off: Cell<u32>,
    listeners: RefCell<Vec<Listener>>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("stopped", &self.stopped).finish_non_exhaustive()
    }
}

impl Wake {
    /// Lets the tabs of `person` hear each other; nothing is sent yet.
    #[must_use]
    pub fn new(person: PersonId, hears: Hears) -> Self {
        let wake = Self(Rc::new(Shared {
            hears,
            channel: BroadcastChannel::new(&format!("relais-{}", person.0)).ok(),
            backoff: Cell::default(),
            started: Cell::new(false),
            signed_out: Cell::new(false),
            stopped: Cell::new(false),
            due: Cell::new(false),
            resolve: RefCell::default(),
            edit_timer: Cell::default(),
            edits_put_off: Cell::default(),
            listeners: RefCell::default(),
        }));
        wake.listen();
        wake
    }

    /// Starts syncing; when it has started, says that the person has signed in again.
    pub fn start<S, T>(&self, person: PersonId, driver: impl FnOnce() -> Driver<S, T>)
    where
        S: LocalStore + 'static,
        T: Transport + 'static,
    {
        if self.0.started.replace(true) {
            self.0.signed_out.set(false);
            return self.end_wait();
        }
        let (runs, driver) = (self.clone(), driver());
        spawn_local(async move {
            runs.alone(person, driver).await;
        });
    }

    /// Says that documents were written to in this tab: other tabs are told, and they are sent soon.
    pub fn edited(&self, documents: &[DocumentId]) {
        self.post(documents);
        self.send_soon();
    }

    /// Asks for a round now, whatever failed before.
    pub fn now(&self) {
        if !self.0.signed_out.get() {
            self.end_wait();
        }
    }

    /// Stops for good, as on signing out. A round under way still ends.
    pub fn stop(&self) {
        self.0.stopped.set(true);
        self.0.listeners.borrow_mut().clear();
        if let Some(channel) = &self.0.channel {
            channel.close();
        }
        self.end_wait();
    }

    fn end_wait(&self) {
        match self.0.resolve.borrow_mut().take() {
            Some(resolve) => drop(resolve.call0(&JsValue::UNDEFINED)),
            None => self.0.due.set(true),
        }
    }

    /// Waits for a pause in typing. While the link fails, edits do not hurry the next try.
    fn send_soon(&self) {
        if self.0.backoff.get().failing() || self.0.signed_out.get() {
            return;
        }
        let Some(window) = web_sys::window() else { return };
        if let Some(timer) = self.0.edit_timer.get() {
            if self.0.edits_put_off.get() >= EDITS_PUT_OFF_MAX {
                return;
            }
            self.0.edits_put_off.set(self.0.edits_put_off.get() + 1);
            window.clear_timeout_with_handle(timer);
        }
        let wake = self.clone();
        let ring = Closure::once_into_js(move || {
            wake.0.edit_timer.set(None);
            wake.0.edits_put_off.set(0);
            wake.now();
        });
        let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(ring.unchecked_ref(), EDIT_WAIT_MS);
        self.0.edit_timer.set(timer.ok());
    }

    fn listen(&self) {
        let Some(window) = web_sys::window() else { return };
        let mut listeners = Vec::new();
        for event in ["online", "relais:wake"] {
            let wake = self.clone();
            listeners.push(Listener::new(&window, event, move |_| wake.now()));
        }
        if let Some(document) = window.document() {
            let (wake, page) = (self.clone(), document.clone());
            listeners.push(Listener::new(&document, "visibilitychange", move |_| {
                if page.visibility_state() == VisibilityState::Visible {
                    wake.now();
                }
            }));
        }
        if let Some(channel) = &self.0.channel {
            let wake = self.clone();
            listeners.push(Listener::new(channel, "message", move |message| wake.hear(&message)));
        }
        *self.0.listeners.borrow_mut() = listeners;
    }

    /// Tells the other tabs.
    fn post(&self, documents: &[DocumentId]) {
        let ids: Array = documents.iter().map(|document| JsValue::from(document.to_string())).collect();
        if let Some(channel) = &self.0.channel {
            // A closed channel has nobody to tell.
            let _ = channel.post_message(&ids);
        }
    }

    /// Hears from another tab. If this is the tab that syncs, what was written there is sent.
    fn hear(&self, message: &JsValue) {
        let Some(message) = message.dyn_ref::<MessageEvent>() else { return };
        let ids = Array::from(&message.data());
        let documents: Vec<DocumentId> = ids.iter().filter_map(|id| DocumentId::parse(&id.as_string()?)).collect();
        (self.0.hears.changed)(&documents);
        self.send_soon();
    }

    /// Runs once this is the only tab of the person that does. Browsers without locks, and pages
    /// they do not trust with them, run at once: two tabs syncing is wasteful, not wrong.
    async fn alone<S: LocalStore + 'static, T: Transport + 'static>(&self, person: PersonId, driver: Driver<S, T>) {
        let (wake, driver) = (self.clone(), Rc::new(RefCell::new(Some(driver))));
        let runs = Rc::clone(&driver);
        let held = Closure::once_into_js(move |_lock: JsValue| {
            future_to_promise(async move {
                let driver = runs.borrow_mut().take();
                if let Some(driver) = driver {
                    wake.run(driver).await;
                }
                Ok(JsValue::UNDEFINED)
            })
        });
        let asked = ask_for_lock(&format!("relais-sync-{}", person.0), &held);
        if let Ok(asked) = asked {
            let _ = JsFuture::from(asked).await;
        }
        let left = driver.borrow_mut().take();
        if let Some(driver) = left {
            self.run(driver).await;
        }
    }

    async fn run<S: LocalStore, T: Transport>(&self, mut driver: Driver<S, T>) {
        let tells = self.clone();
        driver.tell(Rc::new(move |documents| {
            tells.post(documents);
            (tells.0.hears.changed)(documents);
        }));
        while !self.0.stopped.get() {
            (self.0.hears.status)(Status::Syncing);
            let wait_ms = self.round(&mut driver).await;
            if let Some(wait_ms) = wait_ms
                && !self.0.stopped.get()
            {
                self.wait(wait_ms).await;
            }
        }
    }

    /// Makes one round and returns how long to wait after it; `None` to go on at once.
    async fn round<S: LocalStore, T: Transport>(&self, driver: &mut Driver<S, T>) -> Option<u64> {
        let (mut backoff, random) = (self.0.backoff.get(), random());
        let (status, wait_ms) = match driver.round(ReplicaId(random.max(1))).await {
            Ok(settled) => {
                let wait_ms = backoff.succeeded(random);
                if settled.more {
                    self.0.backoff.set(backoff);
                    return None;
                }
                (Status::Idle, wait_ms)
            }
            Err(error) => {
                let status = error.status();
                self.0.signed_out.set(status == Status::SignedOut);
                (status, backoff.failed(random, error.retry_after_ms()))
            }
        };
        self.0.backoff.set(backoff);
        (self.0.hears.status)(status);
        Some(wait_ms)
    }

    /// Waits until `wait_ms` are over or somebody asks for a round. Signed out, only the latter.
    async fn wait(&self, wait_ms: u64) {
        if self.0.due.take() && !self.0.signed_out.get() {
            return;
        }
        let mut timer = None;
        let wait = Promise::new(&mut |resolve, _| {
            if !self.0.signed_out.get() {
                let wait_ms = i32::try_from(wait_ms).unwrap_or(i32::MAX);
                let window = web_sys::window();
                timer = window.and_then(|window| {
                    window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait_ms).ok()
                });
            }
            *self.0.resolve.borrow_mut() = Some(resolve);
        });
        // The promise is never rejected.
        let _ = JsFuture::from(wait).await;
        self.0.resolve.borrow_mut().take();
        self.0.due.set(false);
        if let (Some(timer), Some(window)) = (timer, web_sys::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }
}

/// Asks for a Web Lock by name: `navigator.locks.request(name, held)`.
fn ask_for_lock(name: &str, held: &JsValue) -> Result<Promise, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::UNDEFINED)?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    request.call2(&locks, &name.into(), held)?.dyn_into()
}

/// Draws a random number from the browser's cryptographic source.
#[must_use]
pub fn random() -> u64 {
    let mut bytes = [0; 8];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let drawn = crypto.is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    debug_assert!(drawn, "every browser that runs this has a cryptographic source");
    u64::from_le_bytes(bytes)
}

/// An event listener that ends with its owner.
struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn Fn(JsValue)>,
}

impl Listener {
    fn new(target: &EventTarget, event: &'static str, heard: impl Fn(JsValue) + 'static) -> Self {
        let closure = Closure::<dyn Fn(JsValue)>::new(heard);
        // Fails only for event names that are not strings.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), event, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.event, self.closure.as_ref().unchecked_ref());
    }
}
