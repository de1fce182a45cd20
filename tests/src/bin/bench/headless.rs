//! A headless device in every country at once, each a program of its own with a disk of its own, over
//! HTTP to the real portal: from an edit to its acknowledgement, and whether a second device of the same
//! person then holds the same.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use serde_json::{Value, json};
use server::demo::COUNTRIES;
use tests::browser::Portal;
use tests::headless::Headless;
use tests::remote_device::PASSWORD;

use super::{Row, percentile};

/// Edits each device makes and sends one by one.
const EDITS: usize = 20;

/// What one person's two devices came to.
struct Tally {
    took_ms: Vec<f64>,
    same: bool,
}

pub fn measure() -> Vec<Row> {
    let portal = Portal::start();
    let folder = tempfile::tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")).expect("a folder");
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let people: Vec<_> = COUNTRIES
            .iter()
            .map(|account| scope.spawn(|| work(&portal, account.login, &folder.path().join(account.login))))
            .collect();
        people.into_iter().map(|person| person.join().expect("a device that works")).collect()
    });
    let differing = tallies.iter().filter(|tally| !tally.same).count();
    let mut took_ms: Vec<f64> = tallies.into_iter().flat_map(|tally| tally.took_ms).collect();
    vec![
        Row::at_most(
            "A device in every country: edit to received, 99 in 100",
            250.0,
            percentile(&mut took_ms, 0.99),
            "ms",
        ),
        Row::at_most("Their files that a second device has not the same", 0.0, differing as f64, "files"),
    ]
}

/// Works on one device, then looks at another.
fn work(portal: &Portal, login: &str, folder: &Path) -> Tally {
    let mut device = signed_in(portal, login, folder.join("first"));
    device.does(&json!({ "do": "create" }));
    device.does(&json!({ "do": "sync" }));
    let took_ms = (0..EDITS).map(|number| {
        let started = Instant::now();
        device.does(&json!({ "do": "set", "field": "title", "value": format!("{login}, {number}") }));
        let synced = device.does(&json!({ "do": "sync" }));
        assert_eq!(synced["unsent"], 0);
        started.elapsed().as_secs_f64() * 1_000.0
    });
    let took_ms = took_ms.collect();
    let own = device.does(&json!({ "do": "dump" }));
    let mut second = signed_in(portal, login, folder.join("second"));
    second.does(&json!({ "do": "sync" }));
    let same = hashes(&own) == hashes(&second.does(&json!({ "do": "dump" })));
    Tally { took_ms, same }
}

fn signed_in(portal: &Portal, login: &str, folder: PathBuf) -> Headless {
    let program = std::env::current_exe().expect("this program").with_file_name("device");
    let mut device = Headless::start(&program, portal, &folder);
    device.does(&json!({ "do": "sign_in", "login": login, "password": PASSWORD }));
    device
}

fn hashes(dump: &Value) -> Vec<String> {
    let mut hashes: Vec<String> =
        dump.as_array().into_iter().flatten().map(|file| format!("{} {}", file["document"], file["hash"])).collect();
    hashes.sort();
    hashes
}
