//! Byte strings: for fields with `with = "minicbor::bytes"`, whose `Vec<u8>` would otherwise be an
//! array of numbers.

use alloc::vec::Vec;

use crate::decode::{self, Decode, Decoder};
use crate::encode::{self, Encode, Encoder, Write};

/// Writes a field as a byte string.
///
/// # Errors
/// The writer failed.
pub fn encode<C, W: Write>(bytes: &[u8], e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
    e.bytes(bytes)?.ok()
}

/// Reads a field that is a byte string.
///
/// # Errors
/// Something else is there, or the input ends within it.
pub fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, decode::Error> {
    d.bytes().map(Vec::from)
}

/// Bytes that are a byte string wherever they stand, e.g. in a tuple.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByteVec(Vec<u8>);

impl From<Vec<u8>> for ByteVec {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<ByteVec> for Vec<u8> {
    fn from(bytes: ByteVec) -> Self {
        bytes.0
    }
}

impl<C> Encode<C> for ByteVec {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), encode::Error<W::Error>> {
        encode(&self.0, e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for ByteVec {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        decode(d, ctx).map(Self)
    }
}
