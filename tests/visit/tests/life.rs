//! A second document type lives its whole life through the real server, by its own form alone: who opens
//! it, whom it names, how it is written in trees and tables, assessed, handed in, taken up and agreed.

use std::fs;
use std::path::{Path, PathBuf};

use shared::check::{Complaint, check};
use shared::diff::changed_fields;
use shared::document::{Document, ENTRIES_MAX, LINE_CHARS_MAX};
use shared::form::assessment::{Assessment, Outcome};
use shared::form::roles::Part;
use shared::ids::{AuthorityId, DocumentId, OpId, PersonId, Scope};
use shared::merge::position::between;
use shared::op::{AddItem, Assign, Body, MoveItem, Remark, from_bytes};
use shared::role::Role;
use shared::sync::admission::{Reason, TREE_DEPTH_MAX};
use shared::sync::rows::ObjectStore;
use shared::value::{Date, FieldId, Target, Value};
use tests::device::Device;
use tests::server::{Person, TestServer};
use visit::{
    ADOPT, AGREE, AGREED, ARRIVED, DAY, DAYS, FORM, HAND_IN, LEAD, MEMBER, PEOPLE, PERSON_NAME, PLACE, PLANNED,
    PRESENT, REPORT, REPORTED, START, STOP_NAME, STOPS, TAKE_UP, UNDER_WAY,
};

const TODAY: Date = Date { year: 2026, month: 3, day: 1 };

struct Place {
    server: TestServer,
    authority: AuthorityId,
    lead: Device,
}

impl Place {
    async fn open() -> Self {
        visit::install();
        let server = TestServer::start().await;
        let authority = server.db_authority("Ministry of Youth", "NE").await;
        let ana = server.db_person("ana", Role::FocalPoint, Some(authority)).await;
        Self { server, authority, lead: Device::new(&ana, 1) }
    }

    async fn person(&self, login: &str, role: Role) -> Person {
        self.server.db_person(login, role, role.of_partner().then_some(self.authority)).await
    }
}

/// A visit that its leader has opened and begun to write.
fn begun(place: &mut Place) -> DocumentId {
    let document = place.lead.open(&FORM, [9; 16], place.authority);
    place.lead.set(document, Target::of(PLACE), Value::Text("Agadez".to_owned()));
    document
}

fn name(device: &mut Device, document: DocumentId, person: &Person, part: Part) {
    let assign = Assign { person: person.actor.person, part };
    device.write(vec![(Scope::shared(document), Body::Assign(assign))]);
}

fn unname(device: &mut Device, document: DocumentId, person: &Person, part: Part) {
    let assign = Assign { person: person.actor.person, part };
    device.write(vec![(Scope::shared(document), Body::Unassign(assign))]);
}

fn below(device: &mut Device, document: DocumentId, parent: Option<OpId>) -> OpId {
    let add = AddItem { field: STOPS, position: between(None, None), parent };
    device.write(vec![(Scope::shared(document), Body::AddItem(add))])[0].id
}

fn sees(device: &Device, document: DocumentId) -> Document {
    device.sees(Scope::shared(document))
}

fn parked(device: &Device) -> Vec<Reason> {
    let parked = device.own(ObjectStore::Parked);
    parked.iter().filter_map(|own| Reason::from_number(own.reason)).collect()
}

/// Answers everything that has to be answered.
fn told(device: &mut Device, document: DocumentId) {
    device.type_at(document, REPORT, 0, "Two days in the north.");
    device.set(document, Target::of(ARRIVED), Value::Date(Date { year: 2026, month: 3, day: 9 }));
}

/// A visit that is under way, with everything answered, as the server has it.
async fn under_way(place: &mut Place) -> DocumentId {
    let document = begun(place);
    place.lead.ask(document, START, None, Vec::new());
    told(&mut place.lead, document);
    place.lead.sync(&place.server).await.expect("the server answers");
    document
}

#[tokio::test]
async fn a_visit_is_begun_handed_in_taken_up_again_and_agreed_on_the_version_that_was_read() {
    let mut place = Place::open().await;
    let eva = place.person("eva", Role::ProjectOfficer).await;
    let document = under_way(&mut place).await;
    let seen = sees(&place.lead, document);
    assert_eq!(seen.state, UNDER_WAY);
    assert_eq!(seen.reference(), Some("2026-01"), "a reference comes with the start here");
    place.lead.ask(document, HAND_IN, None, Vec::new());
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!((sees(&place.lead, document).state, sees(&place.lead, document).version()), (REPORTED, 1));
    let mut officer = Device::new(&eva, 2);
    officer.sync(&place.server).await.expect("the server answers");
    let kept = officer.sees(Scope::internal(document)).versions;
    let assessment: Assessment = from_bytes(&kept[0].assessment).expect("this form's own rules");
    assert_eq!(assessment.findings[0].outcome, Outcome::Pending);
    let remark = Remark {
        target: Some(Target::of(REPORT)),
        text: "Who was there?".to_owned(),
        internal: false,
        published_from: None,
        written_by: None,
    };
    let remark = officer.write(vec![(Scope::internal(document), Body::Remark(remark))])[0].id;
    officer.ask(document, TAKE_UP, None, vec![remark]);
    officer.sync(&place.server).await.expect("the server answers");
    place.lead.sync(&place.server).await.expect("the server answers");
    let seen = sees(&place.lead, document);
    assert_eq!((seen.state, seen.threads.len()), (UNDER_WAY, 1), "sent back with what was remarked");
    // Agreed is a version by its number: one that the officer has not read is not.
    officer.sync(&place.server).await.expect("the server answers");
    place.lead.ask(document, HAND_IN, None, Vec::new());
    place.lead.sync(&place.server).await.expect("the server answers");
    let mut late = officer.clone();
    late.sync(&place.server).await.expect("the server answers");
    let mut command = sees(&late, document).ask(AGREE, None, Vec::new());
    assert_eq!(command.version, Some(2));
    command.version = Some(1);
    late.write(vec![(Scope::shared(document), Body::Command(command))]);
    late.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&late), [Reason::ContentChanged]);
    late.ask(document, AGREE, None, Vec::new());
    late.sync(&place.server).await.expect("the server answers");
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(sees(&place.lead, document).state, AGREED);
    place.lead.set(document, Target::of(PLACE), Value::Text("Too late".to_owned()));
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&place.lead), [Reason::Locked]);
}

#[tokio::test]
async fn only_who_is_named_writes_and_only_as_long() {
    let mut place = Place::open().await;
    let (fay, ben) = (place.person("fay", Role::Expert).await, place.person("ben", Role::FocalPoint).await);
    let document = begun(&mut place);
    place.lead.sync(&place.server).await.expect("the server answers");
    let (mut expert, mut colleague) = (Device::new(&fay, 2), Device::new(&ben, 3));
    expert.sync(&place.server).await.expect("the server answers");
    assert_eq!(expert.documents(), [], "not named, an expert knows of nothing");
    colleague.sync(&place.server).await.expect("the server answers");
    assert_eq!(colleague.documents(), [document]);
    colleague.set(document, Target::of(PLACE), Value::Text("Ben writes".to_owned()));
    name(&mut colleague, document, &ben, MEMBER);
    colleague.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&colleague), [Reason::NotPermitted; 2], "a colleague reads along, and names nobody");
    name(&mut place.lead, document, &fay, MEMBER);
    name(&mut place.lead, document, &fay, Part(9));
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&place.lead), [Reason::NotPermitted], "there is no such part");
    expert.sync(&place.server).await.expect("the server answers");
    assert_eq!(expert.documents(), [document]);
    expert.set(document, Target::of(PLACE), Value::Text("Arlit".to_owned()));
    expert.sync(&place.server).await.expect("the server answers");
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(sees(&place.lead, document).answers().text(Target::of(PLACE)), "Arlit");
    // Taken off, the expert's device lets go of it, and what was written meanwhile is not applied.
    unname(&mut place.lead, document, &fay, MEMBER);
    place.lead.sync(&place.server).await.expect("the server answers");
    expert.set(document, Target::of(PLACE), Value::Text("Written after".to_owned()));
    expert.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&expert), [Reason::NotYours]);
    assert_eq!(expert.documents(), []);
    name(&mut place.lead, document, &fay, MEMBER);
    place.lead.sync(&place.server).await.expect("the server answers");
    expert.sync(&place.server).await.expect("the server answers");
    assert_eq!(expert.documents(), [document], "and named again it is there whole");
    assert_eq!(sees(&expert, document).answers().text(Target::of(PLACE)), "Arlit");
}

#[tokio::test]
async fn what_a_member_wrote_too_late_is_applied_once_the_visit_is_taken_up_again() {
    let mut place = Place::open().await;
    let (fay, eva) = (place.person("fay", Role::Expert).await, place.person("eva", Role::ProjectOfficer).await);
    let document = begun(&mut place);
    name(&mut place.lead, document, &fay, MEMBER);
    place.lead.ask(document, START, None, Vec::new());
    told(&mut place.lead, document);
    place.lead.sync(&place.server).await.expect("the server answers");
    let mut expert = Device::new(&fay, 2);
    expert.sync(&place.server).await.expect("the server answers");
    place.lead.ask(document, HAND_IN, None, Vec::new());
    place.lead.sync(&place.server).await.expect("the server answers");
    expert.set(document, Target::of(PLACE), Value::Text("Arlit".to_owned()));
    expert.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&expert), [Reason::Locked]);
    let mut officer = Device::new(&eva, 3);
    officer.sync(&place.server).await.expect("the server answers");
    assert_eq!(officer.sees(Scope::internal(document)).parked.map(|parked| parked.len()), Some(1), "staff are told");
    officer.ask(document, TAKE_UP, Some("Complete it."), Vec::new());
    officer.sync(&place.server).await.expect("the server answers");
    expert.sync(&place.server).await.expect("the server answers");
    let late = expert.own(ObjectStore::Parked)[0].op.id;
    expert.ask(document, ADOPT, None, vec![late]);
    expert.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&expert), []);
    place.lead.sync(&place.server).await.expect("the server answers");
    assert!(sees(&place.lead, document).answers().text(Target::of(PLACE)).contains("Arlit"));
}

#[tokio::test]
async fn only_accounts_that_are_there_and_suit_a_part_are_named_to_it() {
    let mut place = Place::open().await;
    let elsewhere = place.server.db_authority("Another ministry", "KE").await;
    let stranger = place.server.db_person("zoe", Role::FocalPoint, Some(elsewhere)).await;
    let (fay, ira) = (place.person("fay", Role::Expert).await, place.person("ira", Role::Auditor).await);
    let document = begun(&mut place);
    let mut nobody = fay.clone();
    nobody.actor.person = PersonId(999);
    name(&mut place.lead, document, &nobody, MEMBER);
    name(&mut place.lead, document, &stranger, MEMBER);
    name(&mut place.lead, document, &ira, MEMBER);
    name(&mut place.lead, document, &fay, LEAD);
    name(&mut place.lead, document, &fay, MEMBER);
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&place.lead), [Reason::NotPermitted; 4]);
    let named = sees(&place.lead, document).named_people();
    assert_eq!(
        named.iter().map(|named| named.person).collect::<Vec<_>>(),
        [place.lead.person.actor.person, fay.actor.person]
    );
}

#[tokio::test]
async fn a_tree_is_as_deep_as_the_limit_and_no_deeper_however_it_is_put_together() {
    let mut place = Place::open().await;
    let document = begun(&mut place);
    let chain = |place: &mut Place, length: usize| {
        let mut ends: Vec<OpId> = Vec::new();
        for _ in 0..length {
            let parent = ends.last().copied();
            ends.push(below(&mut place.lead, document, parent));
        }
        (ends[0], ends[length - 1])
    };
    let (_, bottom) = chain(&mut place, TREE_DEPTH_MAX);
    let (_, middle) = chain(&mut place, TREE_DEPTH_MAX / 2);
    let (top, _) = chain(&mut place, TREE_DEPTH_MAX / 2 + 1);
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&place.lead), []);
    below(&mut place.lead, document, Some(bottom));
    let shift = MoveItem { item: top, position: vec![9], parent: Some(middle) };
    place.lead.write(vec![(Scope::shared(document), Body::MoveItem(shift))]);
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&place.lead), [Reason::TooLarge; 2], "nor is a whole branch moved too deep");
}

#[tokio::test]
async fn what_stands_for_a_visit_in_lists_is_short_however_long_its_answers_are() {
    let mut place = Place::open().await;
    let document = begun(&mut place);
    place.lead.set(document, Target::of(PLACE), Value::Text("x".repeat(9_000)));
    for number in 0..30 {
        let person = place.lead.add_item(document, PEOPLE).expect("added");
        let long = format!("{number} {}", "y".repeat(9_000));
        place.lead.set(document, Target::in_item(person, PERSON_NAME), Value::Text(long));
    }
    place.lead.sync(&place.server).await.expect("the server answers");
    let summary = place.server.server().ledger.look(|committed| committed.envelopes[&document].summary.clone());
    assert_eq!((summary.title.chars().count(), summary.owners.len()), (LINE_CHARS_MAX, ENTRIES_MAX));
    assert!(summary.owners.iter().all(|owner| owner.chars().count() <= LINE_CHARS_MAX));
}

#[tokio::test]
async fn what_came_too_late_is_applied_with_all_that_it_stands_below() {
    let mut place = Place::open().await;
    let eva = place.person("eva", Role::ProjectOfficer).await;
    let document = under_way(&mut place).await;
    let mut other = Device::new(&place.lead.person, 5);
    other.sync(&place.server).await.expect("the server answers");
    place.lead.ask(document, HAND_IN, None, Vec::new());
    place.lead.sync(&place.server).await.expect("the server answers");
    let outer = below(&mut other, document, None);
    let inner = below(&mut other, document, Some(outer));
    let words = other.set(document, Target::in_item(inner, STOP_NAME), Value::Text("Fish hall".to_owned()));
    other.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&other).len(), 3);
    let mut officer = Device::new(&eva, 3);
    officer.sync(&place.server).await.expect("the server answers");
    officer.ask(document, TAKE_UP, Some("Complete it."), Vec::new());
    officer.sync(&place.server).await.expect("the server answers");
    other.sync(&place.server).await.expect("the server answers");
    other.ask(document, ADOPT, None, words.into_iter().collect());
    other.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&other), []);
    assert_eq!(sees(&other, document).answers().items(STOPS), [outer, inner]);
}

#[tokio::test]
async fn whoever_opens_a_visit_leads_it_before_the_server_has_heard_of_it() {
    let mut place = Place::open().await;
    let document = begun(&mut place);
    let seen = sees(&place.lead, document);
    let holder = seen.holder(None).expect("opened");
    assert!(holder.may_write(&place.lead.person.actor, PLANNED));
    assert_eq!(seen.named_people().iter().map(|named| named.part).collect::<Vec<_>>(), [LEAD]);
    // An expert opens none, and a focal point none of a form that is not theirs to open.
    let fay = place.person("fay", Role::Expert).await;
    let mut expert = Device::new(&fay, 2);
    expert.open(&FORM, [8; 16], place.authority);
    expert.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&expert), [Reason::NotPermitted]);
}

#[tokio::test]
async fn stops_stand_below_each_other_and_below_nothing_else() {
    let mut place = Place::open().await;
    let document = begun(&mut place);
    let first = below(&mut place.lead, document, None);
    let second = below(&mut place.lead, document, Some(first));
    place.lead.set(document, Target::in_item(second, STOP_NAME), Value::Text("Market".to_owned()));
    place.lead.sync(&place.server).await.expect("the server answers");
    let mut copy = Device::new(&place.lead.person, 5);
    copy.sync(&place.server).await.expect("the server answers");
    let answers = sees(&copy, document).answers();
    assert_eq!(answers.items(STOPS), [first, second]);
    assert_eq!((answers.parent(second), answers.depth(second)), (Some(first), 1));
    let person = place.lead.add_item(document, PEOPLE).expect("added");
    let wrong = [
        Body::AddItem(AddItem { field: STOPS, position: vec![5], parent: Some(person) }),
        Body::AddItem(AddItem { field: PEOPLE, position: vec![5], parent: Some(first) }),
        Body::MoveItem(MoveItem { item: person, position: vec![5], parent: Some(first) }),
    ];
    place.lead.write(wrong.into_iter().map(|body| (Scope::shared(document), body)).collect());
    place.lead.sync(&place.server).await.expect("the server answers");
    assert_eq!(parked(&place.lead), [Reason::NoSuchItem; 3]);
    // Two people who turn the tree round at once: one move is left out and said so.
    let swap = |item, parent| Body::MoveItem(MoveItem { item, position: vec![7], parent });
    let third = below(&mut place.lead, document, None);
    place.lead.sync(&place.server).await.expect("the server answers");
    copy.sync(&place.server).await.expect("the server answers");
    place.lead.write(vec![(Scope::shared(document), swap(first, Some(third)))]);
    copy.write(vec![(Scope::shared(document), swap(third, Some(second)))]);
    place.lead.sync(&place.server).await.expect("the server answers");
    copy.sync(&place.server).await.expect("the server answers");
    place.lead.sync(&place.server).await.expect("the server answers");
    let list = sees(&place.lead, document).list(STOPS).expect("stops").clone();
    assert_eq!(list.order(), [third, first, second]);
    assert!(list.item(third).expect("there").left_out.is_some());
}

#[tokio::test]
async fn a_cell_is_asked_of_a_row_and_a_column_of_its_own_table_only() {
    let mut place = Place::open().await;
    let document = begun(&mut place);
    let row = place.lead.add_item(document, PEOPLE).expect("added");
    let column = place.lead.add_item(document, DAYS).expect("added");
    place.lead.set(document, Target::in_item(row, PERSON_NAME), Value::Text("Aïcha".to_owned()));
    let cell = Target::in_cell(row, column, PRESENT);
    place.lead.set(document, cell, Value::Code("yes".to_owned()));
    for wrong in [
        Target::in_cell(column, row, PRESENT),
        Target::in_item(row, PRESENT),
        Target::of(PRESENT),
        Target::in_cell(row, column, PERSON_NAME),
    ] {
        place.lead.set(document, wrong, Value::Code("no".to_owned()));
    }
    place.lead.sync(&place.server).await.expect("the server answers");
    let expected = [Reason::NoSuchItem, Reason::NoSuchField, Reason::NoSuchField, Reason::NoSuchField];
    assert_eq!(parked(&place.lead), expected);
    let answers = sees(&place.lead, document).answers();
    assert_eq!(answers.code(cell), Some("yes"));
    // Two tablets at two doors.
    let mut other = Device::new(&place.lead.person, 5);
    other.sync(&place.server).await.expect("the server answers");
    place.lead.set(document, cell, Value::Code("no".to_owned()));
    other.set(document, cell, Value::Code("yes".to_owned()));
    place.lead.sync(&place.server).await.expect("the server answers");
    other.sync(&place.server).await.expect("the server answers");
    place.lead.sync(&place.server).await.expect("the server answers");
    assert!(sees(&place.lead, document).answers().unsettled.contains(&cell), "neither door wins in silence");
    place.lead.set(document, cell, Value::Code("no".to_owned()));
    let answers = sees(&place.lead, document).answers();
    assert!(answers.unsettled.is_empty());
    let before = answers.clone();
    let mut after = sees(&other, document).answers();
    after.by_target.remove(&cell);
    assert_eq!(changed_fields(&FORM, &before, &after).into_iter().collect::<Vec<FieldId>>(), [visit::PRESENCE]);
}

#[tokio::test]
async fn what_is_missing_is_told_by_the_form_items_and_cells_along() {
    let mut place = Place::open().await;
    let document = begun(&mut place);
    place.lead.add_item(document, DAYS).expect("added");
    let answers = sees(&place.lead, document).answers();
    let problems = check(&FORM, &answers, TODAY).into_iter().map(|problem| (problem.target.field, problem.complaint));
    let missing = [DAY, REPORT, ARRIVED].map(|field| (field, Complaint::Missing));
    assert_eq!(problems.collect::<Vec<_>>(), missing);
    place.lead.ask(document, START, None, Vec::new());
    place.lead.ask(document, HAND_IN, None, Vec::new());
    place.lead.sync(&place.server).await.expect("the server answers");
    place.lead.ask(document, HAND_IN, None, Vec::new());
    place.lead.sync(&place.server).await.expect("the server answers");
    assert!(parked(&place.lead).contains(&Reason::Incomplete), "{:?}", parked(&place.lead));
}

#[tokio::test]
async fn lists_and_the_inbox_show_of_a_visit_what_its_form_says() {
    let mut place = Place::open().await;
    let document = begun(&mut place);
    place.lead.choose(document, visit::COUNTRIES, "NE", true);
    let person = place.lead.add_item(document, PEOPLE).expect("added");
    place.lead.set(document, Target::in_item(person, PERSON_NAME), Value::Text("Aïcha".to_owned()));
    told(&mut place.lead, document);
    place.lead.sync(&place.server).await.expect("the server answers");
    let here = sees(&place.lead, document).summary();
    assert_eq!(
        (here.title.as_str(), here.countries, here.owners),
        ("Agadez", vec!["NE".to_owned()], vec!["Aïcha".to_owned()])
    );
    assert_eq!(here.date, Some(Date { year: 2026, month: 3, day: 9 }));
    let there = place.server.server().ledger.look(|committed| committed.envelopes[&document].summary.clone());
    assert_eq!(there.title, "Agadez");
    assert_eq!(there.form, Some(FORM.id));
}

/// Every file of the sources.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !["target", "dist", "data", "visit"].contains(&name.as_str()) && !name.starts_with('.') {
                sources(&path, found);
            }
        } else if ["rs", "js", "json", "css", "html", "sql", "toml"]
            .iter()
            .any(|end| name.ends_with(&format!(".{end}")))
        {
            found.push(path);
        }
    }
}

/// Whoever must name it to make it work has found a place where the request is still written in. What builds
/// its programs (`xtask`) names their folder.
#[test]
fn no_source_outside_this_folder_knows_what_a_visit_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["app", "public", "server", "shared", "tests"] {
        sources(&root.join(folder), &mut files);
    }
    assert!(files.len() > 200, "only {} files were looked through", files.len());
    let own = ["visit::", "form.visit.", "\"visit\"", "FormId(999)"];
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let named: Vec<_> = own.iter().filter(|word| text.contains(**word)).collect();
        assert!(named.is_empty(), "{} names {named:?}", file.display());
    }
}
