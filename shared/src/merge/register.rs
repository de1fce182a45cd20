//! A short answer: a multi-value register. An operation names the answers it replaces; whatever
//! nobody replaced survives. One survivor is clean, several are "two answers".

use core::cmp::Reverse;

use minicbor::{Decode, Encode};

use super::Mark;
use crate::ids::OpId;
use crate::sorted;
use crate::value::Value;

/// One answer that nobody has replaced.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Sibling {
    /// Who and when.
    #[n(0)]
    pub mark: Mark,
    /// Lamport time, which with the replica orders siblings alike on every device.
    #[n(1)]
    pub lamport: u64,
    /// The answer.
    #[n(2)]
    pub value: Value,
}

/// The state of one short field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Register {
    /// The surviving answers, best first.
    #[n(0)]
    siblings: Vec<Sibling>,
    /// Answers replaced before they arrived: a parked one may be adopted later.
    #[n(1)]
    replaced_unseen: Vec<OpId>,
}

impl Register {
    /// Applies an answer that replaces `over`.
    pub fn set(&mut self, sibling: Sibling, over: &[OpId]) {
        for id in over {
            let before = self.siblings.len();
            self.siblings.retain(|sibling| sibling.mark.op != *id);
            if self.siblings.len() == before && !self.replaced_unseen.contains(id) {
                self.replaced_unseen.push(*id);
            }
        }
        let id = sibling.mark.op;
        let known = self.siblings.iter().any(|other| other.mark.op == id);
        if known || self.replaced_unseen.contains(&id) {
            return;
        }
        sorted::insert(&mut self.siblings, sibling, |sibling| Reverse((sibling.lamport, sibling.mark.op)));
    }

    /// Returns the surviving answers, each said once: equal ones (white space apart) count as one.
    #[must_use]
    pub fn answers(&self) -> Vec<&Sibling> {
        let mut distinct: Vec<&Sibling> = Vec::new();
        for sibling in &self.siblings {
            if !distinct.iter().any(|other| other.value.same_answer(&sibling.value)) {
                distinct.push(sibling);
            }
        }
        distinct
    }

    /// Returns the answer shown first, the same on every device.
    #[must_use]
    pub fn first(&self) -> Option<&Sibling> {
        self.siblings.first()
    }

    /// Returns whether two different answers stand side by side.
    #[must_use]
    pub fn unsettled(&self) -> bool {
        self.answers().len() > 1
    }

    /// Returns the names a new answer has to list to replace all there are.
    #[must_use]
    pub fn heads(&self) -> Vec<OpId> {
        self.siblings.iter().map(|sibling| sibling.mark.op).collect()
    }
}
