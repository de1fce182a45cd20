//! The driver against a small stand-in for the server: enough to exercise retries, lost replies,
//! copies and parking. The real server runs in crate `tests`.

mod sizes;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use shared::document::Document;
use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId, PersonId, Scope};
use shared::op::{Body, Create, Entry, Insert, Op, Set, from_bytes};
use shared::sync::admission::Reason;
use shared::sync::wire::{Logged, Parked, Snapshot};
use shared::value::{Target, Value};

use super::*;
use crate::documents::DocumentRepository;
use crate::storage::memory::{Fault, MemoryStore};

pub(crate) const PERSON: PersonId = PersonId(7);
pub(crate) const COLLEAGUE: PersonId = PersonId(8);
pub(crate) const FILE: DocumentId = DocumentId([9; 16]);
const FRESH: ReplicaId = ReplicaId(0xF0F0);

/// What happens to the next exchanges.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Up,
    Down,
    /// The server takes the request; its answer is lost.
    ReplyLost,
    /// A network's sign-in page answers.
    SignInPage,
    /// The session has ended.
    SignedOut,
    /// The next exchange goes well; then the line breaks.
    UpOnce,
}

#[derive(Default)]
struct Log {
    entries: Vec<Entry>,
    acked: BTreeMap<ReplicaId, (PersonId, u64)>,
    parks: Option<Reason>,
}

/// The stand-in: takes everything in order, and shows everything to everybody.
#[derive(Clone)]
pub(crate) struct Standin {
    log: Rc<RefCell<Log>>,
    line: Rc<RefCell<Line>>,
    person: PersonId,
    exchanges: Rc<RefCell<usize>>,
    /// How many times smaller a request crosses.
    packs: Rc<Cell<usize>>,
}

impl Standin {
    pub(crate) fn new(person: PersonId) -> Self {
        let line = Rc::new(RefCell::new(Line::Up));
        Self { log: Rc::default(), line, person, exchanges: Rc::default(), packs: Rc::new(Cell::new(1)) }
    }

    pub(crate) fn of(&self, person: PersonId) -> Self {
        Self { person, line: Rc::new(RefCell::new(Line::Up)), ..self.clone() }
    }

    /// Returns what everybody who has synced reads.
    pub(crate) fn text(&self) -> String {
        text_of(&self.log.borrow().fold(Scope::shared(FILE)))
    }

    /// Returns all prose that was ever accepted.
    pub(crate) fn inserted(&self) -> String {
        self.log.borrow().entries.iter().map(|entry| inserted(&entry.op)).collect()
    }

    /// Parks what comes from now on.
    pub(crate) fn park(&self, reason: Option<Reason>) {
        self.log.borrow_mut().parks = reason;
    }

    pub(crate) fn set(&self, line: Line) {
        *self.line.borrow_mut() = line;
    }

    fn take(&self, request: &Request) -> Reply {
        let mut log = self.log.borrow_mut();
        let (owner, mut acked) = log.acked.get(&request.replica).copied().unwrap_or((self.person, 0));
        let mut reply = Reply { protocol: PROTOCOL, epoch: 1, now_ms: 1_000, ..Reply::default() };
        if owner != self.person {
            reply.forked_at = Some(1);
            reply.cursor = request.cursor;
            return reply;
        }
        if request.epoch != 1 && !request.begins() {
            reply.acked = acked;
            return reply;
        }
        let ops = request.ops.clone().and_then(|push| push.unpack(request.replica)).unwrap_or_default();
        for op in ops {
            if op.id.counter <= acked {
                match log.entries.iter().find(|entry| entry.op.id == op.id) {
                    Some(entry) if entry.op == op => {
                        reply.replayed.get_or_insert_default().push((op.id.counter, entry.seq));
                    }
                    Some(_) => {
                        reply.forked_at = Some(op.id.counter);
                        break;
                    }
                    None => {}
                }
                continue;
            }
            if op.id.counter > acked + 1 {
                break;
            }
            acked = op.id.counter;
            match log.parks {
                Some(reason) => reply.parked.get_or_insert_default().push(Parked { counter: acked, reason }),
                None => log.accept(self.person, op),
            }
        }
        if acked > 0 {
            log.acked.insert(request.replica, (owner, acked));
        }
        reply.acked = acked;
        reply.cursor = log.entries.len() as u64;
        let asked = request.fetch.iter().flatten().map(|document| Scope::shared(*document));
        let mut whole: BTreeSet<Scope> = asked.collect();
        if request.cursor == 0 {
            whole.extend(log.entries.iter().map(|entry| entry.op.scope));
        } else {
            let news = log.entries.iter().filter(|entry| entry.seq > request.cursor);
            reply.entries = Some(news.map(|entry| told(entry, request.replica)).collect());
        }
        reply.snapshots =
            Some(whole.into_iter().map(|scope| Snapshot { scope, body: to_bytes(&log.fold(scope)) }).collect());
        reply
    }
}

impl Log {
    fn accept(&mut self, author: PersonId, op: Op) {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(Entry { seq, author, received_ms: 1_000, op });
    }

    fn fold(&self, scope: Scope) -> Document {
        let mut document = Document::default();
        self.entries.iter().filter(|entry| entry.op.scope == scope).for_each(|entry| document.apply(entry));
        document
    }
}

/// Returns the prose an operation types.
pub(crate) fn inserted(op: &Op) -> String {
    match op.body() {
        Ok(Body::Insert(insert)) => insert.text,
        _ => String::new(),
    }
}

fn text_of(shared: &Document) -> String {
    shared.prose(Target::of(request::CONTEXT_AND_PROBLEM)).map(|prose| prose.text()).unwrap_or_default()
}

fn told(entry: &Entry, replica: ReplicaId) -> Logged {
    if entry.op.id.replica == replica {
        Logged::Own { seq: entry.seq, counter: entry.op.id.counter, count: 1, received_ms: entry.received_ms }
    } else {
        Logged::Other(entry.clone())
    }
}

impl Transport for Standin {
    async fn exchange(&self, body: Vec<u8>) -> Result<Exchanged, TransportError> {
        *self.exchanges.borrow_mut() += 1;
        let line = *self.line.borrow();
        match line {
            Line::Down => return Err(TransportError::Offline),
            Line::SignedOut => return Err(TransportError::SignedOut),
            Line::SignInPage => return Ok(Exchanged { answer: b"<html>".to_vec(), sent_bytes: body.len() }),
            Line::UpOnce => self.set(Line::Down),
            Line::Up | Line::ReplyLost => {}
        }
        let reply = self.take(&from_bytes(&body).expect("a request"));
        if line == Line::ReplyLost {
            return Err(TransportError::Offline);
        }
        Ok(Exchanged { answer: reply.to_body(), sent_bytes: body.len() / self.packs.get() })
    }
}

pub(crate) struct Device {
    pub(crate) store: MemoryStore,
    pub(crate) repository: DocumentRepository<MemoryStore>,
    pub(crate) driver: Driver<MemoryStore, Standin>,
}

pub(crate) async fn device(store: MemoryStore, replica: u64, server: Standin) -> Device {
    let repository =
        DocumentRepository::open(store.clone(), server.person, ReplicaId(replica), false).await.expect("opens");
    Device { driver: Driver::new(store.clone(), server), store, repository }
}

impl Device {
    pub(crate) async fn create(&self) {
        let create = Create { form: request::FORM.id, form_version: 1, authority: AuthorityId(1) };
        self.write(Body::Create(create)).await;
    }

    pub(crate) async fn title(&self, text: &str) {
        let target = Target::of(request::TITLE);
        let over = self.repository.views(FILE).await.expect("read").shared.register(target).map(|at| at.heads());
        let set = Set { target, value: Value::Text(text.to_owned()), over: over.unwrap_or_default() };
        self.write(Body::Set(set)).await;
    }

    pub(crate) async fn type_at_start(&self, text: &str) {
        let target = Target::of(request::CONTEXT_AND_PROBLEM);
        self.write(Body::Insert(Insert { target, after: None, text: text.to_owned() })).await;
    }

    pub(crate) async fn write(&self, body: Body) {
        self.repository.write(vec![(Scope::shared(FILE), body)], 500).await.expect("saved");
    }

    pub(crate) async fn sync(&mut self) -> Settled {
        let settled = self.driver.round(FRESH).await.expect("synced");
        if settled.more { self.driver.round(ReplicaId(FRESH.0 + 1)).await.expect("synced") } else { settled }
    }

    pub(crate) async fn text(&self) -> String {
        text_of(&self.repository.views(FILE).await.expect("read").shared)
    }

    pub(crate) async fn listed_title(&self) -> String {
        self.repository
            .files()
            .await
            .expect("listed")
            .into_iter()
            .next()
            .map(|file| file.summary.title)
            .unwrap_or_default()
    }

    pub(crate) async fn unsent(&self) -> usize {
        self.repository.waiting().await.expect("read").unsent.len()
    }
}

#[tokio::test]
async fn two_devices_come_to_the_same_text() {
    let server = Standin::new(PERSON);
    let mut first = device(MemoryStore::new(), 1, server.clone()).await;
    let mut second = device(MemoryStore::new(), 2, server.of(COLLEAGUE)).await;
    first.create().await;
    first.title("Border statistics").await;
    first.sync().await;
    second.sync().await;
    assert_eq!(second.listed_title().await, "Border statistics");
    first.type_at_start("One. ").await;
    second.type_at_start("Two. ").await;
    first.sync().await;
    second.sync().await;
    first.sync().await;
    assert_eq!(first.text().await, second.text().await);
    assert_eq!(first.text().await.len(), 10);
    assert_eq!((first.unsent().await, second.unsent().await), (0, 0));
}

#[tokio::test]
async fn a_lost_reply_costs_nothing_and_doubles_nothing() {
    let server = Standin::new(PERSON);
    let mut device = device(MemoryStore::new(), 1, server.clone()).await;
    device.create().await;
    device.sync().await;
    device.type_at_start("Written once").await;
    server.set(Line::ReplyLost);
    for _ in 0..3 {
        assert_eq!(device.driver.round(FRESH).await, Err(TransportError::Offline.into()));
    }
    assert_eq!(device.unsent().await, 1);
    server.set(Line::Up);
    device.sync().await;
    assert_eq!((device.unsent().await, device.text().await), (0, "Written once".to_owned()));
    assert_eq!(server.log.borrow().entries.len(), 2);
}

#[tokio::test]
async fn nothing_that_goes_wrong_on_the_line_touches_what_is_unsent() {
    let server = Standin::new(PERSON);
    let mut device = device(MemoryStore::new(), 1, server.clone()).await;
    device.create().await;
    let cases =
        [(Line::Down, Status::Offline), (Line::SignInPage, Status::Impostor), (Line::SignedOut, Status::SignedOut)];
    for (line, status) in cases {
        server.set(line);
        let error = device.driver.round(FRESH).await.expect_err("no server");
        assert_eq!(error.status(), status);
        assert_eq!(device.unsent().await, 1);
    }
    server.set(Line::Up);
    device.sync().await;
    assert_eq!(device.unsent().await, 0);
}

/// What has come in is shown though the rest of the round fails: nobody goes on writing over words that
/// are not on screen and that the device counts as seen.
#[tokio::test]
async fn words_that_came_before_the_line_broke_are_told() {
    let server = Standin::new(PERSON);
    let mut first = device(MemoryStore::new(), 1, server.clone()).await;
    let mut second = device(MemoryStore::new(), 2, server.of(COLLEAGUE)).await;
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hears = Rc::clone(&heard);
    first
        .driver
        .on_change(Rc::new(move |settled: &Settled| hears.borrow_mut().extend(settled.touched.iter().copied())));
    first.create().await;
    first.sync().await;
    second.sync().await;
    second.title("Seen by nobody yet").await;
    second.sync().await;
    heard.borrow_mut().clear();
    for number in 0..200 {
        first.title(&format!("Title {number} {}", "x".repeat(200))).await;
    }
    server.set(Line::UpOnce);
    assert_eq!(first.driver.round(FRESH).await, Err(TransportError::Offline.into()));
    assert_eq!(*heard.borrow(), [FILE]);
}

#[tokio::test]
async fn a_copied_profile_takes_a_new_name_and_loses_nothing() {
    let server = Standin::new(PERSON);
    let mut original = device(MemoryStore::new(), 1, server.clone()).await;
    original.create().await;
    original.sync().await;
    let store = MemoryStore::new();
    store.restore(original.store.snapshot());
    let mut copy = device(store, 99, server.clone()).await;
    original.type_at_start("Original. ").await;
    copy.type_at_start("Copy. ").await;
    original.sync().await;
    let settled = copy.driver.round(FRESH).await.expect("synced");
    assert!(settled.forked);
    copy.sync().await;
    original.sync().await;
    assert_eq!(original.text().await, copy.text().await);
    assert!(copy.text().await.contains("Original. ") && copy.text().await.contains("Copy. "));
    assert_ne!(copy.repository.device().await.expect("read").replica, ReplicaId(1));
}

#[tokio::test]
async fn a_crash_at_any_write_of_a_sync_loses_and_doubles_nothing() {
    for fault in [Fault::CrashBefore, Fault::CrashAfter, Fault::Full] {
        for at in 1..6 {
            let server = Standin::new(PERSON);
            let mut device = device(MemoryStore::new(), 1, server.clone()).await;
            device.create().await;
            device.type_at_start("Kept").await;
            device.store.set_faults(Some(Box::new(move |number| if number == at { fault } else { Fault::None })));
            let _ = device.driver.round(FRESH).await;
            device.store.set_faults(None);
            device.sync().await;
            assert_eq!((device.unsent().await, device.text().await), (0, "Kept".to_owned()), "{fault:?} at {at}");
            assert_eq!(server.log.borrow().entries.len(), 2, "{fault:?} at {at}");
        }
    }
}

#[tokio::test]
async fn what_is_not_applied_stays_visible_until_its_author_forgets_it() {
    let server = Standin::new(PERSON);
    let mut device = device(MemoryStore::new(), 1, server.clone()).await;
    device.create().await;
    device.sync().await;
    server.park(Some(Reason::Locked));
    device.title("Too late").await;
    assert_eq!(device.sync().await.parked, 1);
    let parked = device.repository.parked().await.expect("read");
    assert_eq!(parked.iter().map(|own| own.reason).collect::<Vec<_>>(), [Reason::Locked as u8]);
    assert_eq!(device.repository.files().await.expect("listed")[0].parked, 1);
    device.repository.forget_parked(parked[0].row).await.expect("forgotten");
    assert_eq!(device.repository.files().await.expect("listed")[0].parked, 0);
}

#[tokio::test]
async fn an_erased_store_is_said_to_be_erased() {
    let mut device = device(MemoryStore::new(), 1, Standin::new(PERSON)).await;
    device.store.wipe();
    assert_eq!(device.driver.round(FRESH).await, Err(SyncError::Erased));
}
