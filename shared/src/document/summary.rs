//! What stands for a document where it is one of many, the same on a device and on the server. Its form
//! says which fields that takes (`form::summary`).
//!
//! A device keeps it beside each document, with a copy of the document that is emptied of everything else.

use minicbor::{Decode, Encode};

use super::Document;
use crate::form::FormId;
use crate::form::assessment::Other;
use crate::form::summary::{Place, SummaryFields};
use crate::form::workflow::State;
use crate::merge::choices::Choices;
use crate::op::{from_bytes, to_bytes};
use crate::value::{Date, FieldId, Target, Value};

/// Longest line a summary shows, in characters; the document keeps the whole.
pub const LINE_CHARS_MAX: usize = 200;
/// Most entries of one kind a summary shows.
pub const ENTRIES_MAX: usize = 20;

/// A document as lists, inbox, search and statistics read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Summary {
    /// Which form; `None` while its creation is not known.
    #[n(0)]
    pub form: Option<FormId>,
    /// Where it stands.
    #[n(1)]
    pub state: State,
    /// Its title; empty while none is written.
    #[n(2)]
    pub title: String,
    /// Language it is written in (BCP-47); empty while none is chosen.
    #[n(3)]
    pub language: String,
    /// The countries it is about (ISO 3166 alpha-2).
    #[n(4)]
    pub countries: Vec<String>,
    /// Codes of its themes.
    #[n(5)]
    pub themes: Vec<String>,
    /// Whose it is, by name.
    #[n(6)]
    pub owners: Vec<String>,
    /// When it should be done, or takes place.
    #[n(7)]
    pub date: Option<Date>,
    /// Whether something that belongs to it is still to come.
    #[n(8)]
    pub awaits: bool,
    /// Its reference, once allotted.
    #[n(9)]
    pub reference: Option<String>,
    /// The last receipt given.
    #[n(10)]
    pub receipt: Option<String>,
    /// How many versions were received.
    #[n(11)]
    pub version: u32,
    /// When the newest version was received, Unix milliseconds.
    #[n(12)]
    pub received_ms: Option<i64>,
    /// When anything last changed, Unix milliseconds, as shown.
    #[n(13)]
    pub touched_ms: i64,
}

impl Summary {
    /// Returns it as the rules of another document look at it; `None` while its form is not known.
    #[must_use]
    pub fn as_other(&self) -> Option<Other> {
        let (reference, themes) = (self.reference.clone(), self.themes.clone());
        Some(Other { form: self.form?, state: self.state, reference, themes })
    }
}

/// What a device keeps beside a document, so that ten thousand of them are listed at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ListRow {
    /// What stands for the document, as far as it was received.
    #[n(0)]
    pub summary: Summary,
    /// How much work is parked in it.
    #[n(1)]
    pub parked: usize,
    /// The fields the summary is made of, encoded: read only when something pending is to be applied.
    #[cbor(n(2), with = "minicbor::bytes")]
    fields: Vec<u8>,
}

impl ListRow {
    /// Returns the document as far as its summary reads it, for what is pending to be applied to it.
    #[must_use]
    pub fn fields(&self) -> Document {
        from_bytes(&self.fields).unwrap_or_default()
    }
}

impl Document {
    /// Returns what a device keeps beside it.
    #[must_use]
    pub fn into_list_row(self) -> ListRow {
        let (summary, parked) = (self.summary(), self.parked.as_ref().map_or(0, Vec::len));
        ListRow { summary, parked, fields: to_bytes(&self.into_summary_fields()) }
    }

    /// Returns what stands for the document.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let fields = self.summary_fields();
        let line = |field: Option<FieldId>| field.map(|field| self.line(Target::of(field))).unwrap_or_default();
        let received = self.history.iter().rev().find(|step| step.transition.version.is_some());
        Summary {
            form: self.opened.map(|(form, ..)| form),
            state: self.state,
            title: line(fields.title),
            language: line(fields.language),
            countries: fields
                .countries
                .iter()
                .map(|place| self.all_at(place))
                .find(|all| !all.is_empty())
                .unwrap_or_default(),
            themes: fields.themes.map(|field| self.codes(field)).unwrap_or_default(),
            owners: fields.owners.map(|place| self.all_at(&place)).unwrap_or_default(),
            date: fields.date.and_then(|field| match self.first(Target::of(field)) {
                Some(Value::Date(date)) => Some(*date),
                _ => None,
            }),
            awaits: fields.awaits.is_some_and(|field| self.first(Target::of(field)) == Some(&Value::Flag(true))),
            reference: self.reference().map(ToOwned::to_owned),
            receipt: self.receipt().map(ToOwned::to_owned),
            version: self.version(),
            received_ms: received.map(|step| step.transition.at_ms),
            touched_ms: self.touched_ms,
        }
    }

    /// Returns the document as far as its summary reads it; everything else is empty. What is pending on
    /// a device may be applied to it, and shows as it would on the whole.
    #[must_use]
    pub fn into_summary_fields(mut self) -> Self {
        let fields = self.summary_fields();
        self.registers.retain(|target, _| fields.reads(target.field));
        self.choices.retain(|target, _| fields.reads(target.field));
        self.lists.retain(|field, _| fields.reads(*field));
        Self {
            opened: self.opened,
            created: self.created,
            registers: self.registers,
            choices: self.choices,
            lists: self.lists,
            state: self.state,
            history: self.history,
            touched_ms: self.touched_ms,
            named: self.named,
            ..Self::default()
        }
    }

    fn summary_fields(&self) -> SummaryFields {
        self.form().map_or(SummaryFields::NONE, |form| form.summary)
    }

    fn first(&self, target: Target) -> Option<&Value> {
        self.register(target).and_then(|register| register.first()).map(|sibling| &sibling.value)
    }

    fn line(&self, target: Target) -> String {
        let line = self.first(target).map(Value::to_text).unwrap_or_default();
        line.trim().chars().take(LINE_CHARS_MAX).collect()
    }

    fn codes(&self, field: FieldId) -> Vec<String> {
        let mut codes = self.choices(Target::of(field)).map(Choices::codes).unwrap_or_default();
        codes.truncate(ENTRIES_MAX);
        codes
    }

    /// Returns every answer at a place, once each, in order.
    fn all_at(&self, place: &Place) -> Vec<String> {
        let found = match *place {
            Place::Field(field) => {
                let mut codes = self.codes(field);
                codes.push(self.line(Target::of(field)));
                codes
            }
            Place::Items(list, field) => {
                let items = self.list(list).map(crate::merge::list::List::order).unwrap_or_default();
                items.into_iter().take(ENTRIES_MAX).map(|item| self.line(Target::in_item(item, field))).collect()
            }
        };
        let mut all: Vec<String> = Vec::new();
        for one in found {
            if !one.is_empty() && all.len() < ENTRIES_MAX && !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }
}
