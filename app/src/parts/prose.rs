//! Long text in a plain text area. Every burst of typing is written down at once; another person's
//! words come in without moving the caret; undo takes back one's own words only.

mod undo;

use shared::merge::prose::Prose;
use shared::op::{Body, Delete, Insert, Reconcile};
use shared::value::Target;
use web_sys::{Event, HtmlTextAreaElement};

use self::undo::Steps;
use super::dom;
use super::draft::{chars_before, edit, merge, units_before};
use super::file::{Open, anchor};
use crate::session::Unwritten;
use crate::state::{Memo, RwSignal, StoredValue, effect, later};
use crate::view::{Slot, View, view};
use crate::words;

/// The state between screen and store. `shown` is the text on which both last agreed: that of `base`,
/// except while an input method is at work, when nothing is written.
#[derive(Default)]
struct Pen {
    base: Prose,
    shown: String,
    /// Held while a write is under way.
    busy: Option<Unwritten>,
    composing: bool,
    steps: Steps,
}

#[derive(Clone, Copy)]
struct Writer {
    open: Open,
    target: Target,
    area: Slot,
    pen: StoredValue<Pen>,
    length: RwSignal<usize>,
}

/// Draws the text area; the count of characters is handed out for the line below.
pub fn prose(open: Open, target: Target, described: String, length: RwSignal<usize>, enabled: Memo<bool>) -> View {
    let area = Slot::new();
    let pen = StoredValue::new(Pen::default());
    let writer = Writer { open, target, area, pen, length };
    let stored = open.memo(move |file| file.side(target.field).prose(target).cloned().unwrap_or_default());
    effect(move || {
        let (Some(prose), Some(element)) = (stored.get(), area.get::<HtmlTextAreaElement>()) else { return };
        if writer.pen.with_value(|pen| pen.busy.is_none()) {
            writer.take_in(&element, prose);
            writer.pump();
        }
    });
    let lang = move || open.look(|file| file.language()).flatten();
    view! {
        <textarea held=area id=anchor(target) rows="5" lang=lang aria-describedby=described dir="auto"
            readonly=move || !enabled.get()
            on:input=move |_| writer.pump()
            on:compositionstart=move |_| writer.pen.update_value(|pen| pen.composing = true)
            on:compositionend=move |_| writer.composed()
            on:beforeinput=move |event| writer.before(&event)
            on:keydown=move |event| writer.key(&event)></textarea>
    }
}

impl Writer {
    fn stored(self) -> Prose {
        self.open.peek(|file| file.side(self.target.field).prose(self.target).cloned()).flatten().unwrap_or_default()
    }

    fn element(self) -> Option<HtmlTextAreaElement> {
        self.area.peek()
    }

    /// Writes what is on screen and not yet in the store; one write at a time, what is typed
    /// meanwhile goes with the next.
    fn pump(self) {
        let Some(element) = self.element() else { return };
        self.length.set(element.value().chars().count());
        let idle = self.pen.try_update_value(|pen| {
            let idle = pen.busy.is_none() && !pen.composing && element.value() != pen.shown;
            if idle {
                pen.busy = Some(self.open.session.unwritten());
            }
            idle
        });
        if idle != Some(true) {
            return;
        }
        later(async move {
            while self.write_once(&element).await {}
            if self.pen.try_update_value(|pen| pen.busy = None).is_some() {
                self.take_in(&element, self.stored());
            }
        });
    }

    /// Returns whether there may be more to write.
    async fn write_once(self, element: &HtmlTextAreaElement) -> bool {
        let text = element.value();
        let caret = chars_before(&text, caret(element));
        let drafts = self.pen.try_with_value(|pen| {
            edit(&pen.shown, &text, caret).map(|edit| {
                let after = edit.at.checked_sub(1).and_then(|before| pen.base.char_at(before));
                let taken: String = pen.shown.chars().skip(edit.at).take(edit.removed).collect();
                let mut bodies = Vec::new();
                if edit.removed > 0 {
                    bodies.push(Body::Delete(Delete {
                        target: self.target,
                        spans: pen.base.spans(edit.at, edit.removed),
                    }));
                }
                if !edit.inserted.is_empty() {
                    bodies.push(Body::Insert(Insert { target: self.target, after, text: edit.inserted.clone() }));
                }
                (bodies, after, taken, edit.inserted.chars().count())
            })
        });
        let Some(Some((bodies, after, taken, typed))) = drafts else { return false };
        // On failure the words stay on screen, and the next key tries again.
        let Some(ops) = self.open.write(self.target, bodies).await else { return false };
        let stored = self.stored();
        let noted = self.pen.try_update_value(|pen| {
            pen.steps.note(after, &ops, typed, taken);
            pen.shown = text;
        });
        if noted.is_none() {
            return false;
        }
        self.take_in(element, stored)
    }

    /// Brings what the store holds on screen. Returns whether the screen holds more than the store.
    fn take_in(self, element: &HtmlTextAreaElement, stored: Prose) -> bool {
        let now = element.value();
        let theirs = stored.text();
        let more = self.pen.try_update_value(|pen| {
            if now == theirs {
                pen.shown = theirs;
                pen.base = stored;
                return false;
            }
            if theirs == pen.shown {
                pen.base = stored;
                return true;
            }
            if pen.composing {
                // An input method is at work: others' words wait, and so do ours, for a moment.
                return false;
            }
            let place = caret(element);
            if now == pen.shown && pen.base.text() == now {
                let start = moved(pen, &stored, chars_before(&now, place));
                let end = moved(pen, &stored, chars_before(&now, caret_end(element)));
                show(element, &theirs, start, end);
            } else {
                let (text, caret) = merge(&pen.shown, &theirs, &now, chars_before(&now, place));
                show(element, &text, caret, caret);
            }
            pen.shown = theirs;
            pen.base = stored;
            element.value() != pen.shown
        });
        let _ = self.length.try_set(element.value().chars().count());
        more.unwrap_or(false)
    }

    fn composed(self) {
        self.pen.update_value(|pen| pen.composing = false);
        let Some(element) = self.element() else { return };
        if self.pen.with_value(|pen| pen.busy.is_none()) {
            self.take_in(&element, self.stored());
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
        let Some(element) = self.element() else { return };
        let busy = self.pen.with_value(|pen| pen.busy.is_some() || pen.composing || pen.shown != element.value());
        let bodies = self
            .pen
            .try_update_value(|pen| if busy { None } else { pen.steps.take_back(&pen.base, self.target, again) });
        let Some(Some(bodies)) = bodies else { return };
        self.pen.update_value(|pen| pen.busy = Some(self.open.session.unwritten()));
        later(async move {
            if let Some(ops) = self.open.write(self.target, bodies).await {
                let (before, stored) = (element.value(), self.stored());
                let text = stored.text();
                let place = edit(&before, &text, usize::MAX).map_or(0, |edit| edit.at + edit.inserted.chars().count());
                self.pen.update_value(|pen| {
                    pen.steps.taken_back(&ops, again);
                    show(&element, &text, place, place);
                    pen.shown = text;
                    pen.base = stored;
                });
            }
            let _ = self.pen.try_update_value(|pen| pen.busy = None);
            self.pump();
        });
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
                        on:click=move |_| open.put(target, vec![Body::Reconcile(Reconcile { target })])>{words::t("ui.both.fine")}</button>
                </div>
            }
        })}
    }
}
