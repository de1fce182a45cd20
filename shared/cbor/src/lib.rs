//! CBOR (RFC 8949) for values with derived codecs, small as machine code.
//!
//! `minicbor-derive` writes the codecs; this crate stands where its generated code expects minicbor,
//! so a crate that uses it depends on it under that name. The reason is weight: minicbor's errors
//! carry a text and a place, and making and dropping them in every derived decoder was a tenth of
//! the client. Here an error is one byte, and all that is generic is a thin shell around a few
//! functions on bytes.
//!
//! Reads and writes the part of CBOR the wire needs: whole numbers, byte and text strings, arrays
//! and maps of known length, booleans and null. Lengths left open, tags and floating-point numbers are
//! refused as values; `tests/contract.rs` holds both libraries to the same bytes. Does not know what
//! is encoded with it.

#![no_std]

extern crate alloc;

pub mod bytes;
pub mod columns;
pub mod data;
pub mod decode;
pub mod encode;

pub use decode::{Decode, Decoder};
pub use encode::{Encode, Encoder};
pub use minicbor_derive::{Decode, Encode};

/// The upper three bits of an item's first byte: what kind of item follows.
mod major {
    pub const UNSIGNED: u8 = 0;
    pub const NEGATIVE: u8 = 1;
    pub const BYTES: u8 = 2;
    pub const TEXT: u8 = 3;
    pub const ARRAY: u8 = 4;
    pub const MAP: u8 = 5;
    pub const SIMPLE: u8 = 7;
}

/// The items that are one byte and nothing else.
mod simple {
    pub const FALSE: u8 = 0xf4;
    pub const TRUE: u8 = 0xf5;
    pub const NULL: u8 = 0xf6;
    pub const BREAK: u8 = 0xff;
}
