//! What a list of files shows of a document, read without unpacking the rest: ten thousand of them
//! are listed at once. Knows the few fields a list shows, and skips the others unread.

use minicbor::Decode;
use minicbor::decode::{Decoder, Error};

use super::{Document, Step};
use crate::form::FormId;
use crate::forms::request::{AUTHORITIES, AUTHORITY_COUNTRY, LETTER_TO_FOLLOW, THEMES, TITLE};
use crate::ids::AuthorityId;
use crate::merge::choices::Choices;
use crate::merge::list::List;
use crate::merge::register::Register;
use crate::op::{Aside, from_bytes};
use crate::sorted::Map;
use crate::value::{FieldId, Target};
use crate::workflow::State;

/// The fields a list of files shows or sorts by.
const SHOWN: &[FieldId] = &[TITLE, AUTHORITIES, AUTHORITY_COUNTRY, THEMES, LETTER_TO_FOLLOW];

/// The parts of a [`Document`] that are read, under its own numbers.
#[derive(Decode)]
struct Glimpse {
    #[n(1)]
    opened: Option<(FormId, u16, AuthorityId)>,
    #[n(3)]
    registers: Few<Target, Register>,
    #[n(4)]
    choices: Few<Target, Choices>,
    #[n(6)]
    lists: Few<FieldId, List>,
    #[n(8)]
    state: State,
    #[n(9)]
    history: Vec<Step>,
    #[n(13)]
    touched_ms: i64,
}

/// The part of a [`Document`] that says what was put aside.
#[derive(Decode)]
struct AsideAlone {
    #[n(14)]
    aside: Option<Vec<Aside>>,
}

/// A map of which only what is shown is unpacked.
struct Few<K, V>(Map<K, V>);

trait OfField {
    fn field(&self) -> FieldId;
}

impl OfField for Target {
    fn field(&self) -> FieldId {
        self.field
    }
}

impl OfField for FieldId {
    fn field(&self) -> FieldId {
        *self
    }
}

impl<'b, C, K: Decode<'b, C> + Ord + OfField, V: Decode<'b, C>> Decode<'b, C> for Few<K, V> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, Error> {
        let Some(length) = d.map()? else { return Err(Error::message("a map of open length")) };
        let mut few = Map::new();
        for _ in 0..length {
            let key = K::decode(d, ctx)?;
            if SHOWN.contains(&key.field()) {
                few.insert(key, V::decode(d, ctx)?);
            } else {
                d.skip()?;
            }
        }
        Ok(Self(few))
    }
}

impl Document {
    /// Reads a stored document as far as a list of files shows it; everything else is empty.
    ///
    /// # Errors
    /// The bytes are no document's.
    pub fn glimpse(stored: &[u8]) -> Result<Self, Error> {
        let Glimpse { opened, registers, choices, lists, state, history, touched_ms } = from_bytes(stored)?;
        let (registers, choices, lists) = (registers.0, choices.0, lists.0);
        Ok(Self { opened, registers, choices, lists, state, history, touched_ms, ..Self::default() })
    }

    /// Reads how much work was put aside in a stored internal side.
    #[must_use]
    pub fn aside_in(stored: &[u8]) -> usize {
        from_bytes::<AsideAlone>(stored).ok().and_then(|alone| alone.aside).map_or(0, |aside| aside.len())
    }
}
