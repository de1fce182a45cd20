//! What day it is, by the server's clock as far as this device has heard it: what is checked against a
//! day comes out the same here and there, wherever this device believes to be in time.

use crate::parts::dom;

const AHEAD: &str = "relais.ahead";

/// Notes what the server's clock shows now.
pub fn heard(server_ms: i64) {
    dom::keep_set(AHEAD, &(server_ms - dom::now_ms()).to_string());
}

/// Returns what the server's clock should show.
pub fn now_ms() -> i64 {
    dom::now_ms() + dom::keep_get(AHEAD).and_then(|ahead| ahead.parse().ok()).unwrap_or(0)
}
