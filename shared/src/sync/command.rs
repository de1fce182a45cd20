//! Carrying out a command: what the server writes when a move of `workflow` is asked and permitted.
//!
//! Pure: the reference to allot, the receipt and the day are arguments. Runs once per command; the
//! log makes a repeat find the first outcome.

use crate::check::{Severity, check};
use crate::document::Document;
use crate::eligibility::{Facts, assess};
use crate::ids::{OpId, Scope, Side};
use crate::op::{Body, Command, Op, REMARK_CHARS_MAX, Remark, Transition, Version, to_bytes};
use crate::permission::Actor;
use crate::sync::admission::Reason;
use crate::value::Date;
use crate::workflow::{Action, State, next, partner_may_edit};

/// What the server brings to a command.
#[derive(Clone, Debug)]
pub struct Circumstances<'a> {
    /// The server's clock, Unix milliseconds.
    pub now_ms: i64,
    /// The receipt to give if something is received.
    pub receipt: String,
    /// The reference to allot if one is needed.
    pub reference: String,
    /// What eligibility needs beyond the answers.
    pub facts: Facts,
    /// The staff-only side.
    pub internal: &'a Document,
}

/// What a command leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Operations the server writes, in order.
    pub writes: Vec<(Scope, Body)>,
    /// Parked operations to judge again and apply.
    pub adopt: Vec<OpId>,
}

/// Carries out `command`.
///
/// # Errors
/// The reason for which nothing happened.
pub fn execute(
    actor: &Actor,
    op: &Op,
    command: &Command,
    shared: &Document,
    with: &Circumstances<'_>,
) -> Result<Effects, Reason> {
    if op.scope.side != Side::Shared {
        return Err(Reason::Malformed);
    }
    if command.reason.as_ref().is_some_and(|reason| reason.chars().count() > REMARK_CHARS_MAX) {
        return Err(Reason::TooLarge);
    }
    if command.action == Action::Adopt {
        return adopt(actor, op, command, shared, with);
    }
    if command.expect != shared.state {
        return Err(Reason::StateChanged);
    }
    let to = next(shared.state, command.action, actor.role).ok_or(Reason::NotPermitted)?;
    let mut transition = step(actor, op, command, shared.state, to, with);
    let mut writes = Vec::new();
    match command.action {
        Action::Submit => {
            let version = submit(op, command, shared, with)?;
            transition.receipt = Some(with.receipt.clone());
            if let (_, Body::Version(version)) = &version {
                transition.version = Some(version.number);
            }
            writes.push(version);
        }
        Action::Register => {
            transition.reference = Some(shared.reference().map_or_else(|| with.reference.clone(), ToOwned::to_owned));
        }
        Action::Return => writes = publish(op, command, with.internal)?,
        Action::Reject | Action::Redirect if transition.reason.is_none() => return Err(Reason::ReasonMissing),
        _ => {}
    }
    writes.insert(0, (op.scope, Body::Transition(transition)));
    Ok(Effects { writes, adopt: Vec::new() })
}

fn step(actor: &Actor, op: &Op, command: &Command, from: State, to: State, with: &Circumstances<'_>) -> Transition {
    Transition {
        command: op.id,
        by: actor.person,
        action: command.action,
        from,
        to,
        reason: command.reason.clone().filter(|reason| !reason.trim().is_empty()),
        receipt: None,
        reference: None,
        version: None,
        at_ms: with.now_ms,
    }
}

/// Keeps what was submitted, provided it is what its author had read and nothing needed is missing.
fn submit(op: &Op, command: &Command, shared: &Document, with: &Circumstances<'_>) -> Result<(Scope, Body), Reason> {
    let answers = shared.answers();
    if command.content_hash != Some(shared.content_hash()) {
        return Err(Reason::ContentChanged);
    }
    let form = shared.form().ok_or(Reason::NoSuchForm)?;
    let today = Date::from_unix_ms(with.now_ms);
    if check(form, &answers, today).iter().any(|problem| problem.severity == Severity::Blocks) {
        return Err(Reason::Incomplete);
    }
    let assessment = assess(&answers, &with.facts);
    let version =
        Version { number: shared.version() + 1, answers: to_bytes(&answers), assessment: to_bytes(&assessment) };
    Ok((Scope::internal(op.scope.document), Body::Version(version)))
}

/// Publishes the named remarks. Something must be said: a remark, or a reason on the whole.
fn publish(op: &Op, command: &Command, internal: &Document) -> Result<Vec<(Scope, Body)>, Reason> {
    let mut writes = Vec::new();
    for id in &command.names {
        let thread = internal.threads.get(id).ok_or(Reason::NoSuchItem)?;
        if thread.internal || thread.withdrawn {
            return Err(Reason::NoSuchItem);
        }
        let remark = Remark {
            target: thread.target,
            text: thread.text.clone(),
            internal: false,
            published_from: Some(*id),
            written_by: Some(thread.mark.author),
        };
        writes.push((op.scope, Body::Remark(remark)));
    }
    let said = command.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    if writes.is_empty() && !said { Err(Reason::ReasonMissing) } else { Ok(writes) }
}

/// Late edits are applied after all: by the partner while the request is theirs, by staff while it
/// waits for them.
fn adopt(
    actor: &Actor,
    op: &Op,
    command: &Command,
    shared: &Document,
    with: &Circumstances<'_>,
) -> Result<Effects, Reason> {
    let theirs = actor.role.of_partner() && partner_may_edit(shared.state);
    let ours = actor.role.is_staff() && matches!(shared.state, State::Received | State::Registered);
    if !theirs && !ours {
        return Err(Reason::Locked);
    }
    if command.names.is_empty() {
        return Err(Reason::NoSuchItem);
    }
    let transition = step(actor, op, command, shared.state, shared.state, with);
    Ok(Effects { writes: vec![(op.scope, Body::Transition(transition))], adopt: command.names.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AuthorityId, DocumentId, PersonId, ReplicaId};
    use crate::workflow::Role;

    #[test]
    fn turning_a_request_down_takes_words_not_blanks() {
        let mut shared = Document::default();
        shared.state = State::CppDecision;
        let with = Circumstances {
            now_ms: 0,
            receipt: String::new(),
            reference: String::new(),
            facts: Facts { on: Date::from_unix_ms(0), open_actions: None, letter_received: false, at_decision: false },
            internal: &Document::default(),
        };
        let actor = Actor { person: PersonId(1), role: Role::CommitteeMember, authority: None::<AuthorityId> };
        for action in [Action::Reject, Action::Redirect] {
            for (reason, permitted) in [(None, false), (Some(""), false), (Some(" \n\t"), false), (Some("Why"), true)] {
                let reason = reason.map(ToOwned::to_owned);
                let command =
                    Command { action, expect: State::CppDecision, content_hash: None, reason, names: Vec::new() };
                let (kind, payload) = Body::Command(command.clone()).encode();
                let id = OpId { replica: ReplicaId(1), counter: 1 };
                let scope = Scope::shared(DocumentId([1; 16]));
                let op = Op { id, scope, lamport: 1, observed: 0, wall_ms: 0, kind, payload };
                let outcome = execute(&actor, &op, &command, &shared, &with);
                let expected = if permitted { None } else { Some(Reason::ReasonMissing) };
                assert_eq!(outcome.err(), expected, "{action:?} {:?}", command.reason);
            }
        }
    }
}
