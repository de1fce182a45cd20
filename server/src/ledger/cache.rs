//! The documents that are kept folded, within a number of bytes: the one used longest ago gives way.
//!
//! Does not know what is committed; whoever puts a document in answers for its being the newest.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use shared::ids::DocumentId;

use super::Sides;

/// Most bytes of accepted operations whose documents are kept folded. Folded they take a few times as much, which
/// leaves the server within its budget of memory.
const FOLDED_BYTES_MAX: u64 = 24 << 20;
/// What the smallest document counts for, in bytes: an empty one takes room too.
const DOCUMENT_BYTES_MIN: u64 = 4 << 10;
/// Most documents kept, by the two numbers above.
const FOLDED_MAX: NonZeroUsize = match NonZeroUsize::new((FOLDED_BYTES_MAX / DOCUMENT_BYTES_MIN) as usize) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// Folded documents, the one used last first.
#[derive(Debug)]
pub(super) struct FoldedDocuments(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    documents: LruCache<DocumentId, (Arc<Sides>, u64)>,
    bytes: u64,
}

impl Default for FoldedDocuments {
    fn default() -> Self {
        Self(Mutex::new(Kept { documents: LruCache::new(FOLDED_MAX), bytes: 0 }))
    }
}

impl FoldedDocuments {
    /// Returns a document, which counts as used.
    pub(super) fn get(&self, document: DocumentId) -> Option<Arc<Sides>> {
        self.kept().documents.get(&document).map(|(sides, _)| Arc::clone(sides))
    }

    /// Keeps a document of so many accepted bytes in the place of what was kept of it. One that is larger than all
    /// room there is, is kept until the next one comes.
    pub(super) fn put(&self, document: DocumentId, sides: Arc<Sides>, bytes: u64) {
        let bytes = bytes.max(DOCUMENT_BYTES_MIN);
        let mut kept = self.kept();
        kept.bytes += bytes;
        // The same document again, or the last one where the number of them is reached.
        if let Some((_, (_, gone))) = kept.documents.push(document, (sides, bytes)) {
            kept.bytes -= gone;
        }
        while kept.bytes > FOLDED_BYTES_MAX && kept.documents.len() > 1 {
            let Some((_, (_, gone))) = kept.documents.pop_lru() else { break };
            kept.bytes -= gone;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A panic while the lock was held cannot have left a document half folded.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: u64 = FOLDED_BYTES_MAX / 2;

    fn id(number: u8) -> DocumentId {
        DocumentId([number; 16])
    }

    fn holds(kept: &FoldedDocuments, number: u8) -> bool {
        kept.kept().documents.contains(&id(number))
    }

    #[test]
    fn the_document_used_longest_ago_gives_way() {
        let kept = FoldedDocuments::default();
        kept.put(id(1), Arc::default(), HALF);
        kept.put(id(2), Arc::default(), HALF);
        assert!(kept.get(id(1)).is_some(), "used again");
        kept.put(id(3), Arc::default(), HALF);
        assert!(holds(&kept, 1) && !holds(&kept, 2) && holds(&kept, 3));
    }

    #[test]
    fn a_document_that_grew_counts_for_what_it_is_now() {
        let kept = FoldedDocuments::default();
        for _ in 0..10 {
            kept.put(id(1), Arc::default(), HALF);
        }
        assert_eq!(kept.kept().bytes, HALF);
        kept.put(id(2), Arc::default(), 1);
        assert!(holds(&kept, 1) && holds(&kept, 2));
        kept.put(id(1), Arc::default(), FOLDED_BYTES_MAX);
        assert!(holds(&kept, 1) && !holds(&kept, 2), "there is no more room beside it");
    }
}
