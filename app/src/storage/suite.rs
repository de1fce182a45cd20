//! What every store has to keep, run on each one that tests can open.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use shared::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};

use super::journal::JournalStore;
use super::memory::{Fault, MemoryStore};
use super::{LocalStore, StoreError};

/// Runs each check on a store of each kind.
macro_rules! on_every_store {
    ($(fn $name:ident($store:ident) $check:block)*) => {$(
        #[tokio::test]
        async fn $name() {
            async fn check($store: impl LocalStore) $check
            check(MemoryStore::new()).await;
            let folder = Folder::new();
            check(JournalStore::open(&folder.journal()).expect("a new journal opens")).await;
        }
    )*};
}

on_every_store! {
    fn a_written_row_is_read_back(store) {
        put(&store, ObjectStore::Outbox, &[1], b"one").await;
        let rows = read(&store, vec![Fetch::One(ObjectStore::Outbox, vec![1])]).await;
        assert_eq!(rows.get(ObjectStore::Outbox, &[1]), Some(b"one".as_slice()));
    }

    fn a_removed_row_is_gone(store) {
        put(&store, ObjectStore::Outbox, &[1], b"one").await;
        write(&store, |writes| writes.remove(ObjectStore::Outbox, [1])).await;
        assert_eq!(read(&store, vec![Fetch::All(ObjectStore::Outbox)]).await, Rows::default());
    }

    fn reads_keep_to_their_shelf(store) {
        for object_store in ObjectStore::ALL {
            put(&store, object_store, &[1], object_store.name().as_bytes()).await;
            put(&store, object_store, &[2], b"two").await;
        }
        for object_store in ObjectStore::ALL {
            let rows = read(&store, vec![Fetch::All(object_store)]).await;
            assert_eq!(rows.0.len(), 2, "{object_store:?}");
            assert_eq!(rows.get(object_store, &[1]), Some(object_store.name().as_bytes()));
            let last = read(&store, vec![Fetch::Last(object_store)]).await;
            assert_eq!(last.entries(object_store).map(|(key, _)| key.to_vec()).collect::<Vec<_>>(), [vec![2]]);
        }
    }

    fn keys_come_without_contents_unless_both_are_asked(store) {
        put(&store, ObjectStore::Documents, &[7], b"long").await;
        let keys = read(&store, vec![Fetch::Keys(ObjectStore::Documents)]).await;
        assert_eq!(keys.get(ObjectStore::Documents, &[7]), Some([].as_slice()));
        for reads in [[Fetch::Keys(ObjectStore::Documents), Fetch::All(ObjectStore::Documents)],
                      [Fetch::All(ObjectStore::Documents), Fetch::Keys(ObjectStore::Documents)]] {
            let both = read(&store, reads.to_vec()).await;
            assert_eq!(both.get(ObjectStore::Documents, &[7]), Some(b"long".as_slice()));
        }
    }

    fn the_last_of_an_empty_shelf_is_nothing(store) {
        assert_eq!(read(&store, vec![Fetch::Last(ObjectStore::Kept)]).await, Rows::default());
    }

    fn a_plan_sees_what_the_one_before_it_wrote(store) {
        for expected in 0..5_u8 {
            let seen = store.transact(vec![Fetch::Keys(ObjectStore::Outbox)], |rows| {
                let count = rows.0.len();
                let mut writes = Writes::new(Durability::Relaxed);
                writes.put(ObjectStore::Outbox, [expected], vec![expected]);
                (Some(writes), count)
            }).await;
            assert_eq!(seen, Ok(usize::from(expected)));
        }
    }

    fn a_plan_without_writes_changes_nothing(store) {
        put(&store, ObjectStore::Device, b"device", b"x").await;
        let before = read(&store, vec![Fetch::All(ObjectStore::Device)]).await;
        assert_eq!(store.transact(vec![], |_| (None, 7)).await, Ok(7));
        assert_eq!(read(&store, vec![Fetch::All(ObjectStore::Device)]).await, before);
    }
}

#[tokio::test]
async fn a_journal_opened_again_holds_what_was_written() {
    let folder = Folder::new();
    let store = JournalStore::open(&folder.journal()).expect("opens");
    put(&store, ObjectStore::Outbox, &[1], b"one").await;
    put(&store, ObjectStore::Outbox, &[2], b"two").await;
    write(&store, |writes| writes.remove(ObjectStore::Outbox, [1])).await;
    drop(store);
    for _ in 0..2 {
        let store = JournalStore::open(&folder.journal()).expect("opens again");
        let rows = read(&store, vec![Fetch::All(ObjectStore::Outbox)]).await;
        assert_eq!(rows.entries(ObjectStore::Outbox).collect::<Vec<_>>(), [(&[2][..], b"two".as_slice())]);
    }
}

#[tokio::test]
async fn a_journal_cut_anywhere_keeps_whole_transactions_only() {
    let folder = Folder::new();
    let store = JournalStore::open(&folder.journal()).expect("opens");
    put(&store, ObjectStore::Outbox, &[1], b"one").await;
    let whole = std::fs::read(folder.journal()).expect("reads").len();
    write(&store, |writes| {
        writes.put(ObjectStore::Outbox, [2], b"two".to_vec());
        writes.put(ObjectStore::Outbox, [3], b"three".to_vec());
    })
    .await;
    drop(store);
    let bytes = std::fs::read(folder.journal()).expect("reads");
    for end in whole..=bytes.len() {
        std::fs::write(folder.journal(), &bytes[..end]).expect("writes");
        let store = JournalStore::open(&folder.journal()).expect("opens");
        let rows = read(&store, vec![Fetch::All(ObjectStore::Outbox)]).await;
        assert_eq!(rows.0.len(), if end == bytes.len() { 3 } else { 1 }, "cut at {end}");
    }
}

#[tokio::test]
async fn a_journal_damaged_in_the_middle_is_not_shortened() {
    let folder = Folder::new();
    let store = JournalStore::open(&folder.journal()).expect("opens");
    put(&store, ObjectStore::Outbox, &[1], b"one").await;
    let middle = std::fs::read(folder.journal()).expect("reads").len() - 1;
    put(&store, ObjectStore::Outbox, &[2], b"two").await;
    drop(store);
    let mut bytes = std::fs::read(folder.journal()).expect("reads");
    bytes[middle] ^= 1;
    std::fs::write(folder.journal(), &bytes).expect("writes");
    assert!(matches!(JournalStore::open(&folder.journal()), Err(StoreError::Unknown(_))));
    assert_eq!(std::fs::read(folder.journal()).expect("reads"), bytes);
}

#[tokio::test]
async fn a_journal_is_open_only_once() {
    let folder = Folder::new();
    let _store = JournalStore::open(&folder.journal()).expect("opens");
    assert!(matches!(JournalStore::open(&folder.journal()), Err(StoreError::Blocked)));
}

#[tokio::test]
async fn a_crash_leaves_all_or_nothing_and_a_power_cut_only_what_was_strict() {
    let cases = [
        (Fault::CrashBefore, StoreError::Gone, &[1, 2][..]),
        (Fault::CrashAfter, StoreError::Gone, &[1, 2, 3][..]),
        (Fault::Full, StoreError::Full, &[1, 2][..]),
        (Fault::LoseRelaxed, StoreError::Gone, &[1][..]),
    ];
    for (fault, error, left) in cases {
        let store = MemoryStore::new();
        store.set_faults(Some(Box::new(move |number| if number == 3 { fault } else { Fault::None })));
        put(&store, ObjectStore::Kept, &[1], b"").await;
        let put_relaxed = |key: u8| {
            let mut writes = Writes::new(Durability::Relaxed);
            writes.put(ObjectStore::Kept, [key], Vec::new());
            store.transact(vec![], |_| (Some(writes), ()))
        };
        assert_eq!(put_relaxed(2).await, Ok(()));
        assert_eq!(put_relaxed(3).await, Err(error), "{fault:?}");
        let rows = read(&store, vec![Fetch::Keys(ObjectStore::Kept)]).await;
        assert_eq!(rows.entries(ObjectStore::Kept).map(|(key, _)| key[0]).collect::<Vec<_>>(), left, "{fault:?}");
    }
}

async fn put(store: &impl LocalStore, object_store: ObjectStore, key: &[u8], value: &[u8]) {
    write(store, |writes| writes.put(object_store, key, value.to_vec())).await;
}

async fn write(store: &impl LocalStore, fill: impl FnOnce(&mut Writes)) {
    let mut writes = Writes::new(Durability::Strict);
    fill(&mut writes);
    store.transact(vec![], |_| (Some(writes), ())).await.expect("the store takes writes");
}

async fn read(store: &impl LocalStore, reads: Vec<Fetch>) -> Rows {
    store.read(reads).await.expect("the store can be read")
}

/// A folder of its own for one test, taken away at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("relais-store-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.0.join("device.journal")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
