//! What a document shows of those who wrote it: who they are, and which of their operations it holds.

use std::collections::BTreeSet;

use super::Document;
use crate::ids::{OpId, PersonId};
use crate::merge::choices::Choices;
use crate::merge::list::List;
use crate::merge::prose::Prose;
use crate::merge::register::Register;

impl Document {
    /// Returns every person named in it, so that their names can be sent along.
    #[must_use]
    pub fn people(&self) -> BTreeSet<PersonId> {
        let registers = self.registers.values().flat_map(Register::answers).map(|sibling| sibling.mark.author);
        let prose = self.proses.values().flat_map(Prose::runs).map(|run| run.mark.author);
        let threads = self.threads.values().flat_map(|thread| {
            let replies = thread.replies.iter().map(|(mark, _)| mark.author);
            replies.chain([thread.mark.author]).chain(thread.settled.map(|mark| mark.author))
        });
        let late = self.parked.iter().flatten().map(|parked| parked.entry.author);
        let named = self.named.iter().flatten().map(|(person, ..)| *person);
        let steps = self.history.iter().map(|step| step.transition.by).chain(late);
        registers
            .chain(prose)
            .chain(threads)
            .chain(steps)
            .chain(named)
            .chain(self.created.map(|mark| mark.author))
            .collect()
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
}
