//! What a document shows of one writer: how far that writer's work is known to have arrived, for a
//! device that has only documents to go by.

use super::Document;
use crate::ids::ReplicaId;
use crate::merge::list::List;
use crate::merge::prose::Prose;
use crate::merge::register::Register;
use crate::op::{Body, Op};

impl Document {
    /// Returns what this shows of one writer: its operations have been taken at least that far.
    #[must_use]
    pub fn seen_of(&self, replica: ReplicaId) -> Seen {
        let registers = self.registers.values().flat_map(Register::answers).map(|sibling| sibling.mark.op);
        let choices =
            self.choices.values().flat_map(|choices| choices.codes().into_iter().flat_map(|code| choices.heads(&code)));
        let items = self.lists.values().flat_map(List::order);
        let replies = self.threads.values().flat_map(|thread| thread.replies.iter().map(|(mark, _)| mark.op));
        let runs = self.proses.values().flat_map(Prose::runs);
        let deleted_and_typed = runs.clone().map(|run| run.mark.op);
        let created = self.created.map(|mark| mark.op);
        let ops =
            registers.chain(choices).chain(items).chain(replies).chain(self.threads.keys().copied()).chain(created);
        let own = ops.chain(deleted_and_typed).filter(|op| op.replica == replica);
        let chars = runs.map(|run| run.first).filter(|first| first.replica == replica);
        Seen {
            counter: own.map(|op| op.counter).max().unwrap_or(0),
            lamport: chars.map(|first| first.lamport).max().unwrap_or(0),
        }
    }

    /// Returns whether where `op` types its text, another one stands under the same name.
    #[must_use]
    pub fn denies(&self, op: &Op) -> bool {
        let Ok(Body::Insert(insert)) = op.body() else { return false };
        let text = self.proses.get(&insert.target).and_then(|prose| prose.text_from(op.first_char()));
        text.is_some_and(|text| text.chars().zip(insert.text.chars()).any(|(one, other)| one != other))
    }
}

/// What documents show of one writer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Greatest counter of an operation.
    pub counter: u64,
    /// Greatest Lamport time of a character.
    pub lamport: u64,
}

impl Seen {
    /// Returns whether `op`, of that writer, is among what was seen or older.
    #[must_use]
    pub const fn has(&self, op: &Op) -> bool {
        op.id.counter <= self.counter || op.lamport <= self.lamport
    }

    /// Returns the greater of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { counter: self.counter.max(other.counter), lamport: self.lamport.max(other.lamport) }
    }
}
