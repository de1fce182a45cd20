//! Short ways to write a field down, so that a form reads as one line a field.
//!
//! Knows no particular form. Every function here runs while compiling.

use crate::form::{Condition, Field, FieldKind, FilledBy, HeldIn, Holds, ListKey, Need, Sensitivity, TextShape};
use crate::value::FieldId;

impl Field {
    const fn of(id: FieldId, key: &'static str, kind: FieldKind) -> Self {
        Self { id, key, kind, ..Self::BASE }
    }

    /// Asks for one line of any words.
    pub const fn text(id: FieldId, key: &'static str, max_chars: u32) -> Self {
        Self::of(id, key, FieldKind::Text { max_chars, shape: TextShape::Plain })
    }

    /// Asks for one line of a given shape.
    pub const fn shaped(id: FieldId, key: &'static str, max_chars: u32, shape: TextShape) -> Self {
        Self::of(id, key, FieldKind::Text { max_chars, shape })
    }

    /// Asks for long text in the document's language.
    pub const fn prose(id: FieldId, key: &'static str, max_chars: u32) -> Self {
        Self::of(id, key, FieldKind::Prose { max_chars }).in_language()
    }

    /// Asks for a whole number.
    pub const fn number(id: FieldId, key: &'static str, min: i64, max: i64) -> Self {
        Self::of(id, key, FieldKind::Number { min, max })
    }

    /// Asks for a day.
    pub const fn day(id: FieldId, key: &'static str) -> Self {
        Self::of(id, key, FieldKind::Day)
    }

    /// Asks for a month.
    pub const fn month(id: FieldId, key: &'static str) -> Self {
        Self::of(id, key, FieldKind::Month)
    }

    /// Asks for one code of a list.
    pub const fn choice(id: FieldId, key: &'static str, list: ListKey) -> Self {
        Self::of(id, key, FieldKind::Choice { list })
    }

    /// Asks for any number of codes of a list; one at least when it must be answered.
    pub const fn choices(id: FieldId, key: &'static str, list: ListKey) -> Self {
        Self::of(id, key, FieldKind::Choices { list, min: 1 })
    }

    /// Asks for a tick.
    pub const fn flag(id: FieldId, key: &'static str) -> Self {
        Self::of(id, key, FieldKind::Flag)
    }

    /// Asks for items whose order means nothing; one at least when it must be answered.
    pub const fn items(id: FieldId, key: &'static str, item: &'static [Self], max: u16) -> Self {
        Self::of(id, key, FieldKind::List { item, min: 1, max, ordered: false, parent: None })
    }

    /// Asks for items in an order the person chooses.
    pub const fn ordered(id: FieldId, key: &'static str, item: &'static [Self], max: u16) -> Self {
        Self::of(id, key, FieldKind::List { item, min: 1, max, ordered: true, parent: None })
    }

    /// Asks for items in an order the person chooses, each of which may stand below another.
    pub const fn tree(id: FieldId, key: &'static str, item: &'static [Self], max: u16) -> Self {
        Self::of(id, key, FieldKind::List { item, min: 1, max, ordered: true, parent: Some(id) })
    }

    /// Asks for something of each row and column of two lists.
    pub const fn table(id: FieldId, key: &'static str, rows: FieldId, columns: FieldId, cell: &'static [Self]) -> Self {
        Self::of(id, key, FieldKind::Table { rows, columns, cell })
    }

    /// Has items that stand below those of another list.
    pub const fn below(self, list: FieldId) -> Self {
        match self.kind {
            FieldKind::List { item, min, max, ordered, .. } => {
                Self { kind: FieldKind::List { item, min, max, ordered, parent: Some(list) }, ..self }
            }
            _ => self,
        }
    }

    /// Must be answered before submission.
    pub const fn required(self) -> Self {
        Self { need: Need::Required, ..self }
    }

    /// Must be answered when another field holds a given answer.
    pub const fn when(self, field: FieldId, holds: Holds) -> Self {
        Self { need: Need::When(Condition { field, holds }), ..self }
    }

    /// Is written in the document's own language.
    pub const fn in_language(self) -> Self {
        Self { in_document_language: true, ..self }
    }

    /// Is kept with this care.
    pub const fn sensitivity(self, sensitivity: Sensitivity) -> Self {
        Self { sensitivity, ..self }
    }

    /// Is filled in by staff only; `code` stands while they have not answered.
    pub const fn by_staff(self, code: &'static str) -> Self {
        Self { filled_by: FilledBy::Staff, default: Some(code), ..self }
    }

    /// Is held in the writer's confidential note to staff.
    pub const fn in_note(self) -> Self {
        Self { held_in: HeldIn::Note, sensitivity: Sensitivity::High, ..self }
    }
}
