//! Changes that wait for the one before them: what a change replaces is what its person sees by the time it is
//! written, their own last answer above all.
//!
//! Does not know what the changes are about.

use std::collections::VecDeque;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::Scope;
use shared::op::Body;
use shared::value::Target;

use super::DocumentView;
use super::handle::DocumentHandle;
use crate::session::Unwritten;

/// A change that is worked out when its turn comes.
pub(super) struct Edit {
    pub(super) handle: DocumentHandle,
    pub(super) scope: Scope,
    pub(super) target: Option<Target>,
    /// The document as it stood when the change was asked for, should its page be left by then.
    pub(super) view: Rc<DocumentView>,
    pub(super) change: Box<dyn FnOnce(&DocumentView) -> Body>,
    pub(super) _held: Unwritten,
}

/// The changes in the order they were asked for. It outlives the pages.
#[derive(Clone, Copy, Debug)]
pub struct EditQueue {
    waiting: StoredValue<VecDeque<Edit>, LocalStorage>,
    running: StoredValue<bool>,
}

impl EditQueue {
    /// Returns an empty queue.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self { waiting: StoredValue::new_local(VecDeque::new()), running: StoredValue::new(false) }
    }

    /// Lets a change take its turn.
    pub(super) fn push(self, edit: Edit) {
        self.waiting.update_value(|waiting| waiting.push_back(edit));
        if !self.running.get_value() {
            self.running.set_value(true);
            spawn_local(self.run());
        }
    }

    async fn run(self) {
        while let Some(edit) = self.waiting.try_update_value(VecDeque::pop_front).flatten() {
            let Edit { handle, scope, target, view, change, _held } = edit;
            let body = change(&handle.current().unwrap_or(view));
            match target {
                Some(target) => handle.write(scope, target, vec![body]).await,
                None => handle.append(scope, vec![body]).await,
            };
        }
        self.running.set_value(false);
    }
}
