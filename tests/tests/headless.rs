//! The headless device as its notes describe it: JSON lines in, JSON lines out, a folder for a disk.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tests::browser::Portal;
use tests::elsewhere::PASSWORD;

/// A device that runs, and the lines it says.
struct Headless {
    program: Child,
    says: ChildStdin,
    hears: Lines<BufReader<ChildStdout>>,
}

impl Headless {
    fn start(portal: &Portal, folder: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_device"))
            .arg(portal.url())
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the device starts");
        let (says, hears) = (program.stdin.take().expect("its input"), program.stdout.take().expect("its output"));
        Self { program, says, hears: BufReader::new(hears).lines() }
    }

    /// Tells it to do something; one line is the whole answer.
    #[track_caller]
    fn told(&mut self, line: &Value) -> Value {
        writeln!(self.says, "{line}").expect("it listens");
        let answer = self.hears.next().expect("it answers").expect("in letters");
        serde_json::from_str(&answer).expect("one JSON object")
    }

    /// The same, for what must succeed.
    #[track_caller]
    fn does(&mut self, line: Value) -> Value {
        let answer = self.told(&line);
        assert!(answer["error"].is_null(), "{line}: {answer}");
        answer["ok"].clone()
    }

    /// As a power cut would.
    fn kill(mut self) {
        self.program.kill().expect("it runs");
        self.program.wait().expect("it ends");
    }
}

/// Killed between the pen and the server, it goes on where it was, signed in; a colleague's device then
/// holds the very same.
#[test]
fn a_device_is_killed_and_goes_on_where_it_was() {
    let portal = Portal::start();
    let folder = tempfile::tempdir().expect("a folder");
    let mut device = Headless::start(&portal, &folder.path().join("first"));
    let refused = device.told(&json!({ "do": "create" }));
    assert!(refused["error"].is_string(), "nobody is signed in yet: {refused}");
    device.does(json!({ "do": "sign_in", "login": "kenya", "password": PASSWORD }));
    let created = device.does(json!({ "do": "create" }));
    let document = created["document"].as_str().expect("a name").to_owned();
    device.does(json!({ "do": "set", "field": "title", "value": "By hand" }));
    let synced = device.does(json!({ "do": "sync" }));
    assert_eq!(synced["unsent"], 0);
    device.does(json!({ "do": "set", "field": "title", "value": "By hand, twice" }));
    device.does(json!({ "do": "type", "field": "objectives", "text": "Kept on the disk." }));
    device.kill();

    let mut device = Headless::start(&portal, &folder.path().join("first"));
    assert_eq!(device.does(json!({ "do": "waiting" }))["unsent"], 2);
    let synced = device.does(json!({ "do": "sync" }));
    assert_eq!((&synced["unsent"], &synced["parked"]), (&json!(0), &json!(0)));
    let own = device.does(json!({ "do": "dump" }));
    assert_eq!(own.as_array().map(Vec::len), Some(1));
    assert_eq!((&own[0]["document"], &own[0]["title"]), (&json!(document), &json!("By hand, twice")));
    assert!(own[0]["answers"].to_string().contains("Kept on the disk."), "{own}");
    device.kill();

    let mut colleague = Headless::start(&portal, &folder.path().join("second"));
    colleague.does(json!({ "do": "sign_in", "login": "kenya2", "password": PASSWORD }));
    colleague.does(json!({ "do": "sync" }));
    let theirs = colleague.does(json!({ "do": "dump" }));
    assert_eq!(theirs[0]["hash"], own[0]["hash"], "both hold the same");
    assert_eq!(theirs[0]["answers"], own[0]["answers"]);
    colleague.kill();
}
