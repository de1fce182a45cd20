//! Authority types (domain.md §4.7), and what rules E2–E4 need to know of each.

use crate::value::Date;

/// The day from which authorities other than national administrations may ask.
pub const WIDER_ACTORS_SINCE: Date = Date { year: 2016, month: 1, day: 1 };

/// What kind of asker an authority is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A national administration: may always ask, and makes a joint request one "with a government".
    Government,
    /// Another state body: parliament, justice, ombudsperson.
    StateBody,
    /// A local authority: a government beside it is advised.
    Local,
    /// A regional organisation: asks for its member states.
    Regional,
    /// Civil society: asks only together with a government.
    CivilSociety,
    /// Takes part as host, expert or partner, but does not ask.
    NotAnAsker,
}

/// One authority type.
#[derive(Clone, Copy, Debug)]
pub struct AuthorityType {
    /// Its code.
    pub code: &'static str,
    /// Its organisation type in the IATI standard, where there is one.
    pub iati: Option<u8>,
    /// What kind of asker it is.
    pub standing: Standing,
}

impl AuthorityType {
    /// Returns the first day it may ask; `None` when it always may, or never.
    #[must_use]
    pub const fn allowed_since(&self) -> Option<Date> {
        match self.standing {
            Standing::StateBody | Standing::Local | Standing::CivilSociety => Some(WIDER_ACTORS_SINCE),
            Standing::Government | Standing::Regional | Standing::NotAnAsker => None,
        }
    }

    /// Returns whether it may ask only together with a government. domain.md §4.7 marks the national
    /// organisations; international ones and foundations are civil society in the sense of E3 too.
    #[must_use]
    pub const fn joint_only(&self) -> bool {
        matches!(self.standing, Standing::CivilSociety)
    }
}

/// Every authority type.
pub const TYPES: &[AuthorityType] = &[
    of("ministry", Some(10), Standing::Government),
    of("agency", Some(15), Standing::Government),
    of("security", Some(15), Standing::Government),
    of("parliament", Some(10), Standing::StateBody),
    of("judiciary", Some(10), Standing::StateBody),
    of("ombudsperson", Some(15), Standing::StateBody),
    of("local", Some(11), Standing::Local),
    of("regional_organisation", Some(40), Standing::Regional),
    of("cso", Some(22), Standing::CivilSociety),
    of("ingo", Some(21), Standing::CivilSociety),
    of("foundation", Some(60), Standing::CivilSociety),
    of("academia", Some(80), Standing::NotAnAsker),
    of("international_organisation", Some(40), Standing::NotAnAsker),
    of("eu_institution", None, Standing::NotAnAsker),
    of("eu_member_state", None, Standing::NotAnAsker),
];

/// The authority types' codes.
pub const CODES: &[&str] = &CODE_ARRAY;

/// Returns the authority type with this code.
#[must_use]
pub fn authority_type(code: &str) -> Option<&'static AuthorityType> {
    TYPES.iter().find(|known| known.code == code)
}

const CODE_ARRAY: [&str; TYPES.len()] = {
    let mut codes = [""; TYPES.len()];
    let mut index = 0;
    while index < codes.len() {
        codes[index] = TYPES[index].code;
        index += 1;
    }
    codes
};

const fn of(code: &'static str, iati: Option<u8>, standing: Standing) -> AuthorityType {
    AuthorityType { code, iati, standing }
}
