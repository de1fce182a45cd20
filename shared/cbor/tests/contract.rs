//! What both libraries have to agree on: the same bytes for every form of derived codec, each
//! reading what the other wrote; and what is refused.

use cbor::decode::Error;
use proptest::collection::vec;
use proptest::prelude::*;

/// What a generated value is made of.
#[derive(Clone, Debug)]
pub struct Made {
    number: u64,
    signed: i64,
    flag: bool,
    text: Option<String>,
    bytes: Vec<u8>,
    turn: usize,
}

mod ours {
    use super::Made;
    use cbor as minicbor;
    use cbor::bytes::ByteVec;

    include!("contract/shapes.rs");

    pub fn write(value: &impl Encode<()>) -> Vec<u8> {
        let mut encoder = cbor::Encoder::new(Vec::new());
        value.encode(&mut encoder, &mut ()).expect("memory does not fail");
        encoder.into_writer()
    }

    pub fn read<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, cbor::decode::Error> {
        T::decode(&mut cbor::Decoder::new(bytes), &mut ())
    }
}

mod theirs {
    use super::Made;
    use minicbor::bytes::ByteVec;

    include!("contract/shapes.rs");

    pub use minicbor::{decode as read, to_vec as write};
}

/// Numbers at and beside the places where their encoding grows.
fn number() -> impl Strategy<Value = u64> {
    let edge = (0_u32..64, 0_u64..3).prop_map(|(bits, beside)| (1_u64 << bits).wrapping_add(beside).wrapping_sub(1));
    prop_oneof![any::<u64>(), edge, 20_u64..30]
}

prop_compose! {
    fn made()(
        number in number(),
        signed in number(),
        flag in any::<bool>(),
        text in proptest::option::of(".{0,40}"),
        bytes in vec(any::<u8>(), 0..300),
        turn in 0_usize..100,
    ) -> Made {
        Made { number, signed: signed as i64, flag, text, bytes, turn }
    }
}

proptest! {
    #[test]
    fn both_write_the_same_bytes_and_read_each_others(made in made()) {
        let (mine, other) = (ours::Whole::of(&made), theirs::Whole::of(&made));
        let bytes = ours::write(&mine);
        prop_assert_eq!(&bytes, &theirs::write(&other).expect("encodes"));
        prop_assert_eq!(ours::read(&bytes), Ok(mine));
        prop_assert_eq!(theirs::read::<theirs::Whole>(&bytes).expect("decodes"), other);
    }

    #[test]
    fn what_is_read_from_damaged_bytes_is_what_the_other_reads(made in made(), at in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = ours::write(&ours::Whole::of(&made));
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(read) = ours::read::<ours::Whole>(&bytes) {
            let other: theirs::Whole = theirs::read(&bytes).expect("minicbor reads what is read here");
            prop_assert_eq!(ours::write(&read), theirs::write(&other).expect("encodes"));
        }
    }

    #[test]
    fn a_cut_is_noticed(made in made(), at in any::<usize>()) {
        let bytes = ours::write(&ours::Whole::of(&made));
        prop_assert_eq!(ours::read::<ours::Whole>(&bytes[..at % bytes.len()]), Err(Error::EndOfInput));
    }
}

/// Checks that both read `bytes` as the same `Place` or `Choice`.
macro_rules! both_read {
    ($shape:ident, $bytes:expr) => {{
        let bytes: &[u8] = $bytes;
        let mine: ours::$shape = ours::read(bytes).expect("read here");
        let other: theirs::$shape = theirs::read(bytes).expect("read by minicbor");
        assert_eq!(format!("{mine:?}"), format!("{other:?}"));
    }};
}

#[test]
fn older_and_newer_shapes_are_read() {
    both_read!(Place, &[0x81, 0x05]); // a field that may be missing is
    both_read!(Place, &[0x82, 0x05, 0xf6]); // or says so
    both_read!(Place, &[0x82, 0x18, 0x05, 0x19, 0x00, 0x05]); // numbers longer than they need be
    both_read!(Place, &[0x85, 0x05, 0x06, 0x82, 0x61, b'a', 0x40, 0xa1, 0x01, 0x80, 0xfb, 0, 0, 0, 0, 0, 0, 0, 0]);
    both_read!(Choice, &[0x83, 0x00, 0x01, 0x02]); // a variant that was given fields
    both_read!(Sparse, &[0xa3, 0x18, 0x28, 0x80, 0x18, 0x63, 0xa1, 0x00, 0x00, 0x00, 0x01]); // keys in any order
}

#[test]
fn what_is_not_the_value_is_refused() {
    let read = |bytes| ours::read::<ours::Place>(bytes).map(|_| ());
    assert_eq!(read(&[]), Err(Error::EndOfInput));
    assert_eq!(read(&[0x80]), Err(Error::MissingValue));
    assert_eq!(read(&[0x81, 0x61, b'a']), Err(Error::TypeMismatch));
    assert_eq!(read(&[0x81, 0x20]), Err(Error::TypeMismatch), "a negative number");
    assert_eq!(read(&[0x81, 0x1b, 0, 0, 0, 1, 0, 0, 0, 0]), Err(Error::Overflow));
    assert_eq!(read(&[0x9f, 0x05, 0xff]), Err(Error::TypeMismatch), "an open length");
    assert_eq!(read(&[0x83, 0x05, 0xf6, 0xff]), Err(Error::TypeMismatch), "an end that nothing began");
    assert_eq!(read(&[0xc1, 0x81, 0x05]), Err(Error::TypeMismatch), "a tag");
    assert_eq!(ours::read::<bool>(&[0xf8, 0x15]), Err(Error::TypeMismatch), "true, said in two bytes");
    assert_eq!(ours::read::<String>(&[0x62, 0xc3, 0x28]), Err(Error::Utf8));
    assert_eq!(ours::read::<i64>(&[0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0]), Err(Error::Overflow));
    assert_eq!(ours::read::<(u8, u8)>(&[0x83, 1, 2, 3]), Err(Error::Invalid));
    assert_eq!(ours::read::<ours::Kind>(&[0x02]), Err(Error::UnknownVariant));
}

#[test]
fn lengths_are_not_believed() {
    let length = [0xff; 8];
    for kind in [0x5b, 0x7b, 0x9b, 0xbb] {
        let bytes = [&[kind], &length[..]].concat();
        assert!(cbor::Decoder::new(&bytes).skip().is_err());
        assert!(ours::read::<Vec<u64>>(&bytes).is_err());
        assert!(ours::read::<String>(&bytes).is_err());
    }
}

#[test]
fn stepping_over_deep_nesting_needs_no_stack() {
    let mut bytes = vec![0x81; 1_000_000];
    bytes.push(0x00);
    let mut decoder = cbor::Decoder::new(&bytes);
    assert_eq!(decoder.skip(), Ok(()));
    assert!(decoder.at_end());
}

#[test]
fn a_refusal_is_one_byte() {
    assert_eq!(size_of::<Error>(), 1);
}
