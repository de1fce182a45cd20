//! What day it is, by the server's clock as far as this device has heard it: what is checked against a day comes out
//! the same here and there, whatever time this device believes it to be.

use gloo_storage::{LocalStorage, Storage as _};
use shared::value::Date;

use crate::browser;

/// Where the difference between the two clocks is kept, in milliseconds.
const AHEAD: &str = "relais.ahead";

/// Notes what the server's clock shows now.
pub fn heard(server_ms: i64) {
    // Without room for it this device's own clock has to do.
    let _ = LocalStorage::set(AHEAD, server_ms - browser::now_ms());
}

/// Returns what the server's clock should show, in Unix milliseconds.
#[must_use]
pub fn now_ms() -> i64 {
    browser::now_ms() + LocalStorage::get::<i64>(AHEAD).unwrap_or(0)
}

/// Returns today.
#[must_use]
pub fn today() -> Date {
    Date::from_unix_ms(now_ms())
}
