//! Who has a document: its owner, those named on it, and how one of them asks for a move.
//!
//! What each of them may do is decided in `permission`.

use super::Document;
use crate::form::roles::Part;
use crate::form::workflow::{Action, Ask};
use crate::ids::{OpId, PersonId};
use crate::merge::Mark;
use crate::op::Command;
use crate::permission::{Holder, Named};

impl Document {
    /// Returns what permission needs to know of it, as far as the document itself tells; whether it was
    /// received is for whoever keeps it to say.
    #[must_use]
    pub fn holder(&self, received_seq: Option<u64>) -> Option<Holder> {
        let opened_seq = self.created.map_or(0, |created| created.seq);
        let authority = self.authority()?;
        Some(Holder { form: self.form(), authority, opened_seq, received_seq, named: self.named_people() })
    }

    /// Returns a command bound to what its author sees here, as far as the form's moves ask for that.
    #[must_use]
    pub fn ask(&self, action: Action, reason: Option<String>, names: Vec<OpId>) -> Command {
        let moves = self.form().map_or(&[][..], |form| form.workflow.moves);
        let asks = |ask| moves.iter().any(|one| one.action == action && one.asks_for(ask));
        Command {
            action,
            expect: self.state,
            content_hash: asks(Ask::Content).then(|| self.content_hash()),
            reason: reason.filter(|reason| !reason.trim().is_empty()),
            names,
            version: asks(Ask::Version).then(|| self.version()),
        }
    }

    /// Returns who is named on it.
    #[must_use]
    pub fn named_people(&self) -> Vec<Named> {
        let named = self.named.iter().flatten();
        named.map(|(person, part, mark)| Named { person: *person, part: *part, seq: mark.seq }).collect()
    }

    /// Whoever is named to a part already stays so since then.
    pub(super) fn name(&mut self, person: PersonId, part: Part, mark: Mark) {
        let named = self.named.get_or_insert_default();
        if !named.iter().any(|known| (known.0, known.1) == (person, part)) {
            named.push((person, part, mark));
        }
    }
}
