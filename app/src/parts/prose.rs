//! Long text in a plain text area. Every burst of typing is written down at once; another person's
//! words come in without moving the caret; undo takes back one's own words only.

mod undo;

use std::cell::RefCell;

use shared::document::Document;
use shared::ids::{CharId, Scope, Side};
use shared::merge::prose::Prose;
use shared::op::{Body, Delete, Insert, Reconcile};
use shared::value::Target;
use web_sys::{Event, HtmlTextAreaElement};

use self::undo::Steps;
use super::dom;
use super::draft::{chars_before, edit, merge, units_before};
use super::file::{Open, anchor};
use crate::session::{RETRY_MS, Unwritten};
use crate::state::{Memo, RwSignal, at_end, effect, later, outliving};
use crate::view::{Slot, View, view};
use crate::words;

/// The state between screen and store. `shown` is the text on which both last agreed: that of `base`,
/// except while an input method is at work, when nothing is written.
#[derive(Default)]
struct Pen {
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

thread_local! {
    /// The pens whose page was left while they wrote: whoever opens the field again goes on with them.
    static LEFT: RefCell<Vec<(Scope, Target, &'static RefCell<Pen>)>> = const { RefCell::new(Vec::new()) };
}

/// Takes a pen off those that were left; returns whether it was one of them.
fn put_away(left: &mut Vec<(Scope, Target, &'static RefCell<Pen>)>, pen: &'static RefCell<Pen>) -> bool {
    let place = left.iter().position(|(_, _, other)| core::ptr::eq(*other, pen));
    place.map(|place| left.swap_remove(place)).is_some()
}

fn pen_of(scope: Scope, target: Target) -> &'static RefCell<Pen> {
    LEFT.with_borrow_mut(|left| {
        let place = left.iter().position(|(other, field, _)| (*other, *field) == (scope, target));
        place.map_or_else(|| outliving(Pen::default()), |place| left.swap_remove(place).2)
    })
}

#[derive(Clone, Copy)]
struct Writer {
    open: Open,
    scope: Scope,
    target: Target,
    /// Outlives the page, as a write may.
    pen: &'static RefCell<Pen>,
    length: RwSignal<usize>,
}

/// Draws the text area; the count of characters is handed out for the line below.
pub fn prose(open: Open, target: Target, described: String, length: RwSignal<usize>, enabled: Memo<bool>) -> View {
    let area = Slot::new();
    let scope = open.scope(target.field);
    let pen = pen_of(scope, target);
    let writer = Writer { open, scope, target, pen, length };
    let stored = open.memo(move |file| file.side(target.field).prose(target).cloned().unwrap_or_default());
    effect(move || {
        let (Some(prose), Some(element)) = (stored.get(), area.get::<HtmlTextAreaElement>()) else { return };
        writer.take_place(element);
        if pen.borrow().busy.is_none() {
            writer.take_in(prose);
            writer.pump();
        }
    });
    at_end(move || writer.leave());
    let lang = move || open.look(|file| file.language()).flatten();
    view! {
        <textarea held=area id=anchor(target) rows="5" lang=lang aria-describedby=described dir="auto"
            readonly=move || !enabled.get()
            on:input=move |_| writer.pump()
            on:compositionstart=move |_| writer.compose()
            on:compositionend=move |_| writer.composed()
            on:beforeinput=move |event| writer.before(&event)
            on:keydown=move |event| writer.key(&event)></textarea>
    }
}

impl Writer {
    /// Goes on in a new text area with what stood in the one before.
    fn take_place(self, element: HtmlTextAreaElement) {
        let mut pen = self.pen.borrow_mut();
        if let Some(before) = pen.area.take().filter(|before| *before != element) {
            element.set_value(&before.value());
            let _ = self.length.try_set(before.value().chars().count());
        }
        pen.area = Some(element);
    }

    /// The page is left: what is still to be written is written all the same.
    fn leave(self) {
        self.pen.borrow_mut().composing = None;
        self.begin(&self.text());
        if self.pen.borrow().busy.is_some() {
            LEFT.with_borrow_mut(|left| left.push((self.scope, self.target, self.pen)));
        } else {
            self.pen.take();
        }
    }

    /// Returns the text as the store has it, also when the page is left.
    async fn stored(self) -> Option<Prose> {
        let known = |document: &Document| document.prose(self.target).cloned().unwrap_or_default();
        match self.open.peek(|file| known(file.side(self.target.field))) {
            Some(prose) => Some(prose),
            None => {
                let views = self.open.session.desk()?.views(self.open.id).await.ok()?;
                Some(known(if self.scope.side == Side::Shared { &views.shared } else { &views.note }))
            }
        }
    }

    fn text(self) -> String {
        self.pen.borrow().area.as_ref().map(HtmlTextAreaElement::value).unwrap_or_default()
    }

    /// Writes what is on screen and not yet in the store; one write at a time, what is typed
    /// meanwhile goes with the next.
    fn pump(self) {
        let text = self.text();
        let _ = self.length.try_set(text.chars().count());
        self.begin(&text);
    }

    fn begin(self, text: &str) {
        let mut pen = self.pen.borrow_mut();
        if pen.busy.is_none() && pen.composing.is_none() && text != pen.shown {
            pen.busy = Some(self.open.session.unwritten());
            later(self.write_all());
        }
    }

    async fn write_all(self) {
        while self.write_once().await {}
        let stored = self.stored().await;
        self.pen.borrow_mut().busy = None;
        if let Some(stored) = stored {
            self.take_in(stored);
        }
        self.pump();
        if self.pen.borrow().busy.is_none() && LEFT.with_borrow_mut(|left| put_away(left, self.pen)) {
            self.pen.take();
        }
    }

    /// Returns whether there may be more to write.
    async fn write_once(self) -> bool {
        let text = self.text();
        let Some((bodies, after, taken, typed)) = self.change(&text) else { return false };
        let Some(ops) = self.open.write(self.scope, self.target, bodies).await else {
            // It may be there after all: what is said next is worked out from what the store has.
            dom::pause(RETRY_MS).await;
            return match self.stored().await {
                Some(stored) => self.take_in(stored),
                None => true,
            };
        };
        let Some(stored) = self.stored().await else { return false };
        {
            let mut pen = self.pen.borrow_mut();
            pen.steps.note(after, &ops, typed, taken);
            pen.shown = text;
        }
        self.take_in(stored)
    }

    /// Returns what makes the stored text that on screen: the operations, where they begin, what they
    /// take away and how much they put in.
    fn change(self, text: &str) -> Option<(Vec<Body>, Option<CharId>, String, usize)> {
        let pen = self.pen.borrow();
        let place = pen.area.as_ref().map_or(0, caret);
        let edit = edit(&pen.shown, text, chars_before(text, place))?;
        let after = edit.at.checked_sub(1).and_then(|before| pen.base.char_at(before));
        let taken: String = pen.shown.chars().skip(edit.at).take(edit.removed).collect();
        let typed = edit.inserted.chars().count();
        let mut bodies = Vec::new();
        if edit.removed > 0 {
            let spans = pen.base.spans(edit.at, edit.removed);
            bodies.push(Body::Delete(Delete { target: self.target, spans }));
        }
        if typed > 0 {
            bodies.push(Body::Insert(Insert { target: self.target, after, text: edit.inserted }));
        }
        Some((bodies, after, taken, typed))
    }

    /// Brings what the store holds on screen. Returns whether the screen holds more than the store.
    fn take_in(self, stored: Prose) -> bool {
        let mut pen = self.pen.borrow_mut();
        let Some(element) = pen.area.clone() else { return false };
        let now = element.value();
        let theirs = stored.text();
        if now != theirs {
            if theirs == pen.shown {
                pen.base = stored;
                return true;
            }
            if pen.composing.is_some() {
                // An input method is at work: others' words wait, and so do ours, for a moment.
                return false;
            }
            let place = caret(&element);
            if now == pen.shown && pen.base.text() == now {
                let start = moved(&pen, &stored, chars_before(&now, place));
                let end = moved(&pen, &stored, chars_before(&now, caret_end(&element)));
                show(&element, &theirs, start, end);
            } else {
                let (text, caret) = merge(&pen.shown, &theirs, &now, chars_before(&now, place));
                show(&element, &text, caret, caret);
            }
        }
        pen.shown = theirs;
        pen.base = stored;
        let text = element.value();
        let _ = self.length.try_set(text.chars().count());
        text != pen.shown
    }

    fn compose(self) {
        self.pen.borrow_mut().composing = Some(self.open.session.unwritten());
    }

    fn composed(self) {
        self.pen.borrow_mut().composing = None;
        if self.pen.borrow().busy.is_none() {
            let stored = self.open.peek(|file| file.side(self.target.field).prose(self.target).cloned());
            self.take_in(stored.flatten().unwrap_or_default());
        }
        self.pump();
    }

    fn before(self, event: &Event) {
        match dom::get(event, "inputType").as_string().as_deref() {
            Some("historyUndo") => self.take_back(event, false),
            Some("historyRedo") => self.take_back(event, true),
            _ => {}
        }
    }

    fn key(self, event: &Event) {
        let pressed = |name: &str| dom::get(event, name).as_bool() == Some(true);
        let command = pressed("ctrlKey") || pressed("metaKey");
        let key = dom::get(event, "key").as_string().unwrap_or_default();
        match (command, key.to_ascii_lowercase().as_str()) {
            (true, "z") => self.take_back(event, pressed("shiftKey")),
            (true, "y") => self.take_back(event, true),
            _ => {}
        }
    }

    fn take_back(self, event: &Event, again: bool) {
        event.prevent_default();
        let before = self.text();
        let mut held = self.pen.borrow_mut();
        let pen = &mut *held;
        if pen.busy.is_some() || pen.composing.is_some() || pen.shown != before {
            return;
        }
        let Some(bodies) = pen.steps.take_back(&pen.base, self.target, again) else { return };
        pen.busy = Some(self.open.session.unwritten());
        later(async move {
            if let Some(ops) = self.open.write(self.scope, self.target, bodies).await {
                self.pen.borrow_mut().steps.taken_back(&ops, again);
                if let Some(stored) = self.stored().await {
                    self.bring_back(&before, stored);
                }
            }
            self.write_all().await;
        });
    }

    /// Shows what an undo has changed, unless something was typed meanwhile, which goes with it.
    fn bring_back(self, before: &str, stored: Prose) {
        if self.text() == before {
            let text = stored.text();
            let place = edit(before, &text, usize::MAX).map_or(0, |edit| edit.at + edit.inserted.chars().count());
            let mut pen = self.pen.borrow_mut();
            if let Some(element) = &pen.area {
                show(element, &text, place, place);
            }
            (pen.shown, pen.base) = (text, stored);
        } else {
            self.take_in(stored);
        }
    }
}

/// Where a caret goes when the words around it change: it stays behind its character.
fn moved(pen: &Pen, stored: &Prose, chars: usize) -> usize {
    stored.index_after(chars.checked_sub(1).and_then(|before| pen.base.char_at(before)))
}

fn caret(element: &HtmlTextAreaElement) -> usize {
    element.selection_start().ok().flatten().unwrap_or(0) as usize
}

fn caret_end(element: &HtmlTextAreaElement) -> usize {
    element.selection_end().ok().flatten().unwrap_or(0) as usize
}

fn show(element: &HtmlTextAreaElement, text: &str, start: usize, end: usize) {
    element.set_value(text);
    let _ = element.set_selection_range(units_before(text, start), units_before(text, end));
}

/// Draws what is said when two people wrote in one sentence without having seen each other.
pub fn edited_by_both(open: Open, target: Target) -> View {
    let both = open
        .memo(move |file| file.side(target.field).prose(target).map(|prose| prose.both.clone()).unwrap_or_default());
    view! {
        {move || both.get().and_then(|both| both.last().copied()).map(|both| {
            let text = words::with("ui.both.text", &[("first", &open.by(&both.earlier)), ("second", &open.by(&both.later))]);
            view! {
                <div class="both" role="status">
                    <p>{text}</p>
                    <button type="button" class="btn plain small"
                        on:click=move |_| open.put(target, move |_| Body::Reconcile(Reconcile { target }))>{words::t("ui.both.fine")}</button>
                </div>
            }
        })}
    }
}
