//! A lock that one tab of the browser holds at a time (Web Locks). Does not know what it is for.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Navigator;

use crate::browser::window;

// web-sys keeps these for builds with unstable interfaces only, and has no word for a browser without locks.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Navigator)]
    type LockingNavigator;

    #[wasm_bindgen(method, getter)]
    fn locks(this: &LockingNavigator) -> Option<LockManager>;

    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &LockOptions, granted: &Function) -> Result<Promise, JsValue>;

    #[wasm_bindgen(extends = Object)]
    type LockOptions;

    #[wasm_bindgen(method, setter)]
    fn set_steal(this: &LockOptions, steal: bool);
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LockChange {
    /// The lock is this tab's.
    Granted,
    /// Another tab took it.
    Lost,
}

/// The lock of this name, as seen from this tab.
pub(super) struct TabLock {
    name: String,
    /// Number of the request that counts; what becomes of those before is of no interest.
    request: Cell<u64>,
    /// Gives the lock back; there while it is held.
    release: RefCell<Option<Function>>,
}

impl TabLock {
    pub(super) const fn new(name: String) -> Self {
        Self { name, request: Cell::new(0), release: RefCell::new(None) }
    }

    /// Asks for the lock, in the place of any request before; `steal` takes it from whichever tab has it.
    ///
    /// Browsers without locks, and pages they do not trust with them, are granted it at once: two tabs
    /// syncing is wasteful, not wrong.
    pub(super) fn request(self: &Rc<Self>, steal: bool, heard: impl Fn(LockChange) + 'static) {
        self.release();
        let number = self.request.get();
        let heard = Rc::new(heard);
        match self.ask(number, steal, Rc::clone(&heard)) {
            Some(asked) => {
                let lock = Rc::clone(self);
                spawn_local(async move {
                    let ended = JsFuture::from(asked).await;
                    if ended.is_ok() || lock.request.get() != number {
                        return;
                    }
                    let held = lock.release.take().is_some();
                    heard(if held { LockChange::Lost } else { LockChange::Granted });
                });
            }
            None => heard(LockChange::Granted),
        }
    }

    /// Gives the lock back, or asks for it no more; nothing is heard of it any more.
    pub(super) fn release(&self) {
        self.request.set(self.request.get() + 1);
        if let Some(release) = self.release.take() {
            // Resolving a promise does not fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }

    fn ask(self: &Rc<Self>, number: u64, steal: bool, heard: Rc<impl Fn(LockChange) + 'static>) -> Option<Promise> {
        let navigator: LockingNavigator = window().navigator().unchecked_into();
        let options: LockOptions = Object::new().unchecked_into();
        options.set_steal(steal);
        let lock = Rc::clone(self);
        // The browser lets the lock be held until the promise that is returned resolves.
        let granted = Closure::once_into_js(move || {
            if lock.request.get() != number {
                return JsValue::UNDEFINED;
            }
            let held = Promise::new(&mut |release, _| {
                lock.release.replace(Some(release));
            });
            heard(LockChange::Granted);
            held.into()
        });
        navigator.locks()?.request(&self.name, &options, granted.unchecked_ref()).ok()
    }
}
