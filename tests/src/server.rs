//! A real server for tests: the real router called in process, a real SQLite file, a clock the test
//! moves. Can be killed, started again on the same file, and restored from a backup.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use server::clock::{Clock, Entropy};
use server::config::Config;
use server::sessions::{self, CookieKind};
use server::store::backup::restore;
use server::store::log::{self, Outcome};
use server::store::meta;
use server::store::people::{self, NewAuthority, NewPerson};
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::op::Op;
use shared::permission::Actor;
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::sync::wire::{MEDIA_TYPE, PATH};
use tower::ServiceExt as _;

/// First moment of every test, Unix milliseconds: 1 March 2026.
pub const START_MS: i64 = 1_772_323_200_000;

/// A server and the file it lives in.
#[derive(Debug)]
pub struct TestServer {
    folder: tempfile::TempDir,
    now_ms: Arc<AtomicI64>,
    drawn: Arc<AtomicI64>,
    running: Option<(server::Server, Router)>,
}

/// An account with an open session.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who, as permission sees them.
    pub actor: Actor,
    /// The name typed to sign in.
    pub login: String,
    /// The `Cookie` header of the session.
    pub cookie: String,
    /// When the session was opened, by the server's clock.
    pub signed_in_ms: i64,
}

/// The reply of the front door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: StatusCode,
    /// Media type.
    pub media_type: String,
    /// Body as it came.
    pub body: Vec<u8>,
}

impl TestServer {
    /// Starts a server with an empty database.
    pub async fn start() -> Self {
        // Memory where there is some: an fsync that costs nothing leaves the order of things the same.
        let shm = Path::new("/dev/shm");
        let folder = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() };
        Self::start_in(folder.expect("a temporary folder")).await
    }

    /// Starts a server with an empty database on a disk whose fsync takes its time.
    pub async fn start_on_disk() -> Self {
        let folder = tempfile::tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/../target"));
        Self::start_in(folder.expect("a temporary folder")).await
    }

    async fn start_in(folder: tempfile::TempDir) -> Self {
        let now_ms = Arc::new(AtomicI64::new(START_MS));
        let mut server = Self { folder, now_ms, drawn: Arc::default(), running: None };
        server.start_again().await;
        server
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join("backup.sqlite")
    }

    /// Starts the server on whatever is on the disk.
    pub async fn start_again(&mut self) {
        let mut config = Config::in_folder(self.data());
        let now_ms = Arc::clone(&self.now_ms);
        config.clock = Clock::from_fn(move || now_ms.load(Ordering::Relaxed));
        config.entropy = self.entropy();
        let server = server::open(config).await.expect("the server opens");
        self.running = Some((server.clone(), server::router(server)));
    }

    /// Numbers that look random, never come twice, and are the same in every run.
    fn entropy(&self) -> Entropy {
        let drawn = Arc::clone(&self.drawn);
        Entropy::from_fn(move |bytes| {
            let count = drawn.fetch_add(1, Ordering::Relaxed);
            bytes
                .iter_mut()
                .enumerate()
                .for_each(|(index, byte)| *byte = ((count >> (8 * (index % 4))) & 0xff) as u8 ^ 0x5a);
        })
    }

    /// Ends the server without any farewell: what was not committed is gone.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Returns the running server.
    pub fn server(&self) -> &server::Server {
        &self.running.as_ref().expect("the server runs").0
    }

    /// Returns the server's clock.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    /// Moves the server's clock on.
    pub fn pass(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Puts a snapshot in the place of the server's own, as one of this edition might have left it.
    pub async fn db_snapshot(&self, scope: Scope, body: Vec<u8>, edition: u16) {
        let mut write = self.server().store.write().await.expect("nobody else writes");
        let head = self.server().store.head().await.expect("it is read");
        log::put_snapshot(&mut write, scope, head, body).await.expect("written");
        meta::set_edition(&mut write, edition).await.expect("noted");
        write.commit().await.expect("kept");
    }

    /// Copies the database as it is committed now.
    pub async fn db_back_up(&self) {
        let _ = std::fs::remove_file(self.backup());
        self.server().store.back_up(&self.backup()).await.expect("a backup");
    }

    /// Puts the last backup in the database's place, as `relais restore` does; without `new_epoch` by
    /// copying the file alone, which is one of the planted bugs.
    pub async fn db_restore(&mut self, new_epoch: bool) {
        if !self.backup().exists() {
            return;
        }
        if let Some((server, router)) = self.running.take() {
            drop(router);
            server.store.close().await;
        }
        let data = self.data();
        for name in ["relais.sqlite", "relais.sqlite-wal", "relais.sqlite-shm"] {
            let _ = std::fs::remove_file(data.join(name));
        }
        if new_epoch {
            restore(&self.backup(), &data, false, "", &self.entropy()).await.expect("a sound backup");
        } else {
            std::fs::copy(self.backup(), data.join("relais.sqlite")).expect("the backup is there");
        }
        self.start_again().await;
    }

    /// Makes the database refuse one document, as a broken rule of it would.
    pub async fn db_refuses(&self, document: DocumentId) {
        let mut write = self.server().store.write().await.expect("writable");
        let sql = format!(
            "CREATE TRIGGER refuses BEFORE INSERT ON document WHEN NEW.id = x'{document}'
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *write).await.expect("a trigger");
        write.commit().await.expect("committed");
    }

    /// Parks an operation as a server of another version would have; known after the next start.
    pub async fn db_parked(&self, op: &Op, author: &Person, reason: Reason) {
        let mut write = self.server().store.write().await.expect("writable");
        let person = author.actor.person;
        let outcome = Outcome::Parked(reason as u8);
        log::add(&mut write, op, person, self.now_ms(), outcome).await.expect("parked");
        log::set_acked(&mut write, op.id.replica, person, op.id.counter).await.expect("noted");
        write.commit().await.expect("committed");
    }

    /// Adds an authority.
    pub async fn db_authority(&self, name: &str, country: &str) -> AuthorityId {
        let mut write = self.server().store.write().await.expect("writable");
        let new = NewAuthority { name, name_en: name, country, kind: "ministry" };
        let id = people::add_authority(&mut write, new).await.expect("an authority");
        write.commit().await.expect("committed");
        id
    }

    /// Adds an account with an open session, without the cost of hashing a password.
    pub async fn db_person(&self, login: &str, role: Role, authority: Option<AuthorityId>) -> Person {
        let mut write = self.server().store.write().await.expect("writable");
        let new = NewPerson { login, name: login, role, authority, language: "en", password_hash: "none" };
        let person = people::add(&mut write, new, START_MS).await.expect("a person");
        write.commit().await.expect("committed");
        let cookie = self.db_session(login).await;
        Person {
            actor: Actor { person, role, authority },
            login: login.to_owned(),
            cookie,
            signed_in_ms: self.now_ms(),
        }
    }

    /// Opens a session of a person.
    pub async fn db_session(&self, login: &str) -> String {
        let (person, hash) = self.server().store.person_by_login(login).await.expect("readable").expect("known");
        let token = sessions::start(self.server(), &person, &hash, "test", None).await.expect("a session");
        token.cookie(CookieKind::Plain)
    }

    /// Sends one body to `POST /sync`; `None` when the server is down.
    pub async fn post_sync(&self, cookie: &str, body: Vec<u8>) -> Option<Answer> {
        self.post_sync_taking("identity", cookie, body).await
    }

    /// The same, for an answer that may come packed as `encoding`, and is not unpacked.
    pub async fn post_sync_taking(&self, encoding: &str, cookie: &str, body: Vec<u8>) -> Option<Answer> {
        let request = Request::post(PATH)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, MEDIA_TYPE)
            .header(header::ACCEPT_ENCODING, encoding)
            .header(header::COOKIE, cookie)
            .header("x-relais", "1")
            .body(Body::from(body))
            .expect("a request");
        Some(answer(self.running.as_ref()?.1.clone().oneshot(request).await.ok()?).await)
    }
}

async fn answer(response: Response<Body>) -> Answer {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let media_type = kind.to_owned();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
    Answer { status, media_type, body }
}
