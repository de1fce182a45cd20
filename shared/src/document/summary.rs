//! What a list of files shows of a document, kept beside it: ten thousand of them are listed at
//! once. Knows the few fields a list shows.

use super::Document;
use crate::forms::request::{AUTHORITIES, AUTHORITY_COUNTRY, LETTER_TO_FOLLOW, THEMES, TITLE};
use crate::value::FieldId;

impl Document {
    /// Returns the document as far as a list of files shows or sorts it; everything else is empty. What is
    /// pending on a device may be applied to it, and shows as it would on the whole.
    #[must_use]
    pub fn into_summary(mut self) -> Self {
        self.registers.retain(|target, _| is_shown(target.field));
        self.choices.retain(|target, _| is_shown(target.field));
        self.lists.retain(|field, _| is_shown(*field));
        // They are counted.
        self.parked.iter_mut().flatten().for_each(|parked| parked.entry.op.payload.clear());
        Self {
            opened: self.opened,
            registers: self.registers,
            choices: self.choices,
            lists: self.lists,
            state: self.state,
            history: self.history,
            touched_ms: self.touched_ms,
            parked: self.parked,
            ..Self::default()
        }
    }
}

const fn is_shown(field: FieldId) -> bool {
    matches!(field, TITLE | AUTHORITIES | AUTHORITY_COUNTRY | THEMES | LETTER_TO_FOLLOW)
}
