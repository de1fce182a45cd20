//! A device without a browser at the same running portal: a colleague abroad, or a member of staff,
//! in a story whose other half is told in a browser.

use shared::api::{CALL_HEADER, SESSION, SESSION_BY_ID, SESSIONS, Sessions, SignIn, SignedIn};
use shared::form::workflow::Action;
use shared::forms::request;
use shared::forms::request::workflow::{RECEIVED, RETURN, SUBMIT};
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::op::to_bytes;
use shared::permission::Actor;
use shared::sync::wire::{MEDIA_TYPE, PATH};
use shared::value::{Target, Value};
use ureq::Agent;
use ureq::http::{Request, Response, StatusCode};

use crate::answers;
use crate::browser::Portal;
use crate::device::{Device, ROUNDS_MAX};
use crate::server::{Answer, Person};

/// Everybody's password in the demo data.
pub const PASSWORD: &str = "relais-demo";
/// A year in which the services of a demo request are wanted; far from today whenever this runs.
const YEAR: u16 = 2090;

/// One device of one person, signed in.
#[derive(Debug)]
pub struct RemoteDevice {
    /// The device, with its verbs.
    pub device: Device,
    base: String,
    agent: Agent,
    authority: AuthorityId,
}

impl RemoteDevice {
    /// Signs a person of the demo in on a new device. `name` tells devices apart.
    pub fn signed_in(portal: &Portal, login: &str, name: u64) -> Self {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        let with =
            SignIn { login: login.to_owned(), password: PASSWORD.to_owned(), device_label: "elsewhere".to_owned() };
        let body = serde_json::to_vec(&with).expect("writable");
        let mut response = post(&agent, &portal.url(), SESSION, "application/json", "", body);
        assert_eq!(response.status(), StatusCode::OK, "{login} signs in");
        let cookie = response.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookie = cookie.expect("a session").to_owned();
        let who: SignedIn =
            serde_json::from_slice(&response.body_mut().read_to_vec().expect("a body")).expect("who is signed in");
        let authority = who.authority.map(|card| card.id);
        let actor = Actor { person: who.person, role: who.role, authority };
        let person = Person { actor, login: login.to_owned(), cookie, signed_in_ms: 0 };
        let device = Device::new(&person, name);
        Self { device, base: portal.url(), agent, authority: authority.unwrap_or(AuthorityId(0)) }
    }

    /// Pushes and pulls until nothing is left.
    pub fn sync(&mut self) {
        if let Err(failure) = self.try_sync() {
            panic!("{} could not sync: {failure}", self.device.person.login);
        }
    }

    /// The same, on a line that may break.
    ///
    /// # Errors
    /// The exchange that broke off; what was settled before stays settled.
    pub fn try_sync(&mut self) -> Result<(), String> {
        for _ in 0..ROUNDS_MAX {
            let request = self.device.offer().ok_or("the device is not set up")?;
            let reply = self.exchange(&to_bytes(&request))?;
            let (writes, settled) = self.device.plan(&request, &reply).map_err(|missed| format!("{missed:?}"))?;
            self.device.commit(writes);
            if !settled.more && self.device.unsent() == 0 {
                return Ok(());
            }
        }
        Err(format!("not done after {ROUNDS_MAX} rounds"))
    }

    /// Sends one body to `POST /sync` as this person.
    ///
    /// # Errors
    /// No whole answer came.
    pub fn exchange(&self, body: &[u8]) -> Result<Answer, String> {
        let cookie = &self.device.person.cookie;
        let request = request_of(&self.base, PATH, MEDIA_TYPE, cookie, body.to_vec());
        let mut response = self.agent.run(request).map_err(|error| error.to_string())?;
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let media_type = kind.unwrap_or_default().to_owned();
        let body = response.body_mut().with_config().limit(u64::MAX).read_to_vec();
        Ok(Answer { status: response.status(), media_type, body: body.map_err(|error| error.to_string())? })
    }

    /// Ends every other session of this person, as one does after losing a telephone.
    pub fn ends_other_sessions(&self) {
        let cookie = &self.device.person.cookie;
        let ask = |method: &str, path: &str| {
            let request = Request::builder()
                .method(method)
                .uri(format!("{}{path}", self.base))
                .header(CALL_HEADER, "1")
                .header("cookie", cookie)
                .body(())
                .expect("a request");
            self.agent.run(request).expect("the portal answers")
        };
        let list = ask("GET", SESSIONS).body_mut().read_to_vec().expect("a body");
        let open: Sessions = serde_json::from_slice(&list).expect("the sessions");
        for other in open.sessions.iter().filter(|session| !session.current) {
            let ended = ask("DELETE", &SESSION_BY_ID.replace("{id}", &other.id));
            assert!(ended.status().is_success(), "{}", ended.status());
        }
    }

    /// Begins a request with this title and sends the draft to the server.
    pub fn begins(&mut self, id: u8, title: &str) -> DocumentId {
        let document = self.device.create([id; 16], self.authority);
        self.device.set(document, Target::of(request::TITLE), Value::Text(title.to_owned()));
        self.sync();
        document
    }

    /// Begins a request, answers everything in it, and sends the draft to the server.
    pub fn completes(&mut self, id: u8, title: &str) -> DocumentId {
        let document = self.begins(id, title);
        answers::complete(&mut self.device, document, YEAR);
        self.sync();
        document
    }

    /// Begins a request, answers everything in it, and submits it.
    pub fn submits(&mut self, id: u8, title: &str) -> DocumentId {
        let document = self.completes(id, title);
        self.asks(document, SUBMIT, None);
        assert_eq!(
            self.device.state(document),
            RECEIVED,
            "{:?}",
            self.device.own(shared::sync::rows::ObjectStore::Parked)
        );
        document
    }

    /// Asks for a move of the life cycle, with every remark not yet sent when it is a return.
    pub fn asks(&mut self, document: DocumentId, action: Action, reason: Option<&str>) {
        let drafts = self.device.sees(Scope::internal(document)).threads;
        let names = drafts.iter().filter(|(_, thread)| !thread.internal && !thread.withdrawn).map(|(id, _)| *id);
        let names = if action == RETURN { names.collect() } else { Vec::new() };
        self.device.ask(document, action, reason, names);
        self.sync();
    }
}

fn post(agent: &Agent, base: &str, path: &str, kind: &str, cookie: &str, body: Vec<u8>) -> Response<ureq::Body> {
    agent.run(request_of(base, path, kind, cookie, body)).expect("the portal answers")
}

fn request_of(base: &str, path: &str, kind: &str, cookie: &str, body: Vec<u8>) -> Request<Vec<u8>> {
    Request::post(format!("{base}{path}"))
        .header("content-type", kind)
        .header(CALL_HEADER, "1")
        .header("cookie", cookie)
        .body(body)
        .expect("a request")
}
