//! What never reaches a partner's device is of a type without values there, and so is all code for it.

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};

/// No value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absent {}

impl Absent {
    /// Returns nothing: there is nothing to ask.
    #[must_use]
    pub const fn of(&self, _: crate::ids::OpId) -> bool {
        match *self {}
    }
}

impl<C> Encode<C> for Absent {
    fn encode<W: Write>(&self, _: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        match *self {}
    }
}

impl<'b, C> Decode<'b, C> for Absent {
    fn decode(_: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Err(DecodeError::message("what only the office reads"))
    }
}
