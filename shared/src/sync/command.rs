//! Carrying out a command: what the server writes when a move of `workflow` is asked and permitted.
//!
//! Pure: the reference to allot, the receipt and the day are arguments. Runs once per command; the
//! log makes a repeat find the first outcome.

use crate::check::{Severity, check};
use crate::document::Document;
use crate::form::Form;
use crate::form::assessment::Facts;
use crate::form::workflow::{Ask, Deed, Move};
use crate::ids::{OpId, Scope, Side};
use crate::op::{Body, Command, Op, REMARK_CHARS_MAX, Remark, Transition, Version, to_bytes};
use crate::permission::{Actor, Holder};
use crate::sync::admission::Reason;
use crate::value::Date;

/// What the server brings to a command.
#[derive(Clone, Debug)]
pub struct Circumstances<'a> {
    /// The server's clock, Unix milliseconds.
    pub now_ms: i64,
    /// The place in the log the command gets if it is carried out; receipts are numbered by it.
    pub seq: u64,
    /// The next free number of this year's references.
    pub next_reference: u32,
    /// What the form's rules need beyond the answers.
    pub facts: Facts,
    /// The staff-only side.
    pub internal: &'a Document,
}

impl Circumstances<'_> {
    /// Returns the receipt, e.g. `R-2603-0042`: year, month and place in the log.
    fn receipt(&self) -> String {
        let today = Date::from_unix_ms(self.now_ms);
        format!("R-{:02}{:02}-{:04}", today.year % 100, today.month, self.seq)
    }

    /// Returns the reference `YYYY-NN` (domain.md §5.7).
    fn reference(&self) -> String {
        format!("{:04}-{:02}", Date::from_unix_ms(self.now_ms).year, self.next_reference)
    }
}

/// What a command leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Operations the server writes, in order.
    pub writes: Vec<(Scope, Body)>,
    /// Parked operations to judge again and apply.
    pub adopt: Vec<OpId>,
    /// Whether the next reference of the year was used up.
    pub used_reference: bool,
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
    holder: &Holder,
    with: &Circumstances<'_>,
) -> Result<Effects, Reason> {
    if op.scope.side != Side::Shared {
        return Err(Reason::Malformed);
    }
    if command.reason.as_ref().is_some_and(|reason| reason.chars().count() > REMARK_CHARS_MAX) {
        return Err(Reason::TooLarge);
    }
    let form = holder.form.ok_or(Reason::NoSuchForm)?;
    let Some(step) = holder.find_move(actor, shared.state, command.action) else {
        return Err(refusal(form, command, shared));
    };
    // What changes nothing of where the document stands may be asked for though it has moved on.
    if step.to.is_some() && command.expect != shared.state {
        return Err(Reason::StateChanged);
    }
    asked(step, form, command, shared, with)?;
    let mut transition = Transition {
        command: op.id,
        by: actor.person,
        action: command.action,
        from: shared.state,
        to: step.to.unwrap_or(shared.state),
        reason: command.reason.clone().filter(|reason| !reason.trim().is_empty()),
        receipt: step.does(Deed::Receipt).then(|| with.receipt()),
        reference: None,
        version: None,
        at_ms: with.now_ms,
    };
    let mut effects = Effects::default();
    for deed in step.does {
        match deed {
            Deed::Version => {
                let version = version(form, shared, with);
                transition.version = Some(version.number);
                effects.writes.push((Scope::internal(op.scope.document), Body::Version(version)));
            }
            Deed::Reference => {
                effects.used_reference = shared.reference().is_none();
                let known = shared.reference().map(ToOwned::to_owned);
                transition.reference = Some(known.unwrap_or_else(|| with.reference()));
            }
            Deed::Publish => effects.writes.extend(publish(op, command, with.internal)?),
            Deed::Adopt => effects.adopt.clone_from(&command.names),
            Deed::Receipt => {}
        }
    }
    effects.writes.insert(0, (op.scope, Body::Transition(transition)));
    Ok(effects)
}

/// Returns why there is no such move from here for this person.
fn refusal(form: &Form, command: &Command, shared: &Document) -> Reason {
    let mut known = form.workflow.moves.iter().filter(|one| one.action == command.action);
    let stays = known.all(|one| one.to.is_none());
    match command.expect == shared.state {
        _ if stays && form.workflow.action_key(command.action).is_some() => Reason::Locked,
        true => Reason::NotPermitted,
        false => Reason::StateChanged,
    }
}

/// Looks whether everything the move asks for was brought.
fn asked(
    step: &Move,
    form: &Form,
    command: &Command,
    shared: &Document,
    with: &Circumstances<'_>,
) -> Result<(), Reason> {
    let said = command.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    for ask in step.asks {
        match ask {
            Ask::Content if command.content_hash != Some(shared.content_hash()) => return Err(Reason::ContentChanged),
            Ask::Version if command.version != Some(shared.version()) => return Err(Reason::ContentChanged),
            Ask::Complete => {
                let problems = check(form, &shared.answers(), Date::from_unix_ms(with.now_ms));
                if problems.iter().any(|problem| problem.severity == Severity::Blocks) {
                    return Err(Reason::Incomplete);
                }
            }
            Ask::ReasonInWords if !said => return Err(Reason::ReasonMissing),
            Ask::Remarks if command.names.is_empty() && !said => return Err(Reason::ReasonMissing),
            Ask::Parked if command.names.is_empty() => return Err(Reason::NoSuchItem),
            _ => {}
        }
    }
    Ok(())
}

/// Keeps the answers as they are, and what the form's rules say of them.
fn version(form: &Form, shared: &Document, with: &Circumstances<'_>) -> Version {
    let answers = shared.answers();
    let assessment = form.assessment.map(|rules| to_bytes(&rules.assess(&answers, &with.facts))).unwrap_or_default();
    Version { number: shared.version() + 1, answers: to_bytes(&answers), assessment }
}

/// Publishes the named remarks.
fn publish(op: &Op, command: &Command, internal: &Document) -> Result<Vec<(Scope, Body)>, Reason> {
    let published = command.names.iter().map(|id| {
        let thread = internal.threads.get(id).filter(|thread| !thread.internal && !thread.withdrawn);
        let thread = thread.ok_or(Reason::NoSuchItem)?;
        let remark = Remark {
            target: thread.target,
            text: thread.text.clone(),
            internal: false,
            published_from: Some(*id),
            written_by: Some(thread.mark.author),
        };
        Ok((op.scope, Body::Remark(remark)))
    });
    published.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::request::FORM;
    use crate::forms::request::workflow::{CPP_DECISION, REDIRECT, REJECT};
    use crate::ids::{AuthorityId, DocumentId, PersonId, ReplicaId};
    use crate::role::Role;

    #[test]
    fn turning_a_request_down_takes_words_not_blanks() {
        let mut shared = Document::default();
        shared.state = CPP_DECISION;
        let with = Circumstances {
            now_ms: 0,
            seq: 1,
            next_reference: 1,
            facts: Facts::on(Date::from_unix_ms(0)),
            internal: &Document::default(),
        };
        let actor = Actor { person: PersonId(1), role: Role::CommitteeMember, authority: None::<AuthorityId> };
        let authority = AuthorityId(1);
        let holder = Holder { form: Some(&FORM), authority, opened_seq: 1, received_seq: Some(1), named: Vec::new() };
        for action in [REJECT, REDIRECT] {
            for (reason, permitted) in [(None, false), (Some(""), false), (Some(" \n\t"), false), (Some("Why"), true)] {
                let reason = reason.map(ToOwned::to_owned);
                let names = Vec::new();
                let command =
                    Command { action, expect: CPP_DECISION, content_hash: None, reason, names, version: None };
                let (kind, payload) = Body::Command(command.clone()).encode();
                let id = OpId { replica: ReplicaId(1), counter: 1 };
                let scope = Scope::shared(DocumentId([1; 16]));
                let op = Op { id, scope, lamport: 1, observed: 0, wall_ms: 0, kind, payload };
                let outcome = execute(&actor, &op, &command, &shared, &holder, &with);
                let expected = if permitted { None } else { Some(Reason::ReasonMissing) };
                assert_eq!(outcome.err(), expected, "{action:?} {:?}", command.reason);
            }
        }
    }
}
