//! The vocabulary of forms. A `Form` is constant data and owns the whole life of its documents: what
//! is asked and how it is checked, what lists show of it, its states and moves, and who may do what.
//! Widgets, checks, permission, storage, review, diff and print all read it.
//!
//! Knows nothing of any particular form (see `forms`) and nothing of answers.

pub mod assessment;
pub mod opening;
pub mod roles;
pub mod summary;
pub mod workflow;

use self::assessment::AssessmentRules;
use self::opening::Opening;
use self::roles::Roles;
use self::summary::SummaryFields;
use self::workflow::Workflow;
use crate::value::{FieldId, Value};

/// Names a document type; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct FormId(#[n(0)] pub u16);

/// One document type.
#[derive(Debug)]
pub struct Form {
    /// Its number on the wire and in storage.
    pub id: FormId,
    /// Its name in message keys, e.g. `request`.
    pub key: &'static str,
    /// Raised when fields are added or retired; a document remembers the one it was created with.
    pub version: u16,
    /// The sections in the order a person works through them.
    pub sections: &'static [Section],
    /// Rules that look at more than one field.
    pub rules: &'static [Rule],
    /// How its documents begin.
    pub opening: Opening,
    /// What lists, inbox, search and statistics read of them.
    pub summary: SummaryFields,
    /// Their states and the moves between them.
    pub workflow: Workflow,
    /// Who may do what with them.
    pub roles: Roles,
    /// What speaks for and against one as a whole, if the form has rules for that.
    pub assessment: Option<AssessmentRules>,
}

/// One page of a form.
#[derive(Debug)]
pub struct Section {
    /// Its name in message keys and addresses, e.g. `context`.
    pub key: &'static str,
    /// Its fields, top to bottom.
    pub fields: &'static [Field],
}

/// One thing that is asked.
#[derive(Debug)]
pub struct Field {
    /// Its number: never renamed, reused or deleted.
    pub id: FieldId,
    /// Its name in message keys, e.g. `context_and_problem`.
    pub key: &'static str,
    /// What it holds and how that merges.
    pub kind: FieldKind,
    /// Whether it must be answered before submission.
    pub need: Need,
    /// The code that stands while nobody has answered a choice.
    pub default: Option<&'static str>,
    /// Who may fill it in.
    pub filled_by: FilledBy,
    /// Which side of the document holds it.
    pub held_in: HeldIn,
    /// How carefully it is kept; domain.md §3.
    pub sensitivity: Sensitivity,
    /// Whether the answer is written in the document's own language (domain.md §3, "L").
    pub in_document_language: bool,
    /// No longer asked; kept answers stay readable.
    pub retired: bool,
}

impl Field {
    /// A field asked of the partner, optional, shared, internal: the usual case to start from.
    pub const BASE: Self = Self {
        id: FieldId(0),
        key: "",
        kind: FieldKind::Flag,
        need: Need::Optional,
        default: None,
        filled_by: FilledBy::Partner,
        held_in: HeldIn::Shared,
        sensitivity: Sensitivity::Internal,
        in_document_language: false,
        retired: false,
    };
}

/// What a field holds. The kind decides the widget, the merge rule and the checks.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// One line; a register.
    Text {
        /// Longest answer in characters; longer drafts are kept and flagged.
        max_chars: u32,
        /// What the line holds.
        shape: TextShape,
    },
    /// Long text; merges character by character.
    Prose {
        /// Longest answer in characters; longer drafts are kept and flagged.
        max_chars: u32,
    },
    /// A whole number; a register.
    Number {
        /// Least allowed.
        min: i64,
        /// Most allowed.
        max: i64,
    },
    /// A day; a register.
    Day,
    /// A month of a year; a register.
    Month,
    /// One code of a list; a register.
    Choice {
        /// The list.
        list: ListKey,
    },
    /// Any number of codes of a list; an add-wins set.
    Choices {
        /// The list.
        list: ListKey,
        /// Fewest codes when the field must be answered.
        min: u16,
    },
    /// A tick; a register.
    Flag,
    /// Items in an order, each with fields of its own; a list.
    List {
        /// What each item is asked.
        item: &'static [Field],
        /// Fewest items when the field must be answered.
        min: u16,
        /// Most items; more are kept and flagged.
        max: u16,
        /// Whether the order is the person's to choose.
        ordered: bool,
        /// The list an item may have its parent in: this one, for a tree, or one above it.
        parent: Option<FieldId>,
    },
    /// A table whose rows and columns are the items of two lists; each cell has fields of its own.
    Table {
        /// The list whose items are the rows.
        rows: FieldId,
        /// The list whose items are the columns.
        columns: FieldId,
        /// What each cell is asked: short fields.
        cell: &'static [Field],
    },
}

/// What a line of text holds, for keyboards and checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextShape {
    /// Any words.
    Plain,
    /// An electronic mail address.
    Email,
    /// A telephone number, with its country prefix.
    Phone,
    /// Earlier references, `YYYY-NN`, tolerant of spaces (domain.md §5.7).
    References,
    /// A person's name in Latin letters.
    Latin,
}

/// The code lists fields can draw on; `lists::codes` gives their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListKey {
    /// How the request reached the facility.
    Channel,
    /// Single, joint, regional, follow-up.
    RequestKind,
    /// Languages a document can be written in (BCP-47).
    DocumentLanguage,
    /// Partner countries (ISO 3166 alpha-2).
    PartnerCountry,
    /// Every country that can appear (experts, other authorities).
    Country,
    /// Regions of the programme.
    Region,
    /// Authority types of domain.md §4.7.
    AuthorityType,
    /// Lead or co-requesting.
    AuthorityRole,
    /// How a focal point prefers to be reached.
    ContactChannel,
    /// Pillars of domain.md §4.3.
    Pillar,
    /// Themes of domain.md §4.4.
    Theme,
    /// Activity types of domain.md §4.6.
    ActivityType,
    /// Output types of domain.md §4.10.
    OutputType,
    /// Sustainable development goals' targets.
    SdgTarget,
    /// Objectives of the Global Compact, 1 to 23.
    GcmObjective,
    /// Ordinary or urgent.
    Urgency,
    /// Working languages (BCP-47).
    WorkingLanguage,
    /// Yes or no, where "not answered" must differ from "no".
    YesNo,
}

/// Whether an answer is needed before submission. A tick that is needed must be set.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// Never.
    Optional,
    /// Always.
    Required,
    /// When another field (of the document, or of the same item) holds a given answer.
    When(Condition),
}

/// A condition on another field.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// The field looked at.
    pub field: FieldId,
    /// What it must hold.
    pub holds: Holds,
}

/// What a condition asks of a field.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// A given code (in a choice or a set).
    Code(&'static str),
    /// Any of the given codes.
    AnyCode(&'static [&'static str]),
    /// A tick.
    Ticked,
    /// No tick.
    NotTicked,
    /// Any answer at all.
    Anything,
    /// Text with letters of a script other than Latin.
    OtherScript,
    /// Some item of a list field has any of these codes in this item field.
    Item(FieldId, &'static [&'static str]),
}

/// Who may fill a field in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilledBy {
    /// The focal points of the authority, or staff writing on their behalf.
    Partner,
    /// Staff only.
    Staff,
}

/// Which side of the document holds a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldIn {
    /// The side partner and staff share.
    Shared,
    /// The writer's confidential note to staff.
    Note,
}

/// How carefully a field is kept (domain.md §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    /// May be published.
    Public,
    /// For the people of the file.
    Internal,
    /// Personal contact data.
    Personal,
    /// Signatures, travel documents, confidential notes.
    High,
}

/// A rule over several fields, or over a field and the day. Never blocks a draft; a broken one
/// blocks submission, except `NotPast`, which warns.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name in message keys, e.g. `latest_after_earliest`.
    pub key: &'static str,
    /// The field the problem is shown at.
    pub at: FieldId,
    /// What is asked.
    pub test: Test,
}

/// What a rule asks.
#[derive(Clone, Copy, Debug)]
pub enum Test {
    /// The second date is not before the first.
    NotBefore(FieldId, FieldId),
    /// At least one of these is answered.
    AnyOf(&'static [FieldId]),
    /// Exactly one item of the list holds this code in this field.
    ExactlyOne(FieldId, FieldId, &'static str),
    /// At least so many items when the condition holds.
    ItemsWhen(FieldId, u16, Condition),
    /// The date is not before the day of the check.
    NotPast(FieldId),
}

impl Form {
    /// Returns every field, those of list items and cells included, in order.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.sections
            .iter()
            .flat_map(|section| section.fields)
            .flat_map(|field| core::iter::once(field).chain(field.inner_fields()))
    }

    /// Returns the field with this number, of the document or of an item.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&'static Field> {
        self.fields().find(|field| field.id == id)
    }

    /// Returns the section that asks for this field, directly or within a list or a table.
    #[must_use]
    pub fn section_of(&self, id: FieldId) -> Option<&'static Section> {
        self.sections.iter().find(|section| {
            section.fields.iter().any(|field| field.id == id || field.inner_fields().iter().any(|inner| inner.id == id))
        })
    }

    /// Returns the list or table whose items or cells are asked this field; `None` for a field of the
    /// document.
    #[must_use]
    pub fn container_of(&self, id: FieldId) -> Option<&'static Field> {
        self.sections
            .iter()
            .flat_map(|section| section.fields)
            .find(|field| field.inner_fields().iter().any(|inner| inner.id == id))
    }
}

impl Field {
    /// Returns what each item of a list or each cell of a table is asked; nothing for other fields.
    #[must_use]
    pub const fn inner_fields(&self) -> &'static [Self] {
        match self.kind {
            FieldKind::List { item, .. } => item,
            FieldKind::Table { cell, .. } => cell,
            _ => &[],
        }
    }

    /// Returns what each item is asked when this is a list, nothing otherwise.
    #[must_use]
    pub const fn item_fields(&self) -> &'static [Self] {
        match self.kind {
            FieldKind::List { item, .. } => item,
            _ => &[],
        }
    }

    /// Returns whether `value` has the type this kind of field holds. Limits are for the checks: a
    /// draft may hold a number out of range, but never a date in a text field.
    #[must_use]
    pub const fn takes(&self, value: &Value) -> bool {
        matches!(
            (&self.kind, value),
            (_, Value::Empty)
                | (FieldKind::Text { .. }, Value::Text(_))
                | (FieldKind::Number { .. }, Value::Number(_) | Value::Unreadable(_))
                | (FieldKind::Day | FieldKind::Month, Value::Date(_) | Value::Unreadable(_))
                | (FieldKind::Choice { .. }, Value::Code(_))
                | (FieldKind::Flag, Value::Flag(_))
        )
    }
}
