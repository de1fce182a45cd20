//! The headless device as its notes describe it: killed, it goes on where it was.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;
use tests::browser::Portal;
use tests::headless::Headless;
use tests::remote_device::PASSWORD;

fn start(portal: &Portal, folder: &Path) -> Headless {
    Headless::start(Path::new(env!("CARGO_BIN_EXE_device")), portal, folder)
}

/// Killed between the pen and the server, it goes on where it was, signed in; a colleague's device then
/// holds the very same.
#[test]
fn a_device_is_killed_and_goes_on_where_it_was() {
    let portal = Portal::start();
    let folder = tempfile::tempdir().expect("a folder");
    let mut device = start(&portal, &folder.path().join("first"));
    let refused = device.told(&json!({ "do": "create" }));
    assert!(refused["error"].is_string(), "nobody is signed in yet: {refused}");
    device.does(&json!({ "do": "sign_in", "login": "kenya", "password": PASSWORD }));
    let created = device.does(&json!({ "do": "create" }));
    let document = created["document"].as_str().expect("a name").to_owned();
    device.does(&json!({ "do": "set", "field": "title", "value": "By hand" }));
    let synced = device.does(&json!({ "do": "sync" }));
    assert_eq!(synced["unsent"], 0);
    device.does(&json!({ "do": "set", "field": "title", "value": "By hand, twice" }));
    device.does(&json!({ "do": "type", "field": "objectives", "text": "Kept on the disk." }));
    drop(device);

    let mut device = start(&portal, &folder.path().join("first"));
    assert_eq!(device.does(&json!({ "do": "waiting" }))["unsent"], 2);
    let synced = device.does(&json!({ "do": "sync" }));
    assert_eq!((&synced["unsent"], &synced["parked"]), (&json!(0), &json!(0)));
    let own = device.does(&json!({ "do": "dump" }));
    assert_eq!(own.as_array().map(Vec::len), Some(1));
    assert_eq!((&own[0]["document"], &own[0]["title"]), (&json!(document), &json!("By hand, twice")));
    assert!(own[0]["answers"].to_string().contains("Kept on the disk."), "{own}");
    drop(device);

    let mut colleague = start(&portal, &folder.path().join("second"));
    colleague.does(&json!({ "do": "sign_in", "login": "kenya2", "password": PASSWORD }));
    colleague.does(&json!({ "do": "sync" }));
    let theirs = colleague.does(&json!({ "do": "dump" }));
    assert_eq!(theirs[0]["hash"], own[0]["hash"], "both hold the same");
    assert_eq!(theirs[0]["answers"], own[0]["answers"]);
}

/// A line to the portal that counts what crosses it, heads and all.
struct Counted {
    address: String,
    bytes: Arc<AtomicUsize>,
}

impl Counted {
    fn to(portal: &Portal) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let bytes = Arc::new(AtomicUsize::new(0));
        let (target, counts) = (portal.url().trim_start_matches("http://").to_owned(), Arc::clone(&bytes));
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(&target) else { continue };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
                    let counts = Arc::clone(&counts);
                    thread::spawn(move || carry(from, to, &counts));
                }
            }
        });
        Self { address, bytes }
    }

    /// Returns what crossed since it was last asked.
    fn crossed(&self) -> usize {
        self.bytes.swap(0, Ordering::Relaxed)
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, counts: &AtomicUsize) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        counts.fetch_add(read, Ordering::Relaxed);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    // The other end may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}

/// People pay for each byte: a look for news that finds none, and prose there and back, packed.
#[test]
fn a_device_looks_for_news_for_few_bytes_and_packs_what_it_sends_and_is_sent() {
    const NOTHING_NEW_BYTES_MAX: usize = 400;
    let portal = Portal::start();
    let line = Counted::to(&portal);
    let folder = tempfile::tempdir().expect("a folder");
    let program = Path::new(env!("CARGO_BIN_EXE_device"));
    let signed_in = |name: &str, login: &str| {
        let mut device = Headless::start_at(program, &line.address, &folder.path().join(name));
        device.does(&json!({ "do": "sign_in", "login": login, "password": PASSWORD }));
        device
    };
    let mut device = signed_in("first", "kenya");
    device.does(&json!({ "do": "create" }));
    device.does(&json!({ "do": "sync" }));

    line.crossed();
    device.does(&json!({ "do": "sync" }));
    let nothing_new = line.crossed();
    assert!((100..=NOTHING_NEW_BYTES_MAX).contains(&nothing_new), "{nothing_new} bytes");

    device.does(&json!({ "do": "type", "field": "objectives", "text": "All posts keep data alike. ".repeat(100) }));
    device.does(&json!({ "do": "sync" }));
    let sent = line.crossed();
    assert!(sent < 1_000, "2.7 KB of prose crossed as {sent} bytes");

    let mut second = signed_in("second", "kenya2");
    line.crossed();
    second.does(&json!({ "do": "sync" }));
    let received = line.crossed();
    assert!(received < 1_500, "2.7 KB of prose crossed as {received} bytes");
    assert_eq!(second.does(&json!({ "do": "dump" })).as_array().map(Vec::len), Some(1));
}
