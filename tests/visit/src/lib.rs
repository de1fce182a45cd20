//! A second type of document, in tests alone: it proves what CONTRIBUTING.md promises of "adding a
//! document type" and "adding a field". Nothing but this file and the list of forms knows it.

use crate::check::{Complaint, check};
use crate::diff::changed_fields;
use crate::document::Document;
use crate::form::{Field, Form, FormId, ListKey, Section};
use crate::ids::{AuthorityId, DocumentId, OpId, PersonId, ReplicaId, Scope};
use crate::merge::position::between;
use crate::op::{AddItem, Body, Choose, Create, Entry, Insert, Op, Set, from_bytes, to_bytes};
use crate::permission::{Actor, Holder};
use crate::sync::admission::{Reason, Standing, admit};
use crate::value::{Date, FieldId, Target, Value};
use crate::role::Role;

const PLACE: FieldId = FieldId(9_001);
const REPORT: FieldId = FieldId(9_002);
const COUNTRIES: FieldId = FieldId(9_003);
const STOPS: FieldId = FieldId(9_004);
const STOP_NAME: FieldId = FieldId(9_005);
/// The field that was added last.
const ARRIVED: FieldId = FieldId(9_006);

const STOP: &[Field] = &[Field::text(STOP_NAME, "stop_name", 80).required()];
const VISIT: &[Field] = &[
    Field::text(PLACE, "place", 80).required(),
    Field::prose(REPORT, "report", 500),
    Field::choices(COUNTRIES, "countries", ListKey::Country),
    Field::items(STOPS, "stops", STOP, 5),
    Field::day(ARRIVED, "arrived").required(),
];

/// The report of a visit.
pub static FORM: Form = Form {
    id: FormId(999),
    key: "visit",
    version: 1,
    sections: &[Section { key: "visit", fields: VISIT }],
    rules: &[],
};

const AUTHORITY: AuthorityId = AuthorityId(1);
const DOCUMENT: Scope = Scope::shared(DocumentId([9; 16]));
const TODAY: Date = Date { year: 2026, month: 3, day: 1 };

/// A server in small: it judges each operation before it folds it in.
#[derive(Default)]
struct Desk {
    document: Document,
    counter: u64,
}

impl Desk {
    fn write(&mut self, body: Body) -> Result<OpId, Reason> {
        let actor = Actor { person: PersonId(3), role: Role::FocalPoint, authority: Some(AUTHORITY) };
        self.counter += 1;
        let (kind, payload) = body.encode();
        let id = OpId { replica: ReplicaId(7), counter: self.counter };
        let op = Op { id, scope: DOCUMENT, lamport: 100 * self.counter, observed: 0, wall_ms: 0, kind, payload };
        let holder = Holder { authority: AUTHORITY, visible_to_staff: false };
        let standing = Standing { holder, shared: &self.document, side: &self.document };
        let known = self.document.opened.is_some().then_some(standing);
        admit(&actor, &op, &body, known)?;
        self.document.apply(&Entry { seq: self.counter, author: actor.person, received_ms: 0, op });
        Ok(id)
    }

    fn set(&mut self, target: Target, value: Value) -> Result<OpId, Reason> {
        self.write(Body::Set(Set { target, value, over: Vec::new() }))
    }
}

/// A visit, opened, with a first answer in every kind of field but the newest.
fn written() -> Desk {
    let mut desk = Desk::default();
    let create = Create { form: FORM.id, form_version: FORM.version, authority: AUTHORITY };
    desk.write(Body::Create(create)).expect("the form is known");
    desk.set(Target::of(PLACE), Value::Text("Mombasa".to_owned())).expect("a line");
    let insert = Insert { target: Target::of(REPORT), after: None, text: "Two days.".to_owned() };
    desk.write(Body::Insert(insert)).expect("prose");
    let choose = Choose { target: Target::of(COUNTRIES), code: "KE".to_owned(), chosen: true, over: Vec::new() };
    desk.write(Body::Choose(choose)).expect("a choice");
    let stop = desk.write(Body::AddItem(AddItem { field: STOPS, position: between(None, None), parent: None })).expect("an item");
    desk.set(Target::in_item(stop, STOP_NAME), Value::Text("Port".to_owned())).expect("a line of the item");
    desk
}

#[test]
fn a_new_type_of_document_is_judged_folded_stored_and_checked_without_another_line() {
    let desk = written();
    let stored: Document = from_bytes(&to_bytes(&desk.document)).expect("stored and read back");
    assert_eq!(stored, desk.document);
    assert_eq!(stored.form().map(|form| form.key), Some("visit"));
    let answers = stored.answers();
    assert_eq!(answers.text(Target::of(PLACE)), "Mombasa");
    assert_eq!(answers.items(STOPS).len(), 1);
    let problems: Vec<_> =
        check(&FORM, &answers, TODAY).into_iter().map(|problem| (problem.target.field, problem.complaint)).collect();
    assert_eq!(problems, [(ARRIVED, Complaint::Missing)], "only the field nobody has answered yet");
}

#[test]
fn a_new_field_is_judged_checked_and_compared_by_its_line_in_the_form_alone() {
    let mut desk = written();
    let before = desk.document.answers();
    assert_eq!(desk.set(Target::of(ARRIVED), Value::Flag(true)), Err(Reason::WrongType));
    let day = Date { year: 2026, month: 2, day: 3 };
    desk.set(Target::of(ARRIVED), Value::Date(day)).expect("a day");
    let after = desk.document.answers();
    assert_eq!(check(&FORM, &after, TODAY), Vec::new());
    assert_eq!(changed_fields(&FORM, &before, &after).into_iter().collect::<Vec<_>>(), [ARRIVED]);
    let unknown = desk.set(Target::of(FieldId(9_999)), Value::Date(day));
    assert_eq!(unknown, Err(Reason::NoSuchField), "a field without its line is refused");
}
