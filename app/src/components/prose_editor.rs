//! Long text in a plain text area. Every burst of typing is written down at once; another person's words come in
//! without moving the caret; undo takes back one's own words only.

mod undo;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use shared::document::Document;
use shared::ids::{CharId, Scope, Side};
use shared::merge::prose::Prose;
use shared::op::{Body, Delete, Insert, Reconcile};
use shared::value::Target;
use web_sys::{Event, HtmlTextAreaElement, InputEvent, KeyboardEvent};

use self::undo::Steps;
use super::field::FieldControl;
use super::history::author_and_time;
use crate::browser;
use crate::documents::handle::DocumentHandle;
use crate::documents::text_diff::{chars_before, edit, merge, units_before};
use crate::i18n::use_i18n;
use crate::session::{RETRY_MS, Unwritten};

/// The state between screen and store. `shown` is the text on which both last agreed: that of `base`, except while an
/// input method is at work, when nothing is written.
#[derive(Default)]
struct State {
    /// The text area, on the page or no more.
    area: Option<HtmlTextAreaElement>,
    base: Prose,
    shown: String,
    /// Held while a write is under way.
    busy: Option<Unwritten>,
    /// Held while an input method is at work.
    composing: Option<Unwritten>,
    steps: Steps,
}

/// What was left of an editor whose page was left while it wrote.
struct Left {
    scope: Scope,
    target: Target,
    state: Rc<RefCell<State>>,
}

/// The editors whose page was left while they wrote: whoever opens the field again goes on with them. In the context
/// of the whole program.
#[derive(Clone, Copy, Debug)]
pub struct LeftEditors(StoredValue<Vec<Left>, LocalStorage>);

impl LeftEditors {
    /// Returns none.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it belongs to the reactive owner it is made in")]
    pub fn new() -> Self {
        Self(StoredValue::new_local(Vec::new()))
    }

    fn push(self, left: Left) {
        self.0.update_value(|all| all.push(left));
    }

    /// Takes out what was left of a field, or returns a fresh state.
    fn state_of(self, scope: Scope, target: Target) -> Rc<RefCell<State>> {
        let found = self.0.try_update_value(|all| {
            let place = all.iter().position(|left| (left.scope, left.target) == (scope, target))?;
            Some(all.swap_remove(place).state)
        });
        found.flatten().unwrap_or_default()
    }

    /// Takes a state out; returns whether it was there.
    fn take(self, state: &Rc<RefCell<State>>) -> bool {
        let taken = self.0.try_update_value(|all| {
            let place = all.iter().position(|left| Rc::ptr_eq(&left.state, state));
            place.map(|place| all.swap_remove(place)).is_some()
        });
        taken == Some(true)
    }
}

#[derive(Clone)]
struct Editor {
    handle: DocumentHandle,
    scope: Scope,
    target: Target,
    state: Rc<RefCell<State>>,
    length: RwSignal<usize>,
    left: LeftEditors,
}

/// Draws the text area; the count of characters is handed out for the line below.
#[component]
pub fn ProseEditor(control: FieldControl) -> impl IntoView {
    let FieldControl { handle, target, enabled, invalid, length, .. } = control;
    let area = NodeRef::<Textarea>::new();
    let scope = handle.scope(target.field);
    let left = expect_context::<LeftEditors>();
    let editor = Editor { handle, scope, target, state: left.state_of(scope, target), length, left };
    let stored = handle.memo(move |view| view.side(target.field).prose(target).cloned().unwrap_or_default());
    Effect::new({
        let editor = editor.clone();
        move |_| {
            let (Some(prose), Some(element)) = (stored.get(), area.get()) else { return };
            editor.take_place(element);
            if editor.state.borrow().busy.is_none() {
                editor.take_in(prose);
                editor.save();
            }
        }
    });
    on_cleanup({
        let editor = SendWrapper::new(editor.clone());
        move || editor.leave()
    });
    let lang = move || handle.look(|view| view.language().map(ToOwned::to_owned)).flatten();
    let on = || editor.clone();
    let (input, start, end, before, key) = (on(), on(), on(), on(), on());
    view! {
        <textarea node_ref=area id=control.id() rows="5" lang=lang aria-describedby=control.described_by() dir="auto"
            aria-invalid=move || invalid.get().then_some("true")
            readonly=move || !enabled.get()
            on:input=move |_| input.save()
            on:change=move |_| editor.save()
            on:compositionstart=move |_| start.compose()
            on:compositionend=move |_| end.composed()
            on:beforeinput=move |event| before.before(&event)
            on:keydown=move |event| key.key(&event)></textarea>
    }
}

impl Editor {
    /// Goes on in a new text area with what stood in the one before.
    fn take_place(&self, element: HtmlTextAreaElement) {
        let mut state = self.state.borrow_mut();
        if let Some(before) = state.area.take().filter(|before| *before != element) {
            element.set_value(&before.value());
            let _ = self.length.try_set(before.value().chars().count());
        }
        state.area = Some(element);
    }

    /// The page is left: what is still to be written is written all the same.
    fn leave(&self) {
        self.state.borrow_mut().composing = None;
        self.begin(&self.text());
        if self.state.borrow().busy.is_some() {
            self.left.push(Left { scope: self.scope, target: self.target, state: Rc::clone(&self.state) });
        } else {
            self.state.take();
        }
    }

    /// Returns the text as the store has it, also when the page is left.
    async fn stored(&self) -> Option<Prose> {
        let known = |document: &Document| document.prose(self.target).cloned().unwrap_or_default();
        if let Some(prose) = self.handle.peek(|view| known(view.side(self.target.field))) {
            return Some(prose);
        }
        let views = self.handle.session.repository()?.views(self.handle.id).await.ok()?;
        Some(known(if self.scope.side == Side::Shared { &views.shared } else { &views.note }))
    }

    fn text(&self) -> String {
        self.state.borrow().area.as_ref().map(HtmlTextAreaElement::value).unwrap_or_default()
    }

    /// Writes what is on screen and not yet in the store; one write at a time, what is typed meanwhile goes with the
    /// next.
    fn save(&self) {
        let text = self.text();
        let _ = self.length.try_set(text.chars().count());
        self.begin(&text);
    }

    fn begin(&self, text: &str) {
        let mut state = self.state.borrow_mut();
        if state.busy.is_none() && state.composing.is_none() && text != state.shown {
            state.busy = Some(self.handle.session.unwritten());
            let editor = self.clone();
            spawn_local(async move { editor.write_all().await });
        }
    }

    async fn write_all(&self) {
        while self.write_once().await {}
        let stored = self.stored().await;
        self.state.borrow_mut().busy = None;
        if let Some(stored) = stored {
            self.take_in(stored);
        }
        self.save();
        if self.state.borrow().busy.is_none() && self.left.take(&self.state) {
            self.state.take();
        }
    }

    /// Returns whether there may be more to write.
    async fn write_once(&self) -> bool {
        let text = self.text();
        let Some(change) = self.change(&text) else { return false };
        let Some(ops) = self.handle.write(self.scope, self.target, change.bodies).await else {
            // It may be there after all: what is written next is worked out from what the store has.
            browser::sleep(RETRY_MS).await;
            return match self.stored().await {
                Some(stored) => self.take_in(stored),
                None => true,
            };
        };
        let Some(stored) = self.stored().await else { return false };
        {
            let mut state = self.state.borrow_mut();
            state.steps.note(change.after, &ops, change.typed, change.taken);
            state.shown = text;
        }
        self.take_in(stored)
    }

    /// Returns what makes the stored text that on screen.
    fn change(&self, text: &str) -> Option<Change> {
        let state = self.state.borrow();
        let place = state.area.as_ref().map_or(0, caret);
        let edit = edit(&state.shown, text, chars_before(text, place))?;
        let after = edit.at.checked_sub(1).and_then(|before| state.base.char_at(before));
        let taken: String = state.shown.chars().skip(edit.at).take(edit.removed).collect();
        let typed = edit.inserted.chars().count();
        let mut bodies = Vec::new();
        if edit.removed > 0 {
            let spans = state.base.spans(edit.at, edit.removed);
            bodies.push(Body::Delete(Delete { target: self.target, spans }));
        }
        if typed > 0 {
            bodies.push(Body::Insert(Insert { target: self.target, after, text: edit.inserted }));
        }
        Some(Change { bodies, after, taken, typed })
    }

    /// Brings what the store holds on screen. Returns whether the screen holds more than the store.
    fn take_in(&self, stored: Prose) -> bool {
        let mut state = self.state.borrow_mut();
        let Some(element) = state.area.clone() else { return false };
        let now = element.value();
        let theirs = stored.text();
        if now != theirs {
            if theirs == state.shown {
                state.base = stored;
                return true;
            }
            if state.composing.is_some() {
                // An input method is at work: others' words wait, and so do ours, for a moment.
                return false;
            }
            let place = caret(&element);
            if now == state.shown && state.base.text() == now {
                let start = moved(&state, &stored, chars_before(&now, place));
                let end = moved(&state, &stored, chars_before(&now, caret_end(&element)));
                show(&element, &theirs, start, end);
            } else {
                let (text, caret) = merge(&state.shown, &theirs, &now, chars_before(&now, place));
                show(&element, &text, caret, caret);
            }
        }
        state.shown = theirs;
        state.base = stored;
        let text = element.value();
        let _ = self.length.try_set(text.chars().count());
        text != state.shown
    }

    fn compose(&self) {
        self.state.borrow_mut().composing = Some(self.handle.session.unwritten());
    }

    fn composed(&self) {
        self.state.borrow_mut().composing = None;
        if self.state.borrow().busy.is_none() {
            let stored = self.handle.peek(|view| view.side(self.target.field).prose(self.target).cloned());
            self.take_in(stored.flatten().unwrap_or_default());
        }
        self.save();
    }

    fn before(&self, event: &InputEvent) {
        match event.input_type().as_str() {
            "historyUndo" => self.take_back(event, false),
            "historyRedo" => self.take_back(event, true),
            _ => {}
        }
    }

    fn key(&self, event: &KeyboardEvent) {
        let command = event.ctrl_key() || event.meta_key();
        match (command, event.key().to_ascii_lowercase().as_str()) {
            (true, "z") => self.take_back(event, event.shift_key()),
            (true, "y") => self.take_back(event, true),
            _ => {}
        }
    }

    fn take_back(&self, event: &Event, again: bool) {
        event.prevent_default();
        let before = self.text();
        let mut held = self.state.borrow_mut();
        let state = &mut *held;
        if state.busy.is_some() || state.composing.is_some() || state.shown != before {
            return;
        }
        let Some(bodies) = state.steps.take_back(&state.base, self.target, again) else { return };
        state.busy = Some(self.handle.session.unwritten());
        let editor = self.clone();
        spawn_local(async move {
            if let Some(ops) = editor.handle.write(editor.scope, editor.target, bodies).await {
                editor.state.borrow_mut().steps.taken_back(&ops, again);
                if let Some(stored) = editor.stored().await {
                    editor.bring_back(&before, stored);
                }
            }
            editor.write_all().await;
        });
    }

    /// Shows what an undo has changed, unless something was typed meanwhile, which goes with it.
    fn bring_back(&self, before: &str, stored: Prose) {
        if self.text() != before {
            self.take_in(stored);
            return;
        }
        let text = stored.text();
        let place = edit(before, &text, usize::MAX).map_or(0, |edit| edit.at + edit.inserted.chars().count());
        let mut state = self.state.borrow_mut();
        if let Some(element) = &state.area {
            show(element, &text, place, place);
        }
        (state.shown, state.base) = (text, stored);
    }
}

/// What makes one text another: the operations, where they begin, what they take away and how many characters they
/// put in.
struct Change {
    bodies: Vec<Body>,
    after: Option<CharId>,
    taken: String,
    typed: usize,
}

/// Where a caret goes when the words around it change: it stays behind its character.
fn moved(state: &State, stored: &Prose, chars: usize) -> usize {
    stored.index_after(chars.checked_sub(1).and_then(|before| state.base.char_at(before)))
}

fn caret(element: &HtmlTextAreaElement) -> usize {
    element.selection_start().ok().flatten().unwrap_or(0) as usize
}

fn caret_end(element: &HtmlTextAreaElement) -> usize {
    element.selection_end().ok().flatten().unwrap_or(0) as usize
}

fn show(element: &HtmlTextAreaElement, text: &str, start: usize, end: usize) {
    element.set_value(text);
    // Fails only for what has no selection.
    let _ = element.set_selection_range(units_before(text, start), units_before(text, end));
}

/// Says when two people wrote in one sentence without having seen each other.
#[component]
pub fn EditedByBoth(handle: DocumentHandle, target: Target) -> impl IntoView {
    let i18n = use_i18n();
    let both = handle
        .memo(move |view| view.side(target.field).prose(target).map(|prose| prose.both.clone()).unwrap_or_default());
    move || {
        let both = both.get()?.last().copied()?;
        let text = i18n.with(
            "ui.both.text",
            &[
                ("first", &author_and_time(i18n, handle, &both.earlier)),
                ("second", &author_and_time(i18n, handle, &both.later)),
            ],
        );
        let settle = move |_| handle.edit(target, move |_| Body::Reconcile(Reconcile { target }));
        Some(view! {
            <div class="both" role="status">
                <p>{text}</p>
                <button type="button" class="btn plain small" on:click=settle>{i18n.text("ui.both.fine")}</button>
            </div>
        })
    }
}
