//! Worlds of visits: people who are named and taken off, trees that are turned round and tables that are
//! filled at two doors, with everything going wrong that goes wrong in worlds of requests.

use shared::form::roles::Part;
use shared::ids::{DocumentId, OpId, Scope};
use shared::merge::position::between;
use shared::op::{AddItem, Assign, Body, MoveItem, Remark};
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::value::{Date, FieldId, Target, Value};
use tests::device::Device;
use tests::server::{Person, TestServer};
use tests::simulation::{Cast, World, play_as, play_many};
use visit::{
    ADOPT, AGREE, ARRIVED, DAY, DAYS, FORM, HAND_IN, LEAD, MEMBER, PEOPLE, PERSON_NAME, PLACE, PRESENT, REPORT,
    REPORTED, START, STOP_NAME, STOPS, TAKE_UP, UNDER_WAY,
};

/// Seeds of the default run.
const SEEDS: u64 = 600;
/// How often each thing that is checked must happen in the default run.
const SEEN_MIN: u64 = 3;
/// Seeds that failed once.
const KEPT: &[u64] = &[];

/// Two focal points, an expert at two tablets, and an officer.
struct Visits;

/// The numbers the accounts get, in the order they are opened.
const PEOPLE_OF_THE_WORLD: [u32; 4] = [1, 2, 3, 4];

impl Cast for Visits {
    async fn accounts(&self, server: &TestServer) -> (Vec<Person>, Vec<usize>) {
        visit::install();
        let authority = server.db_authority("Ministry of Youth", "NE").await;
        let ana = server.db_person("ana", Role::FocalPoint, Some(authority)).await;
        let ben = server.db_person("ben", Role::FocalPoint, Some(authority)).await;
        let fay = server.db_person("fay", Role::Expert, None).await;
        let eva = server.db_person("eva", Role::ProjectOfficer, None).await;
        (vec![ana, ben, fay.clone(), fay, eva], vec![4])
    }

    fn act(&self, world: &mut World, index: usize) {
        let documents = world.devices[index].documents();
        let may_open = world.devices[index].person.actor.authority.is_some();
        if may_open && (documents.is_empty() || documents.len() < 2 && world.dice.percent(10)) {
            return open(world, index);
        }
        let Some(document) = world.dice.pick(&documents) else { return };
        if world.devices[index].person.actor.role == Role::ProjectOfficer {
            let reported = documents.iter().find(|known| world.devices[index].state(**known) == REPORTED);
            as_officer(world, index, reported.copied().unwrap_or(document));
        } else {
            as_writer(world, index, document);
        }
    }
}

fn open(world: &mut World, index: usize) {
    let Some(authority) = world.devices[index].person.actor.authority else { return };
    let mut id = [0; 16];
    id[..8].copy_from_slice(&world.dice.number().to_be_bytes());
    let device = &mut world.devices[index];
    let document = device.open(&FORM, id, authority);
    device.set(document, Target::of(PLACE), Value::Text("Agadez".to_owned()));
    device.set(document, Target::of(ARRIVED), Value::Date(Date { year: 2026, month: 3, day: 9 }));
    world.type_token(index, document, REPORT);
    let device = &mut world.devices[index];
    for list in [STOPS, STOPS, PEOPLE, DAYS] {
        added(device, document, list, None);
    }
    for _ in 0..2 {
        name(world, index, document, MEMBER, true);
    }
    if world.dice.percent(70) {
        world.devices[index].ask(document, START, None, Vec::new());
    }
}

/// Adds an item and answers what has to be answered in it.
fn added(device: &mut Device, document: DocumentId, list: FieldId, parent: Option<OpId>) {
    let add = AddItem { field: list, position: between(None, None), parent };
    let Some(item) = device.write(vec![(Scope::shared(document), Body::AddItem(add))]).last().map(|op| op.id) else {
        return;
    };
    let (field, value) = match list {
        STOPS => (STOP_NAME, Value::Text("Market".to_owned())),
        PEOPLE => (PERSON_NAME, Value::Text("Aïcha".to_owned())),
        _ => (DAY, Value::Date(Date { year: 2026, month: 3, day: 9 })),
    };
    device.set(document, Target::in_item(item, field), value);
}

/// Names somebody, or takes somebody off; who it is is left to chance.
fn name(world: &mut World, index: usize, document: DocumentId, part: Part, on: bool) {
    let Some(number) = world.dice.pick(&PEOPLE_OF_THE_WORLD) else { return };
    let assign = Assign { person: shared::ids::PersonId(number), part };
    let body = if on { Body::Assign(assign) } else { Body::Unassign(assign) };
    world.devices[index].write(vec![(Scope::shared(document), body)]);
}

fn as_writer(world: &mut World, index: usize, document: DocumentId) {
    let chance = world.dice.below(100);
    if world.dice.percent(30) {
        adopt(world, index, document);
    }
    let answers = world.devices[index].sees(Scope::shared(document)).answers();
    let (stops, people, days) = (answers.items(STOPS), answers.items(PEOPLE), answers.items(DAYS));
    let (stop, above) = (world.dice.pick(stops), world.dice.pick(stops));
    let (row, column) = (world.dice.pick(people), world.dice.pick(days));
    let device = &mut world.devices[index];
    match chance {
        0..25 => world.type_token(index, document, REPORT),
        25..35 => added(device, document, STOPS, above),
        35..50 => {
            if let Some(item) = stop {
                let shift = MoveItem { item, position: between(None, None), parent: above };
                device.write(vec![(Scope::shared(document), Body::MoveItem(shift))]);
            }
        }
        50..56 => drop(stop.map(|item| device.remove_item(document, item))),
        56..62 => added(device, document, PEOPLE, None),
        62..66 => added(device, document, DAYS, None),
        66..80 => {
            if let Some((row, column)) = row.zip(column) {
                let code = if world.dice.percent(50) { "yes" } else { "no" };
                let device = &mut world.devices[index];
                device.set(document, Target::in_cell(row, column, PRESENT), Value::Code(code.to_owned()));
            }
        }
        80..82 => drop(row.map(|item| device.remove_item(document, item))),
        82..84 => drop(column.map(|item| device.remove_item(document, item))),
        84..87 => name(world, index, document, MEMBER, true),
        87 => name(world, index, document, MEMBER, false),
        88 => device.ask(document, START, None, Vec::new()),
        89..97 => device.ask(document, HAND_IN, None, Vec::new()),
        _ => {}
    }
}

/// What came too late is applied after all.
fn adopt(world: &mut World, index: usize, document: DocumentId) {
    let device = &mut world.devices[index];
    let late = device.own(shared::sync::rows::ObjectStore::Parked);
    let locked = late.iter().filter(|own| own.reason == Reason::Locked as u8 && own.op.scope.document == document);
    let names: Vec<_> = locked.map(|own| own.op.id).collect();
    if !names.is_empty() && device.state(document) == UNDER_WAY {
        device.ask(document, ADOPT, None, names);
    }
}

fn as_officer(world: &mut World, index: usize, document: DocumentId) {
    let state = world.devices[index].state(document);
    let number = world.dice.number();
    let chance = if state == REPORTED { 4 + world.dice.below(6) } else { world.dice.below(6) };
    match chance {
        0..2 => name(world, index, document, LEAD, true),
        2..4 => name(world, index, document, MEMBER, true),
        4 => name(world, index, document, MEMBER, false),
        5 => {
            let text = format!("why? {number}");
            let remark = Remark { target: None, text, internal: false, published_from: None, written_by: None };
            world.devices[index].write(vec![(Scope::internal(document), Body::Remark(remark))]);
        }
        6 => world.devices[index].ask(document, AGREE, None, Vec::new()),
        7.. => {
            let unsent = world.devices[index].sees(Scope::internal(document)).threads.keys().copied().collect();
            world.devices[index].ask(document, TAKE_UP, Some("please complete"), unsent);
        }
    }
}

#[test]
fn nothing_is_lost_doubled_stuck_or_leaked_in_worlds_of_visits() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    if let Some(seed) = std::env::var("RELAIS_SEED").ok().and_then(|seed| seed.parse().ok()) {
        let outcome = runtime.block_on(play_as(&Visits, seed, None));
        assert_eq!(outcome.err(), None, "seed {seed}");
        return;
    }
    for seed in KEPT {
        assert_eq!(runtime.block_on(play_as(&Visits, *seed, None)).err(), None, "kept seed {seed}");
    }
    let outcome = play_many(&Visits, SEEDS, None);
    eprintln!("{outcome:?}");
    let seen = outcome.expect("play it alone with RELAIS_SEED=<seed>");
    let moves = [START, HAND_IN, AGREE, TAKE_UP].map(|action| seen.moves(action));
    let rest = [seen.remarks, seen.put_aside, seen.assigned[0], seen.assigned[1], seen.cells, seen.below];
    let mut all = moves.into_iter().chain(rest);
    assert!(all.all(|count| count >= SEEN_MIN), "too little happens: {seen:?}");
}
