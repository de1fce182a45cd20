//! One seed, one world: a few people on several devices, the real engine on both sides, the real
//! router, a real SQLite, and everything that can go wrong going wrong.
//!
//! Single-threaded and driven by one generator: the same seed gives the same world. `Bug` plants a
//! fault on purpose, to prove that the checks at the end would notice it.

mod bug;
mod checks;
mod dice;
mod losses;
mod people;

pub use self::people::Requests;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use shared::ids::DocumentId;
use shared::op::{Body, to_bytes};
use shared::sync::rows::{Durability, ObjectStore};
use shared::sync::wire::{MEDIA_TYPE, Reply};
use shared::value::FieldId;

use crate::device::{Device, Missed};
use crate::server::{Answer, Person, TestServer};

pub use self::bug::Bug;
pub use self::dice::Dice;
pub use self::losses::Seen;
use self::losses::Trace;

/// Steps of one world before it is left to become quiet.
const STEPS: u64 = 60;
/// How long people stay signed in before they do it again: less than the shortest session.
const SESSION_MS: i64 = 6 * 3_600_000;
/// Below this the clocks of devices tell them apart, whatever day they show.
const CLOCKS_APART_MS: i64 = 1_000;
/// Threads that play seeds.
const THREADS: u64 = 2;
/// Sync rounds after which a world must be quiet.
const QUIET_ROUNDS: usize = 12;
/// A piece of prose somebody typed and nobody deletes: it must be found exactly once.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) document: DocumentId,
    pub(crate) field: FieldId,
    pub(crate) text: String,
}

/// Who lives in a world, and what they do there between two syncs.
pub trait Cast: Sync {
    /// Opens the accounts of a world, one for each device, and tells which devices are staff's.
    fn accounts(&self, server: &TestServer) -> impl Future<Output = (Vec<Person>, Vec<usize>)>;

    /// Lets whoever has a device do something at it.
    fn act(&self, world: &mut World, device: usize);
}

/// Everything of one run.
#[derive(Debug)]
pub struct World {
    /// Where chance comes from.
    pub dice: Dice,
    pub(crate) bug: Option<Bug>,
    pub(crate) server: TestServer,
    /// The devices of everybody.
    pub devices: Vec<Device>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) staff: Vec<usize>,
    late: Vec<(usize, Vec<u8>)>,
    next: u64,
    jumps: i64,
    wiped: bool,
    restored: bool,
    /// Everything anybody wrote down.
    written: BTreeSet<Trace>,
    /// Prose that stood last in the outbox of a profile when it was copied, and its operation.
    pub(crate) copied: Vec<String>,
    copied_traces: BTreeSet<Trace>,
    /// Words that do not stand where they were typed.
    displaced: Option<String>,
    /// What went wrong in the world, for the report of a failing seed.
    pub(crate) events: Vec<String>,
}

/// Plays one seed; returns what the world has seen.
///
/// # Errors
/// What is wrong, in words.
pub async fn play(seed: u64, bug: Option<Bug>) -> Result<Seen, String> {
    play_as(&Requests, seed, bug).await
}

/// Plays one seed with people of one's own; returns what the world has seen.
///
/// # Errors
/// What is wrong, in words.
pub async fn play_as(cast: &impl Cast, seed: u64, bug: Option<Bug>) -> Result<Seen, String> {
    let mut world = World::new(cast, seed, bug).await;
    for _ in 0..STEPS {
        world.step(cast).await;
    }
    let outcome = match world.become_quiet().await {
        Ok(()) => world.check().await,
        Err(stuck) => Err(stuck),
    };
    outcome.map_err(|wrong| format!("{wrong}; what happened: {:?}", world.events))
}

/// Plays `seeds` on as many threads as the smallest machine we promise to test on has cores; returns what
/// they have seen.
///
/// # Errors
/// The first that fails, and what is wrong, in words.
pub fn play_many(cast: &impl Cast, seeds: u64, bug: Option<Bug>) -> Result<Seen, (u64, String)> {
    let next = AtomicU64::new(0);
    let seen = Mutex::new(Seen::default());
    let failure = Mutex::new(None::<(u64, String)>);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds || failure.lock().expect("whole").is_some() {
                        return;
                    }
                    match runtime.block_on(play_as(cast, seed, bug)) {
                        Ok(world) => seen.lock().expect("whole").add(world),
                        Err(wrong) => drop(failure.lock().expect("whole").get_or_insert((seed, wrong))),
                    }
                }
            });
        }
    });
    failure.into_inner().expect("whole").map_or_else(|| Ok(seen.into_inner().expect("whole")), Err)
}

impl World {
    async fn new(cast: &impl Cast, seed: u64, bug: Option<Bug>) -> Self {
        let mut dice = Dice::new(seed);
        let server = TestServer::start().await;
        let (owners, staff) = cast.accounts(&server).await;
        let mut devices: Vec<Device> = owners.iter().map(|person| Device::new(person, dice.number())).collect();
        // No two clocks are alike to the millisecond: operations are told apart by them at the end.
        (1..).zip(&mut devices).for_each(|(apart, device)| device.clock_ms += apart);
        Self {
            dice,
            bug,
            server,
            devices,
            tokens: Vec::new(),
            staff,
            late: Vec::new(),
            next: 0,
            jumps: 0,
            wiped: false,
            restored: false,
            written: BTreeSet::new(),
            copied: Vec::new(),
            copied_traces: BTreeSet::new(),
            displaced: None,
            events: Vec::new(),
        }
    }

    async fn step(&mut self, cast: &impl Cast) {
        let any = usize::try_from(self.dice.below(self.devices.len() as u64)).unwrap_or(0);
        // Staff answer for all authorities at one device.
        let device = if self.dice.percent(15) { self.staff[0] } else { any };
        self.server.pass(i64::try_from(self.dice.below(3_600_000)).unwrap_or(0));
        self.devices[device].clock_ms += 60_000;
        match self.dice.below(100) {
            0..50 => {
                self.before_writing(device);
                cast.act(self, device);
                self.note_written(device);
            }
            50..82 => self.sync_badly(device).await,
            82..85 => self.clock_jumps(device),
            85..88 => self.clone_profile(device),
            88..90 => self.send_late().await,
            90..93 => self.restart_server().await,
            93..95 => self.server.db_back_up().await,
            95..96 => self.restore_server().await,
            96..97 => self.wipe_when_sent(device),
            _ => self.sync_well(device).await,
        }
    }

    /// A clock stands in 1970, in 2099 or before all time, and never at one moment twice.
    fn clock_jumps(&mut self, index: usize) {
        self.jumps += 1;
        let years = [0, 4_070_908_800_000, -31_536_000_000][usize::try_from(self.dice.below(3)).unwrap_or(0)];
        let device = &mut self.devices[index];
        device.clock_ms = years + self.jumps * CLOCKS_APART_MS + device.clock_ms.rem_euclid(CLOCKS_APART_MS);
    }

    async fn sync_well(&mut self, index: usize) {
        let _ = self.rounds(index, 0, 3).await;
    }

    async fn sync_badly(&mut self, index: usize) {
        let _ = self.rounds(index, 35, 3).await;
    }

    /// A few rounds; each loses its request, its reply, or the device, with the given chance.
    async fn rounds(&mut self, index: usize, chance: u64, most: usize) -> Result<(), Missed> {
        for _ in 0..most {
            let (push, pull) = (64 << self.dice.below(8), 200 << self.dice.below(8));
            self.devices[index].push_bytes = push;
            self.devices[index].pull_bytes = u32::try_from(pull).unwrap_or(u32::MAX);
            let Some(request) = self.devices[index].offer() else { return Err(Missed::Wiped) };
            let body = to_bytes(&request);
            let fault: u64 = if self.dice.percent(chance) { self.dice.below(9) } else { u64::MAX };
            if fault < 8 {
                self.events.push(format!("{index}: fault {fault}"));
            }
            if fault == 8 || self.dice.percent(3) {
                self.late.push((index, body.clone()));
            }
            if fault == 0 {
                return Err(Missed::Offline);
            }
            self.before_request(index, &body).await;
            self.sign_in_again(index).await;
            let cookie = self.cookie(index, fault);
            let Some(mut answer) = self.server.post_sync(&cookie, body.clone()).await else {
                return Err(Missed::Offline);
            };
            if fault == 2 {
                // The same push twice, the second answer is the one that arrives.
                let Some(again) = self.server.post_sync(&cookie, body).await else { return Err(Missed::Offline) };
                answer = again;
            }
            self.after_reply(index).await;
            if answer.status.as_u16() == 401 {
                // A restored server has forgotten the session.
                self.devices[index].person.signed_in_ms = i64::MIN / 2;
            }
            match fault {
                1 => return self.lose_reply(index, &request),
                3 => answer.body.truncate(usize::try_from(self.dice.below(answer.body.len() as u64)).unwrap_or(0)),
                4 => answer = captive_portal(&mut self.dice),
                _ => {}
            }
            self.take(index, &request, &answer, fault)?;
        }
        Ok(())
    }

    /// Sessions end by the server's clock, those of staff every evening; people sign in again.
    async fn sign_in_again(&mut self, index: usize) {
        let login = self.devices[index].person.login.clone();
        let now_ms = self.server.now_ms();
        if self.devices[index].person.signed_in_ms + SESSION_MS < now_ms {
            self.devices[index].person.cookie = self.server.db_session(&login).await;
            self.devices[index].person.signed_in_ms = now_ms;
        }
    }

    fn cookie(&self, index: usize, fault: u64) -> String {
        if fault == 5 { "relais=expired".to_owned() } else { self.cookie_of(index) }
    }

    /// Takes an answer in; with fault 6 the device dies before the transaction, with 7 after it.
    fn take(
        &mut self,
        index: usize,
        request: &shared::sync::wire::Request,
        answer: &Answer,
        fault: u64,
    ) -> Result<(), Missed> {
        self.mistake_answer(index, request, answer)?;
        if std::env::var_os("RELAIS_TRACE").is_some() {
            eprintln!(
                "{index} {:?} -> {} {:?}",
                request,
                answer.status,
                reply(answer).map(|mut reply| {
                    reply.snapshots.iter_mut().flatten().for_each(|snapshot| snapshot.body.clear());
                    reply.people = None;
                    reply.hashes = None;
                    reply
                })
            );
        }
        let (writes, settled) = self.devices[index].plan(request, answer)?;
        debug_assert_eq!(writes.durability, Durability::Strict);
        if fault == 6 {
            return self.crash_before(index, writes);
        }
        let writes = self.spoil(index, request, answer, writes);
        self.devices[index].commit(writes);
        if fault == 7 || !settled.more { Err(Missed::Overtaken) } else { Ok(()) }
    }

    /// The browser profile is copied, and both copies go on.
    fn clone_profile(&mut self, index: usize) {
        if self.devices.len() < 8 && !self.staff.contains(&index) {
            // Words typed but not yet offered may be typed on in both copies: both keep them.
            self.copied.extend(self.devices[index].own(ObjectStore::Outbox).last().and_then(
                |own| match own.op.body() {
                    Ok(Body::Insert(insert)) => Some(insert.text),
                    _ => None,
                },
            ));
            self.events.push(format!("{index}: cloned to {}", self.devices.len()));
            self.copied_traces
                .extend(self.devices[index].own(ObjectStore::Outbox).last().map(|own| Trace::of(&own.op)));
            let mut copy = self.devices[index].clone();
            copy.clock_ms += i64::try_from(self.devices.len() - index).unwrap_or(0);
            copy.next_name = self.dice.number();
            self.devices.push(copy);
        }
    }

    /// A request that got stuck in the network arrives now.
    async fn send_late(&mut self) {
        if let Some((index, body)) = self.late.pop() {
            let cookie = self.cookie_of(index);
            self.server.post_sync(&cookie, body).await;
        }
    }

    async fn restart_server(&mut self) {
        self.events.push("server killed".to_owned());
        self.server.kill();
        self.server.start_again().await;
    }

    async fn restore_server(&mut self) {
        // A wiped device has nothing left to offer again: the two faults together are a real loss.
        if !self.wiped {
            self.restored = true;
            self.events.push("server restored".to_owned());
            self.server.db_restore(self.bug != Some(Bug::RestoreWithoutEpoch)).await;
            self.late.clear();
        }
    }

    /// The browser wipes the site's data; only when nothing is unsent, which no software can survive.
    fn wipe_when_sent(&mut self, index: usize) {
        if !self.restored
            && self.devices[index].own(ObjectStore::Outbox).is_empty()
            && self.devices[index].own(ObjectStore::Parked).is_empty()
        {
            self.events.push(format!("{index}: wiped"));
            self.wiped = true;
            self.devices[index].set_up();
        }
    }

    async fn become_quiet(&mut self) -> Result<(), String> {
        for _ in 0..QUIET_ROUNDS {
            let mut quiet = true;
            for index in 0..self.devices.len() {
                // A whole request leaves in many small pushes: only a device that gets no further gives up.
                let mut stalled = 0;
                while stalled < QUIET_ROUNDS {
                    let before = self.devices[index].unsent();
                    let done = self.rounds(index, 0, QUIET_ROUNDS).await == Err(Missed::Overtaken);
                    let left = self.devices[index].unsent();
                    if done && left == 0 {
                        break;
                    }
                    stalled = if left < before { 0 } else { stalled + 1 };
                }
                quiet &= self.devices[index].own(ObjectStore::Outbox).is_empty();
            }
            let head = self.server.server().ledger.look(|committed| committed.head);
            let cursors = self.devices.iter().all(|device| device.identity().is_some_and(|row| row.cursor == head));
            if quiet && cursors {
                return Ok(());
            }
        }
        let head = self.server.server().ledger.look(|committed| committed.head);
        let stuck = self.devices.iter().map(|device| {
            let row = device.identity();
            (
                device.own(ObjectStore::Outbox).len(),
                row.map(|row| (row.replica.0 % 1000, row.cursor, row.acked, row.next_counter, row.wanted.len())),
            )
        });
        Err(format!(
            "not quiet after {QUIET_ROUNDS} rounds; head {head}; (stuck, (replica, cursor, acked, next, wanted)) by device: {:?}",
            stuck.collect::<Vec<_>>()
        ))
    }
}

/// What answers in the server's name in a hotel.
fn captive_portal(dice: &mut Dice) -> Answer {
    let (status, media_type, body): (u16, &str, &[u8]) = match dice.below(4) {
        0 => (200, "text/html", b"<html>Please sign in to the hotel network</html>"),
        1 => (302, "text/html", b""),
        2 => (200, "application/json", b"{}"),
        _ => (200, MEDIA_TYPE, b""),
    };
    Answer {
        status: axum::http::StatusCode::from_u16(status).unwrap_or_default(),
        media_type: media_type.to_owned(),
        body: body.to_vec(),
    }
}

/// Reads a reply for the planted bugs.
pub(crate) fn reply(answer: &Answer) -> Option<Reply> {
    Reply::from_body(&answer.body).ok()
}
