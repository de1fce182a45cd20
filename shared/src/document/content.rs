//! What a document says: its plain answers, and the hashes by which two of them are held to each other.

use std::collections::BTreeSet;

use super::Document;
use crate::answers::{Answer, Answers};
use crate::ids::OpId;
use crate::merge::list::List;
use crate::op::{fingerprint, to_bytes};
use crate::value::Target;

impl Document {
    /// Returns the plain answers. Answers within removed items, rows and columns are left out.
    #[must_use]
    pub fn answers(&self) -> Answers {
        let present: BTreeSet<OpId> = self.lists.values().flat_map(List::order).collect();
        let shown = |target: &Target| target.items().all(|item| present.contains(&item));
        let mut answers = Answers::default();
        for (target, register) in self.registers.iter().filter(|(target, _)| shown(target)) {
            if let Some(first) = register.first().filter(|first| !first.value.is_empty() || register.unsettled()) {
                answers.by_target.insert(*target, Answer::Value(first.value.clone()));
            }
            if register.unsettled() {
                answers.unsettled.insert(*target);
            }
        }
        for (target, choices) in self.choices.iter().filter(|(target, _)| shown(target)) {
            let codes = choices.codes();
            if !codes.is_empty() {
                answers.by_target.insert(*target, Answer::Codes(codes));
            }
        }
        for (target, prose) in self.proses.iter().filter(|(target, _)| shown(target)) {
            let text = prose.text();
            if !text.is_empty() {
                answers.by_target.insert(*target, Answer::Prose(text));
            }
        }
        for (field, list) in &self.lists {
            let order = list.order();
            let below =
                order.iter().filter_map(|item| Some((*item, list.parent(*item).filter(|up| present.contains(up))?)));
            let below: Vec<(OpId, OpId)> = below.collect();
            if !below.is_empty() {
                answers.parents.get_or_insert_default().extend(below);
            }
            if !order.is_empty() {
                answers.by_target.insert(Target::of(*field), Answer::Items(order));
            }
        }
        answers.parents.iter_mut().for_each(|parents| parents.sort_unstable());
        answers
    }

    /// Returns the hash that a move which asks for the content is bound to: what is said, not how it came about.
    #[must_use]
    pub fn content_hash(&self) -> u64 {
        fingerprint(&to_bytes(&self.answers()))
    }

    /// Returns the hash by which device and server find out that they differ.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        fingerprint(&to_bytes(self))
    }
}
