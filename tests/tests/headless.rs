//! The headless device as its notes describe it: killed, it goes on where it was.

use std::path::Path;

use serde_json::json;
use tests::browser::Portal;
use tests::remote_device::PASSWORD;
use tests::headless::Headless;

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
