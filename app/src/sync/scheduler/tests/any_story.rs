//! Stories told by chance: whatever happens to a tab in whatever order, the scheduler goes on making sense.

use super::*;

/// What a browser would know of one tab, told of every effect; complains of those that make no sense.
#[derive(Default)]
struct Witness {
    in_round: bool,
    requested: bool,
    held: bool,
    ended: bool,
    timers: Vec<Timer>,
    rounds: u32,
}

impl Witness {
    fn sees(&mut self, effect: &SchedulerEffect, story: &[SchedulerEvent]) {
        assert!(!self.ended, "{effect:?} after the end: {story:?}");
        match effect {
            StartRound => {
                assert!(self.held && !self.in_round, "a round out of turn: {story:?}");
                self.in_round = true;
                self.rounds += 1;
            }
            RequestLock { .. } => {
                assert!(!self.held, "asks for what it has: {story:?}");
                self.requested = true;
            }
            ReleaseLock => {
                assert!(self.held || self.requested, "gives back what it has not: {story:?}");
                (self.held, self.requested) = (false, false);
            }
            StartTimer { timer, .. } => self.timers.push(*timer),
            StopTimer(timer) => {
                assert!(self.timers.contains(timer), "stops a timer that does not run: {story:?}");
                self.timers.retain(|other| other != timer);
            }
            End => {
                assert!(!self.held && !self.requested && !self.in_round, "ends with something in hand: {story:?}");
                assert_eq!(self.timers, [], "ends with a timer running: {story:?}");
                self.ended = true;
            }
            Post(_) | Report(_) | NotifyChanged => {}
        }
    }

    /// Returns something that may happen now.
    fn next(&mut self, random: u64) -> SchedulerEvent {
        let nth = |count: u64| random / 64 % count;
        match random % 16 {
            0 if self.requested => {
                (self.requested, self.held) = (false, true);
                LockGranted
            }
            1 if self.held => {
                self.held = false;
                LockLost
            }
            2..=4 if self.in_round => {
                self.in_round = false;
                let status = [Status::Offline, Status::SignedOut, Status::Busy][nth(3) as usize].clone();
                let failed = RoundOutcome::Failed { status, retry_after_ms: 0 };
                let outcome = if nth(2) == 0 { RoundOutcome::Settled { more: nth(5) == 0 } } else { failed };
                RoundEnded { outcome, random }
            }
            5..=6 if !self.timers.is_empty() => TimerFired(self.timers.remove(nth(self.timers.len() as u64) as usize)),
            7 => Edited,
            8 => SendNow,
            9 => SignedInAgain,
            10 => PageFrozen,
            11 => PageResumed,
            12 => PageHidden,
            13 => PageVisible,
            14 => Hears(TabMessage::from_code([0, 1, 4, 100, 101][nth(5) as usize])),
            _ if nth(200) == 0 => Stop,
            _ => Changed,
        }
    }
}

/// Whatever happens in whatever order: one round at a time and only with the lock, no timer that nobody
/// started, nothing in hand at the end, and sync goes on for as long as it is not stopped.
#[test]
fn any_story_makes_sense() {
    let mut rounds = 0;
    for seed in 1..=500_u64 {
        let (mut state, mut tab, mut witness) = (seed, SyncScheduler::new(seed % 2 == 0), Witness::default());
        let mut story = vec![Start];
        for _ in 0..300 {
            let event = story.last().cloned().unwrap_or(Start);
            for effect in tab.step(event) {
                // A timer that starts again runs once.
                if let StartTimer { timer, .. } = effect {
                    witness.timers.retain(|other| *other != timer);
                }
                witness.sees(&effect, &story);
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            story.push(witness.next(state >> 20));
        }
        rounds += witness.rounds;

        // Let be, it comes to rest with a round behind it and the next one coming.
        let last = story.last().cloned();
        let calm = [PageResumed, PageVisible, SignedInAgain];
        story.extend(calm.clone());
        for event in last.into_iter().chain(calm) {
            tab.step(event).iter().for_each(|effect| witness.sees(effect, &story));
        }
        for _ in 0..4 {
            let event = if witness.requested {
                (witness.requested, witness.held) = (false, true);
                LockGranted
            } else if witness.in_round {
                witness.in_round = false;
                ends_well()
            } else {
                break;
            };
            tab.step(event).iter().for_each(|effect| witness.sees(effect, &story));
        }
        assert!(witness.ended || witness.timers.contains(&Timer::Wait), "sync has come to a stop: {story:?}");
    }
    assert!(rounds > 2_000, "only {rounds} rounds: the stories tell nothing");
}
