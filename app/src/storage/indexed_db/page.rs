//! What becomes of transactions when the page is left. Does not know what they are for.
//!
//! A browser may keep a page that was left, frozen, to show it again at once (WebKit does, with its
//! transactions open), or freeze one that nobody looks at: whatever waits for a frozen page then waits
//! for ever, the next page first of all. So a page that is left gives up what it has not written yet,
//! and begins nothing until it is shown again. What is being committed needs no page any more.

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use web_sys::IdbTransaction;

use crate::browser::window;

/// What one store has under way in this page, and whether people can see it. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Page {
    state: Rc<State>,
    _listeners: Rc<[EventListener]>,
}

#[derive(Debug, Default)]
struct State {
    left: Cell<bool>,
    under_way: RefCell<Vec<Watched>>,
    waiting: RefCell<Vec<Waker>>,
}

#[derive(Debug)]
struct Watched {
    transaction: IdbTransaction,
    given_up: Rc<Cell<bool>>,
}

impl Page {
    /// Watches the page from now on. For a store that is just being opened that is early enough: what it has
    /// to wait for first does not come to a page that was left.
    pub(super) fn new() -> Self {
        let state = Rc::<State>::default();
        let listen = |event: &'static str, heard: fn(&State)| {
            let state = Rc::clone(&state);
            // On its way down: `freeze` and `resume` are the document's, and do not rise to the window.
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&window(), event, options, move |_| heard(&state))
        };
        let listeners = [
            listen("pagehide", State::leave),
            listen("pageshow", State::show),
            listen("freeze", State::leave),
            listen("resume", State::show),
        ];
        Self { state, _listeners: Rc::new(listeners) }
    }

    /// Waits until the page is one that people see, or at least could.
    pub(super) async fn is_shown(&self) {
        poll_fn(|context| {
            if !self.state.left.get() {
                return Poll::Ready(());
            }
            self.state.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Watches over a transaction that has begun, for as long as what is returned is held.
    pub(super) fn watch(&self, transaction: &IdbTransaction) -> Watch {
        let given_up = Rc::default();
        let watched = Watched { transaction: transaction.clone(), given_up: Rc::clone(&given_up) };
        self.state.under_way.borrow_mut().push(watched);
        Watch { state: Rc::clone(&self.state), given_up }
    }
}

impl State {
    fn leave(&self) {
        self.left.set(true);
        for watched in self.under_way.borrow().iter() {
            // Refused by one that is being committed.
            if watched.transaction.abort().is_ok() {
                watched.given_up.set(true);
            }
        }
    }

    fn show(&self) {
        self.left.set(false);
        self.waiting.take().into_iter().for_each(Waker::wake);
    }
}

/// One transaction under way.
#[derive(Debug)]
pub(super) struct Watch {
    state: Rc<State>,
    given_up: Rc<Cell<bool>>,
}

impl Watch {
    /// Returns whether the transaction was given up because the page was left.
    pub(super) fn gave_up(&self) -> bool {
        self.given_up.get()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.state.under_way.borrow_mut().retain(|watched| !Rc::ptr_eq(&watched.given_up, &self.given_up));
    }
}
