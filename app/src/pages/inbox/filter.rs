//! Which rows of the queue are shown.

use shared::form::workflow::Phase;
use shared::text::fold;

use crate::documents::FileRow;
use crate::i18n::I18n;
use crate::session::clock;

const DAY_MS: i64 = 86_400_000;
/// Days after which somebody should have looked.
pub const LATE_DAYS: i64 = 7;

/// A part of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    Waiting,
    New,
    Again,
    Late,
    Incomplete,
    Parked,
    Everything,
}

/// The parts with the keys of their words.
pub const SHOWS: [(Show, &str); 7] = [
    (Show::Waiting, "ui.inbox.show.waiting"),
    (Show::New, "ui.inbox.show.new"),
    (Show::Again, "ui.inbox.show.again"),
    (Show::Late, "ui.inbox.show.late"),
    (Show::Incomplete, "ui.inbox.show.incomplete"),
    (Show::Parked, "ui.inbox.show.parked"),
    (Show::Everything, "ui.inbox.show.everything"),
];

impl Show {
    /// Returns whether a row belongs to this part.
    pub fn takes(self, row: &FileRow) -> bool {
        let waits = row.phase() == Phase::Waiting;
        match self {
            Self::Waiting => waits || row.parked > 0,
            Self::New => waits && row.summary.version <= 1,
            Self::Again => waits && row.summary.version > 1,
            Self::Late => waits && days(row) >= LATE_DAYS,
            Self::Incomplete => waits && row.summary.awaits,
            Self::Parked => row.parked > 0,
            Self::Everything => true,
        }
    }
}

/// What the rows are held to beside their part; what is empty holds them to nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// ISO code of a country.
    pub country: String,
    /// Code of a theme.
    pub theme: String,
    /// Fewest days since it arrived.
    pub days_min: i64,
    /// Letters to be found, folded.
    wanted: String,
}

impl Filter {
    /// Sets what is searched for.
    pub fn search_for(&mut self, typed: &str) {
        self.wanted = fold(typed.trim());
    }

    /// Returns whether a row is shown.
    pub fn takes(&self, i18n: I18n, row: &FileRow) -> bool {
        (self.country.is_empty() || row.summary.countries.contains(&self.country))
            && (self.theme.is_empty() || row.summary.themes.contains(&self.theme))
            && days(row) >= self.days_min
            && self.finds(i18n, row)
    }

    fn finds(&self, i18n: I18n, row: &FileRow) -> bool {
        let summary = &row.summary;
        let countries = summary.countries.iter().map(|code| i18n.country(code)).collect::<Vec<_>>().join(" ");
        let codes = [summary.reference.as_deref(), summary.receipt.as_deref()].into_iter().flatten();
        let mut parts = [summary.title.as_str(), countries.as_str()].into_iter().chain(codes);
        self.wanted.is_empty() || parts.any(|part| fold(part).contains(&self.wanted))
    }
}

/// Returns when it reached us, in Unix milliseconds; a draft counts from its last change.
pub fn arrived_ms(row: &FileRow) -> i64 {
    row.summary.received_ms.unwrap_or(row.summary.touched_ms)
}

/// Returns how many whole days ago it arrived.
pub fn days(row: &FileRow) -> i64 {
    ((clock::now_ms() - arrived_ms(row)) / DAY_MS).max(0)
}
