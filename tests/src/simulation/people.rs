//! What the people of a simulated world do between two syncs: write, tick, move, remove, submit,
//! remark, decide. Knows nothing of what goes wrong.

use shared::forms::request;
use shared::forms::request::workflow::{ADOPT, RECEIVED, REGISTER, REGISTERED, RETURN, RETURNED, SUBMIT, WITHDRAW};
use shared::ids::{DocumentId, Scope};
use shared::merge::prose::Prose;
use shared::op::{Body, Remark};
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::sync::device::Own;
use shared::sync::rows::ObjectStore;
use shared::value::{FieldId, Target, Value};

use super::{Cast, Token, World};
use crate::answers;
use crate::server::{Person, TestServer};

/// The year of every date in a complete request: that of the server's first day.
const YEAR: u16 = 2026;

/// Focal points of two authorities and an officer, with requests.
#[derive(Clone, Copy, Debug)]
pub struct Requests;

impl Cast for Requests {
    async fn accounts(&self, server: &TestServer) -> (Vec<Person>, Vec<usize>) {
        let first = server.db_authority("Immigration Services", "KE").await;
        let second = server.db_authority("Ministry of Youth", "NE").await;
        let ana = server.db_person("ana", Role::FocalPoint, Some(first)).await;
        let ben = server.db_person("ben", Role::FocalPoint, Some(first)).await;
        let cem = server.db_person("cem", Role::FocalPoint, Some(second)).await;
        let eva = server.db_person("eva", Role::ProjectOfficer, None).await;
        (vec![ana.clone(), ana, ben, cem, eva], vec![4])
    }

    fn act(&self, world: &mut World, index: usize) {
        if world.staff.contains(&index) {
            world.act_as_staff(index);
        } else {
            world.act_as_partner(index);
        }
    }
}

impl World {
    /// Types a piece of prose that nobody will delete, between those that stand there.
    pub fn type_token(&mut self, index: usize, document: DocumentId, prose: FieldId) {
        self.next += 1;
        let text = format!("[{}],", self.next);
        let device = &mut self.devices[index];
        let field = Target::of(prose);
        let before = device.sees(Scope::shared(document)).prose(field).map(Prose::text).unwrap_or_default();
        // Between two tokens, so that no token is ever cut in two by its own author.
        let places: Vec<usize> =
            before.chars().enumerate().filter(|(_, letter)| *letter == ']').map(|(at, _)| at + 1).chain([0]).collect();
        let at = if self.dice.percent(50) { before.chars().count() } else { self.dice.pick(&places).unwrap_or(0) };
        device.type_at(document, prose, at, &text);
        let after = device.sees(Scope::shared(document)).prose(field).map(Prose::text).unwrap_or_default();
        let (head, tail) = after
            .split_at_checked(before.char_indices().nth(at).map_or(before.len(), |(byte, _)| byte))
            .unwrap_or_default();
        if tail.strip_prefix(&text).is_none_or(|tail| format!("{head}{tail}") != before) {
            self.displaced.get_or_insert(format!("{text} was typed at {at} of “{before}”, and now it reads “{after}”"));
        }
        self.tokens.push(Token { document, field: prose, text: format!("[{}]", self.next) });
    }

    fn act_as_partner(&mut self, index: usize) {
        if self.dice.percent(50) && self.adopts_what_came_late(index) {
            return;
        }
        let documents = self.devices[index].documents();
        let Some(document) = self.dice.pick(&documents).filter(|_| documents.len() > 3 || !self.dice.percent(20))
        else {
            return self.create(index);
        };
        let device = &mut self.devices[index];
        let field = request::CONTEXT_AND_PROBLEM;
        let items = device.sees(Scope::shared(document)).answers().items(request::PROPOSED_ACTIVITIES).to_vec();
        match self.dice.below(100) {
            0..40 => self.type_token(index, document, field),
            40..55 => {
                let value = Value::Text(format!("title {}", self.dice.below(5)));
                device.set(document, Target::of(request::TITLE), value);
            }
            55..62 => device.choose(
                document,
                request::THEMES,
                ["THB", "DAT", "POL"][usize::try_from(self.dice.below(3)).unwrap_or(0)],
                self.dice.percent(60),
            ),
            62..70 => {
                device.add_item(document, request::PROPOSED_ACTIVITIES);
            }
            70..75 => {
                if let Some(item) = self.dice.pick(&items) {
                    device.move_first(document, request::PROPOSED_ACTIVITIES, item);
                }
            }
            75..80 => {
                if let Some(item) = self.dice.pick(&items) {
                    device.remove_item(document, item);
                }
            }
            80..85 => {
                if let Some(item) = self.dice.pick(&items) {
                    let topic = Value::Text(format!("topic {}", self.dice.below(9)));
                    device.set(document, Target::in_item(item, request::ACTIVITY_TOPIC), topic);
                }
            }
            85..90 => {
                // Only commas between the tokens are ever deleted.
                let text =
                    device.sees(Scope::shared(document)).prose(Target::of(field)).map(Prose::text).unwrap_or_default();
                if let Some(comma) = text.chars().position(|letter| letter == ',') {
                    device.delete_at(document, field, comma, 1);
                }
            }
            90..96 => device.ask(document, SUBMIT, None, Vec::new()),
            96 => device.write_newer(document),
            _ => device.ask(document, WITHDRAW, None, Vec::new()),
        }
    }

    /// What came too late is applied after all once the request is theirs again.
    fn adopts_what_came_late(&mut self, index: usize) -> bool {
        let device = &mut self.devices[index];
        let late: Vec<Own> =
            device.own(ObjectStore::Parked).into_iter().filter(|own| own.reason == Reason::Locked as u8).collect();
        let theirs = late.iter().find(|own| device.state(own.op.scope.document) == RETURNED);
        let Some(scope) = theirs.map(|own| own.op.scope) else { return false };
        let names = late.iter().filter(|own| own.op.scope == scope).map(|own| own.op.id).collect();
        device.ask(scope.document, ADOPT, None, names);
        true
    }

    fn create(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let Some(authority) = device.person.actor.authority else { return };
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.dice.number().to_be_bytes());
        let document = device.create(id, authority);
        // Without a complete request nothing would ever be received, and staff would have nothing to do.
        if self.dice.percent(15) {
            answers::complete(device, document, YEAR);
            if self.dice.percent(70) {
                device.ask(document, SUBMIT, None, Vec::new());
            }
        }
    }

    fn act_as_staff(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let documents = device.documents();
        let Some(document) = self.dice.pick(&documents) else { return };
        let internal = Scope::internal(document);
        match (self.dice.below(3), device.state(document)) {
            (0, _) => {
                self.next += 1;
                let remark = Remark {
                    target: None,
                    text: format!("why? {}", self.next),
                    internal: false,
                    published_from: None,
                    written_by: None,
                };
                device.write(vec![(internal, Body::Remark(remark))]);
            }
            (1, RECEIVED | REGISTERED) => {
                let unsent = device.sees(internal).threads.keys().copied().collect();
                device.ask(document, RETURN, Some("please complete"), unsent);
            }
            (2, RECEIVED) => device.ask(document, REGISTER, None, Vec::new()),
            _ => {}
        }
    }
}
