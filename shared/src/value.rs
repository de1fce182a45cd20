//! One answer to one short field, and where in a document an answer stands.
//!
//! Knows nothing of forms: whether a value suits its field is for `check` and `sync::admission`.

use core::fmt;

use minicbor::{Decode, Encode};

use crate::ids::OpId;

/// A field of a form by its number. Numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct FieldId(#[n(0)] pub u16);

/// Where an answer stands: a field of the document, of one item of a list, or of one cell of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Target {
    /// The field.
    #[n(0)]
    pub field: FieldId,
    /// The list item, when the field belongs to one; of a cell, the one its row is.
    #[n(1)]
    pub item: Option<OpId>,
    /// The list item that a cell's column is.
    #[n(2)]
    pub column: Option<OpId>,
}

impl Target {
    /// Returns the place of a field of the document itself.
    #[must_use]
    pub const fn of(field: FieldId) -> Self {
        Self { field, item: None, column: None }
    }

    /// Returns the place of a field of one list item.
    #[must_use]
    pub const fn in_item(item: OpId, field: FieldId) -> Self {
        Self { field, item: Some(item), column: None }
    }

    /// Returns the place of a field of one cell.
    #[must_use]
    pub const fn in_cell(row: OpId, column: OpId, field: FieldId) -> Self {
        Self { field, item: Some(row), column: Some(column) }
    }

    /// Returns the items it stands in: none, the item, or the row and the column.
    pub fn items(&self) -> impl Iterator<Item = OpId> {
        self.item.into_iter().chain(self.column)
    }

    /// Returns whether it stands in a cell.
    #[must_use]
    pub const fn in_table(&self) -> bool {
        self.column.is_some()
    }
}

/// A calendar day, kept as a day and never as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Date {
    /// Year of the Gregorian calendar, 1 to 9999.
    #[n(0)]
    pub year: u16,
    /// Month, 1 to 12.
    #[n(1)]
    pub month: u8,
    /// Day of the month, 1 to 31; 0 stands for "the month as a whole".
    #[n(2)]
    pub day: u8,
}

impl Date {
    /// Reads `2026-11-23`, or `2026-11` for a whole month; `None` for anything that is not a date.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '-');
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let month = parts.next().filter(|month| month.len() == 2)?.parse().ok()?;
        let day = match parts.next() {
            None => 0,
            Some(day) if day.len() == 2 => day.parse().ok().filter(|day| *day > 0)?,
            Some(_) => return None,
        };
        let date = Self { year, month, day };
        date.exists().then_some(date)
    }

    /// Returns whether the calendar has this day (or month).
    #[must_use]
    pub fn exists(self) -> bool {
        (1..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && self.day <= days_in_month(self.year, self.month)
    }

    /// Returns the day that holds `wall_ms` (Unix milliseconds, UTC).
    #[must_use]
    pub fn from_unix_ms(wall_ms: i64) -> Self {
        // Civil-from-days of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
        let days = wall_ms.div_euclid(86_400_000) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: u16::try_from(year.clamp(1, 9999)).unwrap_or(1),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        if self.day > 0 { write!(f, "-{:02}", self.day) } else { Ok(()) }
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// One answer to a short field. Prose, sets and lists are not values: they merge by their own rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(flat)]
pub enum Value {
    /// The answer was taken back.
    #[n(0)]
    Empty,
    /// One line of text.
    #[n(1)]
    Text(#[n(0)] String),
    /// A whole number, as typed; limits are for the checks.
    #[n(2)]
    Number(#[n(0)] i64),
    /// A day or a month.
    #[n(3)]
    Date(#[n(0)] Date),
    /// One code of the field's list.
    #[n(4)]
    Code(#[n(0)] String),
    /// A tick or its absence.
    #[n(5)]
    Flag(#[n(0)] bool),
    /// What was typed where a number or a date was asked and it is neither: kept, never dropped.
    #[n(6)]
    Unreadable(#[n(0)] String),
}

impl Value {
    /// Returns whether this counts as no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) | Self::Code(text) | Self::Unreadable(text) => text.trim().is_empty(),
            Self::Flag(_) | Self::Number(_) | Self::Date(_) => false,
        }
    }

    /// Returns whether two answers say the same: white space at the ends and runs of it do not count.
    #[must_use]
    pub fn same_answer(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left.split_whitespace().eq(right.split_whitespace()),
            _ => self == other || (self.is_empty() && other.is_empty()),
        }
    }

    /// Returns the answer as a person typed it; codes and flags as their codes.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Code(text) | Self::Unreadable(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}
