//! Words that are begun and not added yet: an answer to a remark, a remark, a reason. They are kept on the device as
//! they are typed, and stand there again after a reload, until they are added.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::Scope;
use shared::op::{Body, REMARK_CHARS_MAX};

use crate::browser;
use crate::documents::handle::DocumentHandle;
use crate::i18n::use_i18n;
use crate::session::Unwritten;

/// What is being written at one place of a document.
#[derive(Clone, Copy, Debug)]
pub struct CommentDraft {
    handle: DocumentHandle,
    state: StoredValue<Rc<RefCell<State>>, LocalStorage>,
    text: RwSignal<String>,
    /// Characters beyond what is received.
    over: RwSignal<usize>,
    /// Whether somebody is writing.
    pub writing: RwSignal<bool>,
}

/// What is on its way to the disk. It outlives the page.
#[derive(Default)]
struct State {
    /// Under which name it is kept.
    name: String,
    text: String,
    /// Held while the words are on their way to the disk.
    busy: Option<Unwritten>,
}

impl CommentDraft {
    /// Returns the draft at a place of the document, with the words that were begun there.
    #[must_use]
    pub fn open(handle: DocumentHandle, place: &str) -> Self {
        let name = format!("{}-{place}", handle.id);
        let state = Rc::new(RefCell::new(State { name: name.clone(), ..State::default() }));
        let draft = Self {
            handle,
            state: StoredValue::new_local(Rc::clone(&state)),
            text: RwSignal::new(String::new()),
            over: RwSignal::new(0),
            writing: RwSignal::new(false),
        };
        spawn_local(async move {
            let Some(repository) = handle.session.repository() else { return };
            let begun = repository.draft(&name).await.unwrap_or_default();
            if !begun.is_empty() && state.borrow().text.is_empty() {
                state.borrow_mut().text.clone_from(&begun);
                draft.measure(&begun);
                let _ = draft.text.try_set(begun);
                let _ = draft.writing.try_set(true);
            }
        });
        draft
    }

    /// Returns the id of the text area.
    #[must_use]
    pub fn id(self) -> String {
        self.state.with_value(|state| state.borrow().name.clone())
    }

    /// Begins to write: the keyboard goes where the words go.
    pub fn begin(self) {
        self.writing.set(true);
        browser::focus_once_drawn(self.id());
    }

    /// Returns the words.
    #[must_use]
    pub fn words(self) -> String {
        self.state.try_with_value(|state| state.borrow().text.trim().to_owned()).unwrap_or_default()
    }

    /// Returns whether nobody would receive them.
    #[must_use]
    pub fn is_too_long(self) -> bool {
        self.over.with_untracked(|over| *over > 0)
    }

    fn measure(self, text: &str) {
        let over = text.trim().chars().count().saturating_sub(REMARK_CHARS_MAX);
        if self.over.try_with_untracked(|told| *told != over) == Some(true) {
            self.over.set(over);
        }
    }

    /// Notes what stands there now; one write at a time.
    fn note(self, text: String) {
        let Some(state) = self.state.try_get_value() else { return };
        self.measure(&text);
        note(self.handle, &state, text);
    }

    /// Adds the words to the document. Until they are written down they stay where they are.
    pub fn add(self, scope: Scope, body: impl FnOnce(String) -> Body + 'static) {
        let words = self.words();
        if words.is_empty() {
            self.writing.set(false);
            return;
        }
        if self.is_too_long() {
            return browser::focus(&self.id());
        }
        // Added twice at once they would be there twice.
        if self.writing.with_untracked(|writing| !writing) {
            return;
        }
        self.writing.set(false);
        let Some(state) = self.state.try_get_value() else { return };
        spawn_local(async move {
            match self.handle.append(scope, vec![body(words)]).await {
                Some(_) => {
                    let _ = self.text.try_set(String::new());
                    note(self.handle, &state, String::new());
                }
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

fn note(handle: DocumentHandle, state: &Rc<RefCell<State>>, text: String) {
    let mut noted = state.borrow_mut();
    noted.text = text;
    if noted.busy.is_none() {
        noted.busy = Some(handle.session.unwritten());
        spawn_local(keep(handle, Rc::clone(state)));
    }
}

/// Keeps what stands there until it is what was kept last.
async fn keep(handle: DocumentHandle, state: Rc<RefCell<State>>) {
    loop {
        let (name, text) = {
            let state = state.borrow();
            (state.name.clone(), state.text.clone())
        };
        handle.session.keep_draft(name, text.clone()).await;
        let mut state = state.borrow_mut();
        if state.text == text {
            state.busy = None;
            return;
        }
    }
}

/// Draws the text area of a draft; below stands by how much the words are too many.
#[component]
pub fn DraftArea(
    draft: CommentDraft,
    /// The id of the text area, where the draft's own will not do.
    #[prop(optional, into)]
    id: Option<String>,
    /// Its name for those who do not see a label beside it.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = id.unwrap_or_else(|| draft.id());
    let told = format!("{id}-e");
    let over = move || Some(draft.over.get()).filter(|over| *over > 0);
    let too_long = move || {
        over().map(|over| {
            let (over, max) = (i18n.number(over as i64), i18n.number(REMARK_CHARS_MAX as i64));
            view! { <p class="st bad gap-s">{i18n.with("problem.too_long", &[("over", &over), ("max", &max)])}</p> }
        })
    };
    view! {
        <textarea id=id rows="3" dir="auto" aria-label=move || label.map(|label| label.get()) aria-describedby=told.clone()
            aria-invalid=move || over().map(|_| "true")
            prop:value=move || draft.text.get() on:input=move |event| draft.note(event_target_value(&event))></textarea>
        <div id=told>{too_long}</div>
    }
}
