//! Writing: each item in its shortest form.

use alloc::string::String;
use alloc::vec::Vec;
use core::convert::Infallible;

use crate::{major, simple};

/// A value with a CBOR form.
pub trait Encode<C> {
    /// Writes the value.
    ///
    /// # Errors
    /// The writer failed.
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), Error<W::Error>>;

    /// Returns whether the value is left out where a field may be missing.
    fn is_nil(&self) -> bool {
        false
    }
}

/// Where bytes go.
pub trait Write {
    /// Why they did not.
    type Error;

    /// Appends `bytes`.
    ///
    /// # Errors
    /// The bytes, or some of them, were not written.
    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;
}

impl Write for Vec<u8> {
    type Error = Infallible;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Why a value was not written. Into memory this cannot exist, and every check for it goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error<E>(
    /// What the writer said.
    pub E,
);

/// Writes items one after the other.
#[derive(Clone, Debug, Default)]
pub struct Encoder<W>(W);

/// What an [`Encoder`] returns: itself, so that items can be chained.
type Written<'e, W> = Result<&'e mut Encoder<W>, Error<<W as Write>::Error>>;

impl<W: Write> Encoder<W> {
    /// Starts writing.
    pub const fn new(writer: W) -> Self {
        Self(writer)
    }

    /// Returns the writer.
    pub fn into_writer(self) -> W {
        self.0
    }

    /// Ends a chain of items.
    ///
    /// # Errors
    /// None; the signature is that of an [`Encode`] implementation.
    pub const fn ok(&mut self) -> Result<(), Error<W::Error>> {
        Ok(())
    }

    /// Writes a whole number from 0.
    ///
    /// # Errors
    /// The writer failed; so for all methods below.
    pub fn u64(&mut self, number: u64) -> Written<'_, W> {
        self.head(major::UNSIGNED, number)
    }

    /// Writes a whole number.
    pub fn i64(&mut self, number: i64) -> Written<'_, W> {
        // A negative number n is kept as -1 - n, which is the complement.
        if number < 0 { self.head(major::NEGATIVE, !number as u64) } else { self.head(major::UNSIGNED, number as u64) }
    }

    /// Writes a boolean.
    pub fn bool(&mut self, value: bool) -> Written<'_, W> {
        self.put(&[if value { simple::TRUE } else { simple::FALSE }])
    }

    /// Writes null.
    pub fn null(&mut self) -> Written<'_, W> {
        self.put(&[simple::NULL])
    }

    /// Writes a byte string.
    pub fn bytes(&mut self, bytes: &[u8]) -> Written<'_, W> {
        self.string(major::BYTES, bytes)
    }

    /// Writes a text.
    pub fn str(&mut self, text: &str) -> Written<'_, W> {
        self.string(major::TEXT, text.as_bytes())
    }

    /// Announces an array of `length` items.
    pub fn array(&mut self, length: u64) -> Written<'_, W> {
        self.head(major::ARRAY, length)
    }

    /// Announces a map of `length` pairs of items.
    pub fn map(&mut self, length: u64) -> Written<'_, W> {
        self.head(major::MAP, length)
    }

    fn string(&mut self, major: u8, bytes: &[u8]) -> Written<'_, W> {
        self.head(major, bytes.len() as u64)?.put(bytes)
    }

    /// Writes the start of an item: its kind, and its number or length.
    pub(crate) fn head(&mut self, major: u8, argument: u64) -> Written<'_, W> {
        let (info, width) = match argument {
            0..=23 => return self.put(&[major << 5 | argument as u8]),
            24..=0xff => (24, 1),
            0x100..=0xffff => (25, 2),
            0x1_0000..=0xffff_ffff => (26, 4),
            _ => (27, 8),
        };
        self.put(&[major << 5 | info])?.put(&argument.to_be_bytes()[8 - width..])
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) -> Written<'_, W> {
        match self.0.write_all(bytes) {
            Ok(()) => Ok(self),
            Err(error) => Err(Error(error)),
        }
    }
}

// Derived encoders of enums hold their fields by reference.
impl<C, T: Encode<C>> Encode<C> for &T {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), Error<W::Error>> {
        T::encode(self, e, ctx)
    }

    fn is_nil(&self) -> bool {
        T::is_nil(self)
    }
}

macro_rules! encode_unsigned {
    ($($number:ty)*) => {$(
        impl<C> Encode<C> for $number {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), Error<W::Error>> {
                e.u64(u64::from(*self))?.ok()
            }
        }
    )*};
}

encode_unsigned!(u8 u16 u32 u64);

impl<C> Encode<C> for i64 {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), Error<W::Error>> {
        e.i64(*self)?.ok()
    }
}

impl<C> Encode<C> for bool {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), Error<W::Error>> {
        e.bool(*self)?.ok()
    }
}

impl<C> Encode<C> for String {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), Error<W::Error>> {
        e.str(self)?.ok()
    }
}

impl<C, T: Encode<C>> Encode<C> for Option<T> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), Error<W::Error>> {
        match self {
            Some(value) => value.encode(e, ctx),
            None => e.null()?.ok(),
        }
    }

    fn is_nil(&self) -> bool {
        self.is_none()
    }
}

impl<C, T: Encode<C>> Encode<C> for Vec<T> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), Error<W::Error>> {
        e.array(self.len() as u64)?;
        self.iter().try_for_each(|item| item.encode(e, ctx))
    }
}

macro_rules! encode_tuple {
    ($length:literal: $($index:tt $item:ident)+) => {
        impl<C, $($item: Encode<C>),+> Encode<C> for ($($item,)+) {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), Error<W::Error>> {
                e.array($length)?;
                $(self.$index.encode(e, ctx)?;)+
                Ok(())
            }
        }
    };
}

encode_tuple!(2: 0 T 1 U);
encode_tuple!(3: 0 T 1 U 2 V);
