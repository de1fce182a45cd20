//! Regions of the programme (domain.md §4.1): the 2018 grouping.
//!
//! Later phases regrouped "Western and Central Africa" at a date the sources do not give; such a
//! regrouping closes rows here and opens new ones. Pacific states other than Timor-Leste and the
//! overseas territories are in no region of the sources and have none here.

use crate::value::Date;

/// The regions' codes.
pub const CODES: &[&str] = &["AFE", "AFW", "ASI", "NEI", "LAC"];

/// The countries of one region during a time.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// The region's code.
    pub region: &'static str,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it holds.
    pub to: Option<Date>,
    /// ISO 3166 alpha-2 codes.
    pub countries: &'static [&'static str],
}

/// The programme's start.
const START: Date = Date { year: 2008, month: 12, day: 1 };

/// Which countries belong to which region, and when.
pub const MEMBERSHIPS: &[Membership] = &[
    since_start(
        "AFE",
        &[
            "AO", "BI", "BW", "CD", "CF", "CG", "CM", "DJ", "ER", "ET", "GA", "GQ", "KE", "KM", "LS", "MG", "MU", "MW",
            "MZ", "NA", "RW", "SC", "SD", "SO", "SS", "ST", "SZ", "TD", "TZ", "UG", "ZA", "ZM", "ZW",
        ],
    ),
    since_start(
        "AFW",
        &["BF", "BJ", "CI", "CV", "GH", "GM", "GN", "GW", "LR", "ML", "MR", "NE", "NG", "SL", "SN", "TG"],
    ),
    since_start(
        "ASI",
        &[
            "AF", "BD", "BT", "CN", "ID", "IN", "IQ", "IR", "KG", "KH", "KP", "KZ", "LA", "LK", "MM", "MN", "MV", "MY",
            "NP", "PH", "PK", "TH", "TJ", "TL", "TM", "UZ", "VN", "YE",
        ],
    ),
    since_start(
        "NEI",
        &["AM", "AZ", "BY", "DZ", "EG", "GE", "IL", "JO", "LB", "LY", "MA", "MD", "PS", "SY", "TN", "UA"],
    ),
    since_start(
        "LAC",
        &[
            "AG", "AR", "BB", "BO", "BR", "BS", "BZ", "CL", "CO", "CR", "CU", "DM", "DO", "EC", "GD", "GT", "GY", "HN",
            "HT", "JM", "KN", "LC", "MX", "NI", "PA", "PE", "PY", "SR", "SV", "TT", "UY", "VC", "VE",
        ],
    ),
];

/// Returns the region a country belongs to on a day.
#[must_use]
pub fn region_of(country: &str, on: Date) -> Option<&'static str> {
    MEMBERSHIPS
        .iter()
        .filter(|row| row.from <= on && row.to.is_none_or(|to| on <= to))
        .find(|row| row.countries.contains(&country))
        .map(|row| row.region)
}

const fn since_start(region: &'static str, countries: &'static [&'static str]) -> Membership {
    Membership { region, from: START, to: None, countries }
}
