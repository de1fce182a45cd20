//! Who is at this device, the documents that are open for them, and how sync stands.
//!
//! The first page signs people in (`public/start.js`), which needs the server. Afterwards a small record on the device
//! (see `remembered`) lets the same person's documents open without it; signing out takes the record away, so that
//! nobody opens another person's documents. Does not know what is on a page, and holds no words.

pub mod clock;
mod remembered;
mod sign_in;
mod sync;
mod write;

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::SignedIn;
use shared::ids::{DocumentId, PersonId};
use shared::permission::Actor;

use crate::browser;
use crate::documents::edit_queue::EditQueue;
use crate::documents::{DeviceStatus, DocumentRepository, RepositoryError};
use crate::storage::indexed_db::IndexedDb;
use crate::sync::browser::BrowserSync;

pub use self::sign_in::address as sign_in_address;
pub use self::write::{RETRY_MS, Unwritten};

/// How long the server may take to say who is signed in before sync starts all the same, in milliseconds.
const VERIFY_MS_MAX: u32 = 1_500;
/// How often the device's storage is asked to open when the program starts, and the pause in between, in milliseconds.
const OPEN_TRIES_MAX: u8 = 8;
const OPEN_PAUSE_MS: u32 = 500;

/// The documents of one person in this browser.
pub type Repository = DocumentRepository<IndexedDb>;

/// How the server last answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not asked yet.
    Unknown,
    /// It answers.
    Reached,
    /// It cannot be reached.
    Away,
    /// It asks to sign in again.
    SignedOut,
    /// Another person is signed in in this browser.
    OtherPerson,
    /// Something answers in its name.
    Impostor,
    /// It knows a newer protocol, or had a fault.
    Faulty,
}

/// A new version of the program that waits for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingUpdate {
    /// It can be installed.
    Ready,
    /// It can not yet: something typed is still on its way to the disk.
    WordsUnwritten,
}

/// The session, in the context of every page.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// Who is at this device.
    pub account: RwSignal<Option<SignedIn>>,
    repository: StoredValue<Option<Rc<Repository>>, LocalStorage>,
    sync: StoredValue<Option<BrowserSync>, LocalStorage>,
    /// Raised whenever documents changed, here, in another tab or by sync.
    pub revision: RwSignal<u32>,
    /// How the server last answered.
    pub link: RwSignal<Link>,
    /// What is only on this device; `None` until it was counted.
    pub status: RwSignal<Option<DeviceStatus>>,
    /// What the store could not do.
    pub fault: RwSignal<Option<RepositoryError>>,
    /// Site data was erased since the last visit.
    pub erased: RwSignal<bool>,
    /// A new version waits.
    pub update: RwSignal<Option<PendingUpdate>>,
    /// Raised when everything still in memory has to be written at once.
    pub flush: RwSignal<u32>,
    /// Whether the start has found out who is here.
    pub ready: RwSignal<bool>,
    /// Changes that wait for the one before them.
    pub edits: EditQueue,
    unwritten: write::Counts,
}

/// Returns the session of this page.
#[must_use]
pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    /// Returns a session of nobody yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it belongs to the reactive owner it is made in")]
    pub fn new() -> Self {
        Self {
            account: RwSignal::new(None),
            repository: StoredValue::new_local(None),
            sync: StoredValue::new_local(None),
            revision: RwSignal::new(0),
            link: RwSignal::new(Link::Unknown),
            status: RwSignal::new(None),
            fault: RwSignal::new(None),
            erased: RwSignal::new(false),
            update: RwSignal::new(None),
            flush: RwSignal::new(0),
            ready: RwSignal::new(false),
            edits: EditQueue::new(),
            unwritten: write::Counts::new(),
        }
    }

    /// Returns the open documents.
    #[must_use]
    pub fn repository(self) -> Option<Rc<Repository>> {
        self.repository.get_value()
    }

    /// Returns the person at this device; nobody is person 0, in whose name the server writes.
    #[must_use]
    pub fn person(self) -> PersonId {
        self.account.with_untracked(|who| who.as_ref().map_or(PersonId(0), |who| who.person))
    }

    /// Returns the person as rules see them; `None` while nobody is signed in.
    #[must_use]
    pub fn actor(self) -> Option<Actor> {
        self.account.with_untracked(|who| {
            let who = who.as_ref()?;
            let authority = who.authority.as_ref().map(|card| card.id);
            Some(Actor { person: who.person, role: who.role, authority })
        })
    }

    /// Returns whether the person works in the office's program.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self.account.with_untracked(|who| who.as_ref().is_some_and(|who| who.role.in_office()))
    }

    /// Opens the documents of whoever has just signed in, or else was here last, then asks the server whether they
    /// still are. Nobody found, it goes to where people sign in.
    pub async fn start(self) {
        let arrived = remembered::arrived();
        // A browser that was killed may hold its storage back for a moment when it is started again.
        for _ in 0..OPEN_TRIES_MAX {
            let opened = match &arrived {
                Some(who) => self.open(who.clone(), false).await,
                None => match remembered::read().await {
                    Ok(Some(who)) => self.open(who, true).await,
                    Ok(None) => {
                        self.fault.set(None);
                        Ok(())
                    }
                    Err(error) => Err(error.into()),
                },
            };
            let Err(error) = opened else { break };
            self.report_fault(error);
            browser::sleep(OPEN_PAUSE_MS).await;
            // Another way in was quicker.
            if self.repository().is_some() {
                break;
            }
        }
        if let Some(who) = &arrived {
            self.remember(Some(who)).await;
        }
        self.ready.set(true);
        // On a link that hangs, what can be sent later has to be tried all the same.
        spawn_local(async move {
            browser::sleep(VERIFY_MS_MAX).await;
            if self.account.with_untracked(Option::is_some) && self.link.get_untracked() != Link::OtherPerson {
                self.start_sync();
            }
        });
        self.verify().await;
        // A record that cannot be read may still be somebody's: that is told instead.
        if self.account.with_untracked(Option::is_none) && self.fault.with_untracked(Option::is_none) {
            browser::load_page(&sign_in::address());
        }
    }

    async fn open(self, who: SignedIn, before: bool) -> Result<(), RepositoryError> {
        let person = who.person;
        let expected = before || remembered::had_documents(person);
        let store = IndexedDb::open(person).await?;
        let repository = DocumentRepository::open(store, person, browser::fresh_replica(), expected).await?;
        if remembered::is_other(person) {
            // Meanwhile somebody else signed in in another tab: nothing of this person is shown.
            browser::reload_page();
            return Ok(());
        }
        self.erased.set(repository.erased());
        remembered::has_documents(person);
        remembered::announce(Some(&who));
        self.fault.set(None);
        self.listen_to_sync(person);
        self.repository.set_value(Some(Rc::new(repository)));
        self.account.set(Some(who));
        self.refresh_status().await;
        self.revision.update(|revision| *revision += 1);
        Ok(())
    }

    /// Lets every page know that documents changed.
    pub fn documents_changed(self) {
        self.revision.update(|revision| *revision += 1);
        spawn_local(self.refresh_status());
    }

    /// Counts what is only on this device.
    pub async fn refresh_status(self) {
        let Some(repository) = self.repository() else { return };
        let writes = self.unwritten.writes();
        // A count begun before something was written is out of date, and the next one is on its way.
        if let Ok(status) = repository.status().await
            && writes == self.unwritten.writes()
        {
            self.status.set(Some(status));
        }
    }

    /// Shows on every page what the store could not do.
    pub fn report_fault(self, error: impl Into<RepositoryError>) {
        self.fault.set(Some(error.into()));
    }

    /// Draws a name for a new document.
    #[must_use]
    pub fn new_document() -> DocumentId {
        DocumentId(browser::random_bytes::<16>())
    }
}
