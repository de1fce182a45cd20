//! People who write on devices of their own, and the one log their work comes together in: what the
//! tests of the merge types and of the document are played with. Knows no form and no server.

use proptest::prelude::*;
use proptest::sample::select;

use super::position::between;
use crate::document::Document;
use crate::form::FormId;
use crate::ids::{AuthorityId, DocumentId, OpId, PersonId, ReplicaId, Scope};
use crate::op::{
    AddItem, Body, Choose, Create, Delete, Entry, Insert, MoveItem, Op, Reconcile, Remark, RemoveItem, Reply, Set,
    Settle,
};
use crate::value::{FieldId, Target, Value};

mod choices;
mod list;
mod prose;
mod register;
mod table;
mod tree;

pub(crate) const LINE: FieldId = FieldId(1);
pub(crate) const TICKS: FieldId = FieldId(2);
pub(crate) const TEXT: FieldId = FieldId(3);
pub(crate) const ITEMS: FieldId = FieldId(4);
pub(crate) const ITEM_LINE: FieldId = FieldId(5);
pub(crate) const COLUMNS: FieldId = FieldId(6);
pub(crate) const CELL: FieldId = FieldId(7);
const CODES: [&str; 3] = ["A", "B", "C"];
/// A kind from years ahead.
const KIND_OF_LATER: u16 = 999;

/// One person on one device.
#[derive(Clone, Debug)]
struct Pen {
    author: PersonId,
    replica: ReplicaId,
    counter: u64,
    lamport: u64,
    /// How much of the log is on the device.
    cursor: usize,
    /// What is written and not yet come back, and whether the server has it.
    pending: Vec<(Op, bool)>,
}

/// The pens and the log.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) log: Vec<Entry>,
    pens: Vec<Pen>,
}

/// What a person does next. `place` and `other` choose among what is on the screen.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) who: usize,
    pub(crate) what: What,
    pub(crate) place: usize,
    pub(crate) other: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Sync,
    /// Sends, and the reply is lost.
    Push,
    Set,
    Choose,
    Type,
    Delete,
    Add,
    Move,
    Remove,
    EditItem,
    AddBelow,
    MoveBelow,
    AddColumn,
    RemoveColumn,
    SetCell,
    Reconcile,
    Remark,
    Answer,
    Settle,
    Unknown,
}

impl What {
    pub(crate) const ALL: [Self; 20] = [
        Self::Sync,
        Self::Push,
        Self::Set,
        Self::Choose,
        Self::Type,
        Self::Delete,
        Self::Add,
        Self::Move,
        Self::Remove,
        Self::EditItem,
        Self::AddBelow,
        Self::MoveBelow,
        Self::AddColumn,
        Self::RemoveColumn,
        Self::SetCell,
        Self::Reconcile,
        Self::Remark,
        Self::Answer,
        Self::Settle,
        Self::Unknown,
    ];
}

/// Days of three people who do only `what`.
pub(crate) fn days(what: &'static [What], most: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (0_usize..3, select(what), any::<u16>(), any::<u16>()).prop_map(|(who, what, place, other)| Step {
        who,
        what,
        place: place.into(),
        other: other.into(),
    });
    proptest::collection::vec(step, 1..most)
}

impl World {
    /// Three people who all have the empty document.
    pub(crate) fn new() -> Self {
        let pen = |number: u32| Pen {
            author: PersonId(number),
            // Not in the order of the people, so that names break ties one way and people another.
            replica: ReplicaId([50, 20, 90][number as usize - 1]),
            counter: 0,
            lamport: 0,
            cursor: 0,
            pending: Vec::new(),
        };
        let mut world = Self { log: Vec::new(), pens: (1..=3).map(pen).collect() };
        world.write(0, Body::Create(Create { form: FormId(1), form_version: 1, authority: AuthorityId(1) }));
        world.all_sync();
        world
    }

    /// Says that two devices are one person's.
    fn same_person(&mut self, one: usize, other: usize) {
        self.pens[other].author = self.pens[one].author;
    }

    /// Plays `steps`; what cannot be done on that screen is left out.
    pub(crate) fn played(steps: &[Step]) -> Self {
        let mut world = Self::new();
        for step in steps {
            world.play(step);
        }
        world.all_sync();
        world
    }

    /// Plays `steps`; what is done in the second half is still on its way between the devices.
    pub(crate) fn half_way(steps: &[Step]) -> Self {
        let (before, since) = steps.split_at(steps.len() / 2);
        let mut world = Self::played(before);
        since.iter().for_each(|step| world.play(step));
        world
    }

    pub(crate) fn play(&mut self, step: &Step) {
        match step.what {
            What::Sync => self.sync(step.who),
            What::Push => self.push(step.who),
            _ => {
                if let Some(body) = self.body(step) {
                    self.write(step.who, body);
                }
            }
        }
    }

    /// Returns what `step` writes, as its author's screen offers it.
    pub(crate) fn body(&self, step: &Step) -> Option<Body> {
        let view = self.view(step.who);
        let (place, other) = (step.place, step.other);
        let items = view.list(ITEMS).map(|list| list.order()).unwrap_or_default();
        let item = items.get(place % items.len().max(1)).copied();
        let columns = view.list(COLUMNS).map(|list| list.order()).unwrap_or_default();
        let column = columns.get(other % columns.len().max(1)).copied();
        let thread = view.threads.keys().nth(place % view.threads.len().max(1)).copied();
        let chars = view.prose(Target::of(TEXT)).map_or(0, |prose| prose.text().chars().count());
        Some(match step.what {
            What::Sync | What::Push => return None,
            What::Set => set(&view, Target::of(LINE), Value::Text(format!("line {}", other % 3))),
            What::Choose => choose(&view, CODES[place % CODES.len()], other % 2 == 0),
            What::Type => typed(&view, place % (chars + 1), &["a", "bc. ", "é—🦊", "def"][other % 4].to_uppercase()),
            What::Delete if chars > 0 => deleted(&view, place % chars, 1 + other % 4),
            What::Delete => return None,
            What::Add => added(&view, place % (items.len() + 1)),
            What::AddBelow => added_below(&view, item),
            What::MoveBelow => moved_below(&view, item?, items.get(other % items.len()).copied()),
            What::AddColumn => Body::AddItem(AddItem { field: COLUMNS, position: between(None, None), parent: None }),
            What::RemoveColumn => Body::RemoveItem(RemoveItem { item: column? }),
            What::SetCell => {
                set(&view, Target::in_cell(item?, column?, CELL), Value::Text(format!("mark {}", other % 3)))
            }
            What::Move => {
                let right = items.get(other % items.len().max(1)).copied().filter(|right| Some(*right) != item);
                Body::MoveItem(MoveItem { item: item?, position: before(&view, right), parent: None })
            }
            What::Remove => Body::RemoveItem(RemoveItem { item: item? }),
            What::EditItem => {
                set(&view, Target::in_item(item?, ITEM_LINE), Value::Text(format!("topic {}", other % 3)))
            }
            What::Reconcile => {
                Body::Reconcile(Reconcile { target: item.map_or(Target::of(TEXT), |i| Target::in_item(i, ITEM_LINE)) })
            }
            What::Remark => remark(&format!("remark {other}")),
            What::Answer => Body::Reply(Reply { remark: thread?, text: format!("answer {other}") }),
            What::Settle => Body::Settle(Settle { remark: thread?, settled: other % 2 == 0 }),
            What::Unknown => Body::Unknown,
        })
    }

    /// Writes an operation down on a device.
    pub(crate) fn write(&mut self, who: usize, body: Body) -> OpId {
        let observed = self.seen(who);
        let pen = &mut self.pens[who];
        pen.counter += 1;
        let (kind, payload) = match &body {
            Body::Unknown => (KIND_OF_LATER, vec![0xff, 0x00]),
            known => known.encode(),
        };
        let id = OpId { replica: pen.replica, counter: pen.counter };
        // The first pen's clock stands in 1970 and the second's in 2099.
        let wall_ms = [0, 4_070_908_800_000, 1_790_000_000_000][who] + i64::try_from(pen.counter).unwrap_or(0);
        let op = Op { id, scope: scope(), lamport: pen.lamport + 1, observed, wall_ms, kind, payload };
        pen.lamport += body.lamport_length();
        pen.pending.push((op, false));
        id
    }

    fn seen(&self, who: usize) -> u64 {
        self.pens[who].cursor as u64
    }

    /// The server takes what waits on a device; its reply is lost.
    pub(crate) fn push(&mut self, who: usize) {
        let pen = &mut self.pens[who];
        for (op, sent) in pen.pending.iter_mut().filter(|(_, sent)| !sent) {
            let seq = self.log.len() as u64 + 1;
            let received_ms = 1_800_000_000_000 + i64::try_from(seq).unwrap_or(0);
            self.log.push(Entry { seq, author: pen.author, received_ms, op: op.clone() });
            *sent = true;
        }
    }

    /// Sends what waits on a device and takes in what it does not have.
    pub(crate) fn sync(&mut self, who: usize) {
        self.push(who);
        let pen = &mut self.pens[who];
        for entry in &self.log[pen.cursor..] {
            let length = entry.op.body().map_or(1, |body| body.lamport_length());
            pen.lamport = pen.lamport.max(entry.op.lamport + length - 1);
        }
        pen.cursor = self.log.len();
        pen.pending.clear();
    }

    pub(crate) fn all_sync(&mut self) {
        (0..self.pens.len()).for_each(|who| self.sync(who));
        (0..self.pens.len()).for_each(|who| self.sync(who));
    }

    /// What a person sees: the log as far as it is on the device, then what is written since.
    pub(crate) fn view(&self, who: usize) -> Document {
        let pen = &self.pens[who];
        let mut view = fold(&self.log[..pen.cursor]);
        for (op, _) in &pen.pending {
            view.apply(&Entry::pending(op.clone(), pen.author));
        }
        view
    }

    /// The log in another order in which nothing comes before what its author had seen. Places in
    /// the log stay written on the entries: they say who had seen what.
    pub(crate) fn reordered(&self, picks: &[u16]) -> Vec<Entry> {
        let mut left: Vec<&Entry> = self.log.iter().collect();
        let mut order = Vec::new();
        for pick in picks.iter().cycle() {
            let ready: Vec<usize> = (0..left.len())
                .filter(|at| !left.iter().enumerate().any(|(other, entry)| other != *at && saw(left[*at], entry)))
                .collect();
            let Some(at) = ready.get(usize::from(*pick) % ready.len().max(1)) else { break };
            order.push(left.remove(*at).clone());
        }
        order
    }
}

/// Returns whether the author of `entry` had seen `other` when they wrote.
pub(crate) fn saw(entry: &Entry, other: &Entry) -> bool {
    if entry.op.id.replica == other.op.id.replica {
        other.op.id.counter < entry.op.id.counter
    } else {
        other.seq <= entry.op.observed
    }
}

pub(crate) fn scope() -> Scope {
    Scope::shared(DocumentId([7; 16]))
}

pub(crate) fn fold(entries: &[Entry]) -> Document {
    let mut document = Document::default();
    entries.iter().for_each(|entry| document.apply(entry));
    document
}

pub(crate) fn set(view: &Document, target: Target, value: Value) -> Body {
    let over = view.register(target).map(|register| register.heads()).unwrap_or_default();
    Body::Set(Set { target, value, over })
}

pub(crate) fn choose(view: &Document, code: &str, chosen: bool) -> Body {
    let over = view.choices(Target::of(TICKS)).map(|choices| choices.heads(code)).unwrap_or_default();
    Body::Choose(Choose { target: Target::of(TICKS), code: code.to_owned(), chosen, over })
}

/// Types at the visible place `at`.
pub(crate) fn typed(view: &Document, at: usize, text: &str) -> Body {
    let target = Target::of(TEXT);
    let after = at.checked_sub(1).and_then(|before| view.prose(target)?.char_at(before));
    Body::Insert(Insert { target, after, text: text.to_owned() })
}

pub(crate) fn deleted(view: &Document, start: usize, chars: usize) -> Body {
    let target = Target::of(TEXT);
    let spans = view.prose(target).map(|prose| prose.spans(start, chars)).unwrap_or_default();
    Body::Delete(Delete { target, spans })
}

/// Adds an item at the visible place `at`.
pub(crate) fn added(view: &Document, at: usize) -> Body {
    let right = view.list(ITEMS).and_then(|list| list.order().get(at).copied());
    Body::AddItem(AddItem { field: ITEMS, position: before(view, right), parent: None })
}

/// Adds an item last below `parent`.
pub(crate) fn added_below(view: &Document, parent: Option<OpId>) -> Body {
    Body::AddItem(AddItem { field: ITEMS, position: last_below(view, parent), parent })
}

/// Puts an item last below `parent`.
pub(crate) fn moved_below(view: &Document, item: OpId, parent: Option<OpId>) -> Body {
    Body::MoveItem(MoveItem { item, position: last_below(view, parent), parent })
}

fn last_below(view: &Document, parent: Option<OpId>) -> Vec<u8> {
    let last = view.list(ITEMS).and_then(|list| list.item(*list.siblings(parent).last()?));
    between(last.map(|item| item.position.as_slice()), None)
}

/// A place just before `right`, or at the end.
pub(crate) fn before(view: &Document, right: Option<OpId>) -> Vec<u8> {
    let Some(list) = view.list(ITEMS) else { return between(None, None) };
    let order = list.order();
    let at = right.and_then(|right| order.iter().position(|item| *item == right)).unwrap_or(order.len());
    let place = |at: usize| order.get(at).and_then(|item| list.item(*item)).map(|item| item.position.as_slice());
    between(at.checked_sub(1).and_then(place), place(at))
}

pub(crate) fn remark(text: &str) -> Body {
    Body::Remark(Remark {
        target: None,
        text: text.to_owned(),
        internal: false,
        published_from: None,
        written_by: None,
    })
}
