//! What the server counts, and how Prometheus reads it.
//!
//! Counts only: no logins, addresses or documents.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The MIME type of `Metrics::render`.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds to the number.
    pub fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    /// Returns the number.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Which part of the server a request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteClass {
    /// JSON calls.
    Api,
    /// Synchronisation.
    Sync,
    /// The client's files.
    Client,
    /// Health and metrics.
    Health,
}

impl RouteClass {
    const ALL: [Self; 4] = [Self::Api, Self::Sync, Self::Client, Self::Health];

    /// Returns the part that answers `path`.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path {
            "/sync" => Self::Sync,
            "/healthz" | "/readyz" | "/metrics" => Self::Health,
            _ if path.starts_with("/api/") => Self::Api,
            _ => Self::Client,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Sync => "sync",
            Self::Client => "client",
            Self::Health => "health",
        }
    }
}

/// Classes of status, `1xx` to `5xx`.
const STATUS_CLASSES: usize = 5;

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: [[Counter; STATUS_CLASSES]; RouteClass::ALL.len()],
    microseconds: [Counter; RouteClass::ALL.len()],
    /// People who signed in.
    pub sign_ins: Counter,
    /// Attempts to sign in with a wrong login or password.
    pub sign_ins_refused: Counter,
    /// Attempts to sign in that came too fast.
    pub sign_ins_slowed: Counter,
    /// Panics caught: each is a fault of this program.
    pub panics: Counter,
}

impl Metrics {
    /// Counts a request that was answered.
    pub fn count_request(&self, route: RouteClass, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, STATUS_CLASSES) - 1;
        self.requests[route as usize][class].add(1);
        self.microseconds[route as usize].add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Prints everything in the text format of Prometheus.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        self.render_requests(&mut text);
        let outcomes = [("ok", &self.sign_ins), ("refused", &self.sign_ins_refused), ("slowed", &self.sign_ins_slowed)];
        heading(&mut text, "relais_sign_ins_total", "Attempts to sign in, by outcome.");
        for (outcome, counter) in outcomes {
            let _ = writeln!(text, "relais_sign_ins_total{{outcome=\"{outcome}\"}} {}", counter.get());
        }
        heading(&mut text, "relais_panics_total", "Panics caught; each is a fault of this program.");
        let _ = writeln!(text, "relais_panics_total {}", self.panics.get());
        text
    }

    fn render_requests(&self, text: &mut String) {
        heading(text, "relais_requests_total", "Requests answered, by part of the server and class of status.");
        for route in RouteClass::ALL {
            for (class, counter) in self.requests[route as usize].iter().enumerate() {
                let (route, status) = (route.label(), class + 1);
                let count = counter.get();
                let _ = writeln!(text, "relais_requests_total{{route=\"{route}\",status=\"{status}xx\"}} {count}");
            }
        }
        heading(text, "relais_request_seconds_total", "Time spent on requests, slow uploads included.");
        for route in RouteClass::ALL {
            let seconds = Duration::from_micros(self.microseconds[route as usize].get()).as_secs_f64();
            let _ = writeln!(text, "relais_request_seconds_total{{route=\"{}\"}} {seconds}", route.label());
        }
    }
}

fn heading(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_under_their_route_and_status() {
        let metrics = Metrics::default();
        metrics.count_request(RouteClass::of("/api/v1/session"), 401, Duration::from_millis(1500));
        let text = metrics.render();
        assert!(text.contains("relais_requests_total{route=\"api\",status=\"4xx\"} 1\n"), "{text}");
        assert!(text.contains("relais_request_seconds_total{route=\"api\"} 1.5\n"), "{text}");
    }
}
