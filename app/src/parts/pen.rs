//! Words that are begun and not said yet: an answer to a remark, a remark, a reason. They are kept on
//! the device as they are typed, and stand there again after a reload, until they are said.

use std::cell::RefCell;

use shared::ids::Scope;
use shared::op::{Body, REMARK_CHARS_MAX};

use super::dom;
use super::file::Open;
use crate::session::Unwritten;
use crate::state::{RwSignal, later, outliving};
use crate::view::{View, view};
use crate::words;

/// What is being written at one place.
#[derive(Clone, Copy)]
pub struct Pen {
    open: Open,
    place: &'static RefCell<Place>,
    text: RwSignal<String>,
    /// Characters beyond what is received.
    over: RwSignal<usize>,
    /// Whether somebody is at it.
    pub writing: RwSignal<bool>,
}

struct Place {
    /// Under which name it is kept.
    name: String,
    text: String,
    /// Held while the words are on their way to the disk, or are being said.
    busy: Option<Unwritten>,
}

impl Pen {
    /// Returns the pen at a place of the document, with the words that were begun there.
    pub fn new(open: Open, place: &str) -> Self {
        let name = format!("{}-{place}", open.id);
        let place = outliving(Place { name: name.clone(), text: String::new(), busy: None });
        let (text, over, writing) = (RwSignal::new(String::new()), RwSignal::new(0), RwSignal::new(false));
        let pen = Self { open, place, text, over, writing };
        later(async move {
            let Some(desk) = open.session.desk() else { return };
            let begun = desk.begun(&name).await.unwrap_or_default();
            if !begun.is_empty() && pen.place.borrow().text.is_empty() {
                pen.place.borrow_mut().text.clone_from(&begun);
                pen.measure();
                let _ = pen.text.try_set(begun);
                let _ = pen.writing.try_set(true);
            }
        });
        pen
    }

    /// Begins to write: the keyboard goes where the words go.
    pub fn begin(self) {
        self.writing.set(true);
        dom::after(30, move || dom::focus(&self.place.borrow().name));
    }

    /// Draws the text area; it is found by its place, unless it has another name. Below stands by how much
    /// the words are too many.
    pub fn area(self, id: Option<&'static str>, label: Option<String>) -> View {
        let id = id.map_or_else(|| self.place.borrow().name.clone(), str::to_owned);
        let told = format!("{id}-e");
        let too_long = move || (self.over.get() > 0).then_some("true");
        view! {
            <textarea id=id rows="3" dir="auto" aria-label=label aria-describedby=told.clone() aria-invalid=too_long
                prop:value=move || self.text.get() on:input=move |event| self.note(dom::typed(&event))></textarea>
            <div id=told>{move || Some(self.over.get()).filter(|over| *over > 0).map(|over| {
                let (over, max) = (words::number(over as i64), words::number(REMARK_CHARS_MAX as i64));
                view! { <p class="st bad gap-s">{words::with("problem.too_long", &[("over", &over), ("max", &max)])}</p> }
            })}</div>
        }
    }

    /// Returns the words.
    pub fn words(self) -> String {
        self.place.borrow().text.trim().to_owned()
    }

    /// Returns whether nobody would receive them.
    pub fn is_too_long(self) -> bool {
        self.over.with_untracked(|over| *over > 0)
    }

    fn measure(self) {
        let over = self.words().chars().count().saturating_sub(REMARK_CHARS_MAX);
        // The page may have been left, and the words still have to be put away.
        if self.over.try_with_untracked(|told| *told != over) == Some(true) {
            self.over.set(over);
        }
    }

    /// Notes what stands there now; one write at a time.
    fn note(self, text: String) {
        self.place.borrow_mut().text = text;
        self.measure();
        let mut place = self.place.borrow_mut();
        if place.busy.is_none() {
            place.busy = Some(self.open.session.unwritten());
            later(self.keep());
        }
    }

    async fn keep(self) {
        loop {
            let (name, text) = {
                let place = self.place.borrow();
                (place.name.clone(), place.text.clone())
            };
            self.open.session.begin(name, text.clone()).await;
            let mut place = self.place.borrow_mut();
            if place.text == text {
                place.busy = None;
                return;
            }
        }
    }

    /// Says the words. Until they are written down they stay where they are.
    pub fn say(self, scope: Scope, body: impl FnOnce(String) -> Body + 'static) {
        let words = self.words();
        if words.is_empty() {
            self.writing.set(false);
            return;
        }
        if self.is_too_long() {
            return dom::focus(&self.place.borrow().name);
        }
        // Said twice at once they would be there twice.
        if self.writing.with_untracked(|writing| !writing) {
            return;
        }
        self.writing.set(false);
        later(async move {
            match self.open.say(scope, vec![body(words)]).await {
                Some(_) => self.clear(),
                None => drop(self.writing.try_set(true)),
            }
        });
    }

    /// Puts the words away.
    pub fn clear(self) {
        let _ = self.text.try_set(String::new());
        self.note(String::new());
    }
}
