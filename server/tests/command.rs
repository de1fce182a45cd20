//! The `relais` program as an operator meets it: started, stopped, killed, and spoken to over a
//! real socket.

#![expect(clippy::unwrap_used, reason = "a test that meets something unexpected has failed")]
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

const RELAIS: &str = env!("CARGO_BIN_EXE_relais");
/// Far more than anything here takes; ends a test that would hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; killed when dropped.
struct Running {
    child: Child,
    address: SocketAddr,
    greeting: String,
    /// What it says after the greeting, line by line.
    says: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(data: &Path, options: &[&str]) -> Self {
        let mut command = relais(data, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.args(options).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = says.next().unwrap().unwrap();
        let address = greeting.rsplit("http://").next().unwrap().parse().unwrap();
        Self { child, address, greeting, says }
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn ended_well(mut self) -> bool {
        self.child.wait().unwrap().success()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn sign_in(&self, login: &str, password: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(sign_in_head(login, password).as_bytes()).unwrap();
        stream.write_all(sign_in_body(login, password).as_bytes()).unwrap();
        read_to_end(stream)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sign_in_body(login: &str, password: &str) -> String {
    format!(r#"{{"login":"{login}","password":"{password}"}}"#)
}

fn sign_in_head(login: &str, password: &str) -> String {
    format!(
        "POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\nx-relais: 1\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        sign_in_body(login, password).len()
    )
}

fn read_to_end(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn relais(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(RELAIS);
    command.args(arguments).arg("--data").arg(data).stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    relais(data, arguments).output().unwrap()
}

#[track_caller]
fn succeed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn an_account_made_beside_a_running_server_opens_the_portal() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &[]);
    let authority = ["authority", "add", "--name", "Direction", "--country", "NE", "--kind", "ministry"];
    assert!(succeed(&run(data.path(), &authority)).contains("Authority 1 was added"));
    let add = ["user", "add", "--login", "niger", "--name", "A. B.", "--role", "focal_point", "--authority", "1"];
    let said = succeed(&run(data.path(), &add));
    let password = said.rsplit(": ").next().unwrap().trim().to_owned();
    assert_eq!(password.len(), 23, "{said}");
    assert!(server.sign_in("niger", &password).starts_with("HTTP/1.1 200"));

    let mut change = relais(data.path(), &["user", "password", "--login", "NIGER", "--password-stdin"]);
    let mut change = change.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    change.stdin.take().unwrap().write_all("un mot de passe à moi\n".as_bytes()).unwrap();
    assert!(change.wait().unwrap().success());
    assert!(server.sign_in("niger", &password).starts_with("HTTP/1.1 401"));
    assert!(server.sign_in("niger", "un mot de passe à moi").starts_with("HTTP/1.1 200"));

    succeed(&run(data.path(), &["user", "disable", "--login", "niger"]));
    assert!(server.sign_in("niger", "un mot de passe à moi").starts_with("HTTP/1.1 401"));
    assert!(succeed(&run(data.path(), &["user", "list"])).contains("closed"));
    succeed(&run(data.path(), &["user", "enable", "--login", "niger"]));
    assert!(server.sign_in("niger", "un mot de passe à moi").starts_with("HTTP/1.1 200"));
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    let add = |rest: &[&str]| {
        let output = run(data.path(), &[&["user", "add", "--login", "x", "--name", "X", "--role"], rest].concat());
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(add(&["focal_point"]).contains("has an --authority"));
    assert!(add(&["focal_point", "--authority", "9"]).contains("there is no authority 9"));
    assert!(add(&["king"]).contains("the roles are"));
    succeed(&run(data.path(), &["user", "add", "--login", "x", "--name", "X", "--role", "admin"]));
    assert!(add(&["admin"]).contains("the login x is in use"));
    let missing = run(data.path(), &["user", "password", "--login", "y"]);
    assert_eq!(String::from_utf8(missing.stderr).unwrap(), "relais: there is no account y\n");
}

#[test]
fn the_demo_says_where_it_is_and_who_can_sign_in_also_the_second_time() {
    let data = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let mut server = Running::start(data.path(), &["--demo"]);
        assert!(server.greeting.starts_with("Relais is ready at http://127.0.0.1:"), "{}", server.greeting);
        assert!(server.sign_in("kenya", server::demo::PASSWORD).contains("Wanjiru Kamau"));
        server.signal("-TERM");
        let said: Vec<String> = server.says.by_ref().map(Result::unwrap).collect();
        for told in [server::demo::PASSWORD, "kenya ", "kenya2 ", "staff ", "timor-leste"] {
            assert!(said.iter().any(|line| line.contains(told)), "{told}: {said:?}");
        }
        assert!(server.ended_well());
    }
}

/// Everybody knows the demo's password: it is not let in beside real accounts.
#[test]
fn the_demo_is_not_loaded_beside_accounts_of_a_portals_own() {
    let data = tempfile::tempdir().unwrap();
    succeed(&run(data.path(), &["user", "add", "--login", "x", "--name", "X", "--role", "admin"]));
    let mut child = relais(data.path(), &["serve", "--listen", "127.0.0.1:0", "--demo"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let greeting = BufReader::new(child.stdout.take().unwrap()).lines().next();
    let _ = child.kill();
    let ended = child.wait_with_output().unwrap();
    assert!(greeting.is_none(), "{greeting:?}");
    assert!(String::from_utf8(ended.stderr).unwrap().contains("accounts of its own"));
    assert!(!succeed(&run(data.path(), &["user", "list"])).contains("kenya"));
}

#[test]
fn a_folder_that_was_the_demos_once_says_so_at_every_start_and_takes_the_demo_again() {
    let data = tempfile::tempdir().unwrap();
    for options in [&["--demo"][..], &[], &["--demo"]] {
        let mut server = Running::start(data.path(), options);
        server.signal("-TERM");
        let log = BufReader::new(server.child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let warned = log.filter(|line| line.contains("everybody knows the password")).count();
        assert_eq!(warned, 1, "{options:?}");
        assert!(server.ended_well());
        succeed(&run(data.path(), &["user", "list"]));
    }
    succeed(&run(data.path(), &["user", "add", "--login", "x", "--name", "X", "--role", "admin"]));
    let server = Running::start(data.path(), &["--demo"]);
    assert!(server.greeting.contains("ready"));
}

#[test]
fn told_to_stop_the_server_finishes_the_request_under_way_and_folds_its_log() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Running::start(data.path(), &["--demo"]);
    let mut stream = server.connect();
    let head = sign_in_head("kenya", "relais-demo").replace("\r\n\r\n", "\r\nexpect: 100-continue\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    // The server asks for the body once it works on the request.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.signal("-INT");
    let mut log = BufReader::new(server.child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(log.any(|line| line.contains("told to stop")));
    stream.write_all(sign_in_body("kenya", "relais-demo").as_bytes()).unwrap();
    assert!(read_to_end(stream).starts_with("HTTP/1.1 200"));
    assert!(server.ended_well());
    assert!(!data.path().join("relais.sqlite-wal").exists());
}

#[test]
fn a_killed_server_comes_back_with_everything_it_acknowledged() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--demo"]);
    let answer = server.sign_in("kenya", server::demo::PASSWORD);
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    server.signal("-KILL");
    assert!(!server.ended_well());
    let server = Running::start(data.path(), &[]);
    let mut stream = server.connect();
    let request =
        format!("GET /api/v1/session HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    assert!(read_to_end(stream).contains("Wanjiru Kamau"));
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let data = tempfile::tempdir().unwrap();
    let _first = Running::start(data.path(), &[]);
    let second = run(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(!second.status.success());
    assert!(String::from_utf8(second.stderr).unwrap().contains("another server already uses the data folder"));
}

/// Reads the number by which devices know one incarnation of a database from another.
fn epoch(folder: &Path) -> i64 {
    use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(folder.join("relais.sqlite"));
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        let epoch = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'epoch'").fetch_one(&mut database).await;
        database.close().await.unwrap();
        epoch.unwrap()
    })
}

fn add_user(data: &Path, login: &str) {
    succeed(&run(data, &["user", "add", "--login", login, "--name", "X", "--role", "admin"]));
}

#[test]
fn a_backup_made_beside_a_running_server_comes_back_as_another_incarnation() {
    let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Running::start(data.path(), &[]);
    add_user(data.path(), "before");
    let file = elsewhere.path().join("backup.sqlite");
    let file = file.to_str().unwrap();
    assert!(succeed(&run(data.path(), &["backup", file])).contains("was written"));
    add_user(data.path(), "after");
    drop(server);

    let restored = elsewhere.path().join("data");
    succeed(&run(&restored, &["restore", file]));
    assert_ne!(epoch(&restored), epoch(data.path()), "devices must notice, to offer again what was lost");
    let accounts = succeed(&run(&restored, &["user", "list"]));
    assert!(accounts.contains("before") && !accounts.contains("after"), "{accounts}");
    succeed(&run(&restored, &["restore", "--replace", file]));
    let kept = std::fs::read_dir(&restored).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(kept.into_iter().any(|name| name.starts_with("replaced-")), "what was there is kept aside");
}

#[test]
fn a_restore_touches_nothing_it_should_not() {
    let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    add_user(data.path(), "here");
    let before = epoch(data.path());
    let backup = elsewhere.path().join("backup.sqlite");
    let file = backup.to_str().unwrap();
    succeed(&run(data.path(), &["backup", file]));
    let refused = |arguments: &[&str]| {
        let output = run(data.path(), arguments);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["backup", file]).contains("exists already"));
    assert!(refused(&["restore", file]).contains("already has a database"));
    assert!(refused(&["restore", "--replace", "/nowhere/at/all"]).contains("/nowhere/at/all"));

    let (torn, other) = (elsewhere.path().join("torn"), elsewhere.path().join("other"));
    let bytes = std::fs::read(&backup).unwrap();
    std::fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(&other, "a letter, not a database").unwrap();
    for wrong in [&torn, &other] {
        assert!(refused(&["restore", "--replace", wrong.to_str().unwrap()]).contains("is not a sound backup"));
    }
    let running = Running::start(data.path(), &[]);
    assert!(refused(&["restore", "--replace", file]).contains("another server already uses the data folder"));
    drop(running);
    assert_eq!(epoch(data.path()), before);
    let none = run(&elsewhere.path().join("none"), &["backup", elsewhere.path().join("new").to_str().unwrap()]);
    assert!(String::from_utf8(none.stderr).unwrap().contains("there is no database"));
}
