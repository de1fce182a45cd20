//! A multiple choice: an add-wins set. Ticking and unticking one code at the same time leaves it
//! ticked; different codes never disturb each other.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::Mark;
use super::register::{Register, Sibling};
use crate::ids::OpId;
use crate::value::Value;

/// The state of one multiple choice: a register of ticks for each code ever touched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Choices {
    #[n(0)]
    by_code: BTreeMap<String, Register>,
}

impl Choices {
    /// Applies a tick, or its removal, that replaces the earlier ones in `over`.
    pub fn choose(&mut self, code: &str, chosen: bool, mark: Mark, lamport: u64, over: &[OpId]) {
        let sibling = Sibling { mark, lamport, value: Value::Flag(chosen) };
        self.by_code.entry(code.to_owned()).or_default().set(sibling, over);
    }

    /// Returns the codes chosen, in code order.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        self.by_code.iter().filter(|(_, ticks)| ticked(ticks)).map(|(code, _)| code.clone()).collect()
    }

    /// Returns whether `code` is chosen.
    #[must_use]
    pub fn holds(&self, code: &str) -> bool {
        self.by_code.get(code).is_some_and(ticked)
    }

    /// Returns the greatest Lamport time of a mark.
    #[must_use]
    pub fn lamport(&self) -> u64 {
        let marks = self.by_code.values().flat_map(Register::answers);
        marks.map(|sibling| sibling.lamport).max().unwrap_or(0)
    }

    /// Returns the names a new mark on `code` has to list.
    #[must_use]
    pub fn heads(&self, code: &str) -> Vec<OpId> {
        self.by_code.get(code).map(Register::heads).unwrap_or_default()
    }
}

fn ticked(ticks: &Register) -> bool {
    ticks.answers().iter().any(|sibling| sibling.value == Value::Flag(true))
}
