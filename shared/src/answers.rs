//! What a document says once merged: plain answers, without ids, authors or history.
//!
//! This is what checks, assessments, diff, print and the kept versions read. It does not know how
//! answers merge (see `document`).

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use crate::form::{Field, FieldKind, Form};
use crate::ids::OpId;
use crate::value::{Date, FieldId, Target, Value};

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Answer {
    /// A short field; the one shown first when there are two answers.
    #[n(0)]
    Value(#[n(0)] Value),
    /// A multiple choice, in code order.
    #[n(1)]
    Codes(#[n(0)] Vec<String>),
    /// Long text.
    #[n(2)]
    Prose(#[n(0)] String),
    /// The items of a list, in their order.
    #[n(3)]
    Items(#[n(0)] Vec<OpId>),
}

/// All answers of one scope, or of several put together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Answers {
    /// By place; a place without an answer is absent.
    #[n(0)]
    pub by_target: BTreeMap<Target, Answer>,
    /// Places where two answers stand side by side.
    #[n(1)]
    pub unsettled: BTreeSet<Target>,
    /// Each item of a tree with the one it stands below, in the order of their names; those at the top are absent.
    #[n(2)]
    pub parents: Option<Vec<(OpId, OpId)>>,
}

impl Answers {
    /// Returns the answer at `target`, if any.
    #[must_use]
    pub fn get(&self, target: Target) -> Option<&Answer> {
        self.by_target.get(&target)
    }

    /// Returns the short answer at `target`; `None` when unanswered or empty.
    #[must_use]
    pub fn value(&self, target: Target) -> Option<&Value> {
        match self.get(target) {
            Some(Answer::Value(value)) if !value.is_empty() => Some(value),
            _ => None,
        }
    }

    /// Returns the code chosen at `target`.
    #[must_use]
    pub fn code(&self, target: Target) -> Option<&str> {
        match self.value(target) {
            Some(Value::Code(code)) => Some(code),
            _ => None,
        }
    }

    /// Returns the line of text or the prose at `target`; empty when unanswered.
    #[must_use]
    pub fn text(&self, target: Target) -> &str {
        match self.get(target) {
            Some(Answer::Value(Value::Text(text)) | Answer::Prose(text)) => text,
            _ => "",
        }
    }

    /// Returns the number at `target`.
    #[must_use]
    pub fn number(&self, target: Target) -> Option<i64> {
        match self.value(target) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Returns the day or month at `target`.
    #[must_use]
    pub fn date(&self, target: Target) -> Option<Date> {
        match self.value(target) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// Returns whether the box at `target` is ticked.
    #[must_use]
    pub fn ticked(&self, target: Target) -> bool {
        self.value(target) == Some(&Value::Flag(true))
    }

    /// Returns the codes of the multiple choice `field`.
    #[must_use]
    pub fn codes(&self, target: Target) -> &[String] {
        match self.get(target) {
            Some(Answer::Codes(codes)) => codes,
            _ => &[],
        }
    }

    /// Returns the items of the list `field`, in order.
    #[must_use]
    pub fn items(&self, field: FieldId) -> &[OpId] {
        match self.get(Target::of(field)) {
            Some(Answer::Items(items)) => items,
            _ => &[],
        }
    }

    /// Returns the cells of a table, row by row; none of any other field. Rows and columns beyond what the
    /// form allows, which are kept and flagged, are left out.
    #[must_use]
    pub fn cells(&self, form: &Form, field: &Field) -> Vec<(OpId, OpId)> {
        let FieldKind::Table { rows, columns, .. } = field.kind else { return Vec::new() };
        let allowed = |list| match form.field(list).map(|field| field.kind) {
            Some(FieldKind::List { max, .. }) => self.items(list).iter().take(max.into()),
            _ => [].iter().take(0),
        };
        allowed(rows).flat_map(|row| allowed(columns).map(|column| (*row, *column))).collect()
    }

    /// Returns whether any of these fields is answered anywhere.
    #[must_use]
    pub fn any_of(&self, fields: &[Field]) -> bool {
        let asked = |target: &Target| fields.iter().any(|field| field.id == target.field);
        self.by_target.keys().any(|target| asked(target) && !self.is_empty_at(*target))
    }

    /// Returns the item that another stands below.
    #[must_use]
    pub fn parent(&self, item: OpId) -> Option<OpId> {
        let parents = self.parents.as_ref()?;
        let at = parents.binary_search_by_key(&item, |(below, _)| *below).ok()?;
        parents.get(at).map(|(_, above)| *above)
    }

    /// Returns how many items stand above one.
    #[must_use]
    pub fn depth(&self, item: OpId) -> usize {
        let known = self.parents.as_ref().map_or(0, Vec::len);
        core::iter::successors(self.parent(item), |above| self.parent(*above)).take(known).count()
    }

    /// Returns whether nothing counts as an answer at `target`.
    #[must_use]
    pub fn is_empty_at(&self, target: Target) -> bool {
        match self.get(target) {
            None => true,
            Some(Answer::Value(value)) => value.is_empty(),
            Some(Answer::Codes(codes)) => codes.is_empty(),
            Some(Answer::Prose(text)) => text.trim().is_empty(),
            Some(Answer::Items(items)) => items.is_empty(),
        }
    }

    /// Adds the answers of another side of the same document, e.g. a person's confidential note.
    pub fn absorb(&mut self, other: Self) {
        self.by_target.extend(other.by_target);
        self.unsettled.extend(other.unsettled);
        if let Some(parents) = other.parents {
            self.parents.get_or_insert_default().extend(parents);
            self.parents.iter_mut().for_each(|parents| parents.sort_unstable());
        }
    }
}
