//! Items go into columns and come back the same; what is no such thing is refused, whatever it is.

use minicbor::{Decoder, Encoder};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{pack, unpack};

#[derive(Clone, Debug)]
enum Item {
    Unsigned(u64),
    Signed(i64),
    Text(String),
    Bytes(Vec<u8>),
    Within(Box<Item>),
    Array(Vec<Item>),
    Map(Vec<(Item, Item)>),
    Flag(bool),
    Null,
}

fn write(item: &Item, e: &mut Encoder<Vec<u8>>) {
    let written = match item {
        Item::Unsigned(number) => e.u64(*number),
        Item::Signed(number) => e.i64(*number),
        Item::Text(text) => e.str(text),
        Item::Bytes(bytes) => e.bytes(bytes),
        Item::Within(item) => e.bytes(&bytes(item)),
        Item::Array(items) => {
            let written = e.array(items.len() as u64).map(|_| ());
            items.iter().for_each(|item| write(item, e));
            return written.expect("memory does not fail");
        }
        Item::Map(pairs) => {
            let written = e.map(pairs.len() as u64).map(|_| ());
            pairs.iter().for_each(|(key, value)| {
                write(key, e);
                write(value, e);
            });
            return written.expect("memory does not fail");
        }
        Item::Flag(flag) => e.bool(*flag),
        Item::Null => e.null(),
    };
    written.map(|_| ()).expect("memory does not fail");
}

fn bytes(item: &Item) -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    write(item, &mut e);
    e.into_writer()
}

fn item() -> impl Strategy<Value = Item> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Item::Unsigned),
        (0_u64..300).prop_map(Item::Unsigned),
        any::<i64>().prop_map(Item::Signed),
        ".{0,30}".prop_map(Item::Text),
        vec(any::<u8>(), 0..30).prop_map(Item::Bytes),
        any::<bool>().prop_map(Item::Flag),
        Just(Item::Null),
    ];
    leaf.prop_recursive(5, 200, 40, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..40).prop_map(Item::Array),
            vec((inner.clone(), inner.clone()), 0..20).prop_map(Item::Map),
            inner.prop_map(|item| Item::Within(Box::new(item))),
        ]
    })
}

proptest! {
    #[test]
    fn every_item_comes_back_the_same(item in item()) {
        let plain = bytes(&item);
        let packed = pack(&plain).expect("one item");
        prop_assert_eq!(unpack(&packed).ok(), Some(plain));
        let mut columns = Decoder::new(&packed);
        prop_assert!(columns.skip().is_ok() && columns.position() == packed.len(), "columns are an item themselves");
    }

    #[test]
    fn whatever_comes_is_read_or_refused(noise in vec(any::<u8>(), 0..200), item in item(), at in any::<usize>(), byte in any::<u8>()) {
        let _ = unpack(&noise);
        if let Some(packed) = pack(&noise) {
            prop_assert_eq!(unpack(&packed).ok(), Some(noise));
        }
        let mut packed = pack(&bytes(&item)).expect("one item");
        let at = at % packed.len();
        packed[at] = byte;
        let _ = unpack(&packed);
        let _ = unpack(&packed[..at]);
    }
}

#[test]
fn what_would_not_come_back_the_same_is_not_packed() {
    for (what, bytes) in [
        ("a number written longer than need be", &[0x18, 0x01][..]),
        ("the same within an array", &[0x81, 0x19, 0x00, 0x01]),
        ("two items", &[0x01, 0x01]),
        ("nothing", &[]),
        ("half a text", &[0x62, b'a']),
        ("an array of open length", &[0x9f, 0xff]),
        ("a tag", &[0xc1, 0x01]),
        ("a fraction", &[0xf9, 0x3c, 0x00]),
        ("a simple value nobody writes", &[0xf0]),
        ("a text that is not UTF-8", &[0x62, 0xc3, 0x28]),
        ("nesting without end", &[0x81; 60]),
    ] {
        assert_eq!(pack(bytes), None, "{what}");
    }
    // A byte string is kept as it is, whatever is in it.
    let odd = [0x49, 0x88, 0x18, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01];
    assert_eq!(unpack(&pack(&odd).expect("one item")).expect("packed"), odd);
}

/// A number in every place there is: looking each one up among all the others would take for ever.
#[test]
fn more_columns_than_a_page_can_need_are_refused() {
    let leaf = |n: u64| Item::Map((0..20).map(|key| (Item::Unsigned(key), Item::Unsigned(n))).collect());
    let branch = |n: u64| Item::Map((0..20).map(|key| (Item::Unsigned(key), leaf(n))).collect());
    let wide = Item::Map((0..20).map(|key| (Item::Unsigned(key), branch(key))).collect());
    assert_eq!(pack(&bytes(&wide)), None);
    assert!(pack(&bytes(&branch(1))).is_some(), "some hundreds are well");
}

/// Who wrote a hundred answers and when: the same writer, one count after the other.
#[test]
fn numbers_that_go_up_together_become_short_columns() {
    let marks = (0..100_u64).map(|n| {
        let op = Item::Array(vec![Item::Unsigned(0x7777_6666_5555_4444), Item::Unsigned(1_000 + n)]);
        Item::Array(vec![
            op,
            Item::Unsigned(7),
            Item::Unsigned(1_770_000_000_000 + 900 * n),
            Item::Unsigned(50_000 + n),
        ])
    });
    let plain = bytes(&Item::Array(marks.collect()));
    let packed = pack(&plain).expect("one item");
    assert!(packed.len() * 3 < plain.len() * 2, "{} of {}", packed.len(), plain.len());
}
