//! A short answer: a multi-value register. An operation names the answers it replaces; whatever
//! nobody replaced survives. One survivor is clean, several are "two answers".

use core::cmp::Reverse;

use minicbor::{Decode, Encode};

use super::Mark;
use crate::ids::OpId;
use crate::op::OVER_MAX;
use crate::value::Value;

/// Most answers remembered that were replaced before they arrived; the newest stay.
const REPLACED_UNSEEN_MAX: usize = 256;

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
            if !self.siblings.iter().any(|sibling| sibling.mark.op == *id) && !self.replaced_unseen.contains(id) {
                self.replaced_unseen.push(*id);
            }
        }
        self.siblings.retain(|sibling| !over.contains(&sibling.mark.op));
        self.replaced_unseen.drain(..self.replaced_unseen.len().saturating_sub(REPLACED_UNSEEN_MAX));
        let id = sibling.mark.op;
        let known = self.siblings.iter().any(|other| other.mark.op == id);
        if known || self.replaced_unseen.contains(&id) {
            return;
        }
        self.siblings.push(sibling);
        self.siblings.sort_by_key(|sibling| Reverse((sibling.lamport, sibling.mark.op)));
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

    /// Returns the names a new answer has to list to replace all there are, or as many as one may.
    #[must_use]
    pub fn heads(&self) -> Vec<OpId> {
        self.siblings.iter().take(OVER_MAX).map(|sibling| sibling.mark.op).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{PersonId, ReplicaId};

    fn name(counter: u64) -> OpId {
        OpId { replica: ReplicaId(1), counter }
    }

    fn answer(op: OpId) -> Sibling {
        let mark = Mark { op, author: PersonId(1), at_ms: 0, seq: 0 };
        Sibling { mark, lamport: op.counter, value: Value::Text(op.counter.to_string()) }
    }

    #[test]
    fn what_was_replaced_before_it_arrived_is_remembered_but_not_for_ever() {
        let mut register = Register::default();
        for round in 0..40 {
            let over: Vec<OpId> = (0..250).map(|name_of| name(1_000 * (round + 1) + name_of)).collect();
            register.set(answer(OpId { replica: ReplicaId(2), counter: round }), &over);
        }
        assert_eq!(register.replaced_unseen.len(), 256);
        assert_eq!(register.replaced_unseen.last(), Some(&name(40_249)), "the newest stay");
        register.set(answer(name(40_249)), &[]);
        assert!(!register.heads().contains(&name(40_249)), "replaced before it came");
    }

    #[test]
    fn one_name_said_twice_replaces_once_and_is_not_remembered() {
        let mut register = Register::default();
        register.set(answer(name(1)), &[]);
        register.set(answer(name(2)), &[name(1), name(1)]);
        assert_eq!(register.heads(), [name(2)]);
        assert!(register.replaced_unseen.is_empty());
    }

    #[test]
    fn a_new_answer_names_no_more_than_an_operation_may() {
        let mut register = Register::default();
        (1..=300).for_each(|counter| register.set(answer(name(counter)), &[]));
        assert_eq!(register.heads().len(), 256);
        register.set(answer(name(301)), &register.heads());
        register.set(answer(name(302)), &register.heads());
        assert_eq!(register.heads(), [name(302)]);
    }
}
