//! Who is at this device, and the desk that is open for them.
//!
//! The first sign-in needs the server. Afterwards a small note on the device (see `note`) lets the
//! same person's desk open without it; signing out takes the note away, so that nobody opens another
//! person's desk. Does not know what is on a page.

use std::rc::Rc;

use app::client::Client;
use app::documents::{DocumentRepository, RepositoryError};
use app::sync::TransportError;
use app::sync::wake::Wake;
use reactive_graph::owner::expect_context;
use shared::api::{SignIn, SignedIn};
use shared::ids::{DocumentId, PersonId, ReplicaId, Scope};
use shared::op::{Body, Op};

use crate::parts::dom;
use crate::state::{RwSignal, StoredValue, later};
use crate::words;

mod answer;
pub mod clock;
mod drive;
pub mod note;
mod rescue;
use answer::{Answer, device_label, heard};
pub use drive::{Store, send_now};
pub use rescue::rescue_controls;

/// How long the server may take to say who is signed in before sync starts all the same.
const VERIFY_MS_MAX: i32 = 1_500;

/// A pause before the store is asked again to take what it had no room for.
pub const RETRY_MS: i32 = 2_000;
/// How often the device's storage is asked to open when the program starts, and the pause in between.
const OPEN_TRIES_MAX: u8 = 8;
const OPEN_PAUSE_MS: i32 = 500;

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

/// The session, for every page.
#[derive(Clone, Copy)]
pub struct Session {
    /// Who is at this device.
    pub who: RwSignal<Option<SignedIn>>,
    desk: StoredValue<Option<Rc<DocumentRepository<Store>>>>,
    wake: StoredValue<Option<Wake>>,
    /// Raised whenever the desk's contents changed, here, in another tab or by sync.
    pub tick: RwSignal<u32>,
    /// How the server last answered.
    pub link: RwSignal<Link>,
    /// Operations only on this device.
    pub unsent: RwSignal<usize>,
    /// Operations that were not applied.
    pub parked: RwSignal<usize>,
    /// When the server was last reached, by its clock.
    pub synced_ms: RwSignal<i64>,
    /// What the store could not do, in words.
    pub fault: RwSignal<Option<String>>,
    /// Site data was erased since the last visit.
    pub erased: RwSignal<bool>,
    /// A new version waits for the person; what is said of it.
    pub update: RwSignal<Option<&'static str>>,
    /// Raised when everything still in memory has to be written at once.
    pub flush: RwSignal<u32>,
    /// Whether the start has found out who is here.
    pub ready: RwSignal<bool>,
    /// How many fields hold words that are not on the disk yet, and whether any does, for the pages.
    held: StoredValue<u32>,
    unwritten: RwSignal<bool>,
    /// How many writes the store did not take and is asked again to take.
    refused: StoredValue<u32>,
    /// Whether it was counted what waits.
    counted: RwSignal<bool>,
    /// How often something was written: a count begun before is out of date.
    writes: StoredValue<u32>,
}

/// Words on screen that are not on the disk yet; while one is held, the browser asks before it leaves.
pub struct Unwritten(Session);

impl Drop for Unwritten {
    fn drop(&mut self) {
        self.0.held.update_value(|count| *count -= 1);
        self.0.tell_unwritten();
    }
}

impl Session {
    /// Returns a session of nobody yet.
    pub fn new() -> Self {
        Self {
            who: RwSignal::new(None),
            desk: StoredValue::new(None),
            wake: StoredValue::new(None),
            tick: RwSignal::new(0),
            link: RwSignal::new(Link::Unknown),
            unsent: RwSignal::new(0),
            parked: RwSignal::new(0),
            synced_ms: RwSignal::new(0),
            fault: RwSignal::new(None),
            erased: RwSignal::new(false),
            update: RwSignal::new(None),
            flush: RwSignal::new(0),
            ready: RwSignal::new(false),
            held: StoredValue::new(0),
            unwritten: RwSignal::new(false),
            refused: StoredValue::new(0),
            counted: RwSignal::new(false),
            writes: StoredValue::new(0),
        }
    }

    /// Returns the session of this page.
    pub fn here() -> Self {
        expect_context::<Self>()
    }

    /// Returns the open desk.
    pub fn desk(self) -> Option<Rc<DocumentRepository<Store>>> {
        self.desk.get_value()
    }

    /// Returns the person at this device; nobody is person 0, who is the server's own pen.
    pub fn person(self) -> PersonId {
        self.who.with_untracked(|who| who.as_ref().map_or(PersonId(0), |who| who.person))
    }

    /// Notes words that are on screen and not on the disk, for as long as what is returned is held.
    pub fn unwritten(self) -> Unwritten {
        self.held.update_value(|count| *count += 1);
        self.tell_unwritten();
        Unwritten(self)
    }

    /// Tells the pages later: a page may be just being left, and its parts are not to be asked any more.
    fn tell_unwritten(self) {
        later(async move {
            let unwritten = self.held.get_value() > 0;
            if self.unwritten.get_untracked() != unwritten {
                self.unwritten.set(unwritten);
            }
        });
    }

    /// Returns whether leaving the page now would leave words behind.
    pub fn has_unwritten(self) -> bool {
        self.held.get_value() > 0 || self.fault.with_untracked(Option::is_some)
    }

    /// Returns how many changes the server is not known to have, words that are not on the disk yet
    /// counted as one more; `None` while that is not known.
    pub fn waiting(self) -> Option<usize> {
        let unwritten = self.unwritten.get() || self.fault.with(Option::is_some);
        let unsent = self.unsent.get().max(usize::from(unwritten));
        (unsent > 0 || self.counted.get()).then_some(unsent)
    }

    /// Returns whether the person works for the facility.
    pub fn is_staff(self) -> bool {
        self.who.with_untracked(|who| who.as_ref().is_some_and(|who| !who.role.of_partner()))
    }

    /// Opens the desk of whoever was here last, then asks the server whether they still are.
    pub async fn start(self) {
        // A browser that was killed may hold its storage back for a moment when it is started again.
        for _ in 0..OPEN_TRIES_MAX {
            let opened = match note::recalled().await {
                Ok(Some(who)) => self.open(who, true).await,
                Ok(None) => {
                    self.fault.set(None);
                    Ok(())
                }
                Err(error) => Err(error.into()),
            };
            let Err(error) = opened else { break };
            self.complain(&error);
            dom::pause(OPEN_PAUSE_MS).await;
            // Another way in was quicker.
            if self.desk().is_some() {
                break;
            }
        }
        self.ready.set(true);
        // On a link that hangs, what can be sent later has to be tried all the same.
        dom::after(VERIFY_MS_MAX, move || {
            if self.who.with_untracked(Option::is_some) && self.link.get_untracked() != Link::OtherPerson {
                drive::start(self);
            }
        });
        self.verify().await;
    }

    /// Asks the server who is signed in, and lets sync run when it is the person at this device.
    pub async fn verify(self) {
        let answer = if self.who.with_untracked(Option::is_none) && note::left() {
            // The server may not have heard of it yet.
            Client.sign_out().await.and_then(|()| Err(TransportError::SignedOut.into()))
        } else {
            Client.session().await
        };
        match heard(answer) {
            Answer::Who(who) => match self.who.get_untracked() {
                Some(here) if here.person != who.person => {
                    drive::stop(self);
                    self.link.set(Link::OtherPerson);
                }
                Some(_) => self.welcome(who, true).await,
                // The browser still knows its session, yet nothing of the person: what was kept here is gone.
                None => self.welcome(who, true).await,
            },
            Answer::SignedOut => self.link.set(Link::SignedOut),
            Answer::Refused(_) => self.link.set(Link::Faulty),
            Answer::Impostor => self.link.set(Link::Impostor),
            Answer::Away => self.link.set(Link::Away),
        }
    }

    /// Asks again, unless the server was reached already.
    pub async fn verify_if_lost(self) {
        if self.link.get_untracked() == Link::Reached {
            send_now(self);
        } else {
            self.verify().await;
        }
    }

    /// Signs in. On failure returns the words to show.
    pub async fn sign_in(self, login: &str, password: &str) -> Result<(), String> {
        let with = SignIn { login: login.to_owned(), password: password.to_owned(), device_label: device_label() };
        match heard(Client.sign_in(&with).await) {
            Answer::Who(who) => {
                if self.who.with_untracked(|here| here.as_ref().is_some_and(|here| here.person != who.person)) {
                    // Another person's desk is never shown to this one: the page starts again.
                    self.note(Some(&who)).await;
                    dom::call(&dom::get(&dom::window(), "location"), "assign", &["/".into()]);
                    return Ok(());
                }
                self.welcome(who, false).await;
                Ok(())
            }
            Answer::Refused(said) => Err(said),
            Answer::SignedOut => Err(words::t("ui.door.refused")),
            Answer::Impostor => Err(words::t("ui.link.impostor")),
            Answer::Away => Err(words::t("ui.door.no_network")),
        }
    }

    /// Lets a person in whom the server knows. `before`: they had signed in here before.
    async fn welcome(self, who: SignedIn, before: bool) {
        let noted = self.who.with_untracked(|here| here.as_ref() == Some(&who));
        if self.desk().is_none()
            && let Err(error) = self.open(who.clone(), before).await
        {
            self.complain(&error);
        }
        if !noted {
            self.note(Some(&who)).await;
        }
        self.who.set(Some(who));
        self.link.set(Link::Reached);
        drive::start(self);
    }

    async fn note(self, who: Option<&SignedIn>) {
        if let Err(error) = note::remember(who).await {
            self.complain(&RepositoryError::Store(error));
        }
    }

    async fn open(self, who: SignedIn, before: bool) -> Result<(), RepositoryError> {
        let person = who.person;
        let fresh = ReplicaId(u64::from_le_bytes(dom::random::<8>()) >> 1 | 1);
        let expected = before || note::had_desk(person);
        let desk = drive::open_desk(person, fresh, expected).await?;
        self.erased.set(desk.erased());
        note::has_desk(person);
        note::ring(Some(person));
        #[cfg(feature = "office")]
        note::prefers_office(!who.role.of_partner());
        self.fault.set(None);
        drive::open(self, person);
        self.desk.set_value(Some(Rc::new(desk)));
        self.who.set(Some(who));
        self.count().await;
        self.tick.update(|tick| *tick += 1);
        Ok(())
    }

    /// Signs out: nothing on the device is erased, and it no longer opens without a password.
    pub async fn sign_out(self) {
        self.note(None).await;
        let _ = Client.sign_out().await;
        dom::call(&dom::get(&dom::window(), "location"), "assign", &["/".into()]);
    }

    /// Counts what waits.
    pub async fn count(self) {
        let Some(desk) = self.desk() else { return };
        let writes = self.writes.get_value();
        let waiting = desk.waiting().await;
        if writes == self.writes.get_value() {
            self.counted.set(waiting.is_ok());
            self.unsent.set(waiting.map_or(0, |waiting| waiting.unsent.len()));
        }
        if let Ok(parked) = desk.parked().await {
            self.parked.set(parked.len());
        }
        if let Ok(device) = desk.device().await {
            self.synced_ms.set(device.synced_ms);
        }
    }

    /// Lets every page know that the desk changed.
    pub fn changed(self) {
        self.tick.update(|tick| *tick += 1);
        later(self.count());
    }

    /// Writes operations down; when it returns they are saved on this device. What the store surely did
    /// not take is told on every page and tried again until it is taken; `None` when it never will be,
    /// or may have been.
    pub async fn write(self, drafts: Vec<(Scope, Body)>) -> Option<Vec<Op>> {
        let ops = self.insist(Ok(drafts)).await?;
        // Not for a moment is it said that everything is received; the count comes after.
        self.writes.update_value(|writes| *writes += 1);
        self.unsent.update(|unsent| *unsent += ops.len());
        self.changed();
        drive::edited(self);
        Some(ops)
    }

    /// Keeps words that are begun and not said yet; as with what is written, until they are kept.
    pub async fn begin(self, place: String, words: String) {
        self.insist(Err((place, words))).await;
    }

    /// Writes operations, or else words that are begun. One for both, for each would carry all of this along.
    async fn insist(self, what: Result<Vec<(Scope, Body)>, (String, String)>) -> Option<Vec<Op>> {
        let mut refused = false;
        loop {
            let desk = self.desk()?;
            let outcome = match &what {
                Ok(drafts) => desk.write(drafts.clone(), dom::now_ms()).await,
                Err((place, words)) => desk.begin(place, words).await.map(|()| Vec::new()),
            };
            let again = outcome.as_ref().is_err_and(RepositoryError::may_try_again);
            if again != refused {
                self.refused.update_value(|count| *count = if again { *count + 1 } else { *count - 1 });
                refused = again;
            }
            match outcome {
                Ok(done) => {
                    if self.refused.get_value() == 0 && self.fault.with_untracked(Option::is_some) {
                        self.fault.set(None);
                    }
                    return Some(done);
                }
                Err(error) => self.complain(&error),
            }
            if !again {
                return None;
            }
            dom::pause(RETRY_MS).await;
        }
    }

    /// Puts a store's failure into words.
    pub fn complain(self, error: &RepositoryError) {
        let key = match error {
            RepositoryError::Store(error) => error.key(),
            RepositoryError::Erased => "erased",
            RepositoryError::NotYours => "not_yours",
            RepositoryError::TooLarge => "too_large",
            RepositoryError::TooMany => "too_many",
        };
        self.fault.set(Some(words::t(&format!("ui.store.{key}"))));
    }

    /// Draws a name for a new document.
    pub fn new_document() -> DocumentId {
        DocumentId(dom::random::<16>())
    }
}
