//! When a tab syncs: after edits, when a link returns, when the page is shown, and now and then. One
//! tab of a person syncs at a time; all of them hear what changed and how sync stands.
//!
//! Pure: what happens comes in as events, what is to be done goes out as effects, in order. Knows no
//! browser, no clock, no chance and no documents; `sync::browser` performs.

use super::{Backoff, Status};

mod event;
mod message;
#[cfg(test)]
mod tests;
pub use event::{RoundOutcome, SchedulerEffect, SchedulerEvent, Timer};
pub use message::TabMessage;

/// Pause after an edit before it is sent, in milliseconds: a word costs one exchange, not five.
pub const EDIT_WAIT_MS: u64 = 300;
/// Most times that further edits put the sending off: somebody who never pauses is sent every six seconds.
pub const EDITS_PUT_OFF_MAX: u32 = 20;
/// After so long without an answer the tab that syncs is taken for frozen, in milliseconds.
pub const SILENCE_MS: u64 = 30_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lock {
    #[default]
    None,
    Requested,
    Held,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Life {
    /// Hears the other tabs, sends nothing yet.
    #[default]
    New,
    Started,
    Stopped,
}

/// When one tab syncs.
#[derive(Clone, Debug)]
pub struct SyncScheduler {
    life: Life,
    lock: Lock,
    backoff: Backoff,
    /// What the other tabs were told last.
    told: Status,
    signed_out: bool,
    hidden: bool,
    frozen: bool,
    in_round: bool,
    /// A round was asked for while one was under way.
    due: bool,
    /// Which timers run.
    waiting: bool,
    silent: bool,
    editing: bool,
    edits_put_off: u32,
    effects: Vec<SchedulerEffect>,
}

impl SyncScheduler {
    /// Returns the scheduler of a tab that has not started yet; `hidden`: nobody can be looking at it.
    #[must_use]
    pub fn new(hidden: bool) -> Self {
        Self {
            life: Life::New,
            lock: Lock::None,
            backoff: Backoff::default(),
            told: Status::Syncing,
            signed_out: false,
            hidden,
            frozen: false,
            in_round: false,
            due: false,
            waiting: false,
            silent: false,
            editing: false,
            edits_put_off: 0,
            effects: Vec::new(),
        }
    }

    /// Takes in what happened and returns what to do, in this order.
    #[must_use]
    pub fn step(&mut self, event: SchedulerEvent) -> Vec<SchedulerEffect> {
        if self.life == Life::Stopped {
            self.step_stopped(&event);
        } else {
            self.step_alive(event);
        }
        core::mem::take(&mut self.effects)
    }

    fn step_alive(&mut self, event: SchedulerEvent) {
        match event {
            SchedulerEvent::Start => {
                self.life = Life::Started;
                self.turn();
            }
            SchedulerEvent::SignedInAgain => self.signed_in_again(),
            SchedulerEvent::Edited => {
                self.post(TabMessage::Changed);
                self.send_soon();
            }
            SchedulerEvent::Changed => {
                self.post(TabMessage::Changed);
                self.effects.push(SchedulerEffect::NotifyChanged);
            }
            SchedulerEvent::SendNow => self.send_now(),
            SchedulerEvent::TabMessage(message) => self.hear(message),
            SchedulerEvent::TimerFired(timer) => self.ring(timer),
            SchedulerEvent::LockGranted => self.granted(),
            SchedulerEvent::LockLost => {
                self.lock = Lock::None;
                self.backoff = Backoff::default();
                self.turn();
            }
            SchedulerEvent::PageVisible => {
                self.hidden = false;
                self.send_now();
            }
            SchedulerEvent::PageHidden => self.hidden = true,
            SchedulerEvent::PageFrozen => {
                self.frozen = true;
                self.release();
            }
            SchedulerEvent::PageResumed => {
                self.frozen = false;
                if self.lock == Lock::None {
                    self.turn();
                }
            }
            SchedulerEvent::RoundEnded { outcome, random } => self.round_ended(outcome, random),
            SchedulerEvent::Stop => self.stop(),
        }
    }

    /// A round under way still ends, and keeps the lock until then.
    fn stop(&mut self) {
        self.life = Life::Stopped;
        for timer in [Timer::Edit, Timer::Silence, Timer::Wait] {
            self.stop_timer(timer);
        }
        if !self.in_round {
            self.end();
        }
    }

    fn step_stopped(&mut self, event: &SchedulerEvent) {
        match event {
            SchedulerEvent::LockLost => self.lock = Lock::None,
            SchedulerEvent::RoundEnded { .. } => {
                self.in_round = false;
                self.end();
            }
            _ => {}
        }
    }

    fn end(&mut self) {
        if core::mem::take(&mut self.lock) != Lock::None {
            self.effects.push(SchedulerEffect::ReleaseLock);
        }
        self.effects.push(SchedulerEffect::End);
    }

    /// Does what comes next: a round in the tab that syncs; in another, asking to be that tab.
    fn turn(&mut self) {
        if self.life != Life::Started {
            return;
        }
        if self.in_round {
            self.due = true;
            return;
        }
        self.due = false;
        self.stop_timer(Timer::Wait);
        if self.signed_out {
            self.release();
        } else if self.lock == Lock::Held {
            self.say(Status::Syncing);
            self.in_round = true;
            self.effects.push(SchedulerEffect::StartRound);
        } else if self.lock == Lock::None && !self.frozen {
            self.request_lock(false);
        }
    }

    fn round_ended(&mut self, outcome: RoundOutcome, random: u64) {
        self.in_round = false;
        let (status, wait_ms) = match outcome {
            RoundOutcome::Settled { more } => {
                let wait_ms = self.backoff.succeeded(random);
                if more {
                    return self.turn();
                }
                (Status::Idle, wait_ms)
            }
            RoundOutcome::Failed { status, retry_after_ms } => {
                self.signed_out = status == Status::SignedOut;
                (status, self.backoff.failed(random, retry_after_ms))
            }
        };
        self.say(status);
        if self.due || self.signed_out || self.lock != Lock::Held {
            self.turn();
        } else {
            self.start_timer(Timer::Wait, wait_ms);
        }
    }

    /// Asks for a round now, whatever failed before.
    fn send_now(&mut self) {
        self.stop_timer(Timer::Edit);
        if self.signed_out {
            return;
        }
        // A tab that let go of the lock asks for it again.
        self.turn();
        if self.lock != Lock::Held {
            self.post(TabMessage::Wanted);
            self.expect_answer();
        }
    }

    /// Waits for a pause in typing. While the link fails, edits do not hurry the next try.
    fn send_soon(&mut self) {
        if self.lock != Lock::Held {
            return self.expect_answer();
        }
        if self.backoff.failing() {
            return;
        }
        if self.editing {
            if self.edits_put_off >= EDITS_PUT_OFF_MAX {
                return;
            }
            self.edits_put_off += 1;
        }
        self.start_timer(Timer::Edit, EDIT_WAIT_MS);
    }

    /// Hears from another tab. If this is the tab that syncs, it answers how sync stands, and what was
    /// written there is sent.
    fn hear(&mut self, message: TabMessage) {
        let changed = match message {
            TabMessage::Status(status) => {
                self.stop_timer(Timer::Silence);
                // Somebody signed in there. That nobody is, each tab finds out by itself.
                if status == Status::Idle {
                    self.signed_in_again();
                }
                return self.effects.push(SchedulerEffect::Report(status));
            }
            TabMessage::Changed => true,
            TabMessage::Wanted => false,
        };
        if changed {
            self.effects.push(SchedulerEffect::NotifyChanged);
        }
        if self.lock == Lock::Held {
            self.post(TabMessage::Status(self.told.clone()));
            if changed { self.send_soon() } else { self.send_now() }
        }
    }

    fn ring(&mut self, timer: Timer) {
        // One that was stopped may have rung just before.
        if !core::mem::take(self.running(timer)) {
            return;
        }
        match timer {
            Timer::Edit => self.send_now(),
            Timer::Silence => {
                if self.lock != Lock::Held && !self.hidden && !self.frozen && !self.signed_out {
                    self.request_lock(true);
                }
            }
            Timer::Wait => self.turn(),
        }
    }

    fn signed_in_again(&mut self) {
        if core::mem::take(&mut self.signed_out) {
            self.turn();
        }
    }

    fn granted(&mut self) {
        self.lock = Lock::Held;
        if self.frozen { self.release() } else { self.turn() }
    }

    /// The tab that syncs answers at once. One that does not for long is frozen; while the person
    /// looks at this tab, the lock is then taken from it: two that push the same push it once.
    fn expect_answer(&mut self) {
        if self.life == Life::Started && !self.signed_out && !self.silent {
            self.start_timer(Timer::Silence, SILENCE_MS);
        }
    }

    fn request_lock(&mut self, steal: bool) {
        self.lock = Lock::Requested;
        self.effects.push(SchedulerEffect::RequestLock { steal });
    }

    /// Lets another tab sync.
    fn release(&mut self) {
        if self.lock == Lock::None {
            return;
        }
        self.lock = Lock::None;
        self.backoff = Backoff::default();
        self.stop_timer(Timer::Wait);
        self.effects.push(SchedulerEffect::ReleaseLock);
    }

    /// Tells the pages of this tab and of the others how sync stands.
    fn say(&mut self, status: Status) {
        self.told = status.clone();
        self.post(TabMessage::Status(status.clone()));
        self.effects.push(SchedulerEffect::Report(status));
    }

    fn post(&mut self, message: TabMessage) {
        self.effects.push(SchedulerEffect::Post(message));
    }

    fn start_timer(&mut self, timer: Timer, ms: u64) {
        *self.running(timer) = true;
        self.effects.push(SchedulerEffect::StartTimer { timer, ms });
    }

    fn stop_timer(&mut self, timer: Timer) {
        if core::mem::take(self.running(timer)) {
            self.effects.push(SchedulerEffect::StopTimer(timer));
        }
        if timer == Timer::Edit {
            self.edits_put_off = 0;
        }
    }

    fn running(&mut self, timer: Timer) -> &mut bool {
        match timer {
            Timer::Edit => &mut self.editing,
            Timer::Silence => &mut self.silent,
            Timer::Wait => &mut self.waiting,
        }
    }
}
