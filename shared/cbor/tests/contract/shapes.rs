// One type for each form of derived codec, made alike by both libraries. Included twice, where
// `minicbor` names one or the other.

use minicbor::{Decode, Encode};

#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
#[cbor(transparent)]
pub struct Name(#[n(0)] u32);

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Place {
    #[n(0)]
    field: Name,
    #[n(1)]
    item: Option<Name>,
}

#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    #[n(0)]
    First,
    #[n(1)]
    Second,
    #[n(300)]
    Late,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(flat)]
pub enum Choice {
    #[n(0)]
    Nothing,
    #[n(1)]
    Text(#[n(0)] String),
    #[n(2)]
    Number(#[n(0)] i64),
    #[n(3)]
    Run {
        #[n(0)]
        first: u64,
        #[n(1)]
        last: Option<u16>,
    },
    #[n(4)]
    Inner(#[n(0)] Place),
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Sparse {
    #[n(0)]
    kind: Kind,
    #[n(2)]
    note: Option<String>,
    #[n(40)]
    marks: Vec<(u64, Name)>,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(array)]
pub struct Whole {
    #[n(0)]
    number: u64,
    #[n(1)]
    signed: i64,
    #[n(2)]
    small: (u8, u16, u32),
    #[n(3)]
    flag: bool,
    #[cbor(n(4), with = "minicbor::bytes")]
    bytes: Vec<u8>,
    #[n(5)]
    missing: Option<String>,
    #[n(6)]
    choices: Vec<Choice>,
    #[n(7)]
    sparse: Sparse,
    #[cbor(skip)]
    kept_back: u8,
    #[n(9)]
    rows: Vec<(String, ByteVec, Option<ByteVec>)>,
    #[n(10)]
    at: Option<(Place, Place)>,
}

impl Whole {
    pub fn of(made: &Made) -> Self {
        let place = Place { field: Name(made.number as u32), item: made.text.as_ref().map(|_| Name(7)) };
        let kind = [Kind::First, Kind::Second, Kind::Late][made.turn % 3];
        let choices = [
            Choice::Nothing,
            Choice::Text(made.text.clone().unwrap_or_default()),
            Choice::Number(made.signed),
            Choice::Run { first: made.number, last: made.flag.then_some(made.number as u16) },
            Choice::Inner(place.clone()),
        ];
        Self {
            number: made.number,
            signed: made.signed,
            small: (made.number as u8, made.number as u16, made.number as u32),
            flag: made.flag,
            bytes: made.bytes.clone(),
            missing: made.text.clone(),
            choices: choices.iter().cycle().skip(made.turn).take(made.turn % 30).cloned().collect(),
            sparse: Sparse { kind, note: made.text.clone(), marks: vec![(made.number, Name(0)); made.turn % 5] },
            kept_back: 0,
            rows: vec![("row".to_owned(), made.bytes.clone().into(), made.flag.then(|| made.bytes.clone().into()))],
            at: made.flag.then(|| (place.clone(), place)),
        }
    }
}
