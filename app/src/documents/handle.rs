//! The document a page has open: kept true while the page lives, and the one way to write to it.
//!
//! Does not know how anything is drawn.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::form::workflow::Action;
use shared::form::{Field, HeldIn};
use shared::ids::{DocumentId, OpId, Scope, Side};
use shared::op::{Body, Command, Op};
use shared::value::{FieldId, Target};

use super::DocumentView;
use super::edit_queue::Edit;
use crate::browser;
use crate::session::{Session, clock};

/// An open document. Copies are the same document.
#[derive(Clone, Copy, Debug)]
pub struct DocumentHandle {
    /// Which.
    pub id: DocumentId,
    /// The session it was opened in.
    pub session: Session,
    view: RwSignal<Option<Rc<DocumentView>>, LocalStorage>,
    missing: RwSignal<bool>,
    saved: RwSignal<Option<(Target, i64)>>,
    reads: StoredValue<Reads>,
}

/// Reads overtake each other: only what was asked for later than what is shown is shown.
#[derive(Clone, Copy, Debug, Default)]
struct Reads {
    asked: u64,
    shown: u64,
    /// The revision of the documents that the last read was asked at.
    revision: u32,
}

impl DocumentHandle {
    /// Opens a document and keeps it true while the page lives.
    #[must_use]
    pub fn open(session: Session, id: DocumentId) -> Self {
        let handle = Self {
            id,
            session,
            view: RwSignal::new_local(None),
            missing: RwSignal::new(false),
            saved: RwSignal::new(None),
            reads: StoredValue::new(Reads::default()),
        };
        Effect::new(move |_| {
            let revision = session.revision.get();
            // What was written here was read again at once: one write, one read.
            let seen = handle.reads.with_value(|reads| reads.asked > 0 && reads.revision == revision);
            if !seen {
                spawn_local(handle.refresh());
            }
        });
        handle
    }

    /// Reads it again.
    pub async fn refresh(self) {
        let Some(repository) = self.session.repository() else { return };
        let revision = self.session.revision.get_untracked();
        let Some(ticket) = self.reads.try_update_value(|reads| {
            reads.asked += 1;
            reads.revision = revision;
            reads.asked
        }) else {
            return;
        };
        let read = repository.document(self.id).await;
        let newer = self.reads.try_update_value(|reads| {
            let newer = ticket > reads.shown;
            reads.shown = reads.shown.max(ticket);
            newer
        });
        match read {
            Ok(_) if newer != Some(true) => {}
            Ok((views, people)) => {
                let Some(actor) = self.session.actor() else { return };
                let view = DocumentView::new(self.id, views, people, actor, clock::today());
                let _ = self.missing.try_set(view.is_none());
                let _ = self.view.try_set(view.map(Rc::new));
            }
            Err(error) => self.session.report_fault(error),
        }
    }

    /// Returns whether it was looked for and is not on this device.
    #[must_use]
    pub fn is_missing(self) -> bool {
        self.missing.get()
    }

    /// Returns whether it was read.
    #[must_use]
    pub fn is_loaded(self) -> bool {
        self.view.with(Option::is_some)
    }

    /// Returns what was written last here, and when, in Unix milliseconds.
    #[must_use]
    pub fn last_saved(self) -> Option<(Target, i64)> {
        self.saved.get()
    }

    /// Returns it as it stands; `None` until it was read, and when its page was left.
    #[must_use]
    pub fn current(self) -> Option<Rc<DocumentView>> {
        self.view.try_with_untracked(Clone::clone).flatten()
    }

    /// Looks at it without being told of changes.
    pub fn peek<T>(self, look: impl FnOnce(&DocumentView) -> T) -> Option<T> {
        self.view.try_with_untracked(|view| view.as_deref().map(look)).flatten()
    }

    /// Looks at it, and again whenever it changes.
    pub fn look<T>(self, look: impl FnOnce(&DocumentView) -> T) -> Option<T> {
        self.view.try_with(|view| view.as_deref().map(look)).flatten()
    }

    /// Returns what changes only when its own value does; `None` until the document was read.
    pub fn memo<T: PartialEq + Send + Sync + 'static>(
        self,
        look: impl Fn(&DocumentView) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        // Boxed: the graph's code for a memo is then compiled once for each type, not for each closure.
        let look: Box<dyn Fn(&DocumentView) -> T + Send + Sync> = Box::new(look);
        Memo::new(move |_| self.look(&*look))
    }

    /// Returns the scope a field is written to.
    #[must_use]
    pub fn scope(self, field: FieldId) -> Scope {
        let note = self.peek(|view| view.form.field(field).is_some_and(|field| field.held_in == HeldIn::Note));
        let side = if note == Some(true) { Side::Note(self.session.person()) } else { Side::Shared };
        Scope { document: self.id, side }
    }

    /// Returns whether this person may write to a field now.
    #[must_use]
    pub fn may_edit(self, field: &Field) -> bool {
        self.look(|view| view.may_edit(field)) == Some(true)
    }

    /// Writes about a field, and notes when. The scope is asked for before: the page may be left.
    pub async fn write(self, scope: Scope, target: Target, bodies: Vec<Body>) -> Option<Vec<Op>> {
        let ops = self.append(scope, bodies).await?;
        let _ = self.saved.try_set(Some((target, browser::now_ms())));
        Some(ops)
    }

    /// Writes about the document, on any of its sides.
    pub async fn append(self, scope: Scope, bodies: Vec<Body>) -> Option<Vec<Op>> {
        let _held = self.session.unwritten();
        let ops = self.session.write(bodies.into_iter().map(|body| (scope, body)).collect()).await;
        self.refresh().await;
        ops
    }

    /// Changes a field when all that was asked for before is written.
    pub fn edit(self, target: Target, change: impl FnOnce(&DocumentView) -> Body + 'static) {
        self.queue(self.scope(target.field), Some(target), Box::new(change));
    }

    /// Writes about one side of the document when all that was asked for before is written.
    pub fn edit_side(self, scope: Scope, body: Body) {
        self.queue(scope, None, Box::new(|_| body));
    }

    /// Asks the server to act; waits on this device until it can.
    pub fn command(self, action: Action, reason: Option<String>, names: Vec<OpId>) {
        let Some(seen) = self.peek(|view| (view.shared.state, view.shared.version())) else { return };
        // What was written before it goes along; where the document stands is what its person saw.
        let command = move |view: &DocumentView| {
            let command = view.shared.ask(action, reason, names);
            Body::Command(Command { expect: seen.0, version: command.version.and(Some(seen.1)), ..command })
        };
        self.queue(Scope::shared(self.id), None, Box::new(command));
    }

    fn queue(self, scope: Scope, target: Option<Target>, change: Box<dyn FnOnce(&DocumentView) -> Body>) {
        let Some(view) = self.current() else { return };
        let _held = self.session.unwritten();
        self.session.edits.push(Edit { handle: self, scope, target, view, change, _held });
    }
}

/// Returns the id of a field's control in the page.
#[must_use]
pub fn control_id(target: Target) -> String {
    let items = target.items().map(|item| format!("-{:x}-{}", item.replica.0, item.counter));
    format!("f{}{}", target.field.0, items.collect::<String>())
}
