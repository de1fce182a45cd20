//! What becomes of transactions when the page is left.
//!
//! A browser may keep a page that was left, frozen, to show it again at once (WebKit does, with its
//! transactions open), or freeze one that nobody looks at: whatever waits for a frozen page then waits
//! for ever, the next page first of all. So a page that is left gives up what it has not written yet,
//! and begins nothing until it is shown again. What is being committed needs no page any more.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

use crate::by_name::call;

#[derive(Default)]
struct Page {
    listening: bool,
    left: bool,
    /// Under way, with whether each was given up.
    under_way: Vec<(JsValue, bool)>,
    waiting: Vec<Function>,
}

thread_local! {
    static PAGE: RefCell<Page> = RefCell::default();
}

/// Waits until the page is one that people see, or at least could.
pub async fn is_shown() {
    let left = PAGE.with_borrow_mut(|page| {
        if !page.listening {
            page.listening = true;
            listen("pagehide", false, leave);
            listen("pageshow", false, show);
            listen("freeze", true, leave);
            listen("resume", true, show);
        }
        page.left
    });
    if left {
        let shown = Promise::new(&mut |resolve, _| PAGE.with_borrow_mut(|page| page.waiting.push(resolve)));
        // Never rejected.
        let _ = JsFuture::from(shown).await;
    }
}

/// Notes a transaction that has begun.
pub fn began(transaction: &JsValue) {
    PAGE.with_borrow_mut(|page| page.under_way.push((transaction.clone(), false)));
}

/// Returns whether a transaction was given up because the page was left.
pub fn gave_up(transaction: &JsValue) -> bool {
    PAGE.with_borrow(|page| page.under_way.iter().any(|(other, given_up)| *given_up && other == transaction))
}

/// Forgets a transaction that has ended.
pub fn ended(transaction: &JsValue) {
    PAGE.with_borrow_mut(|page| page.under_way.retain(|(other, _)| other != transaction));
}

fn leave() {
    PAGE.with_borrow_mut(|page| {
        page.left = true;
        for (transaction, given_up) in &mut page.under_way {
            // Refused by one that is being committed.
            *given_up = call(transaction, "abort", &[]).is_ok();
        }
    });
}

fn show() {
    let waiting = PAGE.with_borrow_mut(|page| {
        page.left = false;
        core::mem::take(&mut page.waiting)
    });
    for resolve in waiting {
        // Resolving a promise does not fail.
        let _ = resolve.call0(&JsValue::UNDEFINED);
    }
}

/// `on_its_way`: the event is the document's, and does not rise to the window.
fn listen(event: &str, on_its_way: bool, heard: fn()) {
    let closure = Closure::<dyn Fn()>::new(heard);
    let _ = call(&js_sys::global(), "addEventListener", &[event.into(), closure.into_js_value(), on_its_way.into()]);
}
