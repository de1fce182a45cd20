//! Funding instruments: which country may be helped by which, and when (domain.md §4.5).
//!
//! Sources: the 2014–2020 rows follow the annexes of Regulations (EU) 233/2014 (DCI) and 232/2014
//! (ENI), Regulation (EU) 2015/322 (EDF: the ACP states but Cuba and South Africa) and Decision
//! 2013/755/EU (overseas territories). Assumed, and to be confirmed before real use: the DCI, ENI
//! and EDF countries all carry over into Regulation (EU) 2021/947 (NDICI) from 2021 to 2027, South
//! Sudan with them; the overseas territories of the Union into Decision (EU) 2021/1764. Region does
//! not imply instrument: Timor-Leste and the Dominican Republic were EDF countries.

use crate::value::Date;

/// A funding instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// Development Cooperation Instrument (ICD).
    Dci,
    /// European Development Fund (FED).
    Edf,
    /// European Neighbourhood Instrument (IEV).
    Eni,
    /// Overseas Association Decisions.
    Oad,
    /// Neighbourhood, Development and International Cooperation Instrument.
    Ndici,
}

/// What is particular about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Graduated from bilateral aid; regional and thematic programmes stay open (DCI, article 5).
    RegionalAndThematicOnly,
    /// An association of the United Kingdom's territories, which ended on the given day.
    UntilWithdrawal,
    /// Cooperation with the authorities is restricted; staff look at each request.
    Restricted,
    /// Assumed to carry over from the instrument before.
    Assumed,
}

/// Countries one instrument covers during a time.
#[derive(Clone, Copy, Debug)]
pub struct Coverage {
    /// The instrument.
    pub instrument: Instrument,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What is particular, if anything.
    pub note: Option<Note>,
    /// ISO 3166 alpha-2 codes.
    pub countries: &'static [&'static str],
}

const START_2014: Date = day(2014, 1, 1);
const END_2020: Date = day(2020, 12, 31);
const START_2021: Date = day(2021, 1, 1);
const END_2027: Date = day(2027, 12, 31);
/// Last day of the 25 territories; 13 remained afterwards.
const UK_TERRITORIES_END: Date = day(2020, 1, 31);

const DCI_BILATERAL: &[&str] = &[
    "AF", "BD", "BO", "BT", "CO", "CU", "EC", "GT", "HN", "IQ", "KG", "KH", "KP", "LA", "LK", "MM", "MN", "NI", "NP",
    "PE", "PH", "PK", "PY", "SV", "TJ", "TM", "UZ", "VN", "YE", "ZA",
];
const DCI_GRADUATED: &[&str] =
    &["AR", "BR", "CL", "CN", "CR", "ID", "IN", "IR", "KZ", "MV", "MX", "MY", "PA", "TH", "UY", "VE"];
const EDF: &[&str] = &[
    "AG", "AO", "BB", "BF", "BI", "BJ", "BS", "BW", "BZ", "CD", "CF", "CG", "CI", "CK", "CM", "CV", "DJ", "DM", "DO",
    "ER", "ET", "FJ", "FM", "GA", "GD", "GH", "GM", "GN", "GQ", "GW", "GY", "HT", "JM", "KE", "KI", "KM", "KN", "LC",
    "LR", "LS", "MG", "MH", "ML", "MR", "MU", "MW", "MZ", "NA", "NE", "NG", "NR", "NU", "PG", "PW", "RW", "SB", "SC",
    "SD", "SL", "SN", "SO", "SR", "ST", "SZ", "TD", "TG", "TL", "TO", "TT", "TV", "TZ", "UG", "VC", "VU", "WS", "ZM",
    "ZW",
];
const ENI: &[&str] = &["AM", "AZ", "BY", "DZ", "EG", "GE", "IL", "JO", "LB", "LY", "MA", "MD", "PS", "SY", "TN", "UA"];
const ENI_UNRESTRICTED: &[&str] =
    &["AM", "AZ", "DZ", "EG", "GE", "IL", "JO", "LB", "LY", "MA", "MD", "PS", "SY", "TN", "UA"];
/// Bonaire, Saba and St Eustatius share one code.
const TERRITORIES: &[&str] = &["AW", "BL", "BQ", "CW", "GL", "NC", "PF", "PM", "SX", "TF", "WF"];
const UK_TERRITORIES: &[&str] = &["AI", "AQ", "BM", "FK", "GS", "IO", "KY", "MS", "PN", "SH", "TC", "VG"];

/// Every row.
pub const COVERAGES: &[Coverage] = &[
    until_2020(Instrument::Dci, DCI_BILATERAL, None),
    until_2020(Instrument::Dci, DCI_GRADUATED, Some(Note::RegionalAndThematicOnly)),
    until_2020(Instrument::Edf, EDF, None),
    until_2020(Instrument::Eni, ENI, None),
    until_2020(Instrument::Oad, TERRITORIES, None),
    Coverage {
        instrument: Instrument::Oad,
        from: START_2014,
        to: UK_TERRITORIES_END,
        note: Some(Note::UntilWithdrawal),
        countries: UK_TERRITORIES,
    },
    until_2027(Instrument::Ndici, DCI_BILATERAL, Some(Note::Assumed)),
    until_2027(Instrument::Ndici, DCI_GRADUATED, Some(Note::RegionalAndThematicOnly)),
    until_2027(Instrument::Ndici, EDF, Some(Note::Assumed)),
    until_2027(Instrument::Ndici, ENI_UNRESTRICTED, Some(Note::Assumed)),
    until_2027(Instrument::Ndici, &["BY"], Some(Note::Restricted)),
    until_2027(Instrument::Ndici, &["SS"], Some(Note::Assumed)),
    until_2027(Instrument::Oad, TERRITORIES, Some(Note::Assumed)),
];

/// Returns the rows that cover a country on a day.
pub fn active(country: &str, on: Date) -> impl Iterator<Item = &'static Coverage> {
    COVERAGES.iter().filter(move |row| row.from <= on && on <= row.to && row.countries.contains(&country))
}

/// Returns whether any instrument covers a country on a day (rule E1).
#[must_use]
pub fn covers(country: &str, on: Date) -> bool {
    active(country, on).next().is_some()
}

const fn day(year: u16, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

const fn until_2020(instrument: Instrument, countries: &'static [&'static str], note: Option<Note>) -> Coverage {
    Coverage { instrument, from: START_2014, to: END_2020, note, countries }
}

const fn until_2027(instrument: Instrument, countries: &'static [&'static str], note: Option<Note>) -> Coverage {
    Coverage { instrument, from: START_2021, to: END_2027, note, countries }
}
