//! What comes in to the scheduler and what goes out. Knows no rules.

use super::TabMessage;
use crate::sync::Status;

/// What may happen to a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchedulerEvent {
    /// Sync may run from now on.
    Start,
    /// The person has signed in again, here.
    SignedInAgain,
    /// Documents were written to in this tab.
    Edited,
    /// An exchange of this tab changed documents.
    Changed,
    /// A round is wanted now, whatever failed before: the person asks, or a link may have returned.
    SendNow,
    /// Another tab says something.
    TabMessage(TabMessage),
    /// A timer rang.
    TimerFired(Timer),
    /// This tab may sync, and no other; where there are no locks, at once.
    LockGranted,
    /// Another tab took the lock.
    LockLost,
    /// The person can look at this tab.
    PageVisible,
    /// The person cannot be looking at this tab.
    PageHidden,
    /// The page is being left or frozen: nothing of it may run for long, and nobody may wait for it.
    PageFrozen,
    /// A page that was left is back.
    PageResumed,
    /// A round has ended; `random` spreads the next try.
    RoundEnded {
        /// How it ended.
        outcome: RoundOutcome,
        /// A random number.
        random: u64,
    },
    /// Sync ends for good, as on signing out.
    Stop,
}

/// How a round ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoundOutcome {
    /// Well.
    Settled {
        /// Whether there is more to send or fetch.
        more: bool,
    },
    /// It broke off.
    Failed {
        /// What people are told of it.
        status: Status,
        /// How long the server asked to wait, in milliseconds.
        retry_after_ms: u64,
    },
}

/// The timers, each of which runs once at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Until an edit is sent.
    Edit,
    /// Until the tab that syncs is taken for frozen.
    Silence,
    /// Until the next round.
    Wait,
}

/// What a tab is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchedulerEffect {
    /// Make one round and tell how it ended.
    StartRound,
    /// Let a timer ring once after `ms`; one that runs starts again.
    StartTimer {
        /// Which one.
        timer: Timer,
        /// After how many milliseconds.
        ms: u64,
    },
    /// Stop a timer.
    StopTimer(Timer),
    /// Ask to be the only tab of the person that syncs, in the place of any request before.
    RequestLock {
        /// Take it from whichever tab has it.
        steal: bool,
    },
    /// Give the lock back, or ask for it no more. No [`SchedulerEvent::LockLost`] follows.
    ReleaseLock,
    /// Tell the other tabs.
    Post(TabMessage),
    /// Tell this tab's pages how sync stands.
    Report(Status),
    /// Tell this tab's pages that documents may look different now.
    NotifyChanged,
    /// Let go of everything; nothing is done any more.
    End,
}
