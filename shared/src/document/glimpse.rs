//! What a list of files shows of a document, kept beside it: ten thousand of them are listed at
//! once. Knows the few fields a list shows.

use super::Document;
use crate::forms::request::{AUTHORITIES, AUTHORITY_COUNTRY, LETTER_TO_FOLLOW, THEMES, TITLE};
use crate::sorted::Map;
use crate::value::FieldId;

/// The fields a list of files shows or sorts by.
const SHOWN: &[FieldId] = &[TITLE, AUTHORITIES, AUTHORITY_COUNTRY, THEMES, LETTER_TO_FOLLOW];

impl Document {
    /// Returns the document as far as a list of files shows it; everything else is empty. What is
    /// pending on a device may be applied to it, and shows as it would on the whole.
    #[must_use]
    pub fn glimpse(&self) -> Self {
        Self {
            opened: self.opened,
            registers: few(&self.registers, |target| target.field),
            choices: few(&self.choices, |target| target.field),
            lists: few(&self.lists, |field| *field),
            state: self.state,
            history: self.history.clone(),
            touched_ms: self.touched_ms,
            aside: self.aside.clone(),
            ..Self::default()
        }
    }
}

fn few<K: Ord + Clone, V: Clone>(all: &Map<K, V>, field: impl Fn(&K) -> FieldId) -> Map<K, V> {
    let shown = all.iter().filter(|(key, _)| SHOWN.contains(&field(key)));
    shown.map(|(key, value)| (key.clone(), value.clone())).collect()
}
