//! Waiting for a condition, with a deadline: the only place of the browser stories that pauses.
//!
//! A pause is always between two looks at the same condition, so a story goes on as soon as the
//! condition holds and fails with the last reason when it never does.

use std::time::{Duration, Instant};

/// How long a person's screen may take to show what a story expects, on a busy two-core machine.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// The time between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks until `look` has a result; returns the last reason after `limit`.
pub fn until<T>(limit: Duration, mut look: impl FnMut() -> Result<T, String>) -> Result<T, String> {
    let deadline = Instant::now() + limit;
    loop {
        let reason = match look() {
            Ok(found) => return Ok(found),
            Err(reason) => reason,
        };
        if Instant::now() >= deadline {
            return Err(format!("{reason} (after {} s)", limit.as_secs()));
        }
        std::thread::park_timeout(LOOK_EVERY);
    }
}
