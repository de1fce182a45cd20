//! Reading: bytes of anybody's making in, values or one byte of refusal out.
//!
//! No length is believed before its bytes are there, so nothing is allocated ahead of the input, and
//! nothing recurses but the types themselves.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::data::Type;
use crate::{major, simple};

/// A value that can be read from CBOR.
pub trait Decode<'b, C>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// Something else is there, or the input ends within it.
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, Error>;

    /// Returns what a missing field stands for, if it may be missing.
    fn nil() -> Option<Self> {
        None
    }
}

/// Why bytes are not a value. What exactly stood where is for whoever holds the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The input ends within an item.
    EndOfInput,
    /// Another kind of item is there.
    TypeMismatch,
    /// A number does not fit.
    Overflow,
    /// A text is not UTF-8.
    Utf8,
    /// A variant of an enum this build does not know.
    UnknownVariant,
    /// A field that has to be there is not.
    MissingValue,
    /// The items are there but do not make the value.
    Invalid,
}

/// The constructors that derived decoders and hand-written ones call. Words and places are dropped:
/// keeping them is what made the decoders heavy.
impl Error {
    /// Refuses items that do not make the value.
    #[must_use]
    pub const fn message(_: &'static str) -> Self {
        Self::Invalid
    }

    /// Misses the field of an index.
    #[must_use]
    pub const fn missing_value(_: i64) -> Self {
        Self::MissingValue
    }

    /// Does not know a variant.
    #[must_use]
    pub const fn unknown_variant(_: i64) -> Self {
        Self::UnknownVariant
    }

    /// Returns whether a variant was not known: where a field may be missing it then is.
    #[must_use]
    pub const fn is_unknown_variant(self) -> bool {
        matches!(self, Self::UnknownVariant)
    }

    /// Takes words along, which are dropped.
    #[must_use]
    pub const fn with_message(self, _: &'static str) -> Self {
        self
    }

    /// Takes a place along, which is dropped.
    #[must_use]
    pub const fn at(self, _: usize) -> Self {
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EndOfInput => "the bytes end too early",
            Self::TypeMismatch => "another kind of item is expected",
            Self::Overflow => "a number does not fit",
            Self::Utf8 => "a text is not UTF-8",
            Self::UnknownVariant => "a variant is not known",
            Self::MissingValue => "a field is missing",
            Self::Invalid => "the items do not make the value",
        })
    }
}

impl core::error::Error for Error {}

/// Reads items one after the other.
#[derive(Clone, Debug)]
pub struct Decoder<'b> {
    rest: &'b [u8],
    length: usize,
}

impl<'b> Decoder<'b> {
    /// Starts reading at the first of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes, length: bytes.len() }
    }

    /// Returns how many bytes were read.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.length - self.rest.len()
    }

    /// Returns whether all bytes were read.
    #[must_use]
    pub const fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns what stands next, without reading it.
    ///
    /// # Errors
    /// The input is over. The errors of the methods below: something else stands there, or the
    /// input ends within it.
    pub fn datatype(&self) -> Result<Type, Error> {
        match self.rest.first() {
            Some(&simple::BREAK) => Ok(Type::Break),
            Some(_) => Ok(Type::Item),
            None => Err(Error::EndOfInput),
        }
    }

    /// Reads a whole number from 0.
    pub fn u64(&mut self) -> Result<u64, Error> {
        self.head(major::UNSIGNED)
    }

    /// Reads a whole number.
    pub fn i64(&mut self) -> Result<i64, Error> {
        let (major, argument) = self.any_head()?;
        let number = i64::try_from(argument).map_err(|_| Error::Overflow)?;
        match major {
            major::UNSIGNED => Ok(number),
            major::NEGATIVE => Ok(!number),
            _ => Err(Error::TypeMismatch),
        }
    }

    /// Reads a boolean.
    pub fn bool(&mut self) -> Result<bool, Error> {
        match self.take(1)? {
            [simple::FALSE] => Ok(false),
            [simple::TRUE] => Ok(true),
            _ => Err(Error::TypeMismatch),
        }
    }

    /// Reads null, if it stands next.
    pub fn null_follows(&mut self) -> bool {
        match self.rest.split_first() {
            Some((&simple::NULL, rest)) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Reads a byte string.
    pub fn bytes(&mut self) -> Result<&'b [u8], Error> {
        let length = self.head(major::BYTES)?;
        self.take(length)
    }

    /// Reads a text.
    pub fn str(&mut self) -> Result<&'b str, Error> {
        let length = self.head(major::TEXT)?;
        core::str::from_utf8(self.take(length)?).map_err(|_| Error::Utf8)
    }

    /// Reads how many items an array has. Never `None`, which stands for an open length: inlined, so
    /// that derived decoders lose their code for that.
    #[inline]
    pub fn array(&mut self) -> Result<Option<u64>, Error> {
        self.head(major::ARRAY).map(Some)
    }

    /// Reads how many pairs of items a map has. Never `None`, as for arrays.
    #[inline]
    pub fn map(&mut self) -> Result<Option<u64>, Error> {
        self.head(major::MAP).map(Some)
    }

    /// Reads the start of an array of exactly `length` items.
    pub fn tuple(&mut self, length: u64) -> Result<(), Error> {
        if self.head(major::ARRAY)? == length { Ok(()) } else { Err(Error::Invalid) }
    }

    /// Steps over one item with all it holds. Items still to come are counted, not stacked: input that
    /// nests deeply costs nothing.
    pub fn skip(&mut self) -> Result<(), Error> {
        let mut left = 1_u64;
        while left > 0 {
            left = (left - 1).checked_add(self.step()?).ok_or(Error::Overflow)?;
        }
        Ok(())
    }

    /// Steps over one item but not over those it holds, and returns how many these are.
    pub fn step(&mut self) -> Result<u64, Error> {
        let (major, argument) = self.any_head()?;
        match major {
            major::UNSIGNED | major::NEGATIVE | major::SIMPLE => Ok(0),
            major::BYTES | major::TEXT => self.take(argument).map(|_| 0),
            major::ARRAY => Ok(argument),
            major::MAP => argument.checked_mul(2).ok_or(Error::Overflow),
            _ => Err(Error::TypeMismatch),
        }
    }

    fn head(&mut self, expected: u8) -> Result<u64, Error> {
        let (major, argument) = self.any_head()?;
        if major == expected { Ok(argument) } else { Err(Error::TypeMismatch) }
    }

    /// Reads the start of an item: its kind, and its number or length.
    #[inline(never)]
    pub(crate) fn any_head(&mut self) -> Result<(u8, u64), Error> {
        let [first] = self.take(1)? else { return Err(Error::EndOfInput) };
        let argument = match first & 31 {
            info @ 0..=23 => u64::from(info),
            info @ 24..=27 => {
                let bytes = self.take(1 << (info - 24))?;
                bytes.iter().fold(0, |argument, byte| argument << 8 | u64::from(*byte))
            }
            _ => return Err(Error::TypeMismatch),
        };
        Ok((first >> 5, argument))
    }

    #[inline(never)]
    pub(crate) fn take(&mut self, length: u64) -> Result<&'b [u8], Error> {
        let split = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let (taken, rest) = split.ok_or(Error::EndOfInput)?;
        self.rest = rest;
        Ok(taken)
    }
}

macro_rules! decode_unsigned {
    ($($number:ty)*) => {$(
        impl<'b, C> Decode<'b, C> for $number {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
                d.u64()?.try_into().map_err(|_| Error::Overflow)
            }
        }
    )*};
}

decode_unsigned!(u8 u16 u32);

impl<'b, C> Decode<'b, C> for u64 {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
        d.u64()
    }
}

impl<'b, C> Decode<'b, C> for i64 {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
        d.i64()
    }
}

impl<'b, C> Decode<'b, C> for bool {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
        d.bool()
    }
}

impl<'b, C> Decode<'b, C> for String {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
        d.str().map(Self::from)
    }
}

impl<'b, C, T: Decode<'b, C>> Decode<'b, C> for Option<T> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, Error> {
        if d.null_follows() { Ok(None) } else { T::decode(d, ctx).map(Some) }
    }

    fn nil() -> Option<Self> {
        Some(None)
    }
}

impl<'b, C, T: Decode<'b, C>> Decode<'b, C> for Vec<T> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, Error> {
        let mut items = Self::new();
        for _ in 0..d.head(major::ARRAY)? {
            items.push(T::decode(d, ctx)?);
        }
        Ok(items)
    }
}

macro_rules! decode_tuple {
    ($length:literal: $($item:ident)+) => {
        impl<'b, C, $($item: Decode<'b, C>),+> Decode<'b, C> for ($($item,)+) {
            fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, Error> {
                d.tuple($length)?;
                Ok(($($item::decode(d, ctx)?,)+))
            }
        }
    };
}

decode_tuple!(2: T U);
decode_tuple!(3: T U V);
