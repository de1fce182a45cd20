//! Who may write what and when, as tables; and what is too much of it.

use super::*;
use crate::form::FormId;
use crate::form::roles::Part;
use crate::form::workflow::{Action, State};
use crate::forms::request;
use crate::forms::request::workflow::{DRAFT, RECEIVED, RETURN, RETURNED, SUBMIT};
use crate::ids::{AuthorityId, CharId, DocumentId, PersonId, ReplicaId, Scope};
use crate::op::{
    AddItem, Assign, Choose, Create, Delete, Entry, Insert, MoveItem, Read, Reconcile, Remark, RemoveItem, Reply, Set,
    Settle, Span, Transition, Version, Withdraw,
};
use crate::role::Role;

const OWN: AuthorityId = AuthorityId(1);
const DOCUMENT: DocumentId = DocumentId([7; 16]);
const ITEM: OpId = OpId { replica: ReplicaId(5), counter: 2 };
const THREAD: OpId = OpId { replica: ReplicaId(5), counter: 3 };
const TICK: OpId = OpId { replica: ReplicaId(5), counter: 4 };
const WRITER: PersonId = PersonId(3);

fn actor(role: Role) -> Actor {
    Actor { person: WRITER, role, authority: role.of_partner().then_some(OWN) }
}

fn op(counter: u64, scope: Scope, body: &Body) -> Op {
    let (kind, payload) = body.encode();
    let id = OpId { replica: ReplicaId(5), counter };
    Op { id, scope, lamport: counter, observed: 0, wall_ms: 0, kind, payload }
}

fn create() -> Body {
    let form = &request::FORM;
    Body::Create(Create { form: form.id, form_version: form.version, authority: OWN })
}

fn remark() -> Body {
    Body::Remark(Remark {
        target: None,
        text: "Which services?".to_owned(),
        internal: false,
        published_from: None,
        written_by: None,
    })
}

fn choose(code: &str, chosen: bool) -> Body {
    let target = Target::of(request::PARTNER_COUNTRIES);
    Body::Choose(Choose { target, code: code.to_owned(), chosen, over: Vec::new() })
}

fn step(action: Action, from: State, to: State) -> Body {
    Body::Transition(Transition {
        command: TICK,
        by: WRITER,
        action,
        from,
        to,
        reason: None,
        receipt: None,
        reference: None,
        version: None,
        at_ms: 0,
    })
}

fn folded(scope: Scope, bodies: impl IntoIterator<Item = Body>) -> Document {
    let mut document = Document::default();
    for (seq, body) in (1..).zip(bodies) {
        document.apply(&Entry { seq, author: WRITER, received_ms: 0, op: op(seq, scope, &body) });
    }
    document
}

/// A document with an item, a remark and a tick on it, brought to `state`.
fn shared_in(state: State) -> Document {
    let add = Body::AddItem(AddItem { field: request::AUTHORITIES, position: vec![1], parent: None });
    let mut bodies = vec![create(), add, remark(), choose("KE", true)];
    if state != DRAFT {
        bodies.push(step(SUBMIT, DRAFT, RECEIVED));
    }
    if state == RETURNED {
        bodies.push(step(RETURN, RECEIVED, RETURNED));
    }
    folded(Scope::shared(DOCUMENT), bodies)
}

fn holder(received_seq: Option<u64>) -> Holder {
    Holder { form: Some(&request::FORM), authority: OWN, opened_seq: 1, received_seq, named: Vec::new() }
}

fn judged(role: Role, state: State, scope: Scope, body: &Body) -> Result<(), Reason> {
    let shared = shared_in(state);
    let internal = folded(Scope::internal(DOCUMENT), [remark(), remark(), remark()]);
    let side = if scope.side == Side::Internal { &internal } else { &shared };
    let holder = holder(Some(1));
    admit(
        &actor(role),
        &op(50, scope, body),
        body,
        Some(Standing { holder, state: shared.state, shared: &shared, side }),
    )
}

/// Who writes a kind of operation, besides when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The partner while the request is theirs; staff before it was first submitted.
    Writers,
    /// Everyone who takes part, at any time.
    Both,
    /// Staff, at any time.
    Staff,
    /// Nobody.
    Nobody,
}

fn every_body() -> Vec<(By, Scope, Body)> {
    let (shared, internal) = (Scope::shared(DOCUMENT), Scope::internal(DOCUMENT));
    let (title, prose) = (Target::of(request::TITLE), Target::of(request::OBJECTIVES));
    let span = Span { first: CharId { lamport: 1, replica: ReplicaId(5) }, chars: 1 };
    vec![
        (By::Nobody, shared, create()),
        (By::Writers, shared, Body::Set(Set { target: title, value: Value::Text("T".to_owned()), over: Vec::new() })),
        (By::Writers, shared, Body::Insert(Insert { target: prose, after: None, text: "x".to_owned() })),
        (By::Writers, shared, Body::Delete(Delete { target: prose, spans: vec![span] })),
        (By::Writers, shared, choose("NE", true)),
        (By::Writers, shared, Body::AddItem(AddItem { field: request::AUTHORITIES, position: vec![2], parent: None })),
        (By::Writers, shared, Body::MoveItem(MoveItem { item: ITEM, position: vec![3], parent: None })),
        (By::Writers, shared, Body::RemoveItem(RemoveItem { item: ITEM })),
        (By::Writers, shared, Body::Reconcile(Reconcile { target: prose })),
        (By::Staff, internal, remark()),
        (By::Nobody, shared, remark()),
        (By::Both, shared, Body::Reply(Reply { remark: THREAD, text: "Ours.".to_owned() })),
        (By::Staff, shared, Body::Settle(Settle { remark: THREAD, settled: true })),
        (By::Staff, internal, Body::Withdraw(Withdraw { remark: THREAD })),
        (By::Staff, internal, Body::Read(Read { version: 1 })),
        (By::Nobody, shared, step(SUBMIT, DRAFT, RECEIVED)),
        (By::Nobody, internal, Body::Version(Version { number: 1, answers: Vec::new(), assessment: Vec::new() })),
        (By::Nobody, shared, Body::Assign(Assign { person: WRITER, part: Part(1) })),
        (By::Nobody, shared, Body::Unassign(Assign { person: WRITER, part: Part(1) })),
        (By::Nobody, shared, Body::Unknown),
    ]
}

#[test]
fn every_role_writes_what_is_its_own_to_write_and_nothing_else() {
    for role in Role::ALL {
        for state in [DRAFT, RECEIVED, RETURNED] {
            for (by, scope, body) in every_body() {
                let expected = match by {
                    By::Writers if role.of_partner() => state != RECEIVED,
                    By::Writers => role.is_staff() && state == DRAFT,
                    By::Both => role.of_partner() || role.is_staff(),
                    By::Staff => role.is_staff(),
                    By::Nobody => false,
                };
                let outcome = judged(role, state, scope, &body);
                assert_eq!(outcome.is_ok(), expected, "{role:?}, {state:?}, {body:?}: {outcome:?}");
            }
        }
    }
}

#[test]
fn an_auditor_is_told_that_reading_is_all_they_may_do() {
    let body = Body::Reply(Reply { remark: THREAD, text: "Well said.".to_owned() });
    let outcome = judged(Role::Auditor, RECEIVED, Scope::shared(DOCUMENT), &body);
    assert_eq!(outcome, Err(Reason::NotPermitted));
}

fn names(count: u64) -> Vec<OpId> {
    (1..=count).map(|counter| OpId { replica: ReplicaId(9), counter }).collect()
}

#[test]
fn an_answer_replaces_no_more_than_there_can_be() {
    let write = |over: Vec<OpId>| {
        let (target, value) = (Target::of(request::TITLE), Value::Text("T".to_owned()));
        judged(Role::FocalPoint, DRAFT, Scope::shared(DOCUMENT), &Body::Set(Set { target, value, over }))
    };
    assert_eq!(write(names(256)), Ok(()));
    assert_eq!(write(names(257)), Err(Reason::TooLarge));
    let tick = |over: Vec<OpId>| {
        let target = Target::of(request::PARTNER_COUNTRIES);
        let body = Body::Choose(Choose { target, code: "KE".to_owned(), chosen: true, over });
        judged(Role::FocalPoint, DRAFT, Scope::shared(DOCUMENT), &body)
    };
    assert_eq!(tick(names(256)), Ok(()));
    assert_eq!(tick(names(257)), Err(Reason::TooLarge));
}

#[test]
fn a_deletion_names_a_bounded_number_of_pieces() {
    let spans = |count: u64| {
        let first = |lamport| CharId { lamport, replica: ReplicaId(5) };
        let spans = (0..count).map(|piece| Span { first: first(10 + 2 * piece), chars: 1 }).collect();
        let body = Body::Delete(Delete { target: Target::of(request::OBJECTIVES), spans });
        judged(Role::FocalPoint, DRAFT, Scope::shared(DOCUMENT), &body)
    };
    assert_eq!(spans(500), Ok(()));
    assert_eq!(spans(501), Err(Reason::TooLarge));
}

#[test]
fn what_is_unticked_is_a_code_of_the_list_or_was_ticked() {
    let draft = |body: &Body| judged(Role::FocalPoint, DRAFT, Scope::shared(DOCUMENT), body);
    assert_eq!(draft(&choose("KE", false)), Ok(()));
    assert_eq!(draft(&choose("NE", false)), Ok(()), "never ticked, but a code");
    assert_eq!(draft(&choose("made up", false)), Err(Reason::NotInList));
    // A code that an older list had stays to be unticked.
    let shared = folded(Scope::shared(DOCUMENT), [create(), choose("old code", true)]);
    let (holder, body) = (holder(None), choose("old code", false));
    let standing = Standing { holder, state: shared.state, shared: &shared, side: &shared };
    let op = op(50, Scope::shared(DOCUMENT), &body);
    assert_eq!(admit(&actor(Role::FocalPoint), &op, &body, Some(standing)), Ok(()));
}

#[test]
fn a_list_takes_ten_times_what_its_form_allows_and_no_more() {
    let add =
        |position: u8| Body::AddItem(AddItem { field: request::AUTHORITIES, position: vec![position], parent: None });
    for (items, expected) in [(99, Ok(())), (100, Err(Reason::TooLarge))] {
        let shared = folded(Scope::shared(DOCUMENT), [create()].into_iter().chain((1..=items).map(add)));
        let standing = Standing { holder: holder(None), state: shared.state, shared: &shared, side: &shared };
        let op = op(500, Scope::shared(DOCUMENT), &add(1));
        assert_eq!(admit(&actor(Role::FocalPoint), &op, &add(1), Some(standing)), expected, "{items}");
    }
}

#[test]
fn a_document_of_a_form_nobody_knows_is_not_opened() {
    let body = Body::Create(Create { form: FormId(998), form_version: 1, authority: OWN });
    let op = op(1, Scope::shared(DOCUMENT), &body);
    assert_eq!(admit(&actor(Role::FocalPoint), &op, &body, None), Err(Reason::NoSuchForm));
}
