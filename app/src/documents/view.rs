//! One document as its person sees it: its sides, the answers in them and what is wrong with these.
//!
//! Pure: what day it is is an argument. Does not know where documents are kept, and holds no words.

use std::collections::BTreeMap;

use shared::answers::Answers;
use shared::check::{Problem, check};
use shared::document::{Document, EDITION};
use shared::form::{Field, FilledBy, Form, HeldIn};
use shared::ids::{DocumentId, PersonId};
use shared::sync::wire::Person;
use shared::value::{Date, FieldId, Target};
use shared::workflow::{Action, partner_may_edit};

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
}

impl DocumentView {
    /// Returns the view of a document on a day; `None` while its creation is not known, or its form is not.
    #[must_use]
    pub fn new(id: DocumentId, views: Views, people: BTreeMap<PersonId, Person>, today: Date) -> Option<Self> {
        let form = views.shared.form()?;
        let mut answers = views.shared.answers();
        answers.absorb(views.note.answers());
        let problems = check(form, &answers, today);
        let Views { shared, internal, note } = views;
        Some(Self { id, shared, internal, note, answers, problems, form, people })
    }

    /// Returns the side that holds a field.
    #[must_use]
    pub fn side(&self, field: FieldId) -> &Document {
        match self.form.field(field).map(|field| field.held_in) {
            Some(HeldIn::Note) => &self.note,
            _ => &self.shared,
        }
    }

    /// Returns its title; empty while none is written.
    #[must_use]
    pub fn title(&self) -> &str {
        self.answers.text(Target::of(shared::forms::request::TITLE)).trim()
    }

    /// Returns whether a newer version wrote something here that this one keeps and cannot show.
    #[must_use]
    pub fn needs_newer(&self) -> bool {
        let asked = |target: &Target| self.form.field(target.field).is_some();
        let sides = [&self.shared, &self.internal, &self.note];
        sides.iter().any(|side| side.is_beyond(EDITION)) || !self.answers.by_target.keys().all(asked)
    }

    /// Returns the language it is written in (BCP-47).
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.answers.code(Target::of(shared::forms::request::DOCUMENT_LANGUAGE))
    }

    /// Returns the command that waits on this device, if any.
    #[must_use]
    pub fn queued(&self) -> Option<Action> {
        self.shared.queued.as_ref().map(|(_, command)| command.action)
    }

    /// Returns whether partners may write to it now.
    #[must_use]
    pub fn is_open_to_partner(&self) -> bool {
        partner_may_edit(self.shared.state) && self.queued().is_none()
    }

    /// Returns whether a person may write to a field now.
    #[must_use]
    pub fn may_edit(&self, field: &Field, staff: bool) -> bool {
        !staff && field.filled_by == FilledBy::Partner && self.is_open_to_partner()
    }

    /// Returns a person's name, where this device has heard it.
    #[must_use]
    pub fn name(&self, person: PersonId) -> Option<&str> {
        self.people.get(&person).map(|known| known.name.as_str())
    }
}
