//! Matter to measure with: requests with prose that reads like prose to a compressor, different in
//! each of them. Made from the demo's requests by walking from word to word.

use std::collections::BTreeMap;

use shared::form::FieldKind;
use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId};
use tests::answers;
use tests::device::Device;

const CORPUS: &[&str] = &[
    include_str!("../../../../server/src/demo/requests/kenya_migration_data.json"),
    include_str!("../../../../server/src/demo/requests/niger_migration_and_youth.json"),
    include_str!("../../../../server/src/demo/requests/west_africa_migration_and_environment.json"),
    include_str!("../../../../server/src/demo/requests/costa_rica_special_situations.json"),
];
/// Words in each prose field: with them, twenty requests weigh 181 KB as JSON.
const WORDS: usize = 54;

/// One word in so many does not come from the word before it.
const SURPRISE: usize = 6;

/// Walks through the corpus from word to word.
#[derive(Debug)]
pub struct Prose {
    after: BTreeMap<[&'static str; 2], Vec<&'static str>>,
    words: Vec<&'static str>,
    state: u64,
}

impl Prose {
    pub fn new() -> Self {
        let words: Vec<&str> = CORPUS
            .iter()
            .flat_map(|text| text.split(|letter: char| letter.is_whitespace() || letter == '"'))
            .filter(|word| !word.is_empty() && !word.contains(['{', '}', '[', ']', '_', ':', '\\']) && *word != ",")
            .collect();
        let mut after: BTreeMap<[&str; 2], Vec<&str>> = BTreeMap::new();
        for three in words.windows(3) {
            after.entry([three[0], three[1]]).or_default().push(three[2]);
        }
        Self { after, words, state: 7 }
    }

    fn draw(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % below
    }

    fn any(&mut self) -> &'static str {
        let chosen = self.draw(self.words.len());
        self.words[chosen]
    }

    /// Returns so many words.
    pub fn write(&mut self, count: usize) -> String {
        let mut last = [self.any(), self.any()];
        let mut text = Vec::with_capacity(count);
        for _ in 0..count {
            text.push(last[0]);
            let choices = self.after.get(&last).map_or(0, Vec::len);
            // Now and then a word that does not follow: otherwise it packs better than people write.
            let next = if choices == 0 || self.draw(SURPRISE) == 0 {
                self.any()
            } else {
                let chosen = self.draw(choices);
                self.after[&last][chosen]
            };
            last = [last[1], next];
        }
        text.join(" ")
    }
}

/// Begins a request and answers everything in it.
pub fn request(device: &mut Device, prose: &mut Prose, number: u16, authority: AuthorityId) -> DocumentId {
    let mut id = [0x42; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    let document = device.create(id, authority);
    for field in request::FORM.fields().filter(|field| matches!(field.kind, FieldKind::Prose { .. })) {
        if field.held_in != shared::form::HeldIn::Note {
            device.type_at(document, field.id, 0, &prose.write(WORDS));
        }
    }
    let title = shared::value::Target::of(request::TITLE);
    device.set(document, title, shared::value::Value::Text(prose.write(7)));
    answers::complete(device, document, 2090);
    document
}
