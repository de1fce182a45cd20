//! Files carried in any order between devices that are put back to an earlier day, copied and cut
//! off: every word that is still anywhere ends up with the server.

use shared::ids::ReplicaId;
use shared::sync::rescue::unseal;

use super::*;
use crate::storage::memory::Table;
use crate::sync::tests::inserted;

/// Small worlds played, and the devices of the one person in each.
const WORLDS: u64 = 200;
const DEVICES: usize = 3;
/// What happens in each before everybody comes to the server.
const STEPS: usize = 40;

/// One person's devices and the files they wrote; a small generator decides what happens.
struct World {
    state: u64,
    server: Standin,
    lines: Vec<Standin>,
    devices: Vec<Device>,
    /// Copies of profiles.
    copies: Vec<Table>,
    files: Vec<Vec<u8>>,
    typed: Vec<String>,
    told: String,
}

impl World {
    async fn new(seed: u64) -> Self {
        let server = Standin::new(PERSON);
        let lines: Vec<Standin> = (0..DEVICES).map(|_| server.of(PERSON)).collect();
        let mut devices = Vec::new();
        for (line, name) in lines.iter().zip(1..) {
            devices.push(device(MemoryStore::new(), name, line.clone()).await);
        }
        devices[0].create().await;
        devices[0].title("Border statistics").await;
        let state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let (copies, files, typed, told) = (Vec::new(), Vec::new(), Vec::new(), format!("seed {seed}"));
        let mut world = Self { state, server, lines, devices, copies, files, typed, told };
        world.all_sync().await;
        world
    }

    fn draw(&mut self, below: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % below
    }

    async fn step(&mut self) {
        let (at, what) = (self.draw(self.devices.len()), self.draw(16));
        self.told += &format!("\n{what} on device {at}");
        match what {
            0..=4 => self.type_somewhere(at).await,
            5..=6 => self.sync(at).await,
            7 => self.lose_a_reply(at).await,
            8..=9 => self.save(at).await,
            10..=12 => self.take_any(at).await,
            13..=14 => self.copy(at).await,
            _ => self.put_back(at).await,
        }
    }

    /// Types a word that nobody else types, behind any other.
    async fn type_somewhere(&mut self, at: usize) {
        let word = format!("<{}>", self.typed.len());
        let target = Target::of(request::CONTEXT_AND_PROBLEM);
        let shared = self.devices[at].repository.views(FILE).await.expect("read").shared;
        let text: Vec<char> = self.devices[at].text().await.chars().collect();
        let ends: Vec<usize> = (0..text.len()).filter(|index| text[*index] == '>').collect();
        let after = match self.draw(ends.len() + 1) {
            0 => None,
            end => shared.prose(target).and_then(|prose| prose.char_at(ends[end - 1])),
        };
        self.devices[at].write(Body::Insert(Insert { target, after, text: word.clone() })).await;
        self.typed.push(word);
    }

    fn fresh(&mut self) -> ReplicaId {
        ReplicaId((1 << 32) + self.draw(1 << 31) as u64)
    }

    async fn sync(&mut self, at: usize) {
        for _ in 0..12 {
            let fresh = self.fresh();
            if !self.devices[at].driver.round(fresh).await.expect("synced").more {
                return;
            }
        }
        panic!("device {at} does not come to rest: {}", self.told);
    }

    async fn all_sync(&mut self) {
        for at in 0..self.devices.len() {
            self.sync(at).await;
        }
    }

    async fn lose_a_reply(&mut self, at: usize) {
        let fresh = self.fresh();
        self.lines[at].set(Line::ReplyLost);
        self.devices[at].driver.round(fresh).await.expect_err("the reply is lost");
        self.lines[at].set(Line::Up);
    }

    async fn save(&mut self, at: usize) {
        let file = save(&self.devices[at]).await;
        self.files.push(file);
    }

    async fn take_any(&mut self, at: usize) {
        if self.files.is_empty() {
            return;
        }
        // Files of two copies of one device, unsent side by side, cannot be told apart.
        let present = self.devices[at].repository.device().await.expect("read").replica;
        let waiting = self.devices[at].repository.waiting().await.expect("read").unsent;
        if waiting.iter().any(|op| op.id.replica != present) {
            self.sync(at).await;
        }
        let file = self.draw(self.files.len());
        let taken = import(&self.devices[at].store, &self.files[file]).await;
        self.told += &format!(", file {file}: {taken:?}");
        assert!(matches!(taken, Ok(_) | Err(RescueError::Refused(Refused::SyncFirst))), "{}", self.told);
    }

    async fn copy(&mut self, at: usize) {
        // What may still grow is another operation on the day after; that is a matter of copies, not of
        // files. Whatever is in a file does not change any more.
        save(&self.devices[at]).await;
        self.copies.push(self.devices[at].store.snapshot());
    }

    /// Puts a device back to an earlier day, or to another device's.
    async fn put_back(&mut self, at: usize) {
        if self.copies.is_empty() {
            return;
        }
        let copy = self.draw(self.copies.len());
        self.devices[at].store.restore(self.copies[copy].clone());
        // What was nowhere else is lost with the disk.
        let mut left: String = self.files.iter().map(|file| words_in(file)).collect();
        left += &self.server.inserted();
        for device in &self.devices {
            left += &device.text().await;
        }
        self.typed.iter_mut().filter(|word| !left.contains(word.as_str())).for_each(String::clear);
    }

    /// All devices come to the server, and one of them takes in all files, twice.
    async fn settle(&mut self) {
        for _ in 0..2 {
            self.all_sync().await;
            for file in self.files.clone() {
                take(&self.devices[0], &file).await;
                self.sync(0).await;
            }
        }
        self.all_sync().await;
    }

    /// Checks that all words are there and everybody reads the same; returns how often each was sent.
    async fn check(&self) -> Vec<usize> {
        let (text, sent) = (self.server.text(), self.server.inserted());
        // What hung on words that go on under another name may stand elsewhere; but it stands.
        assert_eq!(text.len(), sent.len(), "{text} of {sent}, {}", self.told);
        for device in &self.devices {
            assert_eq!(device.unsent().await, 0, "{}", self.told);
            assert_eq!(device.text().await, text, "{}", self.told);
        }
        let words = self.typed.iter().filter(|word| !word.is_empty());
        words.map(|word| sent.matches(word.as_str()).count()).collect()
    }
}

fn words_in(file: &[u8]) -> String {
    unseal(file).expect("a file").own.iter().map(|own| inserted(&own.op)).collect()
}

async fn play(seed: u64) -> World {
    let mut world = World::new(seed).await;
    for _ in 0..STEPS {
        world.step().await;
    }
    world.settle().await;
    world
}

#[tokio::test]
async fn one_person_s_words_arrive_once_whatever_is_carried_where() {
    for seed in 0..WORLDS {
        let world = play(seed).await;
        let counts = world.check().await;
        assert!(counts.iter().all(|count| *count == 1), "{counts:?}, {}", world.told);
    }
}
