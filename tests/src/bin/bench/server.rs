//! How many operations a second the server takes for good, with 500 clients at once on this machine,
//! which clients and server share.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use shared::forms::request;
use shared::ids::Scope;
use shared::role::Role;
use shared::value::{Target, Value};
use tests::device::Device;
use tests::server::Person;

use super::line::{Line, Running};
use super::{Row, percentile};

const CLIENTS: usize = 500;
/// Two focal points of each write along.
const AUTHORITIES: usize = 250;
const RUN: Duration = Duration::from_secs(12);
/// Edits a client makes before it syncs, and how often it does: as people do who type without a pause.
/// All together offer a tenth more than the budget asks for.
const EDITS_PER_PUSH: u64 = 3;
const PUSH_EVERY: Duration = Duration::from_millis(900);

/// What one client did.
#[derive(Debug)]
struct Tally {
    accepted: u64,
    took_ms: Vec<f64>,
}

pub fn measure() -> Vec<Row> {
    let running = Running::start();
    let people: Vec<Person> = running.runtime.block_on(async {
        let mut people = Vec::new();
        let mut authorities = Vec::new();
        for number in 0..AUTHORITIES {
            authorities.push(running.server.db_authority(&format!("Authority {number}"), "KE").await);
        }
        for number in 0..CLIENTS {
            let authority = authorities[number % AUTHORITIES];
            people.push(running.server.db_person(&format!("p{number}"), Role::FocalPoint, Some(authority)).await);
        }
        people
    });
    let (ready, over) = (Barrier::new(CLIENTS + 1), AtomicBool::new(false));
    let started = std::sync::OnceLock::new();
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let clients: Vec<_> = people
            .iter()
            .enumerate()
            .map(|(number, person)| {
                let (ready, over, address) = (&ready, &over, running.address);
                scope.spawn(move || client(person, number as u64, address, ready, over))
            })
            .collect();
        ready.wait();
        let _ = started.set(Instant::now());
        rest(RUN);
        over.store(true, Ordering::Relaxed);
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let seconds = started.get().map_or(1.0, |started| started.elapsed().as_secs_f64());
    let accepted: u64 = tallies.iter().map(|tally| tally.accepted).sum();
    let mut took: Vec<f64> = tallies.into_iter().flat_map(|tally| tally.took_ms).collect();
    let kept = running.server.server().ledger.look(|committed| committed.head);
    let lost = accepted.saturating_sub(kept);
    vec![
        Row::at_least("Durable operations, 500 clients", 1_500.0, accepted as f64 / seconds, "/s"),
        Row::at_most("Their answer, 99 in 100", 250.0, percentile(&mut took, 0.99), "ms"),
        Row::at_most("Acknowledged and not in the log", 0.0, lost as f64, "ops"),
    ]
}

fn client(person: &Person, number: u64, address: std::net::SocketAddr, ready: &Barrier, over: &AtomicBool) -> Tally {
    let (mut device, mut line) = (Device::new(person, number + 1), Line::new(address, &person.cookie));
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(number + 1).to_be_bytes());
    let document = device.create(id, person.actor.authority.expect("an authority"));
    line.sync(&mut device);
    let mut tally = Tally { accepted: 1, took_ms: Vec::new() };
    ready.wait();
    // Not all at once: people do not type in step.
    let mut due = Instant::now() + PUSH_EVERY.mul_f64(number as f64 / CLIENTS as f64);
    let mut edit = 0;
    while !over.load(Ordering::Relaxed) {
        for _ in 0..EDITS_PER_PUSH {
            edit += 1;
            device.set(document, Target::of(request::WOMEN_SHARE), Value::Number(edit % 100));
        }
        // Whoever is late does not wait, and the lateness counts.
        rest(due.saturating_duration_since(Instant::now()));
        line.sync(&mut device);
        tally.took_ms.push(due.elapsed().as_secs_f64() * 1_000.0);
        due += PUSH_EVERY;
        tally.accepted += EDITS_PER_PUSH;
    }
    let seen = device.sees(Scope::shared(document)).answers();
    assert!(device.unsent() == 0 && !seen.is_empty_at(Target::of(request::WOMEN_SHARE)), "all of it is acknowledged");
    tally
}

#[expect(clippy::disallowed_methods, reason = "the pace of people typing; nothing is waited for")]
fn rest(pause: Duration) {
    thread::sleep(pause);
}
