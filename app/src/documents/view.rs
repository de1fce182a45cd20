//! One document as its person sees it: its sides, the answers in them and what is wrong with these.
//!
//! Pure: what day it is is an argument. Does not know where documents are kept, and holds no words.

use std::collections::{BTreeMap, BTreeSet};

use shared::answers::Answers;
use shared::check::{Problem, check};
use shared::document::{Document, EDITION, Summary, Thread};
use shared::form::roles::{Talk, Who};
use shared::form::workflow::{Action, Ask, Deed, Move};
use shared::form::{Field, FilledBy, Form, HeldIn};
use shared::ids::{DocumentId, OpId, PersonId};
use shared::permission::{Actor, Holder};
use shared::sync::wire::Person;
use shared::value::{Date, FieldId};

use super::Views;

/// A document as it stands.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// Which.
    pub id: DocumentId,
    /// What authority and staff both read.
    pub shared: Document,
    /// What only staff read.
    pub internal: Document,
    /// The person's own confidential note.
    pub note: Document,
    /// All answers this person gives or reads.
    pub answers: Answers,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
    /// Its form.
    pub form: &'static Form,
    /// Names of the people in it.
    pub people: BTreeMap<PersonId, Person>,
    /// Whose view it is.
    pub actor: Actor,
    /// What stands for it in a list.
    pub summary: Summary,
    holder: Holder,
}

impl DocumentView {
    /// Returns the view of a document on a day; `None` while its creation is not known, or its form is not.
    #[must_use]
    pub fn new(
        id: DocumentId,
        views: Views,
        people: BTreeMap<PersonId, Person>,
        actor: Actor,
        today: Date,
    ) -> Option<Self> {
        let form = views.shared.form()?;
        // What is on this device its person was given to read.
        let holder = views.shared.holder(Some(0))?;
        let summary = views.shared.summary();
        let mut answers = views.shared.answers();
        answers.absorb(views.note.answers());
        let problems = check(form, &answers, today);
        let Views { shared, internal, note } = views;
        Some(Self { id, shared, internal, note, answers, problems, form, people, actor, summary, holder })
    }

    /// Returns the side that holds a field.
    #[must_use]
    pub fn side(&self, field: FieldId) -> &Document {
        match self.form.field(field).map(|field| field.held_in) {
            Some(HeldIn::Note) => &self.note,
            _ => &self.shared,
        }
    }

    /// Returns whether a newer version wrote something here that this one keeps and cannot show.
    #[must_use]
    pub fn needs_newer(&self) -> bool {
        let sides = [&self.shared, &self.internal, &self.note];
        sides.iter().any(|side| side.is_beyond(EDITION))
            || !self.answers.by_target.keys().all(|target| self.form.field(target.field).is_some())
            || self.form.workflow.state(self.shared.state).is_none()
    }

    /// Returns the language it is written in (BCP-47).
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        Some(self.summary.language.as_str()).filter(|language| !language.is_empty())
    }

    /// Returns the command that waits on this device, if any.
    #[must_use]
    pub fn queued(&self) -> Option<Action> {
        self.shared.queued.as_ref().map(|(_, command)| command.action)
    }

    /// Returns whether its person may change answers now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.holder.may_write(&self.actor, self.shared.state) && self.queued().is_none()
    }

    /// Returns whether its person may write to a field now.
    #[must_use]
    pub fn may_edit(&self, field: &Field) -> bool {
        (field.filled_by == FilledBy::Partner || self.actor.role.is_staff()) && self.is_open()
    }

    /// Returns the moves its person may ask for now; none while one waits.
    pub fn moves(&self) -> impl Iterator<Item = &'static Move> {
        let none_waits = self.queued().is_none();
        self.holder.moves(&self.actor, self.shared.state).filter(move |_| none_waits)
    }

    /// Returns whether a move may ever be its person's to ask for: by their role, or once they are named.
    #[must_use]
    pub fn may_come_to(&self, one: &Move) -> bool {
        one.by.iter().any(|who| matches!(who, Who::Named(_))) || self.holder.is_one_of(&self.actor, one.by)
    }

    /// Returns whether its person makes and settles remarks; the others answer them.
    #[must_use]
    pub fn remarks(&self) -> bool {
        self.holder.talk(&self.actor) == Talk::Remarks
    }

    /// Returns the remarks that no move has sent yet.
    #[must_use]
    pub fn unsent_remarks(&self) -> Vec<(OpId, Thread)> {
        let sent: BTreeSet<OpId> = self.shared.threads.values().filter_map(|thread| thread.published_from).collect();
        let unsent = |(id, thread): &(&OpId, &Thread)| !thread.internal && !thread.withdrawn && !sent.contains(id);
        self.internal.threads.iter().filter(unsent).map(|(id, thread)| (*id, thread.clone())).collect()
    }

    /// Returns the move by which it is sent: the one that asks for answers in which nothing is missing.
    #[must_use]
    pub fn sending(&self) -> Option<&'static Move> {
        self.moves().find(|one| one.asks_for(Ask::Complete))
    }

    /// Returns the first of these with which the server does this.
    #[must_use]
    pub fn move_that_does(&self, deed: Deed) -> Option<&'static Move> {
        self.moves().find(|one| one.does(deed))
    }

    /// Returns a person's name, where this device has heard it.
    #[must_use]
    pub fn name(&self, person: PersonId) -> Option<&str> {
        self.people.get(&person).map(|known| known.name.as_str())
    }
}
