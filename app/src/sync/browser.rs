//! Sync running beside the pages of one tab: turns what the browser tells into events of the scheduler,
//! and performs its effects.
//!
//! Decides nothing itself, and knows no pages: they are told through listeners.

use core::cell::{Cell, RefCell};
use core::fmt;
use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use shared::ids::{PersonId, ReplicaId};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, MessageEvent};

use super::scheduler::{RoundOutcome, SchedulerEffect, SchedulerEvent, SyncScheduler, TabMessage, Timer};
use super::{Driver, Status, Transport};
use crate::browser::{is_hidden, random_bytes, window};
use crate::storage::LocalStore;

mod lock;
use lock::{LockChange, TabLock};

/// What pages want to hear.
#[derive(Clone)]
pub struct SyncListeners {
    /// Called with how sync stands, here or in the tab that syncs.
    pub on_status: Rc<dyn Fn(&Status)>,
    /// Called when documents may look different, by sync or by another tab.
    pub on_change: Rc<dyn Fn()>,
}

impl fmt::Debug for SyncListeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SyncListeners")
    }
}

/// Sync of one person in this tab. Clones are the same. Dropping the last one does not stop it;
/// [`Self::stop`] does.
#[derive(Clone)]
pub struct BrowserSync(Rc<Shell>);

struct Shell {
    listeners: SyncListeners,
    scheduler: RefCell<SyncScheduler>,
    /// What happened and was not taken in yet.
    events: RefCell<VecDeque<SchedulerEvent>>,
    stepping: Cell<bool>,
    started: Cell<bool>,
    rounds: Rounds,
    lock: Rc<TabLock>,
    /// The other tabs of the person; none in a browser that has no such channels.
    tabs: Option<BroadcastChannel>,
    timers: RefCell<BTreeMap<Timer, Timeout>>,
    heard: RefCell<Vec<EventListener>>,
}

impl fmt::Debug for BrowserSync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BrowserSync").field(&self.0.scheduler).finish()
    }
}

impl BrowserSync {
    /// Lets the tabs of `person` hear each other; nothing is sent yet.
    #[must_use]
    pub fn new(person: PersonId, listeners: SyncListeners) -> Self {
        // Of the channel to the other tabs, and of the lock that the one which syncs holds.
        let name = format!("relais-{}", person.0);
        let sync = Self(Rc::new(Shell {
            listeners,
            scheduler: RefCell::new(SyncScheduler::new(is_hidden())),
            events: RefCell::default(),
            stepping: Cell::default(),
            started: Cell::default(),
            rounds: Rounds::default(),
            tabs: BroadcastChannel::new(&name).ok(),
            lock: Rc::new(TabLock::new(name)),
            timers: RefCell::default(),
            heard: RefCell::default(),
        }));
        sync.listen();
        sync
    }

    /// Starts syncing; when it has started, says that the person has signed in again.
    pub fn start<S, T>(&self, driver: impl FnOnce() -> Driver<S, T>)
    where
        S: LocalStore + 'static,
        T: Transport + 'static,
    {
        if self.0.started.replace(true) {
            return self.take_in(SchedulerEvent::SignedInAgain);
        }
        let mut driver = driver();
        let sync = self.clone();
        driver.on_change(Rc::new(move |_| sync.take_in(SchedulerEvent::Changed)));
        let sync = self.clone();
        spawn_local(async move { sync.run(driver).await });
        self.take_in(SchedulerEvent::Start);
    }

    /// Says that documents were written to in this tab: other tabs are told, and it is sent soon.
    pub fn edited(&self) {
        self.take_in(SchedulerEvent::Edited);
    }

    /// Asks for a round now, whatever failed before.
    pub fn send_now(&self) {
        self.take_in(SchedulerEvent::SendNow);
    }

    /// Stops for good, as on signing out. A round under way still ends.
    pub fn stop(&self) {
        self.take_in(SchedulerEvent::Stop);
    }

    fn listen(&self) {
        let heard = |name: &'static str, event: fn() -> SchedulerEvent| {
            let sync = self.clone();
            // On its way down, since some are the document's and do not rise.
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&window(), name, options, move |_| sync.take_in(event()))
        };
        let mut listeners = vec![
            heard("online", || SchedulerEvent::SendNow),
            heard("relais:wake", || SchedulerEvent::SendNow),
            heard("visibilitychange", || {
                if is_hidden() { SchedulerEvent::PageHidden } else { SchedulerEvent::PageVisible }
            }),
            heard("freeze", || SchedulerEvent::PageFrozen),
            heard("pagehide", || SchedulerEvent::PageFrozen),
            heard("resume", || SchedulerEvent::PageResumed),
            heard("pageshow", || SchedulerEvent::PageResumed),
        ];
        if let Some(tabs) = &self.0.tabs {
            let sync = self.clone();
            listeners.push(EventListener::new(tabs, "message", move |event| {
                // Tabs only ever send small numbers.
                let code = event.unchecked_ref::<MessageEvent>().data().as_f64().map_or(u8::MAX, |code| code as u8);
                sync.take_in(SchedulerEvent::TabMessage(TabMessage::from_code(code)));
            }));
        }
        self.0.heard.replace(listeners);
    }

    /// Lets the scheduler take something in, and does what it says. What listeners do meanwhile is taken
    /// in afterwards: all effects of one event are done before the next.
    fn take_in(&self, event: SchedulerEvent) {
        self.0.events.borrow_mut().push_back(event);
        if self.0.stepping.replace(true) {
            return;
        }
        loop {
            let Some(event) = self.0.events.borrow_mut().pop_front() else { break };
            let effects = self.0.scheduler.borrow_mut().step(event);
            for effect in effects {
                self.perform(effect);
            }
        }
        self.0.stepping.set(false);
    }

    fn perform(&self, effect: SchedulerEffect) {
        match effect {
            SchedulerEffect::StartRound => self.0.rounds.want(),
            SchedulerEffect::StartTimer { timer, ms } => {
                let sync = self.clone();
                // Asked for more than they can count, timers do not wait at all.
                let timeout = Timeout::new(ms.min(i32::MAX as u64) as u32, move || {
                    sync.0.timers.borrow_mut().remove(&timer);
                    sync.take_in(SchedulerEvent::TimerFired(timer));
                });
                self.0.timers.borrow_mut().insert(timer, timeout);
            }
            SchedulerEffect::StopTimer(timer) => drop(self.0.timers.borrow_mut().remove(&timer)),
            SchedulerEffect::RequestLock { steal } => {
                let sync = self.clone();
                self.0.lock.request(steal, move |change| {
                    sync.take_in(match change {
                        LockChange::Granted => SchedulerEvent::LockGranted,
                        LockChange::Lost => SchedulerEvent::LockLost,
                    });
                });
            }
            SchedulerEffect::ReleaseLock => self.0.lock.release(),
            SchedulerEffect::Post(message) => {
                if let Some(tabs) = &self.0.tabs {
                    // Fails when closed: then there is nobody to tell.
                    let _ = tabs.post_message(&message.code().into());
                }
            }
            SchedulerEffect::Report(status) => (self.0.listeners.on_status)(&status),
            SchedulerEffect::NotifyChanged => (self.0.listeners.on_change)(),
            SchedulerEffect::End => self.end(),
        }
    }

    fn end(&self) {
        if let Some(tabs) = &self.0.tabs {
            tabs.close();
        }
        self.0.heard.take();
        self.0.timers.take();
        self.0.rounds.end();
    }

    async fn run<S: LocalStore, T: Transport>(&self, mut driver: Driver<S, T>) {
        while self.0.rounds.next().await {
            let outcome = match driver.round(ReplicaId(random().max(1))).await {
                Ok(settled) => RoundOutcome::Settled { more: settled.more },
                Err(error) => RoundOutcome::Failed { status: error.status(), retry_after_ms: error.retry_after_ms() },
            };
            self.take_in(SchedulerEvent::RoundEnded { outcome, random: random() });
        }
    }
}

fn random() -> u64 {
    u64::from_le_bytes(random_bytes())
}

/// Hands the wish for a round to the task that owns the driver.
#[derive(Default)]
struct Rounds {
    wanted: Cell<bool>,
    ended: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Rounds {
    fn want(&self) {
        self.wanted.set(true);
        self.wake();
    }

    fn end(&self) {
        self.ended.set(true);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Waits until a round is wanted; false when none ever will be.
    async fn next(&self) -> bool {
        poll_fn(|context| {
            if self.ended.get() {
                return Poll::Ready(false);
            }
            if self.wanted.take() {
                return Poll::Ready(true);
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }
}
