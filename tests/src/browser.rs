//! Real browsers with verbs: a driver for Chromium, Firefox and WebKitGTK that does what a person does.
//!
//! Stories are plain `#[test]` functions; every verb waits for its condition up to a deadline and
//! panics with a sentence, the words on the screen and a picture when it never comes true.
//! A missing browser fails the story. Deliberately does not know the portal's pages.
//!
//! Some things are forgotten with a killed browser as they are in real life: Chromium writes
//! cookies to disk within 30 s and `localStorage` within 5 s, IndexedDB at once.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

mod chromium;
mod conditions;
mod driver;
mod engine;
mod evidence;
mod fields;
mod firefox;
mod impostor;
pub mod keys;
mod page;
pub mod portal;
mod processes;
mod tabs;
mod waiting;
mod webkit;

pub use conditions::{DESK, PHONE, Viewport};
pub use engine::Engine;
pub use impostor::Impostor;
pub use portal::Portal;
pub use waiting::PATIENCE;

use conditions::{Conditions, CutWorker};
use driver::{DriverError, Session};
use engine::Site;
use processes::Processes;

const DRIVER_START_LIMIT: Duration = Duration::from_secs(60);
/// What a browser is asked to speak unless a story says otherwise.
const DEFAULT_LANGUAGE: &str = "en-GB";
/// A driver now and then loses the browser it is starting on a busy machine.
const START_ATTEMPTS: u32 = 3;

/// One browser on one profile folder: one device in one person's hands.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    profile: PathBuf,
    language: String,
    base: String,
    patience: Duration,
    scope: RefCell<Option<String>>,
    conditions: Conditions,
    running: Option<Running>,
}

/// What a killed browser loses. The session goes before its processes.
#[derive(Debug)]
struct Running {
    session: Session,
    _processes: Processes,
    tabs: RefCell<Vec<String>>,
    current: Cell<usize>,
    cut_workers: RefCell<Vec<CutWorker>>,
}

impl Browser {
    /// Starts a browser on a profile folder, which is made when it is not there.
    #[track_caller]
    pub fn start(engine: Engine, profile: &Path) -> Self {
        Self::start_speaking(engine, profile, DEFAULT_LANGUAGE)
    }

    /// Starts a browser that asks for pages in a language, as `fr` or `en-GB`.
    #[track_caller]
    pub fn start_speaking(engine: Engine, profile: &Path, language: &str) -> Self {
        let mut browser = Self {
            engine,
            profile: profile.to_owned(),
            language: language.to_owned(),
            base: String::new(),
            patience: PATIENCE,
            scope: RefCell::new(None),
            conditions: Conditions::default(),
            running: None,
        };
        browser.restart();
        browser
    }

    /// Names the address that paths are under, as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn at(mut self, base: &str) -> Self {
        base.trim_end_matches('/').clone_into(&mut self.base);
        self
    }

    /// Sets how long every verb waits from now on.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Ends the browser's processes with SIGKILL and keeps the profile.
    pub fn kill(&mut self) {
        // Dropping the processes kills them and waits until they are gone.
        self.running = None;
    }

    /// Starts the browser again on the same profile, killing it first when it runs.
    #[track_caller]
    pub fn restart(&mut self) {
        self.kill();
        let running = match self.run() {
            Ok(running) => running,
            Err(reason) => panic!("{} does not start. {reason}", self.engine),
        };
        self.running = Some(running);
        self.apply_conditions();
    }

    /// The engine this browser runs on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Where the engine puts downloaded files (not on WebKit).
    pub fn downloads(&self) -> PathBuf {
        self.profile.join("downloads")
    }

    /// Sends a command of the Chrome DevTools Protocol to the current tab.
    pub fn cdp(&self, command: &str, parameters: &Value) -> Result<Value, String> {
        if self.engine != Engine::Chromium {
            return Err(format!("{command} is for Chromium, this is {}.", self.engine));
        }
        let body = serde_json::json!({ "cmd": command, "params": parameters });
        self.try_post("goog/cdp/execute", &body)
    }

    fn run(&self) -> Result<Running, String> {
        let mut outcome = Err(String::new());
        for _ in 0..START_ATTEMPTS {
            outcome = self.try_run();
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    fn try_run(&self) -> Result<Running, String> {
        fs::create_dir_all(self.downloads()).map_err(|error| error.to_string())?;
        let mut processes = Processes::new();
        let port = processes::free_port();
        let site = Site { profile: &self.profile, port, language: &self.language };
        let capabilities = self.engine.start(&mut processes, &site)?;
        waiting::until(DRIVER_START_LIMIT, || match driver::is_ready(port) {
            true => Ok(()),
            false => Err(format!("Its driver is not ready; see {}", site.log().display())),
        })?;
        let session = Session::open(port, &capabilities).map_err(told)?;
        let first = session.get("window").map_err(told)?;
        Ok(Running {
            session,
            _processes: processes,
            tabs: RefCell::new(vec![tabs::handle(&first)]),
            current: Cell::new(0),
            cut_workers: RefCell::default(),
        })
    }

    #[track_caller]
    fn running(&self) -> &Running {
        match &self.running {
            Some(running) => running,
            None => panic!("{} was killed: restart it first.", self.engine),
        }
    }

    #[track_caller]
    fn session(&self) -> &Session {
        &self.running().session
    }

    #[track_caller]
    fn try_post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.session().post(path, body).map_err(told)
    }

    /// Tries something until it works; panics with all that is known when it never does.
    #[track_caller]
    fn wait_to<T>(&self, deed: &str, look: impl FnMut() -> Result<T, String>) -> T {
        match waiting::until(self.patience, look) {
            Ok(found) => found,
            Err(reason) => self.fail(deed, &reason),
        }
    }

    /// Does something that needs no waiting; panics like [`Self::wait_to`].
    #[track_caller]
    fn do_once<T>(&self, deed: &str, outcome: Result<T, impl fmt::Display>) -> T {
        match outcome {
            Ok(found) => found,
            Err(reason) => self.fail(deed, &reason.to_string()),
        }
    }
}

fn told(error: DriverError) -> String {
    error.to_string()
}
