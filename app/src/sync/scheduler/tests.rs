//! The scheduler told as sentences about tabs: what happens, and what is done for it.

mod any_story;

use super::SchedulerEffect::{
    End, NotifyChanged, Post, ReleaseLock, Report, RequestLock, StartRound, StartTimer, StopTimer,
};
use super::SchedulerEvent::{
    Changed, Edited, LockGranted, LockLost, PageFrozen, PageHidden, PageResumed, PageVisible, RoundEnded, SendNow,
    SignedInAgain, Start, Stop, TabMessage as Hears, TimerFired,
};
use super::*;
use crate::sync::backoff::{FIRST_WAIT_MS, IDLE_WAIT_MS};

const RANDOM: u64 = 0;

/// Two statuses of a round: every tab is told, and this one's pages.
fn said(status: Status) -> [SchedulerEffect; 2] {
    [Post(TabMessage::Status(status.clone())), Report(status)]
}

fn round() -> Vec<SchedulerEffect> {
    [said(Status::Syncing).as_slice(), &[StartRound]].concat()
}

fn wait(ms: u64) -> SchedulerEffect {
    StartTimer { timer: Timer::Wait, ms }
}

fn pause() -> SchedulerEffect {
    StartTimer { timer: Timer::Edit, ms: EDIT_WAIT_MS }
}

fn patience() -> SchedulerEffect {
    StartTimer { timer: Timer::Silence, ms: SILENCE_MS }
}

fn ends_well() -> SchedulerEvent {
    RoundEnded { outcome: RoundOutcome::Settled { more: false }, random: RANDOM }
}

fn fails_with(status: Status) -> SchedulerEvent {
    RoundEnded { outcome: RoundOutcome::Failed { status, retry_after_ms: 0 }, random: RANDOM }
}

/// A tab that has asked for the lock and not got it: another one syncs.
fn second_tab() -> SyncScheduler {
    let mut tab = SyncScheduler::new(false);
    assert_eq!(tab.step(Start), [RequestLock { steal: false }]);
    tab
}

/// The tab that syncs, in its first round.
fn in_a_round() -> SyncScheduler {
    let mut tab = second_tab();
    assert_eq!(tab.step(LockGranted), round());
    tab
}

/// The tab that syncs, with nothing to do.
fn idle() -> SyncScheduler {
    let mut tab = in_a_round();
    let waits = [said(Status::Idle).as_slice(), &[wait(IDLE_WAIT_MS / 2)]].concat();
    assert_eq!(tab.step(ends_well()), waits);
    tab
}

/// The tab that syncs, after a round that failed.
fn failing() -> SyncScheduler {
    let mut tab = in_a_round();
    let waits = [said(Status::Offline).as_slice(), &[wait(FIRST_WAIT_MS / 2)]].concat();
    assert_eq!(tab.step(fails_with(Status::Offline)), waits);
    tab
}

/// A tab whose session has ended: it has let go of the lock, and waits for the person alone.
fn signed_out() -> SyncScheduler {
    let mut tab = in_a_round();
    let lets_go = [said(Status::SignedOut).as_slice(), &[ReleaseLock]].concat();
    assert_eq!(tab.step(fails_with(Status::SignedOut)), lets_go);
    tab
}

#[test]
fn before_sync_starts_a_tab_only_hears_the_others() {
    let mut tab = SyncScheduler::new(false);
    assert_eq!(tab.step(Edited), [Post(TabMessage::Changed)]);
    assert_eq!(tab.step(SendNow), [Post(TabMessage::Wanted)]);
    assert_eq!(tab.step(Hears(TabMessage::Status(Status::Busy))), [Report(Status::Busy)]);
    assert_eq!(tab.step(Hears(TabMessage::Changed)), [NotifyChanged]);
    assert_eq!(tab.step(Hears(TabMessage::Wanted)), []);
    assert_eq!(tab.step(Start), [RequestLock { steal: false }]);
}

#[test]
fn edits_in_quick_succession_cost_one_round() {
    let mut tab = idle();
    for _ in 0..5 {
        assert_eq!(tab.step(Edited), [Post(TabMessage::Changed), pause()]);
    }
    let sent = [&[StopTimer(Timer::Wait)], round().as_slice()].concat();
    assert_eq!(tab.step(TimerFired(Timer::Edit)), sent);
    assert_eq!(tab.step(ends_well()).last(), Some(&wait(IDLE_WAIT_MS / 2)), "once is enough");
}

#[test]
fn who_never_pauses_is_sent_all_the_same() {
    let mut tab = idle();
    let put_off = |tab: &mut SyncScheduler| (0..100).filter(|_| tab.step(Edited).contains(&pause())).count();
    let once_and_put_off = EDITS_PUT_OFF_MAX as usize + 1;
    assert_eq!(put_off(&mut tab), once_and_put_off);
    assert!(tab.step(TimerFired(Timer::Edit)).contains(&StartRound));
    assert!(!tab.step(ends_well()).contains(&StartRound));
    assert_eq!(put_off(&mut tab), once_and_put_off, "counted anew");
}

#[test]
fn while_the_link_fails_edits_do_not_hurry_the_next_try_and_people_do() {
    let mut tab = failing();
    assert_eq!(tab.step(Edited), [Post(TabMessage::Changed)]);
    assert_eq!(tab.step(SendNow), [&[StopTimer(Timer::Wait)], round().as_slice()].concat());
}

#[test]
fn failures_in_a_row_wait_longer_and_never_less_than_the_server_asks() {
    let mut tab = in_a_round();
    for ms in [FIRST_WAIT_MS / 2, FIRST_WAIT_MS, FIRST_WAIT_MS * 2] {
        assert_eq!(tab.step(fails_with(Status::Offline)).last(), Some(&wait(ms)));
        assert_eq!(tab.step(TimerFired(Timer::Wait)), round());
    }
    let busy = RoundOutcome::Failed { status: Status::Busy, retry_after_ms: 77_000 };
    assert_eq!(tab.step(RoundEnded { outcome: busy, random: RANDOM }).last(), Some(&wait(77_000)));
}

#[test]
fn a_round_with_more_goes_on_at_once() {
    let mut tab = in_a_round();
    let more = RoundEnded { outcome: RoundOutcome::Settled { more: true }, random: RANDOM };
    assert_eq!(tab.step(more.clone()), round());
    assert_eq!(tab.step(more), round());
    assert!(tab.step(ends_well()).contains(&wait(IDLE_WAIT_MS / 2)));
}

#[test]
fn a_round_wanted_during_a_round_follows_it() {
    let mut tab = in_a_round();
    assert_eq!(tab.step(SendNow), []);
    assert_eq!(tab.step(SendNow), []);
    let again = [said(Status::Idle).as_slice(), &round()].concat();
    assert_eq!(tab.step(ends_well()), again);
    assert!(tab.step(ends_well()).contains(&wait(IDLE_WAIT_MS / 2)), "twice wanted is once more");
}

#[test]
fn what_an_exchange_changed_is_told_here_and_elsewhere() {
    assert_eq!(in_a_round().step(Changed), [Post(TabMessage::Changed), NotifyChanged]);
}

#[test]
fn the_tab_that_syncs_answers_the_others() {
    let answer = |status| Post(TabMessage::Status(status));
    let cases = [
        ("an edit elsewhere, idle", idle(), TabMessage::Changed, vec![NotifyChanged, answer(Status::Idle), pause()]),
        ("an edit elsewhere, offline", failing(), TabMessage::Changed, vec![NotifyChanged, answer(Status::Offline)]),
        (
            "a round wanted, offline",
            failing(),
            TabMessage::Wanted,
            [&[answer(Status::Offline), StopTimer(Timer::Wait)], round().as_slice()].concat(),
        ),
        ("a round wanted in a round", in_a_round(), TabMessage::Wanted, vec![answer(Status::Syncing)]),
        ("a round wanted, not syncing", second_tab(), TabMessage::Wanted, vec![]),
        ("an edit elsewhere, not syncing", second_tab(), TabMessage::Changed, vec![NotifyChanged]),
    ];
    for (name, mut tab, message, expected) in cases {
        assert_eq!(tab.step(Hears(message)), expected, "{name}");
    }
}

#[test]
fn a_tab_that_does_not_sync_asks_the_one_that_does() {
    let mut tab = second_tab();
    assert_eq!(tab.step(Edited), [Post(TabMessage::Changed), patience()]);
    assert_eq!(tab.step(SendNow), [Post(TabMessage::Wanted)], "its patience does not begin anew");
    let answered = Hears(TabMessage::Status(Status::Offline));
    assert_eq!(tab.step(answered), [StopTimer(Timer::Silence), Report(Status::Offline)]);
    assert_eq!(tab.step(TimerFired(Timer::Silence)), [], "a timer that rings though it was stopped");
}

#[test]
fn after_long_silence_the_lock_is_taken_by_a_tab_that_people_see() {
    let silent_for_long = |hidden: bool| {
        let mut tab = second_tab();
        assert_eq!(tab.step(SendNow), [Post(TabMessage::Wanted), patience()]);
        if hidden {
            assert_eq!(tab.step(PageHidden), []);
        }
        (tab.step(TimerFired(Timer::Silence)), tab)
    };
    let (taken, mut tab) = silent_for_long(false);
    assert_eq!(taken, [RequestLock { steal: true }]);
    assert_eq!(tab.step(LockGranted), round());

    let (left, mut tab) = silent_for_long(true);
    assert_eq!(left, [], "nobody waits for a hidden tab");
    assert_eq!(tab.step(PageVisible), [Post(TabMessage::Wanted), patience()]);
}

#[test]
fn a_tab_opened_in_the_background_steals_nothing() {
    let mut tab = SyncScheduler::new(true);
    assert_eq!(tab.step(Start), [RequestLock { steal: false }]);
    assert_eq!(tab.step(Edited), [Post(TabMessage::Changed), patience()]);
    assert_eq!(tab.step(TimerFired(Timer::Silence)), []);
}

#[test]
fn a_tab_that_syncs_no_more_for_want_of_a_session_steals_nothing() {
    let mut tab = second_tab();
    assert_eq!(tab.step(SendNow), [Post(TabMessage::Wanted), patience()]);
    assert_eq!(tab.step(LockGranted), round());
    assert!(tab.step(fails_with(Status::SignedOut)).contains(&ReleaseLock));
    assert_eq!(tab.step(TimerFired(Timer::Silence)), []);
}

#[test]
fn a_tab_that_is_looked_at_again_syncs_at_once() {
    let mut tab = idle();
    assert_eq!(tab.step(PageResumed), [], "shown for the first time");
    assert_eq!(tab.step(PageHidden), []);
    assert_eq!(tab.step(PageVisible), [&[StopTimer(Timer::Wait)], round().as_slice()].concat());
}

#[test]
fn a_tab_that_lost_the_lock_asks_for_it_again() {
    let mut tab = failing();
    assert_eq!(tab.step(LockLost), [StopTimer(Timer::Wait), RequestLock { steal: false }]);
    assert_eq!(tab.step(Edited), [Post(TabMessage::Changed), patience()]);
    let mut tab = in_a_round();
    assert_eq!(tab.step(LockLost), [], "the round still ends");
    let asks = [said(Status::Idle).as_slice(), &[RequestLock { steal: false }]].concat();
    assert_eq!(tab.step(ends_well()), asks);
}

#[test]
fn a_frozen_tab_lets_another_sync_until_it_is_back() {
    let mut tab = idle();
    assert_eq!(tab.step(PageFrozen), [StopTimer(Timer::Wait), ReleaseLock]);
    assert_eq!(tab.step(PageFrozen), [], "frozen after it was left");
    assert_eq!(tab.step(SendNow), [Post(TabMessage::Wanted), patience()], "it asks another tab");
    assert_eq!(tab.step(TimerFired(Timer::Silence)), [], "and takes the lock from none");
    assert_eq!(tab.step(PageResumed), [RequestLock { steal: false }]);
    assert_eq!(tab.step(PageResumed), []);
    assert_eq!(tab.step(LockGranted), round());
}

#[test]
fn a_frozen_tab_waits_for_no_lock_and_takes_none() {
    let mut tab = second_tab();
    assert_eq!(tab.step(PageFrozen), [ReleaseLock]);
    assert_eq!(tab.step(LockGranted), [ReleaseLock], "granted in the same moment");
    assert_eq!(tab.step(PageResumed), [RequestLock { steal: false }]);
}

#[test]
fn a_tab_frozen_in_a_round_goes_on_when_it_is_back() {
    let mut tab = in_a_round();
    assert_eq!(tab.step(PageFrozen), [ReleaseLock]);
    assert_eq!(tab.step(fails_with(Status::Offline)), said(Status::Offline));
    assert_eq!(tab.step(PageResumed), [RequestLock { steal: false }]);
    let mut tab = in_a_round();
    assert_eq!(tab.step(PageFrozen), [ReleaseLock]);
    assert_eq!(tab.step(PageResumed), []);
    let asks = [said(Status::Idle).as_slice(), &[RequestLock { steal: false }]].concat();
    assert_eq!(tab.step(ends_well()), asks);
}

#[test]
fn signed_out_a_tab_waits_for_the_person_alone() {
    let mut tab = signed_out();
    assert_eq!(tab.step(Edited), [Post(TabMessage::Changed)]);
    assert_eq!(tab.step(SendNow), []);
    assert_eq!(tab.step(PageVisible), []);
    assert_eq!(tab.step(PageResumed), []);
    assert_eq!(tab.step(Hears(TabMessage::Status(Status::Offline))), [Report(Status::Offline)]);
    assert_eq!(tab.step(SignedInAgain), [RequestLock { steal: false }]);
    assert_eq!(tab.step(SignedInAgain), [], "nothing has ended meanwhile");
}

#[test]
fn somebody_who_signs_in_again_in_another_tab_has_signed_in_here() {
    let mut tab = signed_out();
    let resumes = [RequestLock { steal: false }, Report(Status::Idle)];
    assert_eq!(tab.step(Hears(TabMessage::Status(Status::Idle))), resumes);
    assert_eq!(tab.step(Edited), [Post(TabMessage::Changed), patience()]);
}

#[test]
fn that_nobody_is_signed_in_each_tab_finds_out_by_itself() {
    let mut tab = second_tab();
    assert_eq!(tab.step(Hears(TabMessage::Status(Status::SignedOut))), [Report(Status::SignedOut)]);
    assert_eq!(tab.step(LockGranted), round());
}

#[test]
fn with_the_lock_go_the_long_waits() {
    for without_the_lock in [&[LockLost][..], &[PageFrozen, PageResumed][..]] {
        let mut tab = failing();
        let asks = without_the_lock.iter().flat_map(|event| tab.step(event.clone())).collect::<Vec<_>>();
        assert!(asks.contains(&RequestLock { steal: false }));
        assert_eq!(tab.step(LockGranted), round());
        assert_eq!(tab.step(fails_with(Status::Offline)).last(), Some(&wait(FIRST_WAIT_MS / 2)));
    }
}

#[test]
fn stopping_ends_everything() {
    let mut editing = idle();
    assert_eq!(editing.step(Edited), [Post(TabMessage::Changed), pause()]);
    let cases = [
        ("not started", SyncScheduler::new(false), vec![End]),
        ("another tab syncs", second_tab(), vec![ReleaseLock, End]),
        ("idle", editing, vec![StopTimer(Timer::Edit), StopTimer(Timer::Wait), ReleaseLock, End]),
        ("signed out", signed_out(), vec![End]),
        ("in a round", in_a_round(), vec![]),
    ];
    for (name, mut tab, expected) in cases {
        assert_eq!(tab.step(Stop), expected, "{name}");
        for event in [
            Start,
            SignedInAgain,
            Edited,
            Changed,
            SendNow,
            LockGranted,
            LockLost,
            PageVisible,
            PageFrozen,
            PageResumed,
            Hears(TabMessage::Changed),
            Hears(TabMessage::Wanted),
            Hears(TabMessage::Status(Status::Idle)),
            TimerFired(Timer::Edit),
            TimerFired(Timer::Silence),
            TimerFired(Timer::Wait),
            Stop,
        ] {
            assert_eq!(tab.step(event.clone()), [], "{name}, then {event:?}");
        }
    }
    let mut tab = in_a_round();
    assert_eq!(tab.step(Stop), []);
    assert_eq!(tab.step(ends_well()), [ReleaseLock, End], "the round under way has ended, and nobody is told");
}

#[test]
fn messages_survive_the_channel_and_unknown_ones_ask_to_look_again() {
    let same = [
        TabMessage::Changed,
        TabMessage::Wanted,
        TabMessage::Status(Status::Syncing),
        TabMessage::Status(Status::Idle),
        TabMessage::Status(Status::Offline),
        TabMessage::Status(Status::Impostor),
        TabMessage::Status(Status::SignedOut),
        TabMessage::Status(Status::Busy),
        TabMessage::Status(Status::TooOld),
        TabMessage::Status(Status::Refused(0)),
    ];
    for message in same {
        assert_eq!(TabMessage::from_code(message.code()), message);
    }
    let code = |status| TabMessage::from_code(TabMessage::Status(status).code());
    assert_eq!(code(Status::Refused(400)), TabMessage::Status(Status::Refused(0)));
    assert_eq!(code(Status::Erased), TabMessage::Status(Status::Syncing), "only that it is there");
    for unknown in [8, 99, 102, u8::MAX] {
        assert_eq!(TabMessage::from_code(unknown), TabMessage::Changed);
    }
}
