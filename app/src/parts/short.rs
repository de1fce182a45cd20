//! One line: words, a number, a day or a month. What cannot be read as a number or a date is kept as
//! it was typed.

use std::cell::{Cell, RefCell};

use shared::form::{Field, FieldKind, TextShape};
use shared::ids::{OpId, Scope};
use shared::op::{Body, Set};
use shared::value::{Date, Target, Value};
use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;

use super::dom;
use super::file::{Open, anchor};
use crate::session::Unwritten;
use crate::state::{Memo, at_end, effect, later, outliving};
use crate::view::{Slot, View, view};

/// A pause in typing after which a line is written down.
const PAUSE_MS: i32 = 250;

struct Line {
    /// The answers that what is typed replaces: those its writer saw, their own last one among them.
    seen: Vec<OpId>,
    /// Held while there are words to write.
    dirty: Option<Unwritten>,
    /// Whether a write is under way: what is typed meanwhile goes with the next.
    busy: bool,
    timer: JsValue,
}

#[derive(Clone, Copy)]
struct Writer {
    open: Open,
    scope: Scope,
    target: Target,
    kind: FieldKind,
    input: Slot,
    /// Outlives the page, as a write may.
    line: &'static RefCell<Line>,
}

/// Draws the line.
pub fn short(
    open: Open,
    field: &'static Field,
    target: Target,
    described: String,
    invalid: Memo<bool>,
    enabled: Memo<bool>,
) -> View {
    let input = Slot::new();
    let line = outliving(Line { seen: Vec::new(), dirty: None, busy: false, timer: JsValue::UNDEFINED });
    let writer = Writer { open, scope: open.scope(field.id), target, kind: field.kind, input, line };
    let register = open.memo(move |file| {
        let register = file.side(target.field).register(target);
        register.map(|register| (register.heads(), register.first().map(|first| first.value.clone())))
    });
    effect(move || {
        let (known, Some(element)) = (register.get().flatten(), input.get::<HtmlInputElement>()) else { return };
        let (heads, value) = known.unwrap_or_default();
        match &mut *line.borrow_mut() {
            Line { dirty: None, busy: false, seen, .. } => *seen = heads,
            _ => return,
        }
        let value = value.unwrap_or(Value::Empty);
        if matches!(value, Value::Unreadable(_)) && element.type_() != "text" {
            element.set_type("text");
        }
        if read(writer.kind, &element.value()) != value {
            element.set_value(&value.to_text());
        }
    });
    let before = Cell::new(open.session.flush.get_untracked());
    effect(move || {
        let flush = open.session.flush.get();
        if before.replace(flush) != flush {
            writer.save();
        }
    });
    at_end(move || writer.save());
    let (kind, mode, class) = looks(field.kind);
    let lang = move || if field.in_document_language { open.look(|file| file.language()).flatten() } else { None };
    view! {
        <input held=input id=anchor(target) type=kind inputmode=mode class=class lang=lang aria-describedby=described
            autocomplete="off" dir="auto"
            aria-invalid=move || invalid.get().then_some("true")
            readonly=move || !enabled.get()
            on:input=move |_| writer.typed()
            on:change=move |_| writer.save()
            on:blur=move |_| writer.save() />
    }
}

impl Writer {
    fn typed(self) {
        let mut line = self.line.borrow_mut();
        line.dirty.get_or_insert_with(|| self.open.session.unwritten());
        dom::stop(&line.timer);
        line.timer = dom::after(PAUSE_MS, move || self.save());
    }

    fn save(self) {
        if let Some(element) = self.input.peek::<HtmlInputElement>() {
            self.save_from(element);
        }
    }

    /// Saves what stands in the line, which may have left the page by then.
    fn save_from(self, element: HtmlInputElement) {
        // A date half typed is not an answer taken back.
        let half = dom::get(&dom::get(&element, "validity"), "badInput").as_bool() == Some(true);
        let mut line = self.line.borrow_mut();
        dom::stop(&line.timer);
        if half || line.busy {
            return;
        }
        let Some(dirty) = line.dirty.take() else { return };
        let (target, value, over) = (self.target, read(self.kind, &element.value()), line.seen.clone());
        let same = self.open.peek(|file| {
            let register = file.side(target.field).register(target);
            let known =
                register.and_then(|register| register.first()).map_or(Value::Empty, |first| first.value.clone());
            known == value && !register.is_some_and(|register| register.unsettled())
        });
        if same == Some(true) {
            return;
        }
        line.busy = true;
        later(async move {
            let written = self.open.write(self.scope, target, vec![Body::Set(Set { target, value, over })]).await;
            let mut line = self.line.borrow_mut();
            line.busy = false;
            match written {
                Some(ops) => line.seen = ops.iter().map(|op| op.id).collect(),
                // It stays on screen, and the next key tries again.
                None => {
                    line.dirty.get_or_insert(dirty);
                    return;
                }
            }
            let more = line.dirty.is_some();
            drop(line);
            if more {
                self.save_from(element);
            }
        });
    }
}

/// Reads what was typed as the kind of field asks.
pub fn read(kind: FieldKind, typed: &str) -> Value {
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
