//! The simulation in the default run: at least 2,000 seeds, more with `RELAIS_SEEDS=n`, one seed
//! alone with `RELAIS_SEED=n`. Reports seeds per second. Failing seeds are kept below for ever.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tests::simulation::{Bug, play};

/// Seeds of the default run.
const SEEDS: u64 = 2_000;
/// Threads that play seeds: the cores of the smallest machine we promise to test on.
const THREADS: u64 = 2;
/// Seeds that failed once.
const KEPT: &[u64] = &[];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Plays `seeds` on all threads; returns the lowest that fails.
fn first_failure(seeds: u64, bug: Option<Bug>) -> Option<(u64, String)> {
    let next = AtomicU64::new(0);
    let failure = std::sync::Mutex::new(None::<(u64, String)>);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let runtime = runtime();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds || failure.lock().unwrap().is_some() {
                        return;
                    }
                    if let Err(wrong) = runtime.block_on(play(seed, bug)) {
                        failure.lock().unwrap().get_or_insert((seed, wrong));
                    }
                }
            });
        }
    });
    failure.into_inner().unwrap()
}

#[test]
fn nothing_is_lost_doubled_stuck_or_leaked_whatever_goes_wrong() {
    if let Some(seed) = std::env::var("RELAIS_SEED").ok().and_then(|seed| seed.parse().ok()) {
        let outcome = runtime().block_on(play(seed, None));
        assert_eq!(outcome, Ok(()), "seed {seed}");
        return;
    }
    for seed in KEPT {
        assert_eq!(runtime().block_on(play(*seed, None)), Ok(()), "kept seed {seed}");
    }
    let seeds = std::env::var("RELAIS_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let started = Instant::now();
    let failure = first_failure(seeds, None);
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("simulation: {seeds} seeds in {seconds:.0} s, {:.1} seeds per second", seeds as f64 / seconds);
    assert_eq!(failure, None, "play it alone with RELAIS_SEED=<seed>");
}

#[test]
fn every_planted_bug_is_found() {
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        match first_failure(SEEDS, Some(bug)) {
            Some((seed, wrong)) => eprintln!("planted {bug:?}: found at seed {seed}: {wrong}"),
            None => missed.push(bug),
        }
    }
    assert_eq!(missed, [], "these planted bugs went unnoticed");
}
