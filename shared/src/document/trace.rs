//! What a document shows of those who wrote it: who they are, and which of their operations it holds.

use super::Document;
use crate::ids::{OpId, PersonId, ReplicaId};
use crate::merge::choices::Choices;
use crate::merge::list::List;
use crate::merge::prose::Prose;
use crate::merge::register::Register;
use crate::op::{Body, Op};
use crate::sorted::Set;

impl Document {
    /// Returns every person named in it, so that their names can be sent along.
    #[must_use]
    pub fn people(&self) -> Set<PersonId> {
        let registers = self.registers.values().flat_map(Register::answers).map(|sibling| sibling.mark.author);
        let prose = self.proses.values().flat_map(Prose::runs).map(|run| run.mark.author);
        let threads = self.threads.values().flat_map(|thread| {
            let replies = thread.replies.iter().map(|(mark, _)| mark.author);
            replies.chain([thread.mark.author]).chain(thread.settled.map(|mark| mark.author))
        });
        #[cfg(feature = "office")]
        let late = self.aside.iter().flatten().map(|aside| aside.entry.author);
        #[cfg(not(feature = "office"))]
        let late = core::iter::empty();
        let steps = self.history.iter().map(|step| step.transition.by).chain(late);
        registers.chain(prose).chain(threads).chain(steps).chain(self.created.map(|mark| mark.author)).collect()
    }

    /// Returns the greatest Lamport time in it: whoever has read it counts on from there.
    #[must_use]
    pub fn lamport(&self) -> u64 {
        let registers = self.registers.values().flat_map(Register::answers).map(|sibling| sibling.lamport);
        let ticks = self.choices.values().map(Choices::lamport);
        let moves = self.lists.values().map(List::lamport);
        let chars = self.proses.values().flat_map(Prose::runs).map(|run| run.first.lamport + run.chars - 1);
        registers.chain(ticks).chain(moves).chain(chars).max().unwrap_or(0)
    }

    /// Returns every operation it shows. What was overwritten shows no more.
    fn ops(&self) -> impl Iterator<Item = OpId> {
        let registers = self.registers.values().flat_map(Register::answers).map(|sibling| sibling.mark.op);
        let choices =
            self.choices.values().flat_map(|choices| choices.codes().into_iter().flat_map(|code| choices.heads(&code)));
        let items = self.lists.values().flat_map(List::order);
        let replies = self.threads.values().flat_map(|thread| thread.replies.iter().map(|(mark, _)| mark.op));
        let created = self.created.map(|mark| mark.op);
        let typed = self.proses.values().flat_map(Prose::runs).map(|run| run.mark.op);
        let rest = replies.chain(self.threads.keys().copied()).chain(created).chain(typed);
        registers.chain(choices).chain(items).chain(rest)
    }

    /// Returns whether it shows this operation.
    #[must_use]
    pub fn shows(&self, op: OpId) -> bool {
        self.ops().any(|one| one == op)
    }

    /// Returns what this shows of one writer: its operations have been taken at least that far.
    #[must_use]
    pub fn seen_of(&self, replica: ReplicaId) -> Seen {
        let own = self.ops().filter(|op| op.replica == replica);
        let runs = self.proses.values().flat_map(Prose::runs);
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
