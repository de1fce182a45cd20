//! How long to wait before the next try. Pure: the random number is an argument.

/// Longest wait after the first failure, in milliseconds.
pub const FIRST_WAIT_MS: u64 = 2_000;
/// Longest wait ever, in milliseconds: ten minutes.
pub const WAIT_MS_MAX: u64 = 600_000;
/// Wait between exchanges while all is well, in milliseconds: five minutes. Each costs its bytes.
pub const IDLE_WAIT_MS: u64 = 300_000;

/// Counts failures and spreads the tries of many devices over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Notes a failure and returns how long to wait, in milliseconds: between half of and the whole
    /// doubling step, and never less than the server asked for.
    pub fn failed(&mut self, random: u64, asked_ms: u64) -> u64 {
        let step = FIRST_WAIT_MS.saturating_mul(1 << self.failures.min(20)).min(WAIT_MS_MAX);
        self.failures = self.failures.saturating_add(1);
        spread(step, random).max(asked_ms)
    }

    /// Notes a success and returns how long to wait until the next look, in milliseconds.
    pub fn succeeded(&mut self, random: u64) -> u64 {
        self.failures = 0;
        spread(IDLE_WAIT_MS, random)
    }

    /// Returns whether the last try failed.
    #[must_use]
    pub const fn failing(self) -> bool {
        self.failures > 0
    }
}

fn spread(step: u64, random: u64) -> u64 {
    let half = step / 2;
    half + random % (step - half + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_bounds_and_start_again_after_a_success() {
        let mut backoff = Backoff::default();
        for (failure, step) in [2_000, 4_000, 8_000, 16_000].into_iter().enumerate() {
            let (mut least, mut most) = (backoff, backoff);
            assert_eq!(least.failed(0, 0), step / 2, "after failure {failure}");
            assert_eq!(most.failed(step / 2, 0), step, "after failure {failure}");
            backoff = least;
        }
        for random in 0..1_000 {
            assert!((WAIT_MS_MAX / 2..=WAIT_MS_MAX).contains(&Backoff { failures: 1_000 }.failed(random * 7_919, 0)));
        }
        assert!(backoff.failing());
        backoff.succeeded(3);
        assert_eq!(backoff, Backoff::default());
    }

    #[test]
    fn the_server_may_ask_for_a_longer_wait() {
        assert_eq!(Backoff::default().failed(0, 30_000), 30_000);
    }
}
