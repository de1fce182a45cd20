//! One line: words, a number, a day or a month. What cannot be read as a number or a date is kept as it was typed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use shared::form::{FieldKind, TextShape};
use shared::ids::{OpId, Scope};
use shared::op::{Body, Set};
use shared::value::{Date, Target, Value};
use web_sys::HtmlInputElement;

use super::field::FieldControl;
use crate::documents::handle::DocumentHandle;
use crate::session::Unwritten;

/// A pause in typing after which a line is written down, in milliseconds.
const PAUSE_MS: u32 = 250;

/// What is on its way from the line to the store. It outlives the page, as a write may.
#[derive(Default)]
struct Line {
    element: Option<HtmlInputElement>,
    /// What stood there when screen and store last agreed.
    shown: String,
    /// The answers that what is typed replaces: those its writer saw, their own last one among them.
    seen: Vec<OpId>,
    /// Held while there are words to write.
    dirty: Option<Unwritten>,
    /// Whether a write is under way: what is typed meanwhile goes with the next.
    busy: bool,
    timer: Option<Timeout>,
}

#[derive(Clone)]
struct Writer {
    handle: DocumentHandle,
    scope: Scope,
    target: Target,
    kind: FieldKind,
    line: Rc<RefCell<Line>>,
}

/// Draws the line.
#[component]
pub fn TextInput(control: FieldControl) -> impl IntoView {
    let FieldControl { handle, field, target, enabled, invalid, .. } = control;
    let input = NodeRef::<Input>::new();
    let writer = Writer { handle, scope: handle.scope(field.id), target, kind: field.kind, line: Rc::default() };
    let register = handle.memo(move |view| {
        let register = view.side(target.field).register(target);
        register.map(|register| (register.heads(), register.first().map(|first| first.value.clone())))
    });
    Effect::new({
        let writer = writer.clone();
        move |_| {
            let (Some(known), Some(element)) = (register.get(), input.get()) else { return };
            let (heads, value) = known.unwrap_or_default();
            writer.line.borrow_mut().element = Some(element);
            writer.show(heads, value.unwrap_or(Value::Empty));
        }
    });
    let before = Cell::new(handle.session.flush.get_untracked());
    Effect::new({
        let writer = writer.clone();
        move |_| {
            let flush = handle.session.flush.get();
            if before.replace(flush) != flush {
                writer.save();
            }
        }
    });
    on_cleanup({
        let writer = SendWrapper::new(writer.clone());
        move || writer.save()
    });
    let (kind, mode, class) = looks(field.kind);
    let lang = move || {
        let language = || handle.look(|view| view.language().map(ToOwned::to_owned)).flatten();
        field.in_document_language.then(language).flatten()
    };
    let (typed, changed, left) = (writer.clone(), writer.clone(), writer);
    view! {
        <input node_ref=input id=control.id() type=kind inputmode=mode class=class lang=lang
            aria-describedby=control.described_by() autocomplete="off" dir="auto"
            aria-invalid=move || invalid.get().then_some("true")
            readonly=move || !enabled.get()
            on:input=move |_| typed.typed()
            on:change=move |_| changed.note_and_save()
            on:blur=move |_| left.save()/>
    }
}

impl Writer {
    /// Shows what the store holds, unless words are on their way to it.
    fn show(&self, heads: Vec<OpId>, value: Value) {
        let mut line = self.line.borrow_mut();
        if line.dirty.is_some() || line.busy {
            return;
        }
        line.seen = heads;
        let Some(element) = line.element.clone() else { return };
        if matches!(value, Value::Unreadable(_)) && element.type_() != "text" {
            element.set_type("text");
        }
        if read(self.kind, &element.value()) != value {
            element.set_value(&value.to_text());
        }
        line.shown = element.value();
    }

    fn typed(&self) {
        let later = self.clone();
        let mut line = self.line.borrow_mut();
        line.dirty.get_or_insert_with(|| self.handle.session.unwritten());
        line.timer = Some(Timeout::new(PAUSE_MS, move || later.save()));
    }

    /// A browser or a password manager may fill a field without an `input` event. A `change` alone proves nothing: one
    /// comes, too, when a field is hidden because two answers stand there, and nobody has chosen then.
    fn note_and_save(&self) {
        let mut line = self.line.borrow_mut();
        if line.element.as_ref().is_some_and(|element| element.value() != line.shown) {
            line.dirty.get_or_insert_with(|| self.handle.session.unwritten());
        }
        drop(line);
        self.save();
    }

    /// Saves what stands in the line, which may have left the page by then.
    fn save(&self) {
        let mut line = self.line.borrow_mut();
        let Some(element) = line.element.clone() else { return };
        line.timer = None;
        // A date half typed is not an answer taken back.
        if element.validity().bad_input() || line.busy {
            return;
        }
        let Some(dirty) = line.dirty.take() else { return };
        let text = element.value();
        let (target, value, over) = (self.target, read(self.kind, &text), line.seen.clone());
        line.shown = text;
        let same = self.handle.peek(|view| {
            let register = view.side(target.field).register(target);
            let first = register.and_then(|register| register.first());
            let known = first.map_or(Value::Empty, |first| first.value.clone());
            known == value && !register.is_some_and(|register| register.unsettled())
        });
        if same == Some(true) {
            return;
        }
        line.busy = true;
        drop(line);
        let writer = self.clone();
        spawn_local(async move {
            let set = Body::Set(Set { target, value, over });
            let written = writer.handle.write(writer.scope, target, vec![set]).await;
            let more = {
                let mut line = writer.line.borrow_mut();
                line.busy = false;
                match written {
                    Some(ops) => line.seen = ops.iter().map(|op| op.id).collect(),
                    // It stays on screen, and the next key tries again.
                    None => {
                        line.dirty.get_or_insert(dirty);
                        return;
                    }
                }
                line.dirty.is_some()
            };
            if more {
                writer.save();
            }
        });
    }
}

/// Reads what was typed as the kind of field asks.
fn read(kind: FieldKind, typed: &str) -> Value {
    let plain = typed.trim();
    if plain.is_empty() {
        return Value::Empty;
    }
    let unreadable = || Value::Unreadable(typed.to_owned());
    match kind {
        FieldKind::Number { .. } => {
            let digits: String = plain.chars().filter(|one| !one.is_whitespace()).collect();
            digits.parse().map_or_else(|_| unreadable(), Value::Number)
        }
        FieldKind::Day | FieldKind::Month => Date::parse(plain).map_or_else(unreadable, Value::Date),
        _ => Value::Text(typed.to_owned()),
    }
}

/// Returns type, keyboard and width of a kind of field.
fn looks(kind: FieldKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        FieldKind::Number { .. } => ("text", "numeric", "short"),
        FieldKind::Day => ("date", "", "date"),
        FieldKind::Month => ("month", "", "date"),
        FieldKind::Text { shape: TextShape::Email, .. } => ("text", "email", ""),
        FieldKind::Text { shape: TextShape::Phone, .. } => ("tel", "tel", ""),
        _ => ("text", "text", ""),
    }
}
