//! One request of the demo, told in steps: who writes, submits, remarks, sends back or registers.
//!
//! Each step is the work of a device of its own, named after the request and the step: a step whose
//! device is known has been taken. Knows no rule of the life cycle; the writer judges.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use shared::document::Document;
use shared::form::workflow::Action;
use shared::form::{Field, FieldKind};
use shared::forms::request;
use shared::forms::request::workflow::{REGISTER, RETURN, SUBMIT};
use shared::ids::{DocumentId, OpId, ReplicaId, Scope};
use shared::merge::position::between;
use shared::merge::register::Register;
use shared::op::{AddItem, Body, Choose, Create, Insert, Op, Remark, Reply, Set};
use shared::permission::Actor;
use shared::value::{Date, Target, Value};

use crate::Server;
use crate::error::Error;

/// Names of the demo's documents and devices begin with these.
const DOCUMENT_MARK: [u8; 4] = *b"demo";
const DEVICE_MARK: u64 = 0x6465_6d6f_0000_0000;
/// Lamport times between two steps: more than any step uses.
const STEP_LAMPORT: u64 = 1 << 20;
const DAY_MS: i64 = 86_400_000;
/// Days of a month in view; the day itself is left out.
const MONTH_DAYS: i64 = 30;

/// Takes every step of a request that has not been taken yet.
///
/// # Errors
/// The database cannot take it, or the request is not written as `requests/*.json` are.
pub async fn load(server: &Server, cast: &BTreeMap<&'static str, Actor>, request: &str) -> Result<(), Error> {
    let story: Json = serde_json::from_str(request).map_err(|error| Error::Malformed(error.to_string()))?;
    let number = story["number"].as_u64().unwrap_or_default();
    let mut id = [0; 16];
    id[..DOCUMENT_MARK.len()].copy_from_slice(&DOCUMENT_MARK);
    id[8..].copy_from_slice(&number.to_be_bytes());
    for (index, step) in (1_u64..).zip(story["steps"].as_array().into_iter().flatten()) {
        let actor = step["as"].as_str().and_then(|login| cast.get(login)).ok_or_else(|| unknown(step))?;
        let replica = ReplicaId(DEVICE_MARK | number << 8 | index);
        if server.ledger.look(|committed| committed.acked(replica, actor.person)) != Some(0) {
            continue;
        }
        let mut pen = Pen::new(server, actor, DocumentId(id), replica, index).await?;
        pen.take(step).ok_or_else(|| unknown(step))?;
        let judged = server.writer.push(*actor, pen.ops).await?;
        if let Some(parked) = judged.parked.first() {
            return Err(Error::Malformed(format!("a demo step was not applied ({parked:?}): {step}")));
        }
    }
    Ok(())
}

fn unknown(step: &Json) -> Error {
    Error::Malformed(format!("a demo step nobody understands: {step}"))
}

/// A device with one step to take.
struct Pen<'a> {
    actor: &'a Actor,
    document: DocumentId,
    replica: ReplicaId,
    shared: Document,
    internal: Document,
    observed: u64,
    lamport: u64,
    now_ms: i64,
    ops: Vec<Op>,
}

impl<'a> Pen<'a> {
    async fn new(
        server: &Server,
        actor: &'a Actor,
        document: DocumentId,
        replica: ReplicaId,
        step: u64,
    ) -> Result<Self, Error> {
        let sides = server.ledger.sides(document).await?;
        let side = |scope| sides.get(&scope).map(|side| Document::clone(side)).unwrap_or_default();
        Ok(Self {
            actor,
            document,
            replica,
            shared: side(Scope::shared(document)),
            internal: side(Scope::internal(document)),
            observed: server.ledger.look(|committed| committed.head),
            lamport: step * STEP_LAMPORT,
            now_ms: server.config.clock.now_ms(),
            ops: Vec::new(),
        })
    }

    fn take(&mut self, step: &Json) -> Option<()> {
        match step["does"].as_str()? {
            "write" => self.write_answers(step["answers"].as_object()?),
            "remark" => self.remark(Some(Target::of(field(step["on"].as_str()?)?.id)), step, false),
            "note" => self.remark(None, step, true),
            "answer" => self.answer(step),
            "submit" => self.command(SUBMIT, step),
            "return" => self.command(RETURN, step),
            "register" => self.command(REGISTER, step),
            _ => None,
        }
    }

    fn write(&mut self, scope: Scope, body: &Body) -> OpId {
        let (kind, payload) = body.encode();
        let id = OpId { replica: self.replica, counter: self.ops.len() as u64 + 1 };
        let lamport = self.lamport + 1;
        self.lamport += body.lamport_length();
        self.ops.push(Op { id, scope, lamport, observed: self.observed, wall_ms: self.now_ms, kind, payload });
        id
    }

    fn write_shared(&mut self, body: &Body) -> OpId {
        self.write(Scope::shared(self.document), body)
    }

    fn write_answers(&mut self, answers: &Map<String, Json>) -> Option<()> {
        if self.shared.opened.is_none() {
            let authority = self.actor.authority?;
            let form = &request::FORM;
            self.write_shared(&Body::Create(Create { form: form.id, form_version: form.version, authority }));
        }
        for (key, answer) in answers {
            self.write_answer(field(key)?, None, answer)?;
        }
        Some(())
    }

    fn write_answer(&mut self, field: &'static Field, item: Option<OpId>, answer: &Json) -> Option<()> {
        let target = Target { field: field.id, item, column: None };
        match field.kind {
            FieldKind::Prose { .. } => {
                let prose = self.shared.prose(target);
                let end = prose.map_or(0, |prose| prose.text().chars().count()).checked_sub(1);
                let after = end.and_then(|end| prose?.char_at(end));
                self.write_shared(&Body::Insert(Insert { target, after, text: answer.as_str()?.to_owned() }));
            }
            FieldKind::Choices { .. } => {
                for code in answer.as_array()? {
                    let code = code.as_str()?.to_owned();
                    self.write_shared(&Body::Choose(Choose { target, code, chosen: true, over: Vec::new() }));
                }
            }
            FieldKind::List { item: fields, .. } => {
                let mut position = between(None, None);
                for answers in answer.as_array()? {
                    let item = self.write_shared(&Body::AddItem(AddItem {
                        field: field.id,
                        position: position.clone(),
                        parent: None,
                    }));
                    position = between(Some(&position), None);
                    for (key, answer) in answers.as_object()? {
                        let inner = fields.iter().find(|field| field.key == key)?;
                        self.write_answer(inner, Some(item), answer)?;
                    }
                }
            }
            kind => {
                let over = self.shared.register(target).map(Register::heads).unwrap_or_default();
                let value = self.value(kind, answer)?;
                self.write_shared(&Body::Set(Set { target, value, over }));
            }
        }
        Some(())
    }

    /// Reads a short answer. Days are told from today on, `+60`; months too, `+3m`.
    fn value(&self, kind: FieldKind, answer: &Json) -> Option<Value> {
        Some(match kind {
            FieldKind::Choice { .. } => Value::Code(answer.as_str()?.to_owned()),
            FieldKind::Number { .. } => Value::Number(answer.as_i64()?),
            FieldKind::Flag => Value::Flag(answer.as_bool()?),
            FieldKind::Day => Value::Date(self.day(answer.as_str()?.strip_prefix('+')?.parse().ok()?)),
            FieldKind::Month => {
                let months: i64 = answer.as_str()?.strip_prefix('+')?.strip_suffix('m')?.parse().ok()?;
                Value::Date(Date { day: 0, ..self.day(months * MONTH_DAYS) })
            }
            _ => Value::Text(answer.as_str()?.to_owned()),
        })
    }

    fn day(&self, days_from_now: i64) -> Date {
        Date::from_unix_ms(self.now_ms + days_from_now * DAY_MS)
    }

    fn remark(&mut self, target: Option<Target>, step: &Json, internal: bool) -> Option<()> {
        let text = step["text"].as_str()?.to_owned();
        let remark = Remark { target, text, internal, published_from: None, written_by: None };
        self.write(Scope::internal(self.document), &Body::Remark(remark));
        Some(())
    }

    fn answer(&mut self, step: &Json) -> Option<()> {
        let target = Target::of(field(step["on"].as_str()?)?.id);
        let (remark, _) = self.shared.threads.iter().find(|(_, thread)| thread.target == Some(target))?;
        let reply = Reply { remark: *remark, text: step["text"].as_str()?.to_owned() };
        self.write_shared(&Body::Reply(reply));
        Some(())
    }

    fn command(&mut self, action: Action, step: &Json) -> Option<()> {
        let unsent = self.internal.threads.iter().filter(|(_, thread)| !thread.internal && !thread.withdrawn);
        let names = if action == RETURN { unsent.map(|(id, _)| *id).collect() } else { Vec::new() };
        let reason = step["reason"].as_str().map(ToOwned::to_owned);
        let command = self.shared.ask(action, reason, names);
        self.write_shared(&Body::Command(command));
        Some(())
    }
}

fn field(key: &str) -> Option<&'static Field> {
    request::FORM.fields().find(|field| field.key == key)
}
