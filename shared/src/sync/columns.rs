//! The same CBOR items in another order: what kind they are, what they say, and each number beside
//! those of its like, as the step from the one before. A compressor finds in it what it overlooks in
//! items that are mixed, such as who wrote each answer and when.
//!
//! On the wire an array of byte strings: one byte for each item, all texts, then the columns in the
//! order in which their first number is needed. A column is the numbers that stand at one place,
//! told by the last few steps of the way there. Byte strings that hold an item are gone into.
//! Does not know what the items mean, nor who compresses them; reading and writing items is minicbor's.

use core::mem;

use minicbor::data::{Int, Type};
use minicbor::decode::Error;
use minicbor::encode::Error as EncodeError;
use minicbor::{Decoder, Encoder};

/// An item's kind, as in the upper three bits of its first byte (RFC 8949 §3.1).
mod major {
    pub const UNSIGNED: u8 = 0;
    pub const NEGATIVE: u8 = 1;
    pub const BYTES: u8 = 2;
    pub const TEXT: u8 = 3;
    pub const ARRAY: u8 = 4;
    pub const MAP: u8 = 5;
    pub const SIMPLE: u8 = 7;
}

/// The numbers of the simple values that are read: false, true and null.
mod simple {
    pub const FALSE: u64 = 20;
    pub const TRUE: u64 = 21;
    pub const NULL: u64 = 22;
}

/// Deepest nesting, byte strings that are gone into included.
pub const DEPTH_MAX: u32 = 24;
/// Most columns: each number looks for its own among them, and a page of documents has some hundreds.
pub const COLUMNS_MAX: usize = 1_024;
/// Items of an array from this one on count as one place: they are a list, not a row.
const LIST_FROM: u64 = 3;
/// How much of the way to a number tells its column: its last five steps, a byte each.
const WAY: u64 = (1 << 40) - 1;
/// The steps to a key of a map, into a byte string, and to the value at a key that is no number.
const TO_KEY: u64 = 0xfd;
const INTO_BYTES: u64 = 0xfe;
const TO_VALUE: u64 = 0xff;
/// In the byte of an item: a byte string that is gone into; a length that stands in a column.
const WITHIN: u8 = 1;
const IN_COLUMN: u8 = 24;

/// Returns the column of a number at the end of `way`, and the way from there on.
const fn column(way: u64, major: u8) -> u64 {
    (way & WAY) << 8 | major as u64
}

const fn step(way: u64, to: u64) -> u64 {
    way << 8 | to
}

/// Numbers of one place: the last of them, and what the column holds.
struct Column<B> {
    name: u64,
    last: u64,
    steps: B,
}

/// One item without those it holds.
struct Head<'b> {
    major: u8,
    /// The number itself, -1 minus a negative one, or a length.
    argument: u64,
    /// What a byte string or text says; empty otherwise.
    string: &'b [u8],
}

impl<'b> Head<'b> {
    fn read(items: &mut Decoder<'b>) -> Result<Self, Error> {
        let plain = |major, argument| Self { major, argument, string: &[] };
        let string = |major, string: &'b [u8]| Self { major, argument: string.len() as u64, string };
        let open = || Error::message("an open length");
        Ok(match items.datatype()? {
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => plain(major::UNSIGNED, items.u64()?),
            Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => {
                let below = -1 - i128::from(items.int()?);
                plain(major::NEGATIVE, u64::try_from(below).map_err(Error::custom)?)
            }
            Type::Bytes => string(major::BYTES, items.bytes()?),
            Type::String => string(major::TEXT, items.str()?.as_bytes()),
            Type::Array => plain(major::ARRAY, items.array()?.ok_or_else(open)?),
            Type::Map => plain(major::MAP, items.map()?.ok_or_else(open)?),
            Type::Bool => plain(major::SIMPLE, if items.bool()? { simple::TRUE } else { simple::FALSE }),
            Type::Null => {
                items.null()?;
                plain(major::SIMPLE, simple::NULL)
            }
            other => return Err(Error::type_mismatch(other)),
        })
    }

    /// Writes it as short as can be, which is how minicbor writes everything.
    fn write(&self, items: &mut Encoder<Vec<u8>>) -> Result<(), Error> {
        let written = match self.major {
            major::UNSIGNED => items.u64(self.argument),
            major::NEGATIVE => {
                let number = Int::try_from(-1 - i128::from(self.argument)).map_err(Error::custom)?;
                items.int(number)
            }
            major::BYTES => items.bytes(self.string),
            major::TEXT => items.str(core::str::from_utf8(self.string).map_err(Error::custom)?),
            major::ARRAY => items.array(self.argument),
            major::MAP => items.map(self.argument),
            major::SIMPLE => match self.argument {
                simple::FALSE => items.bool(false),
                simple::TRUE => items.bool(true),
                simple::NULL => items.null(),
                _ => return Err(Error::message("not a simple value in use")),
            },
            _ => return Err(Error::message("not a kind of item in use")),
        };
        written.map(|_| ()).map_err(unwritten)
    }
}

/// Memory takes whatever is written to it, so this stands for nothing that happens.
fn unwritten(_: EncodeError<core::convert::Infallible>) -> Error {
    Error::message("not written")
}

/// Puts one item into columns. `None` when the bytes are not exactly one item, nested no deeper
/// than [`DEPTH_MAX`] and written as short as can be, since they would not come back the same; when it
/// holds what is not in use here (tags, fractions, open lengths); or when it needs more than
/// [`COLUMNS_MAX`].
#[must_use]
pub fn pack(item: &[u8]) -> Option<Vec<u8>> {
    if !is_one_short_item(item, DEPTH_MAX) {
        return None;
    }
    let mut packer = Packer { shape: Vec::new(), text: Vec::new(), columns: Vec::new() };
    packer.item(&mut Decoder::new(item), 0, DEPTH_MAX).ok()?;
    let mut packed = Encoder::new(Vec::new());
    packed.array(packer.columns.len() as u64 + 2).ok()?.bytes(&packer.shape).ok()?.bytes(&packer.text).ok()?;
    for column in packer.columns {
        packed.bytes(&column.steps.into_writer()).ok()?;
    }
    Some(packed.into_writer())
}

/// Returns whether `bytes` are one item that is written as short as can be.
fn is_one_short_item(bytes: &[u8], depth: u32) -> bool {
    let mut items = Decoder::new(bytes);
    matches!(short_item(&mut items, depth), Ok(true)) && items.position() == bytes.len()
}

fn short_item(items: &mut Decoder<'_>, depth: u32) -> Result<bool, Error> {
    let before = items.position();
    let Head { major, argument, string } = Head::read(items)?;
    let length = items.position() - before - string.len();
    let shortest = match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    };
    let Some(deeper) = depth.checked_sub(1).filter(|_| length == shortest) else { return Ok(false) };
    for _ in 0..children(major, argument)? {
        if !short_item(items, deeper)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns how many items follow that belong to one of this head.
fn children(major: u8, argument: u64) -> Result<u64, Error> {
    match major {
        major::ARRAY => Ok(argument),
        major::MAP => argument.checked_mul(2).ok_or_else(|| Error::message("a map of too many pairs")),
        _ => Ok(0),
    }
}

struct Packer {
    shape: Vec<u8>,
    text: Vec<u8>,
    columns: Vec<Column<Encoder<Vec<u8>>>>,
}

impl Packer {
    /// Packs one item and returns the step to its value, should it be the key of a map.
    fn item(&mut self, items: &mut Decoder<'_>, way: u64, depth: u32) -> Result<u64, Error> {
        let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
        let Head { major, argument, string } = Head::read(items)?;
        let small = matches!(major, major::SIMPLE | major::ARRAY | major::MAP) && argument < u64::from(IN_COLUMN);
        if major == major::BYTES && string.len() > 8 && is_one_short_item(string, depth) {
            self.shape.push(major << 5 | WITHIN);
            self.item(&mut Decoder::new(string), step(way, INTO_BYTES), depth)?;
            return Ok(TO_VALUE);
        }
        let info = match major {
            _ if small => argument as u8,
            major::ARRAY | major::MAP => IN_COLUMN,
            _ => 0,
        };
        self.shape.push(major << 5 | info);
        if !small {
            self.number(column(way, major), argument)?;
        }
        self.text.extend_from_slice(string);
        match major {
            major::ARRAY => {
                for index in 0..argument {
                    self.item(items, step(way, index.min(LIST_FROM)), depth)?;
                }
            }
            major::MAP => {
                for _ in 0..argument {
                    let to = self.item(items, step(way, TO_KEY), depth)?;
                    self.item(items, step(way, to), depth)?;
                }
            }
            major::UNSIGNED => return Ok(argument & 0xff),
            _ => {}
        }
        Ok(TO_VALUE)
    }

    fn number(&mut self, name: u64, number: u64) -> Result<(), Error> {
        let at = match self.columns.iter().position(|column| column.name == name) {
            Some(at) => at,
            None if self.columns.len() == COLUMNS_MAX => return Err(too_many_columns()),
            None => {
                self.columns.push(Column { name, last: 0, steps: Encoder::new(Vec::new()) });
                self.columns.len() - 1
            }
        };
        let column = &mut self.columns[at];
        column.steps.i64(number.wrapping_sub(column.last).cast_signed()).map_err(unwritten)?;
        column.last = number;
        Ok(())
    }
}

fn too_deep() -> Error {
    Error::message("nested too deeply")
}

fn too_many_columns() -> Error {
    Error::message("too many columns")
}

fn cut_short() -> Error {
    Error::end_of_input()
}

/// Returns the item that [`pack`] put into columns.
///
/// # Errors
/// They are not what [`pack`] makes.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Error> {
    let mut columns = Decoder::new(packed);
    columns.array()?;
    let (shape, text) = (columns.bytes()?, columns.bytes()?);
    let item = Encoder::new(Vec::new());
    let mut unpacker = Unpacker { shape: shape.iter(), text, columns, known: Vec::new(), item };
    unpacker.item(0, DEPTH_MAX)?;
    Ok(unpacker.item.into_writer())
}

struct Unpacker<'b> {
    shape: core::slice::Iter<'b, u8>,
    text: &'b [u8],
    /// The columns nobody has asked for yet.
    columns: Decoder<'b>,
    known: Vec<Column<Decoder<'b>>>,
    item: Encoder<Vec<u8>>,
}

impl<'b> Unpacker<'b> {
    fn item(&mut self, way: u64, depth: u32) -> Result<u64, Error> {
        let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
        let byte = *self.shape.next().ok_or_else(cut_short)?;
        let (major, info) = (byte >> 5, byte & 31);
        if byte == major::BYTES << 5 | WITHIN {
            let outer = mem::replace(&mut self.item, Encoder::new(Vec::new()));
            self.item(step(way, INTO_BYTES), depth)?;
            let inner = mem::replace(&mut self.item, outer).into_writer();
            self.item.bytes(&inner).map_err(unwritten)?;
            return Ok(TO_VALUE);
        }
        let small = matches!(major, major::SIMPLE | major::ARRAY | major::MAP) && info < IN_COLUMN;
        let argument = if small { u64::from(info) } else { self.number(column(way, major))? };
        let string = if matches!(major, major::BYTES | major::TEXT) { self.take(argument)? } else { &[] };
        Head { major, argument, string }.write(&mut self.item)?;
        match major {
            major::ARRAY => {
                for index in 0..argument {
                    self.item(step(way, index.min(LIST_FROM)), depth)?;
                }
            }
            major::MAP => {
                for _ in 0..argument {
                    let to = self.item(step(way, TO_KEY), depth)?;
                    self.item(step(way, to), depth)?;
                }
            }
            major::UNSIGNED => return Ok(argument & 0xff),
            _ => {}
        }
        Ok(TO_VALUE)
    }

    fn take(&mut self, length: u64) -> Result<&'b [u8], Error> {
        let split = usize::try_from(length).ok().and_then(|length| self.text.split_at_checked(length));
        let (string, rest) = split.ok_or_else(cut_short)?;
        self.text = rest;
        Ok(string)
    }

    fn number(&mut self, name: u64) -> Result<u64, Error> {
        let at = match self.known.iter().position(|column| column.name == name) {
            Some(at) => at,
            None if self.known.len() == COLUMNS_MAX => return Err(too_many_columns()),
            None => {
                self.known.push(Column { name, last: 0, steps: Decoder::new(self.columns.bytes()?) });
                self.known.len() - 1
            }
        };
        let column = &mut self.known[at];
        column.last = column.last.wrapping_add_signed(column.steps.i64()?);
        Ok(column.last)
    }
}

#[cfg(test)]
mod tests;
