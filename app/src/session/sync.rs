//! Where the session meets sync: what it is told, and when it is asked to send.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::PersonId;

use super::{Link, Session, clock};
use crate::api::Api;
use crate::browser;
use crate::documents::RepositoryError;
use crate::sync::browser::{BrowserSync, SyncListeners};
use crate::sync::{Driver, Status};

impl Session {
    /// Lets the tabs of a person hear each other.
    pub(super) fn listen_to_sync(self, person: PersonId) {
        let listeners = SyncListeners {
            on_status: Rc::new(move |status| self.hear_status(status)),
            on_change: Rc::new(move || self.documents_changed()),
        };
        self.sync.set_value(Some(BrowserSync::new(person, listeners)));
    }

    /// Lets sync run from now on; once is enough.
    pub(super) fn start_sync(self) {
        let Some(repository) = self.repository() else { return };
        if self.sync.with_value(Option::is_none) {
            self.listen_to_sync(repository.person());
        }
        if let Some(sync) = self.sync.get_value() {
            sync.start(|| Driver::new(repository.store().clone(), Api));
        }
    }

    /// Stops sync: another person is signed in here.
    pub(super) fn stop_sync(self) {
        if let Some(sync) = self.sync.try_update_value(Option::take).flatten() {
            sync.stop();
        }
    }

    /// Tells sync, and other tabs, that something was written.
    pub(super) fn documents_edited(self) {
        if let Some(sync) = self.sync.get_value() {
            sync.edited();
        }
    }

    /// Tries to send at once.
    pub fn send_now(self) {
        match self.sync.get_value() {
            Some(sync) => sync.send_now(),
            None => spawn_local(self.verify()),
        }
    }

    fn hear_status(self, status: &Status) {
        let link = match status {
            Status::Idle => Link::Reached,
            Status::Syncing => return,
            Status::Offline => Link::Away,
            Status::Impostor => Link::Impostor,
            Status::SignedOut => Link::SignedOut,
            Status::Busy | Status::Refused(_) => Link::Faulty,
            Status::TooOld => {
                browser::announce("relais:check");
                Link::Faulty
            }
            Status::StoreFault(error) => return self.report_fault(error.clone()),
            Status::Erased => return self.report_fault(RepositoryError::Erased),
        };
        if self.link.get_untracked() != link {
            self.link.set(link);
        }
        spawn_local(async move {
            self.refresh_status().await;
            if link == Link::Reached
                && let Some(status) = self.status.get_untracked()
            {
                clock::heard(status.synced_ms);
            }
        });
    }
}
