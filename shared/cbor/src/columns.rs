//! The same items in another order: what kind they are, what they say, and each number beside those
//! of its like, as the step from the one before. A compressor finds in it what it overlooks in
//! items that are mixed, such as who wrote each answer and when.
//!
//! On the wire an array of byte strings: one byte for each item, all texts, then the columns in the
//! order in which their first number is needed. A column is the numbers that stand at one place,
//! told by the last few steps of the way there. Byte strings that hold an item are gone into.
//! Does not know what the items mean, nor who compresses them.

use alloc::vec::Vec;
use core::mem;

use crate::decode::{Decoder, Error};
use crate::encode::Encoder;
use crate::major;

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

/// Puts one item into columns. `None` when the bytes are not exactly one item, nested no deeper
/// than [`DEPTH_MAX`] and written as short as can be, since they would not come back the same; or when
/// they need more than [`COLUMNS_MAX`].
#[must_use]
pub fn pack(item: &[u8]) -> Option<Vec<u8>> {
    if !is_one_short_item(item, DEPTH_MAX) {
        return None;
    }
    let mut packer = Packer { shape: Vec::new(), text: Vec::new(), columns: Vec::new() };
    packer.item(&mut Decoder::new(item), 0, DEPTH_MAX).ok()?;
    let mut packed = Encoder::new(Vec::new());
    let written = packed.array(packer.columns.len() as u64 + 2).and_then(|packed| packed.bytes(&packer.shape));
    let written = written.and_then(|packed| packed.bytes(&packer.text)).map(|_| ());
    let columns =
        packer.columns.into_iter().try_for_each(|column| packed.bytes(&column.steps.into_writer()).map(|_| ()));
    (written.is_ok() && columns.is_ok()).then(|| packed.into_writer())
}

/// Returns whether `bytes` are one item that is written as short as can be.
fn is_one_short_item(bytes: &[u8], depth: u32) -> bool {
    let mut items = Decoder::new(bytes);
    short_item(&mut items, depth) == Ok(true) && items.at_end()
}

fn short_item(items: &mut Decoder<'_>, depth: u32) -> Result<bool, Error> {
    let before = items.position();
    let (major, argument) = items.any_head()?;
    let length = items.position() - before;
    let shortest = match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    };
    let children = match major {
        major::ARRAY => argument,
        major::MAP => argument.checked_mul(2).ok_or(Error::Overflow)?,
        major::BYTES | major::TEXT => {
            items.take(argument)?;
            0
        }
        major::UNSIGNED | major::NEGATIVE => 0,
        major::SIMPLE if argument <= 23 => 0,
        _ => return Ok(false),
    };
    let Some(deeper) = depth.checked_sub(1).filter(|_| length == shortest) else { return Ok(false) };
    for _ in 0..children {
        if !short_item(items, deeper)? {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Packer {
    shape: Vec<u8>,
    text: Vec<u8>,
    columns: Vec<Column<Encoder<Vec<u8>>>>,
}

impl Packer {
    /// Packs one item and returns the step to its value, should it be the key of a map.
    fn item(&mut self, items: &mut Decoder<'_>, way: u64, depth: u32) -> Result<u64, Error> {
        let depth = depth.checked_sub(1).ok_or(Error::Invalid)?;
        let (major, argument) = items.any_head()?;
        let small = matches!(major, major::SIMPLE | major::ARRAY | major::MAP) && argument < u64::from(IN_COLUMN);
        let string = if matches!(major, major::BYTES | major::TEXT) { items.take(argument)? } else { &[] };
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
        let at = self.columns.iter().position(|column| column.name == name).unwrap_or_else(|| {
            self.columns.push(Column { name, last: 0, steps: Encoder::new(Vec::new()) });
            self.columns.len() - 1
        });
        let column = &mut self.columns[at];
        let _ = column.steps.i64(number.wrapping_sub(column.last).cast_signed());
        column.last = number;
        if self.columns.len() > COLUMNS_MAX { Err(Error::Overflow) } else { Ok(()) }
    }
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

impl Unpacker<'_> {
    fn item(&mut self, way: u64, depth: u32) -> Result<u64, Error> {
        let depth = depth.checked_sub(1).ok_or(Error::Invalid)?;
        let byte = *self.shape.next().ok_or(Error::EndOfInput)?;
        let (major, info) = (byte >> 5, byte & 31);
        if byte == major::BYTES << 5 | WITHIN {
            let outer = mem::take(&mut self.item);
            self.item(step(way, INTO_BYTES), depth)?;
            let inner = mem::replace(&mut self.item, outer).into_writer();
            let _ = self.item.bytes(&inner);
            return Ok(TO_VALUE);
        }
        let small = matches!(major, major::SIMPLE | major::ARRAY | major::MAP) && info < IN_COLUMN;
        let argument = if small { u64::from(info) } else { self.number(column(way, major))? };
        let _ = self.item.head(major, argument);
        match major {
            major::BYTES | major::TEXT => {
                let split = usize::try_from(argument).ok().and_then(|length| self.text.split_at_checked(length));
                let (string, rest) = split.ok_or(Error::EndOfInput)?;
                self.text = rest;
                let _ = self.item.put(string);
            }
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

    fn number(&mut self, name: u64) -> Result<u64, Error> {
        let at = match self.known.iter().position(|column| column.name == name) {
            Some(at) => at,
            None if self.known.len() == COLUMNS_MAX => return Err(Error::Overflow),
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
