//! When the browser syncs: after edits, when a link returns, when the page is shown, and now and
//! then. One tab of a person syncs at a time; all of them hear what changed and how sync stands.
//!
//! Knows no pages: they are told through callbacks.

use core::cell::{Cell, RefCell};
use core::fmt;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use shared::ids::{PersonId, ReplicaId};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::browser::{after, is_hidden, random, request_lock, stop};
use super::{Backoff, Driver, Status, Transport};
use crate::by_name::{call, get, new};
use crate::storage::LocalStore;
use crate::storage::indexed_db::page;

/// Pause after an edit before it is sent, in milliseconds: a word costs one exchange, not five.
const EDIT_WAIT_MS: u32 = 300;
/// Most times that further edits put the sending off: somebody who never pauses is sent every six seconds.
const EDITS_PUT_OFF_MAX: u32 = 20;
/// After so long without an answer the tab that syncs is taken for frozen, in milliseconds.
const SILENCE_MS: u32 = 30_000;
/// What the tab that syncs tells the others, by number; of anything else, only that it is there.
const TOLD: [Status; 8] = [
    Status::Syncing,
    Status::Idle,
    Status::Offline,
    Status::Impostor,
    Status::SignedOut,
    Status::Busy,
    Status::TooOld,
    Status::Refused(0),
];

/// What any tab tells the others: that documents changed, or that a round is asked for.
const CHANGED: bool = true;
const WANTED: bool = false;
/// Names of timers.
const EDITED: &str = "edited";
const SILENCE: &str = "silence";

/// What the browser calls; one type for all, since each costs bytes.
type Heard = dyn Fn(JsValue) -> JsValue;

/// What pages want to hear.
#[derive(Clone)]
pub struct Hears {
    /// How sync stands, here or in the tab that syncs.
    pub status: Rc<dyn Fn(&Status)>,
    /// Documents may look different now, by sync or by another tab.
    pub changed: Rc<dyn Fn()>,
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
    /// Of the channel to the other tabs, and of the lock that the one which syncs holds.
    name: String,
    channel: JsValue,
    backoff: Cell<Backoff>,
    started: Cell<bool>,
    signed_out: Cell<bool>,
    stopped: Cell<bool>,
    /// Whether the lock was asked for.
    asked: Cell<bool>,
    /// Gives the lock back; there while this is the tab that syncs.
    release: RefCell<Option<Function>>,
    /// Number of what the other tabs were told last.
    told: Cell<u8>,
    /// Rings when the tab that syncs has not answered for long.
    silence: RefCell<Option<JsValue>>,
    /// Called with every event, and with the name of a timer that rings.
    heard: RefCell<JsValue>,
    /// Somebody asked for a round while none was being waited for.
    due: Cell<bool>,
    /// Ends the wait under way.
    resolve: RefCell<Option<Function>>,
    edit_timer: RefCell<Option<JsValue>>,
    edits_put_off: Cell<u32>,
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
        let name = format!("relais-{}", person.0);
        let wake = Self(Rc::new(Shared {
            hears,
            channel: new("BroadcastChannel", &[(&name).into()]).unwrap_or(JsValue::UNDEFINED),
            name,
            backoff: Cell::default(),
            started: Cell::default(),
            signed_out: Cell::default(),
            stopped: Cell::default(),
            asked: Cell::default(),
            release: RefCell::default(),
            told: Cell::default(),
            silence: RefCell::default(),
            heard: RefCell::default(),
            due: Cell::default(),
            resolve: RefCell::default(),
            edit_timer: RefCell::default(),
            edits_put_off: Cell::default(),
        }));
        wake.listen();
        wake
    }

    /// Starts syncing; when it has started, says that the person has signed in again.
    pub fn start<S, T>(&self, driver: impl FnOnce() -> Driver<S, T>)
    where
        S: LocalStore + 'static,
        T: Transport + 'static,
    {
        if self.0.started.replace(true) {
            if self.0.signed_out.replace(false) {
                self.end_wait();
            }
            return;
        }
        let (wake, driver) = (self.clone(), driver());
        spawn_local(async move { wake.run(driver).await });
    }

    /// Says that documents were written to in this tab: other tabs are told, and it is sent soon.
    pub fn edited(&self) {
        self.post(CHANGED.into());
        self.send_soon();
    }

    /// Asks for a round now, whatever failed before.
    pub fn now(&self) {
        if let Some(timer) = self.0.edit_timer.take() {
            stop(&timer);
            self.0.edits_put_off.set(0);
        }
        if self.0.signed_out.get() {
            return;
        }
        // A tab that let go of the lock asks for it again.
        self.end_wait();
        if !self.syncs() {
            self.post(WANTED.into());
            self.expect_answer();
        }
    }

    /// Stops for good, as on signing out. A round under way still ends.
    pub fn stop(&self) {
        self.0.stopped.set(true);
        let _ = call(&self.0.channel, "close", &[]);
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
        if !self.syncs() {
            return self.expect_answer();
        }
        if self.0.backoff.get().failing() {
            return;
        }
        let mut edit_timer = self.0.edit_timer.borrow_mut();
        if let Some(timer) = edit_timer.as_ref() {
            if self.0.edits_put_off.get() >= EDITS_PUT_OFF_MAX {
                return;
            }
            self.0.edits_put_off.set(self.0.edits_put_off.get() + 1);
            stop(timer);
        }
        *edit_timer = after(EDIT_WAIT_MS, &self.0.heard.borrow(), EDITED);
    }

    fn listen(&self) {
        let wake = self.clone();
        // Stays for as long as the page does.
        let heard = Closure::<Heard>::new(move |event: JsValue| {
            wake.hear(&event);
            JsValue::UNDEFINED
        });
        let heard = heard.into_js_value();
        for event in ["online", "relais:wake", "visibilitychange", "freeze", "pagehide"] {
            // On its way down, since some are the document's and do not rise.
            let _ = call(&js_sys::global(), "addEventListener", &[event.into(), heard.clone(), true.into()]);
        }
        let _ = Reflect::set(&self.0.channel, &"onmessage".into(), &heard);
        self.0.heard.replace(heard);
    }

    /// Hears an event, or the name of a timer that rings.
    fn hear(&self, event: &JsValue) {
        if self.0.stopped.get() {
            return;
        }
        let kind = get(event, "type").unwrap_or_else(|_| event.clone());
        match kind.as_string().as_deref() {
            Some("message") => self.hear_tab(&get(event, "data").unwrap_or_default()),
            Some("freeze" | "pagehide") => self.let_go(),
            Some("visibilitychange") if is_hidden() => {}
            Some(SILENCE) => {
                self.is_answered();
                if !self.syncs() && !is_hidden() {
                    self.ask_for_lock(true);
                }
            }
            _ => self.now(),
        }
    }

    fn post(&self, message: JsValue) {
        // A closed channel has nobody to tell.
        let _ = call(&self.0.channel, "postMessage", &[message]);
    }

    /// Tells the pages of this tab and of the others how sync stands.
    fn say(&self, status: &Status) {
        let same = |told: &Status| core::mem::discriminant(told) == core::mem::discriminant(status);
        self.0.told.set(TOLD.iter().position(same).unwrap_or(0) as u8);
        self.post(self.0.told.get().into());
        (self.0.hears.status)(status);
    }

    /// Hears from another tab. If this is the tab that syncs, it answers how sync stands, and what was
    /// written there is sent.
    fn hear_tab(&self, message: &JsValue) {
        if let Some(status) = message.as_f64().and_then(|number| TOLD.get(number as usize)) {
            self.is_answered();
            // Somebody signed in there. That nobody is, each tab finds out by itself.
            if matches!(status, Status::Idle) && self.0.signed_out.replace(false) {
                self.end_wait();
            }
            return (self.0.hears.status)(status);
        }
        let changed = message.as_bool() != Some(WANTED);
        if changed {
            (self.0.hears.changed)();
        }
        if self.syncs() {
            self.post(self.0.told.get().into());
            if changed { self.send_soon() } else { self.now() }
        }
    }

    /// The tab that syncs answers at once. One that does not for long is frozen; while the person
    /// looks at this tab, the lock is then taken from it: two that push the same push it once.
    fn expect_answer(&self) {
        let mut silence = self.0.silence.borrow_mut();
        if self.0.started.get() && !self.0.signed_out.get() && silence.is_none() {
            *silence = after(SILENCE_MS, &self.0.heard.borrow(), SILENCE);
        }
    }

    fn is_answered(&self) {
        if let Some(timer) = self.0.silence.take() {
            stop(&timer);
        }
    }

    /// Returns whether this is the tab that syncs.
    fn syncs(&self) -> bool {
        self.0.release.borrow().is_some()
    }

    /// Lets another tab sync.
    fn let_go(&self) {
        if let Some(release) = self.0.release.take() {
            // Fails where there are no locks.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }

    /// Asks to be the only tab of the person that syncs; `steal` takes the lock from whichever is.
    /// Browsers without locks, and pages they do not trust with them, go on at once: two tabs syncing
    /// is wasteful, not wrong.
    fn ask_for_lock(&self, steal: bool) {
        let wake = self.clone();
        let heard = Closure::<Heard>::new(move |lock: JsValue| {
            if lock.is_object() && get(&lock, "mode").is_ok_and(|mode| mode.is_string()) {
                return Promise::new(&mut |release, _| wake.hold(Some(release))).into();
            }
            // Let go, or taken by another tab.
            wake.0.asked.set(false);
            wake.0.backoff.take();
            wake.hold(None);
            JsValue::UNDEFINED
        });
        if request_lock(&self.0.name, steal, &heard.into_js_value()).is_err() {
            self.0.asked.set(false);
            self.hold(Some(JsValue::UNDEFINED.unchecked_into()));
        }
    }

    fn hold(&self, release: Option<Function>) {
        self.0.release.replace(release);
        self.end_wait();
    }

    async fn run<S: LocalStore, T: Transport>(&self, mut driver: Driver<S, T>) {
        let tells = self.clone();
        driver.tell(Rc::new(move |_| {
            tells.post(CHANGED.into());
            (tells.0.hears.changed)();
        }));
        while !self.0.stopped.get() {
            let mut wait_ms = None;
            if self.0.signed_out.get() {
                self.let_go();
            } else if self.syncs() {
                self.say(&Status::Syncing);
                wait_ms = self.round(&mut driver).await;
                if wait_ms.is_none() {
                    continue;
                }
            } else if !self.0.asked.replace(true) {
                page::is_shown().await;
                self.ask_for_lock(false);
            }
            if !self.0.stopped.get() {
                self.wait(wait_ms).await;
            }
        }
        self.let_go();
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
        self.say(&status);
        Some(wait_ms)
    }

    /// Waits until `wait_ms`, if any, are over or somebody asks for a round.
    async fn wait(&self, wait_ms: Option<u64>) {
        if self.0.due.take() {
            return;
        }
        let mut timer = None;
        let wait = Promise::new(&mut |resolve, _| {
            // Asked for more than they can count, timers do not wait at all.
            timer = wait_ms.and_then(|ms| after(ms.min(i32::MAX as u64) as u32, &resolve, ""));
            *self.0.resolve.borrow_mut() = Some(resolve);
        });
        // The promise is never rejected.
        let _ = JsFuture::from(wait).await;
        self.0.resolve.borrow_mut().take();
        self.0.due.set(false);
        if let Some(timer) = timer {
            stop(&timer);
        }
    }
}
