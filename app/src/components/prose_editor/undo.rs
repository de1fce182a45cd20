//! What a person typed and took away here, so that undo takes back own words only: it works on the
//! characters themselves, wherever others have moved them.

use shared::ids::CharId;
use shared::merge::prose::Prose;
use shared::op::{Body, Delete, Insert, Op, Span};
use shared::value::Target;

use crate::browser;

/// Typing with shorter pauses than this is one step.
const PAUSE_MS: i64 = 1_200;
/// Most steps remembered.
const STEPS_MAX: usize = 200;

/// One step: words typed and words taken away at one place.
#[derive(Clone, Debug, Default)]
struct Step {
    after: Option<CharId>,
    typed: Vec<Span>,
    taken: String,
    at_ms: i64,
}

/// The steps that can be taken back, and those that can be made again.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<Step>,
    undone: Vec<Step>,
    under_way: Option<Step>,
}

impl Steps {
    /// Notes what was just written.
    pub fn note(&mut self, after: Option<CharId>, ops: &[Op], typed: usize, taken: String) {
        let typed = spans(ops, typed);
        let at_ms = browser::now_ms();
        self.undone.clear();
        let on = self.done.last_mut().filter(|last| {
            let end = last.typed.last().map(|span| span.first.plus(span.chars - 1));
            at_ms - last.at_ms < PAUSE_MS && taken.is_empty() && end.is_some() && end == after
        });
        if let Some(last) = on {
            last.typed.extend(typed);
            last.at_ms = at_ms;
            return;
        }
        if self.done.len() == STEPS_MAX {
            self.done.remove(0);
        }
        self.done.push(Step { after, typed, taken, at_ms });
    }

    /// Returns what takes the last step back, or makes it again.
    pub fn take_back(&mut self, base: &Prose, target: Target, again: bool) -> Option<Vec<Body>> {
        let step = if again { self.undone.pop() } else { self.done.pop() }?;
        let mut bodies = Vec::new();
        if !step.typed.is_empty() {
            bodies.push(Body::Delete(Delete { target, spans: step.typed.clone() }));
        }
        if !step.taken.is_empty() {
            bodies.push(Body::Insert(Insert { target, after: step.after, text: step.taken.clone() }));
        }
        self.under_way = Some(Step { taken: text(base, &step.typed), typed: Vec::new(), ..step });
        Some(bodies)
    }

    /// Notes that it was written, so that it can be turned round once more.
    pub fn taken_back(&mut self, ops: &[Op], again: bool) {
        let Some(step) = self.under_way.take() else { return };
        let step = Step { typed: spans(ops, usize::MAX), at_ms: 0, ..step };
        if again { self.done.push(step) } else { self.undone.push(step) }
    }
}

/// The characters typed last: an insertion may have grown an earlier one, a paste may be several.
fn spans(ops: &[Op], typed: usize) -> Vec<Span> {
    let inserts = ops.iter().filter_map(|op| match op.body() {
        Ok(Body::Insert(insert)) => Some((op.first_char(), insert.text.chars().count())),
        _ => None,
    });
    let mut spans: Vec<Span> = inserts
        .filter(|(_, chars)| *chars > 0)
        .map(|(first, chars)| {
            let new = chars.min(typed);
            Span { first: first.plus((chars - new) as u64), chars: new as u64 }
        })
        .filter(|span| span.chars > 0)
        .collect();
    // A paste is written last piece first.
    spans.reverse();
    spans
}

fn text(base: &Prose, spans: &[Span]) -> String {
    let named = |id: CharId| {
        spans.iter().any(|span| {
            id.replica == span.first.replica
                && (span.first.lamport..span.first.lamport + span.chars).contains(&id.lamport)
        })
    };
    let runs = base.runs().iter().filter_map(|run| run.text.as_deref().map(|text| (run.first, text)));
    runs.flat_map(|(first, text)| text.chars().enumerate().map(move |(index, one)| (first.plus(index as u64), one)))
        .filter(|(id, _)| named(*id))
        .map(|(_, one)| one)
        .collect()
}
