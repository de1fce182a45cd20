//! The simulation in the default run: at least 2,000 seeds, more with `RELAIS_SEEDS=n`, one seed
//! alone with `RELAIS_SEED=n`. Reports seeds per second. Failing seeds are kept below for ever.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::io::Write as _;
use std::time::Instant;

use shared::forms::request::workflow::{ADOPT, REGISTER, RETURN, SUBMIT, WITHDRAW};
use tests::simulation::{Bug, Requests, play, play_many};

/// Seeds of the default run.
const SEEDS: u64 = 2_000;
/// How often each thing that is checked must happen in the default run.
const SEEN_MIN: u64 = 3;
/// Seeds that failed once.
const KEPT: &[u64] = &[];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn nothing_is_lost_doubled_stuck_or_leaked_whatever_goes_wrong() {
    if let Some(seed) = std::env::var("RELAIS_SEED").ok().and_then(|seed| seed.parse().ok()) {
        let outcome = runtime().block_on(play(seed, None));
        assert_eq!(outcome.err(), None, "seed {seed}");
        return;
    }
    for seed in KEPT {
        assert_eq!(runtime().block_on(play(*seed, None)).err(), None, "kept seed {seed}");
    }
    let seeds = std::env::var("RELAIS_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let started = Instant::now();
    let outcome = play_many(&Requests, seeds, None);
    let seconds = started.elapsed().as_secs_f64();
    // Past the test's own capture: the figure is told also when all is well.
    let figure =
        format!("measured: {seeds} simulated worlds in {seconds:.0} s, {:.1} a second", seeds as f64 / seconds);
    writeln!(std::io::stdout(), "\n{figure}").unwrap();
    eprintln!("{outcome:?}");
    let seen = outcome.expect("play it alone with RELAIS_SEED=<seed>");
    let moves = [SUBMIT, RETURN, REGISTER, WITHDRAW, ADOPT].map(|action| seen.moves(action));
    let least: Vec<u64> = moves.into_iter().chain([seen.remarks, seen.put_aside]).collect();
    assert!(seeds < SEEDS || least.iter().all(|count| *count >= SEEN_MIN), "too little happens: {seen:?}");
}

#[test]
fn every_planted_bug_is_found() {
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        match play_many(&Requests, SEEDS, Some(bug)) {
            Err((seed, wrong)) => eprintln!("planted {bug:?}: found at seed {seed}: {wrong}"),
            Ok(_) => missed.push(bug),
        }
    }
    assert_eq!(missed, [], "these planted bugs went unnoticed");
}
