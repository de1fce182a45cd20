//! Where the session meets the store and the sync driver.

use std::rc::Rc;

use app::client::Client;
use app::documents::{DocumentRepository, RepositoryError};
use app::storage::indexed_db::IndexedDb;
use app::sync::wake::{Hears, Wake};
use app::sync::{Driver, Status};
use shared::ids::{PersonId, ReplicaId};

use super::{Link, Session, clock};
use crate::parts::dom;
use crate::state::later;
use crate::words;

/// What keeps a desk in this browser.
pub type Store = IndexedDb;

/// Opens the store of one person and no other.
pub async fn open_desk(
    person: PersonId,
    fresh: ReplicaId,
    expected: bool,
) -> Result<DocumentRepository<Store>, RepositoryError> {
    DocumentRepository::open(IndexedDb::open(person).await?, person, fresh, expected).await
}

/// Lets the tabs of a person hear each other.
pub fn open(session: Session, person: PersonId) {
    let hears =
        Hears { status: Rc::new(move |status| hear(session, status)), changed: Rc::new(move || session.changed()) };
    session.wake.set_value(Some(Wake::new(person, hears)));
}

/// Lets sync run from now on; once is enough.
pub fn start(session: Session) {
    // What only staff read, the partners' program cannot read, and must not fold.
    let Some(desk) = session.desk().filter(|_| cfg!(feature = "office") || !session.is_staff()) else { return };
    if session.wake.with_value(Option::is_none) {
        open(session, desk.person());
    }
    if let Some(wake) = session.wake.get_value() {
        wake.start(|| Driver::new(desk.store().clone(), Client));
    }
}

/// Stops sync: another person is signed in here.
pub fn stop(session: Session) {
    if let Some(wake) = session.wake.try_update_value(Option::take).flatten() {
        wake.stop();
    }
}

fn hear(session: Session, status: &Status) {
    let link = match status {
        Status::Idle => Link::Reached,
        Status::Syncing => return,
        Status::Offline => Link::Away,
        Status::Impostor => Link::Impostor,
        Status::SignedOut => Link::SignedOut,
        Status::Busy | Status::Refused(_) => Link::Faulty,
        Status::TooOld => {
            dom::announce("relais:check");
            Link::Faulty
        }
        Status::StoreFault(error) => {
            session.complain(&RepositoryError::Store(error.clone()));
            return;
        }
        Status::Erased => {
            session.fault.set(Some(words::t("ui.store.erased")));
            return;
        }
    };
    if session.link.get_untracked() != link {
        session.link.set(link);
    }
    later(async move {
        session.count().await;
        if link == Link::Reached {
            clock::heard(session.synced_ms.get_untracked());
        }
    });
}

/// Tells sync, and other tabs, that something was written.
pub fn edited(session: Session) {
    if let Some(wake) = session.wake.get_value() {
        wake.edited();
    }
}

/// Tries to send at once.
pub fn send_now(session: Session) {
    match session.wake.get_value() {
        Some(wake) => wake.now(),
        None => later(session.verify()),
    }
}
