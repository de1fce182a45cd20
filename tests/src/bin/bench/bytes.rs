//! What crosses the line, against a real server: bodies both ways, and all with the heads of HTTP.

use std::io::Read as _;
use std::ops::RangeInclusive;

use flate2::Compression;
use flate2::read::GzEncoder;
use shared::forms::request;
use shared::ids::Scope;
use shared::lists;
use shared::role::Role;
use shared::value::{Target, Value};
use tests::device::Device;

use super::Row;
use super::line::{Line, Running};
use super::matter::{self, Prose};

/// The requests a new device takes over, and the edits it makes over ten of them.
const REQUESTS: u16 = 20;
const EDITS: usize = 200;
const MARKS: usize = 40;
/// What the requests weigh as JSON, as the budget says, and what that packs to: a fifth to less than a
/// third, as prose does.
const JSON_KB: RangeInclusive<usize> = 172..=190;
const PACKED_KB: RangeInclusive<usize> = 34..=54;

pub fn measure() -> Vec<Row> {
    let running = Running::start();
    let (ana, ben) = running.runtime.block_on(async {
        let authority = running.server.db_authority("Immigration Services", "KE").await;
        let ana = running.server.db_person("ana", Role::FocalPoint, Some(authority)).await;
        (ana, running.server.db_person("ben", Role::FocalPoint, Some(authority)).await)
    });
    let authority = ana.actor.authority.expect("an authority");
    let (mut laptop, mut line) = (Device::new(&ana, 1), Line::new(running.address, &ana.cookie));
    let mut prose = Prose::new();
    let documents: Vec<_> =
        (0..REQUESTS).map(|number| matter::request(&mut laptop, &mut prose, number, authority)).collect();
    line.sync(&mut laptop);
    line.sync(&mut laptop);

    line.reset();
    line.sync(&mut laptop);
    let idle = line.crossed;

    line.reset();
    laptop.set(documents[0], Target::of(request::FOCAL_FUNCTION), Value::Text("Director".to_owned()));
    line.sync(&mut laptop);
    let field = line.crossed;

    line.reset();
    laptop.type_at(documents[0], request::CONTEXT_AND_PROBLEM, 40, " therefore");
    line.sync(&mut laptop);
    let word = line.crossed;

    line.reset();
    let codes = lists::codes(shared::form::ListKey::Country);
    for code in codes.iter().skip(1).take(MARKS) {
        laptop.choose(documents[1], request::EXPERTISE_COUNTRIES, code, true);
    }
    line.sync(&mut laptop);
    let marks = line.crossed;

    line.reset();
    for edit in 0..EDITS {
        let document = documents[edit % 10];
        match edit % 4 {
            0 => drop(laptop.set(document, Target::of(request::FOCAL_FUNCTION), Value::Text(prose.write(3)))),
            1 => drop(laptop.set(document, Target::of(request::WOMEN_SHARE), Value::Number((edit % 100) as i64))),
            _ => laptop.type_at(document, request::OBJECTIVES, 10, &format!("{} ", prose.write(2))),
        }
    }
    line.sync(&mut laptop);
    let edits = line.crossed;

    let json: String = documents.iter().map(|document| as_json(&laptop, *document)).collect();
    let (mut phone, mut line) = (Device::new(&ben, 2), Line::new(running.address, &ben.cookie));
    line.sync(&mut phone);
    let first = line.crossed;
    assert_eq!(phone.documents().len(), documents.len(), "everything arrived");
    let mut packed = Vec::new();
    GzEncoder::new(json.as_bytes(), Compression::default()).read_to_end(&mut packed).expect("memory");
    let weights = (json.len() / 1_000, packed.len() / 1_000);
    assert!(
        JSON_KB.contains(&weights.0) && PACKED_KB.contains(&weights.1),
        "other matter than the budget's: {weights:?}"
    );
    vec![
        Row::at_most("Reconnect, nothing changed, body each way", 150.0, idle.either_way(), "B"),
        Row::at_most("Reconnect, nothing changed, with heads", 488.0, idle.total(), "B"),
        Row::at_most("Reconnect, nothing changed, round trips", 1.0, idle.round_trips as f64, "trips"),
        Row::at_most("One changed field, body each way", 200.0, field.either_way(), "B"),
        Row::at_most("One changed field, with heads", 640.0, field.total(), "B"),
        Row::at_most("One word in long prose, body each way", 200.0, word.either_way(), "B"),
        Row::at_most("One word in long prose, with heads", 640.0, word.total(), "B"),
        Row::at_most("40 ticks of a list (as attendance marks will be)", 1_000.0, marks.either_way(), "B"),
        Row::at_most("40 ticks of a list, with heads", 1_600.0, marks.total(), "B"),
        Row::at_most("New device, 20 requests (181 KB as JSON)", 40_000.0, first.received as f64, "B"),
        Row::at_most("New device, with heads", 41_500.0, first.total(), "B"),
        Row::at_most("New device, round trips", 3.0, first.round_trips as f64, "trips"),
        Row::at_most("New device, at 50 kbit/s and 300 ms each way", 9.0, first.seconds(), "s"),
        Row::at_most("200 offline edits over 10 documents, push", 6_000.0, edits.sent as f64, "B"),
        Row::at_most("200 offline edits, with heads", 6_500.0, edits.total(), "B"),
        Row::at_most("200 offline edits, round trips", 1.0, edits.round_trips as f64, "trips"),
    ]
}

/// What the answers of one request weigh, written as JSON by their names.
fn as_json(device: &Device, document: shared::ids::DocumentId) -> String {
    let answers = device.sees(Scope::shared(document)).answers();
    let pairs = answers.by_target.iter().filter_map(|(target, answer)| {
        let field = request::FORM.field(target.field)?;
        Some((format!("{} {:?}", field.key, target.item), format!("{answer:?}")))
    });
    let object: serde_json::Map<String, serde_json::Value> = pairs.map(|(key, text)| (key, text.into())).collect();
    serde_json::Value::Object(object).to_string()
}
