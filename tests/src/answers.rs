//! Fills a request in until nothing blocks it: what each check asks for decides what is answered.
//!
//! Driven by the form, so that a new required field needs no change here.

use shared::form::{Field, FieldKind, ListKey, Need, TextShape};
use shared::forms::request;
use shared::ids::{DocumentId, OpId, Scope};
use shared::lists;
use shared::value::{Date, Target, Value};

use crate::device::Device;

/// Answers every required field of a draft with something the checks accept; what has a day has it
/// in `year`.
pub fn complete(device: &mut Device, document: DocumentId, year: u16) {
    for field in request::FORM.sections.iter().flat_map(|section| section.fields) {
        answer(device, document, field, None, year);
    }
}

fn answer(device: &mut Device, document: DocumentId, field: &'static Field, item: Option<OpId>, year: u16) {
    if field.held_in == shared::form::HeldIn::Note || field.filled_by == shared::form::FilledBy::Staff {
        return;
    }
    let target = Target { field: field.id, item, column: None };
    if !device.sees(Scope::shared(document)).answers().is_empty_at(target) {
        return;
    }
    match field.kind {
        // The request has no table.
        FieldKind::Table { .. } => {}
        FieldKind::Text { shape, .. } => {
            let text = match shape {
                TextShape::Email => "focal.point@example.org",
                TextShape::Phone => "+254 700 000 000",
                TextShape::References => "2016-16",
                TextShape::Plain | TextShape::Latin => "Migration data",
            };
            device.set(document, target, Value::Text(text.to_owned()));
        }
        FieldKind::Prose { .. } if item.is_none() => {
            device.type_at(document, field.id, 0, "Services keep data that others cannot use.")
        }
        FieldKind::Number { min, max } => {
            device.set(document, target, Value::Number(min.midpoint(max).min(40).max(min)));
        }
        FieldKind::Day => {
            device.set(document, target, Value::Date(Date { year, month: 9, day: 1 }));
        }
        FieldKind::Month => {
            device.set(document, target, Value::Date(Date { year, month: 9, day: 0 }));
        }
        FieldKind::Choice { list } => {
            let code = if list == ListKey::Country { "KE" } else { lists::codes(list)[0] };
            device.set(document, target, Value::Code(code.to_owned()));
        }
        FieldKind::Choices { list, .. } if item.is_none() => {
            let wanted = if field.id == request::PARTNER_COUNTRIES { "KE" } else { lists::codes(list)[0] };
            device.choose(document, field.id, wanted, true);
        }
        FieldKind::Flag => {
            if matches!(field.need, Need::Required) || field.key.contains("follow") {
                device.set(document, target, Value::Flag(true));
            }
        }
        FieldKind::List { item: fields, .. } => {
            let added = device.add_item(document, field.id);
            for inner in fields {
                answer(device, document, inner, added, year);
            }
        }
        FieldKind::Prose { .. } | FieldKind::Choices { .. } => {}
    }
}
