//! What a headless device can be told to do. Verbs and their fields are listed in tests/README.md.

use std::path::PathBuf;

use app::documents::DocumentRepository;
use app::storage::journal::JournalStore;
use app::sync::Driver;
use serde_json::{Value as Json, json};
use server::clock::{Clock, Entropy};
use shared::answers::Answer;
use shared::api::{SignIn, SignedIn};
use shared::form::{Field, FieldKind};
use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId, OpId, ReplicaId, Scope, Side};
use shared::merge::position::between;
use shared::op::{AddItem, Body, Choose, Create, Delete, Insert, RemoveItem, Set};
use shared::sync::admission::Reason;
use shared::value::{Date, Target, Value};

use crate::http::Server;

/// One device of one person.
pub struct Headless {
    folder: PathBuf,
    server: Server,
    clock: Clock,
    entropy: Entropy,
    signed_in: Option<SignedIn>,
    repository: Option<DocumentRepository<JournalStore>>,
    driver: Option<Driver<JournalStore, Server>>,
    last: Option<DocumentId>,
}

type Outcome = Result<Json, String>;

impl Headless {
    /// Returns the device whose disk is `folder`.
    pub fn new(server: String, folder: PathBuf) -> Self {
        let server = Server::new(server, folder.join("cookie"));
        let (clock, entropy) = (Clock::system(), Entropy::system());
        Self { folder, server, clock, entropy, signed_in: None, repository: None, driver: None, last: None }
    }

    /// Does what one line says.
    pub async fn carry_out(&mut self, verb: &Json) -> Outcome {
        let name = text(verb, "do")?;
        if name == "sign_in" {
            return self.sign_in(verb).await;
        }
        if self.repository.is_none() {
            self.open_repository().await?;
        }
        match name {
            "sign_out" => self.server.sign_out().map(|()| Json::Null),
            "sync" => self.sync().await,
            "dump" => self.dump().await,
            "waiting" => self.waiting().await,
            "export" => self.export(verb).await,
            "import" => self.import(verb).await,
            _ => self.write(name, verb).await,
        }
    }

    async fn sign_in(&mut self, verb: &Json) -> Outcome {
        let label = format!("headless device in {}", self.folder.display());
        let with = SignIn {
            login: text(verb, "login")?.to_owned(),
            password: text(verb, "password")?.to_owned(),
            device_label: label,
        };
        let signed_in = self.server.sign_in(&with)?;
        let kept = serde_json::to_string(&signed_in).map_err(told)?;
        std::fs::write(self.folder.join("person.json"), kept).map_err(told)?;
        self.repository = None;
        self.driver = None;
        self.open_repository().await?;
        serde_json::to_value(&signed_in).map_err(told)
    }

    /// Opens the repository of whoever signed in last, with or without a network.
    async fn open_repository(&mut self) -> Result<(), String> {
        let kept = std::fs::read_to_string(self.folder.join("person.json")).map_err(|_| "sign in first".to_owned())?;
        let signed_in: SignedIn = serde_json::from_str(&kept).map_err(told)?;
        let journal = self.folder.join(format!("person-{}.journal", signed_in.person.0));
        let expected = journal.exists();
        let store = JournalStore::open(&journal).map_err(told)?;
        let repository =
            DocumentRepository::open(store.clone(), signed_in.person, self.fresh()?, expected).await.map_err(told)?;
        self.driver = Some(Driver::new(store, self.server.clone()));
        self.repository = Some(repository);
        self.signed_in = Some(signed_in);
        Ok(())
    }

    async fn sync(&mut self) -> Outcome {
        let (mut touched, mut parked, mut forked, mut restored) = (0, 0, false, false);
        loop {
            let fresh = self.fresh()?;
            let settled = self.driver.as_mut().ok_or("sign in first")?.round(fresh).await.map_err(told)?;
            touched += settled.touched.len();
            parked += settled.parked;
            forked |= settled.forked;
            restored |= settled.restored;
            if !settled.more {
                break;
            }
        }
        let unsent = self.repository()?.waiting().await.map_err(told)?.unsent.len();
        Ok(json!({ "touched": touched, "parked": parked, "forked": forked, "restored": restored, "unsent": unsent }))
    }

    async fn waiting(&self) -> Outcome {
        let waiting = self.repository()?.waiting().await.map_err(told)?;
        let parked = self.repository()?.parked().await.map_err(told)?;
        let parked: Vec<Json> = parked
            .iter()
            .map(|own| json!({ "row": own.row, "reason": Reason::from_number(own.reason).map(Reason::key) }))
            .collect();
        Ok(json!({ "unsent": waiting.unsent.len(), "received": waiting.received, "parked": parked }))
    }

    async fn dump(&self) -> Outcome {
        let repository = self.repository()?;
        let mut files = Vec::new();
        for row in repository.files().await.map_err(told)? {
            let views = repository.views(row.document).await.map_err(told)?;
            let mut answers = views.shared.answers();
            let unsettled = answers.unsettled.len();
            answers.absorb(views.note.answers());
            let answers: Vec<Json> = answers.by_target.iter().map(line).collect();
            let workflow = row.form().map(|form| &form.workflow);
            let state = workflow.and_then(|workflow| Some(workflow.state(row.summary.state)?.key));
            let queued = workflow.zip(row.queued).and_then(|(workflow, action)| workflow.action_key(action));
            files.push(json!({
                "document": row.document.to_string(), "title": row.summary.title, "state": state, "reference": row.summary.reference,
                "receipt": row.summary.receipt, "version": row.summary.version, "unsent": row.unsent, "parked": row.parked,
                "queued": queued, "unsettled": unsettled, "hash": format!("{:016x}", views.shared.state_hash()),
                "answers": answers,
            }));
        }
        Ok(Json::Array(files))
    }

    async fn export(&self, verb: &Json) -> Outcome {
        let file = app::rescue::export(self.repository()?.store(), self.clock.now_ms()).await.map_err(told)?;
        std::fs::write(text(verb, "path")?, &file).map_err(told)?;
        Ok(json!({ "bytes": file.len() }))
    }

    async fn import(&self, verb: &Json) -> Outcome {
        let file = std::fs::read(text(verb, "path")?).map_err(told)?;
        let imported = app::rescue::import(self.repository()?.store(), &file).await.map_err(told)?;
        Ok(json!({ "taken": imported.taken, "known": imported.known }))
    }

    /// Writes one operation; the verbs that do are named after what they write.
    async fn write(&mut self, name: &str, verb: &Json) -> Outcome {
        if name == "create" {
            return self.create(verb).await;
        }
        let document = match verb["document"].as_str() {
            Some(id) => DocumentId::parse(id).ok_or("not a document id")?,
            None => self.last.ok_or("create a document, or name one")?,
        };
        let body = self.body(name, verb, document).await?;
        let side = if verb["field"].as_str().is_some_and(in_note) {
            Side::Note(self.repository()?.person())
        } else {
            Side::Shared
        };
        let ops = self
            .repository()?
            .write(vec![(Scope { document, side }, body)], self.clock.now_ms())
            .await
            .map_err(told)?;
        Ok(json!({ "op": ops.last().map(|op| item_name(op.id)) }))
    }

    async fn create(&mut self, verb: &Json) -> Outcome {
        let authority =
            verb["authority"].as_u64().and_then(|id| u32::try_from(id).ok()).map(AuthorityId).or(self.authority());
        let authority = authority.ok_or("name an authority")?;
        let document = DocumentId(self.entropy.bytes().map_err(told)?);
        let create = Create { form: request::FORM.id, form_version: request::FORM.version, authority };
        let drafts = vec![(Scope::shared(document), Body::Create(create))];
        self.repository()?.write(drafts, self.clock.now_ms()).await.map_err(told)?;
        self.last = Some(document);
        Ok(json!({ "document": document.to_string() }))
    }

    async fn body(&self, name: &str, verb: &Json, document: DocumentId) -> Result<Body, String> {
        let views = self.repository()?.views(document).await.map_err(told)?;
        let view = if verb["field"].as_str().is_some_and(in_note) { &views.note } else { &views.shared };
        Ok(match name {
            "set" => {
                let (target, field) = target(verb)?;
                let over = view.register(target).map(|register| register.heads()).unwrap_or_default();
                Body::Set(Set { target, value: value(field, &verb["value"])?, over })
            }
            "choose" => {
                let (target, code) = (target(verb)?.0, text(verb, "code")?.to_owned());
                let over = view.choices(target).map(|choices| choices.heads(&code)).unwrap_or_default();
                Body::Choose(Choose { target, code, chosen: verb["chosen"].as_bool().unwrap_or(true), over })
            }
            "type" => {
                let target = target(verb)?.0;
                let prose = view.prose(target);
                let length = prose.map_or(0, |prose| prose.text().chars().count());
                let at = verb["at"].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or(length);
                let after = at.checked_sub(1).and_then(|before| prose?.char_at(before));
                Body::Insert(Insert { target, after, text: text(verb, "text")?.to_owned() })
            }
            "delete" => {
                let target = target(verb)?.0;
                let number = |key: &str| verb[key].as_u64().and_then(|at| usize::try_from(at).ok());
                let (at, chars) = (number("at").unwrap_or(0), number("chars").unwrap_or(1));
                let spans = view.prose(target).map(|prose| prose.spans(at, chars)).unwrap_or_default();
                Body::Delete(Delete { target, spans })
            }
            "add_item" => {
                let field = target(verb)?.0.field;
                let list = view.list(field);
                let last = list.and_then(|list| list.item(*list.order().last()?));
                Body::AddItem(AddItem {
                    field,
                    position: between(last.map(|item| item.position.as_slice()), None),
                    parent: None,
                })
            }
            "remove_item" => Body::RemoveItem(RemoveItem { item: item(verb)?.ok_or("name an item")? }),
            "submit" | "act" => {
                let key = if name == "submit" { name } else { text(verb, "action")? };
                let moves = view.form().map_or(&[][..], |form| form.workflow.moves);
                let step = moves.iter().find(|step| step.key == key).ok_or_else(|| format!("no action {key}"))?;
                Body::Command(view.ask(step.action, verb["reason"].as_str().map(ToOwned::to_owned), Vec::new()))
            }
            other => return Err(format!("no verb {other}")),
        })
    }

    fn authority(&self) -> Option<AuthorityId> {
        self.signed_in.as_ref()?.authority.as_ref().map(|authority| authority.id)
    }

    fn repository(&self) -> Result<&DocumentRepository<JournalStore>, String> {
        self.repository.as_ref().ok_or_else(|| "sign in first".to_owned())
    }

    fn fresh(&self) -> Result<ReplicaId, String> {
        Ok(ReplicaId(self.entropy.number().map_err(told)?.max(1)))
    }
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn text<'a>(verb: &'a Json, key: &str) -> Result<&'a str, String> {
    verb[key].as_str().ok_or_else(|| format!("\"{key}\" is missing"))
}

fn field(key: &str) -> Option<&'static Field> {
    request::FORM.fields().find(|field| field.key == key)
}

fn in_note(key: &str) -> bool {
    field(key).is_some_and(|field| field.held_in == shared::form::HeldIn::Note)
}

fn target(verb: &Json) -> Result<(Target, &'static Field), String> {
    let field = field(text(verb, "field")?).ok_or("no such field")?;
    Ok((Target { field: field.id, item: item(verb)?, column: None }, field))
}

/// Items and operations are named `replica:counter`, the replica in hexadecimal.
fn item(verb: &Json) -> Result<Option<OpId>, String> {
    let Some(name) = verb["item"].as_str() else { return Ok(None) };
    let parsed = name.split_once(':').and_then(|(replica, counter)| {
        Some(OpId { replica: ReplicaId(u64::from_str_radix(replica, 16).ok()?), counter: counter.parse().ok()? })
    });
    parsed.map(Some).ok_or_else(|| "an item is named replica:counter".to_owned())
}

fn item_name(id: OpId) -> String {
    format!("{:016x}:{}", id.replica.0, id.counter)
}

fn value(field: &Field, json: &Json) -> Result<Value, String> {
    let words = || json.as_str().map(ToOwned::to_owned).ok_or("this field takes a text");
    Ok(match field.kind {
        _ if json.is_null() => Value::Empty,
        FieldKind::Number { .. } => {
            json.as_i64().map_or_else(|| words().map(Value::Unreadable), |number| Ok(Value::Number(number)))?
        }
        FieldKind::Day | FieldKind::Month => {
            words().map(|day| Date::parse(&day).map_or(Value::Unreadable(day), Value::Date))?
        }
        FieldKind::Choice { .. } => Value::Code(words()?),
        FieldKind::Flag => Value::Flag(json.as_bool().ok_or("this field takes true or false")?),
        _ => Value::Text(words()?),
    })
}

fn line((target, answer): (&Target, &Answer)) -> Json {
    let field = request::FORM.field(target.field).map_or("", |field| field.key);
    json!({ "field": field, "item": target.item.map(item_name), "answer": shown(answer) })
}

fn shown(answer: &Answer) -> Json {
    match answer {
        Answer::Value(value) => json!(value.to_text()),
        Answer::Codes(codes) => json!(codes),
        Answer::Prose(text) => json!(text),
        Answer::Items(items) => json!(items.iter().copied().map(item_name).collect::<Vec<_>>()),
    }
}
