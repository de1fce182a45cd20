//! One line: words, a number, a day or a month. What cannot be read as a number or a date is kept as
//! it was typed.

use std::cell::Cell;

use reactive_graph::owner::on_cleanup;
use shared::form::{Field, FieldKind, TextShape};
use shared::ids::OpId;
use shared::op::{Body, Set};
use shared::value::{Date, Target, Value};
use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;

use super::dom;
use super::file::{Open, anchor};
use crate::session::Unwritten;
use crate::state::{Memo, StoredValue, effect, later};
use crate::view::{Slot, View, view};

/// A pause in typing after which a line is written down.
const PAUSE_MS: i32 = 250;

struct Line {
    seen: Vec<OpId>,
    /// Held while there are words to write.
    dirty: Option<Unwritten>,
    timer: JsValue,
}

#[derive(Clone, Copy)]
struct Writer {
    open: Open,
    target: Target,
    kind: FieldKind,
    input: Slot,
    line: StoredValue<Line>,
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
    let line = StoredValue::new(Line { seen: Vec::new(), dirty: None, timer: JsValue::UNDEFINED });
    let writer = Writer { open, target, kind: field.kind, input, line };
    let register = open.memo(move |file| {
        let register = file.side(target.field).register(target);
        register.map(|register| (register.heads(), register.first().map(|first| first.value.clone())))
    });
    effect(move || {
        let (known, Some(element)) = (register.get().flatten(), input.get::<HtmlInputElement>()) else { return };
        if line.with_value(|line| line.dirty.is_some()) {
            return;
        }
        let (heads, value) = known.unwrap_or_default();
        line.update_value(|line| line.seen = heads);
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
    on_cleanup(move || writer.save());
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
        self.line.update_value(|line| {
            line.dirty.get_or_insert_with(|| self.open.session.unwritten());
            dom::stop(&line.timer);
            line.timer = dom::after(PAUSE_MS, move || self.save());
        });
    }

    fn save(self) {
        let Some(element) = self.input.peek::<HtmlInputElement>() else { return };
        // A date half typed is not an answer taken back.
        let half = dom::get(&dom::get(&element, "validity"), "badInput").as_bool() == Some(true);
        let seen = self.line.try_update_value(|line| {
            dom::stop(&line.timer);
            let dirty = if half { None } else { line.dirty.take() };
            dirty.map(|dirty| (line.seen.clone(), dirty))
        });
        let Some(Some((over, dirty))) = seen else { return };
        let (target, value) = (self.target, read(self.kind, &element.value()));
        let same = self.open.peek(|file| {
            let register = file.side(target.field).register(target);
            let known =
                register.and_then(|register| register.first()).map_or(Value::Empty, |first| first.value.clone());
            known == value && !register.is_some_and(|register| register.unsettled())
        });
        if same == Some(true) {
            return;
        }
        later(async move {
            let written = self.open.write(target, vec![Body::Set(Set { target, value, over })]).await;
            let _ = self.line.try_update_value(|line| match &written {
                Some(ops) if line.dirty.is_some() => line.seen = ops.iter().map(|op| op.id).collect(),
                Some(_) => {}
                None => {
                    line.dirty.get_or_insert(dirty);
                }
            });
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
