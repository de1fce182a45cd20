//! Long text: insert-after-character-id (RGA) kept in runs, with tombstones.
//!
//! Operations arrive in the order of the server's log, so an anchor is always there already and
//! there is no buffer of pending dependencies (sync.md §1 tells what such buffers cost others).
//! Merging never conflicts; that two people wrote in one sentence without having seen each other
//! is noticed and shown instead.

use minicbor::{Decode, Encode};

use super::Mark;
use crate::ids::CharId;
use crate::op::{Entry, Span};

/// Consecutive characters of one insertion, all there or all deleted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Run {
    /// Id of the first character.
    #[n(0)]
    pub first: CharId,
    /// How many characters.
    #[n(1)]
    pub chars: u64,
    /// The characters; `None` once deleted.
    #[n(2)]
    pub text: Option<String>,
    /// Who typed them or, once deleted, who deleted them.
    #[n(3)]
    pub mark: Mark,
}

impl Run {
    fn holds(&self, id: CharId) -> bool {
        id.replica == self.first.replica && (self.first.lamport..self.first.lamport + self.chars).contains(&id.lamport)
    }
}

/// A place where two authors wrote in one sentence without having seen each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct EditedByBoth {
    /// The character the later edit hangs on; `None` at the start.
    #[n(0)]
    pub at: Option<CharId>,
    /// The earlier edit.
    #[n(1)]
    pub earlier: Mark,
    /// The later one.
    #[n(2)]
    pub later: Mark,
}

/// Most places remembered per field; beyond it the oldest is dropped, the words never are.
const BOTH_MAX: usize = 32;

/// The state of one prose field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Prose {
    #[n(0)]
    runs: Vec<Run>,
    /// Places edited by both, not yet reconciled.
    #[n(1)]
    pub both: Vec<EditedByBoth>,
}

impl Prose {
    /// Applies an insertion.
    pub fn insert(&mut self, entry: &Entry, after: Option<CharId>, text: &str) {
        let first = entry.op.first_char();
        let chars = text.chars().count() as u64;
        if chars == 0 || self.runs.iter().any(|run| run.holds(first)) {
            return;
        }
        let mut index = after.map_or(0, |anchor| self.split_after(anchor));
        while self.runs.get(index).is_some_and(|run| run.first > first) {
            index += 1;
        }
        let mark = Mark::of(entry);
        self.note_both(index, after, entry, mark);
        self.runs.insert(index, Run { first, chars, text: Some(text.to_owned()), mark });
        self.join(index);
    }

    /// Applies a deletion. Characters already deleted, or never seen, stay as they are.
    pub fn delete(&mut self, entry: &Entry, spans: &[Span]) {
        let mark = Mark::of(entry);
        for span in spans {
            let mut next = span.first;
            let end = span.first.lamport.saturating_add(span.chars);
            while next.lamport < end {
                let Some(index) = self.runs.iter().position(|run| run.holds(next)) else { break };
                let index = self.split_before(index, next);
                let taken = (end - next.lamport).min(self.runs[index].chars);
                self.split_before(index, next.plus(taken));
                if self.runs[index].text.is_some() {
                    self.note_both(index, Some(next), entry, mark);
                    self.runs[index].text = None;
                    self.runs[index].mark = mark;
                }
                next = next.plus(taken);
            }
        }
    }

    /// Clears the flags: somebody has read the whole and found it good.
    pub fn reconcile(&mut self) {
        self.both.clear();
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> String {
        self.runs.iter().filter_map(|run| run.text.as_deref()).collect()
    }

    /// Returns the runs, deleted ones too, in order.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Returns the id of the visible character at `index`.
    #[must_use]
    pub fn char_at(&self, index: usize) -> Option<CharId> {
        let mut left = index as u64;
        for run in self.runs.iter().filter(|run| run.text.is_some()) {
            if left < run.chars {
                return Some(run.first.plus(left));
            }
            left -= run.chars;
        }
        None
    }

    /// Returns how many visible characters stand before and at `anchor`: the caret's place after it,
    /// also when the character itself is gone.
    #[must_use]
    pub fn index_after(&self, anchor: Option<CharId>) -> usize {
        let Some(anchor) = anchor else { return 0 };
        let mut visible = 0;
        for run in &self.runs {
            let shown = if run.text.is_some() { run.chars } else { 0 };
            if run.holds(anchor) {
                return usize::try_from(visible + shown.min(anchor.lamport - run.first.lamport + 1))
                    .unwrap_or(usize::MAX);
            }
            visible += shown;
        }
        usize::try_from(visible).unwrap_or(usize::MAX)
    }

    /// Returns the visible characters from `start` on, `chars` of them, as spans to delete.
    #[must_use]
    pub fn spans(&self, start: usize, chars: usize) -> Vec<Span> {
        let (mut skip, mut want) = (start as u64, chars as u64);
        let mut spans: Vec<Span> = Vec::new();
        for run in self.runs.iter().filter(|run| run.text.is_some()) {
            if want == 0 {
                break;
            }
            let from = skip.min(run.chars);
            let taken = want.min(run.chars - from);
            skip -= from;
            want -= taken;
            if taken > 0 {
                spans.push(Span { first: run.first.plus(from), chars: taken });
            }
        }
        spans
    }

    /// Cuts so that `anchor` ends a run and returns the index of the place after it. An anchor this
    /// replica has never seen (its insertion is parked) counts as the end of the text.
    fn split_after(&mut self, anchor: CharId) -> usize {
        match self.runs.iter().position(|run| run.holds(anchor)) {
            Some(index) => {
                let next = anchor.plus(1);
                if self.runs[index].holds(next) { self.split_before(index, next) } else { index + 1 }
            }
            None => self.runs.len(),
        }
    }

    /// Cuts run `index` so that `id` begins a run; returns that run's index.
    fn split_before(&mut self, index: usize, id: CharId) -> usize {
        let run = &mut self.runs[index];
        if id == run.first || !run.holds(id) {
            return index;
        }
        let kept = id.lamport - run.first.lamport;
        let text = run.text.as_mut().map(|text| {
            let cut =
                text.char_indices().nth(usize::try_from(kept).unwrap_or(usize::MAX)).map_or(text.len(), |(at, _)| at);
            text.split_off(cut)
        });
        let tail = Run { first: id, chars: run.chars - kept, text, mark: run.mark };
        run.chars = kept;
        self.runs.insert(index + 1, tail);
        index + 1
    }

    /// Joins run `index` to the one before when the same author just went on typing: weeks of prose
    /// stay a few runs. Only within one replica's consecutive characters, so ids stay derivable.
    fn join(&mut self, index: usize) {
        let Some(before) = index.checked_sub(1) else { return };
        let (head, tail) = (&self.runs[before], &self.runs[index]);
        let consecutive = head.first.plus(head.chars) == tail.first && head.text.is_some() && tail.text.is_some();
        if !consecutive || head.mark.author != tail.mark.author || (head.mark.seq == 0) != (tail.mark.seq == 0) {
            return;
        }
        let tail = self.runs.remove(index);
        let head = &mut self.runs[before];
        head.chars += tail.chars;
        head.mark = tail.mark;
        if let (Some(text), Some(more)) = (&mut head.text, tail.text) {
            text.push_str(&more);
        }
    }

    /// Notes when the sentence around run `index` holds words the author of `entry` had not seen.
    fn note_both(&mut self, index: usize, at: Option<CharId>, entry: &Entry, later: Mark) {
        let Some(earlier) = self.unseen_in_sentence(index, entry) else { return };
        let known = |both: &EditedByBoth| both.earlier.op == earlier.op && both.later.op.replica == later.op.replica;
        if self.both.iter().any(known) {
            return;
        }
        if self.both.len() == BOTH_MAX {
            self.both.remove(0);
        }
        self.both.push(EditedByBoth { at, earlier, later });
    }

    fn unseen_in_sentence(&self, index: usize, entry: &Entry) -> Option<Mark> {
        let unseen = |run: &Run| (run.mark.author != entry.author && !run.mark.seen_by(entry)).then_some(run.mark);
        let before = self.runs[..index.min(self.runs.len())].iter().rev();
        for run in before {
            if let Some(mark) = unseen(run) {
                return Some(mark);
            }
            if run.text.as_deref().is_some_and(|text| text.contains(SENTENCE_ENDS)) {
                break;
            }
        }
        for run in &self.runs[index.min(self.runs.len())..] {
            if let Some(mark) = unseen(run) {
                return Some(mark);
            }
            if run.text.as_deref().is_some_and(|text| text.contains(SENTENCE_ENDS)) {
                break;
            }
        }
        None
    }
}

/// What ends a sentence, in the scripts people write here.
const SENTENCE_ENDS: [char; 8] = ['.', '!', '?', '\n', '…', '؟', '۔', '。'];
