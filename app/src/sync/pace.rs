//! How much is sent and asked for at once: little at first, more while it is used and arrives, less
//! when it does not. Pure; counts bytes as they cross the line.

use shared::sync::wire::{
    PULL_BYTES_MAX, PULL_BYTES_MIN, PULL_BYTES_START, PUSH_BYTES_MAX, PUSH_BYTES_MIN, PUSH_BYTES_START,
    PUSH_UNPACKED_BYTES_MAX,
};

/// What a push packs to before one was sent, in hundredths: half, as prose and answers do.
const PACKED_PERCENT_START: usize = 50;
/// The least that is believed of one push for the next, in hundredths: the next may be something else.
const PACKED_PERCENT_MIN: usize = 10;
/// Bodies from this size on tell how far the next one will pack, in bytes; shorter ones are mostly
/// wrapping.
const TELLING_BYTES_MIN: usize = 1_024;

/// The sizes of the next exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    push_bytes: usize,
    pull_bytes: u32,
    packed_percent: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { push_bytes: PUSH_BYTES_START, pull_bytes: PULL_BYTES_START, packed_percent: PACKED_PERCENT_START }
    }
}

impl Pace {
    /// Returns how many bytes of operations to push, before they are packed.
    #[must_use]
    pub fn push_bytes(&self) -> usize {
        (self.push_bytes * 100 / self.packed_percent).min(PUSH_UNPACKED_BYTES_MAX)
    }

    /// Returns how many bytes to ask for, as they will cross.
    #[must_use]
    pub const fn pull_bytes(&self) -> u32 {
        self.pull_bytes
    }

    /// Notes that a body of `bytes`, which crossed as `sent`, was answered, by `more` to come or not.
    /// What was not used is not raised: the line has not shown that it carries it.
    pub fn succeeded(&mut self, bytes: usize, sent: usize, more: bool) {
        if sent >= self.push_bytes / 2 {
            self.push_bytes = (self.push_bytes * 2).min(PUSH_BYTES_MAX);
        }
        if more {
            self.pull_bytes = (self.pull_bytes * 2).min(PULL_BYTES_MAX);
        }
        if bytes >= TELLING_BYTES_MIN {
            self.packed_percent = (sent * 100).div_ceil(bytes).clamp(PACKED_PERCENT_MIN, 100);
        }
    }

    /// Notes that an exchange was not answered.
    pub fn failed(&mut self) {
        self.push_bytes = (self.push_bytes / 2).max(PUSH_BYTES_MIN);
        self.pull_bytes = (self.pull_bytes / 2).max(PULL_BYTES_MIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_grow_while_they_are_used_and_shrink_when_nothing_arrives() {
        let mut pace = Pace::default();
        for _ in 0..8 {
            pace.succeeded(100, 100, false);
        }
        assert_eq!(pace, Pace::default(), "the line was not tried");
        for _ in 0..8 {
            let push = pace.push_bytes();
            pace.succeeded(push, push / 2, true);
        }
        assert_eq!((pace.push_bytes, pace.pull_bytes), (PUSH_BYTES_MAX, PULL_BYTES_MAX));
        for _ in 0..12 {
            pace.failed();
        }
        assert_eq!((pace.push_bytes, pace.pull_bytes), (PUSH_BYTES_MIN, PULL_BYTES_MIN));
    }

    #[test]
    fn a_push_is_planned_by_how_far_the_one_before_packed() {
        let mut pace = Pace::default();
        pace.succeeded(2_000, 500, false);
        assert_eq!(pace.push_bytes(), PUSH_BYTES_START * 4);
        pace.succeeded(2_000, 2_000, false);
        assert_eq!(pace.push_bytes(), PUSH_BYTES_START, "what does not pack");
        pace.succeeded(100_000, 100, false);
        assert_eq!(pace.push_bytes(), PUSH_BYTES_START * 10, "zeros say little of the next");
    }
}
