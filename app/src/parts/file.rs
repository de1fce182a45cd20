//! The document a page has open: its sides, its answers, what is wrong with them, and the one way
//! to write to it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use app::desk::Views;
use shared::answers::Answers;
use shared::check::{Problem, check};
use shared::document::{Document, EDITION};
use shared::form::{Field, FilledBy, Form, HeldIn};
use shared::ids::{DocumentId, OpId, PersonId, Scope, Side};
use shared::merge::Mark;
use shared::op::{Body, Command, Op};
use shared::sorted::Map;
use shared::sync::wire::Person;
use shared::value::{Date, FieldId, Target};
use shared::workflow::{Action, State, partner_may_edit};

use super::dom;
use crate::session::{Session, Unwritten, clock};
use crate::state::{Memo, RwSignal, StoredValue, effect, later};
use crate::words;

/// A document as it stands.
#[derive(Debug)]
pub struct File {
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
    pub people: Map<PersonId, Person>,
}

impl File {
    fn new(id: DocumentId, views: Views, people: Map<PersonId, Person>) -> Option<Self> {
        let form = views.shared.form()?;
        let mut answers = views.shared.answers();
        answers.absorb(views.note.answers());
        let problems = check(form, &answers, Date::from_unix_ms(clock::now_ms()));
        let Views { shared, internal, note } = views;
        Some(Self { id, shared, internal, note, answers, problems, form, people })
    }

    /// Returns the side that holds a field.
    pub fn side(&self, field: FieldId) -> &Document {
        match self.form.field(field).map(|field| field.held_in) {
            Some(HeldIn::Note) => &self.note,
            _ => &self.shared,
        }
    }

    /// Returns the title, or what stands for it.
    pub fn title(&self) -> String {
        let title = self.answers.text(Target::of(shared::forms::request::TITLE));
        if title.trim().is_empty() { words::t("ui.file.untitled") } else { title.to_owned() }
    }

    /// Returns whether a newer version wrote something here that this one keeps and cannot show.
    pub fn needs_newer(&self) -> bool {
        let asked = |target: &Target| self.form.field(target.field).is_some();
        let sides = [&self.shared, &self.internal, &self.note];
        sides.iter().any(|side| side.is_beyond(EDITION)) || !self.answers.by_target.keys().all(asked)
    }

    /// Returns the language it is written in.
    pub fn language(&self) -> Option<String> {
        self.answers.code(Target::of(shared::forms::request::DOCUMENT_LANGUAGE)).map(ToOwned::to_owned)
    }

    /// Returns whether a *submit* waits on this device.
    pub fn queued(&self) -> Option<Action> {
        self.shared.queued.as_ref().map(|(_, command)| command.action)
    }

    /// Returns the name to show for a person.
    pub fn name(&self, person: PersonId, me: PersonId) -> String {
        if person == me {
            return words::t("ui.you");
        }
        self.people.get(&person).map_or_else(|| words::t("ui.someone"), |known| known.name.clone())
    }
}

/// The open document, for every part of a page.
#[derive(Clone, Copy)]
pub struct Open {
    /// Which.
    pub id: DocumentId,
    /// As it stands; `None` until it was read, and for a document that is not here.
    pub file: RwSignal<Option<Arc<File>>>,
    /// Whether it was looked for and is not here.
    pub missing: RwSignal<bool>,
    /// What was written last here, and when.
    pub saved: RwSignal<Option<(Target, i64)>>,
    /// The session.
    pub session: Session,
    reads: StoredValue<Reads>,
}

/// Reads overtake each other: only what was asked for later than what is shown is shown.
#[derive(Clone, Copy, Debug, Default)]
struct Reads {
    asked: u64,
    shown: u64,
}

impl Open {
    /// Opens a document and keeps it true while the page lives.
    pub fn new(id: DocumentId) -> Self {
        let session = Session::here();
        let (file, missing, saved) = (RwSignal::new(None), RwSignal::new(false), RwSignal::new(None));
        let open = Self { id, file, missing, saved, session, reads: StoredValue::new(Reads::default()) };
        effect(move || {
            session.tick.track();
            later(open.refresh());
        });
        open
    }

    /// Reads it anew.
    pub async fn refresh(self) {
        let Some(desk) = self.session.desk() else { return };
        let ticket = self.reads.try_update_value(|reads| {
            reads.asked += 1;
            reads.asked
        });
        let people = desk.people().await;
        let views = desk.views(self.id).await;
        let newer = self.reads.try_update_value(|reads| {
            let newer = ticket.is_some_and(|ticket| ticket > reads.shown);
            reads.shown = reads.shown.max(ticket.unwrap_or(0));
            newer
        });
        match views {
            Ok(_) if newer != Some(true) => {}
            Ok(views) => {
                let file = File::new(self.id, views, people.unwrap_or_default());
                let _ = self.missing.try_set(file.is_none());
                let _ = self.file.try_set(file.map(Arc::new));
            }
            Err(error) => self.session.complain(&error),
        }
    }

    /// Looks at it without being told of changes.
    pub fn peek<T>(self, look: impl FnOnce(&File) -> T) -> Option<T> {
        self.file.try_with_untracked(|file| file.as_deref().map(look)).flatten()
    }

    /// Looks at it, and again whenever it changes.
    pub fn look<T>(self, look: impl FnOnce(&File) -> T) -> Option<T> {
        self.file.with(|file| file.as_deref().map(look))
    }

    /// Returns what changes only when its own value does.
    pub fn memo<T: PartialEq + Send + Sync + 'static>(
        self,
        look: impl Fn(&File) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move || self.look(&look))
    }

    /// Returns the scope a field is written to.
    pub fn scope(self, field: FieldId) -> Scope {
        let note = self.peek(|file| file.form.field(field).is_some_and(|field| field.held_in == HeldIn::Note));
        let side = if note == Some(true) { Side::Note(self.session.person()) } else { Side::Shared };
        Scope { document: self.id, side }
    }

    /// Returns whether this person may write to a field now.
    pub fn may_edit(self, field: &Field) -> bool {
        let partner = !self.session.is_staff() && field.filled_by == FilledBy::Partner;
        partner && self.look(|file| partner_may_edit(file.shared.state) && file.queued().is_none()) == Some(true)
    }

    /// Writes about a field, and notes when. The scope is asked for before: the page may be left.
    pub async fn write(self, scope: Scope, target: Target, bodies: Vec<Body>) -> Option<Vec<Op>> {
        let ops = self.say(scope, bodies).await?;
        self.saved.set(Some((target, dom::now_ms())));
        Some(ops)
    }

    /// Writes about the document, on any of its sides.
    pub async fn say(self, scope: Scope, bodies: Vec<Body>) -> Option<Vec<Op>> {
        let _held = self.session.unwritten();
        let ops = self.session.write(bodies.into_iter().map(|body| (scope, body)).collect()).await;
        self.refresh().await;
        ops
    }

    /// Changes a field when all that was asked for before is written: what the change replaces is what
    /// its person sees by then, their own last answer above all.
    pub fn put(self, target: Target, change: impl FnOnce(&File) -> Body + 'static) {
        self.take_turn(self.scope(target.field), Some(target), Box::new(change));
    }

    /// Says something on one side of the document, in its turn.
    pub fn put_on(self, scope: Scope, body: Body) {
        self.take_turn(scope, None, Box::new(|_| body));
    }

    fn take_turn(self, scope: Scope, target: Option<Target>, change: Box<dyn FnOnce(&File) -> Body>) {
        let Some(file) = self.file.with_untracked(Clone::clone) else { return };
        let turn = Turn { open: self, scope, target, file, change, _held: self.session.unwritten() };
        let first = TURNS.with_borrow_mut(|turns| {
            let first = turns.is_none();
            turns.get_or_insert_default().push_back(turn);
            first
        });
        if first {
            later(take_turns());
        }
    }

    /// Asks the server to act; waits on this device until it can.
    pub fn command(self, action: Action, reason: Option<String>, names: Vec<OpId>) {
        let Some(expect) = self.peek(|file| file.shared.state) else { return };
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        let command = move |file: &File| {
            let content_hash = (action == Action::Submit).then(|| file.shared.content_hash());
            Body::Command(Command { action, expect, content_hash, reason, names })
        };
        self.take_turn(Scope::shared(self.id), None, Box::new(command));
    }

    /// Returns who wrote something and when, in words.
    pub fn by(self, mark: &Mark) -> String {
        let name = self.peek(|file| file.name(mark.author, self.session.person())).unwrap_or_default();
        format!("{name}, {}", words::moment(mark.at_ms))
    }
}

/// A change that is put into words when its turn comes.
struct Turn {
    open: Open,
    scope: Scope,
    target: Option<Target>,
    /// The document as it stood when the change was asked for, should the page be left by then.
    file: Arc<File>,
    change: Box<dyn FnOnce(&File) -> Body>,
    _held: Unwritten,
}

thread_local! {
    /// What waits for its turn, while somebody is taking them.
    static TURNS: RefCell<Option<VecDeque<Turn>>> = const { RefCell::new(None) };
}

async fn take_turns() {
    let next = || {
        TURNS.with_borrow_mut(|turns| {
            let next = turns.as_mut()?.pop_front();
            if next.is_none() {
                *turns = None;
            }
            next
        })
    };
    while let Some(Turn { open, scope, target, file, change, _held }) = next() {
        let file = open.file.try_with_untracked(Clone::clone).flatten().unwrap_or(file);
        let bodies = vec![change(&file)];
        match target {
            Some(target) => open.write(scope, target, bodies).await,
            None => open.say(scope, bodies).await,
        };
    }
}

/// Returns the id of a field's control in the page.
pub fn anchor(target: Target) -> String {
    match target.item {
        None => format!("f{}", target.field.0),
        Some(item) => format!("f{}-{:x}-{}", target.field.0, item.replica.0, item.counter),
    }
}

/// Returns the words for where a request stands.
pub fn state_words(state: State) -> String {
    let key = match state {
        State::Draft => "draft",
        State::Received => "received",
        State::Registered => "registered",
        State::Returned => "returned",
        State::UnderAssessment => "under_assessment",
        State::InConsultation => "in_consultation",
        State::CppDecision => "cpp_decision",
        State::Approved => "approved",
        State::Rejected => "rejected",
        State::Deferred => "deferred",
        State::Redirected => "redirected",
        State::Converted => "converted",
        State::Withdrawn => "withdrawn",
    };
    words::t(&format!("ui.state.{key}"))
}
