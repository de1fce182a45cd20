//! The plain lists: codes and nothing else to know about them.

/// How a request reached the facility.
pub const CHANNELS: &[&str] = &["portal", "letter", "email", "eu_delegation", "event"];

/// Who asks together, and whether it goes on from an earlier request.
pub const REQUEST_KINDS: &[&str] = &["single", "joint", "regional", "follow_up"];

/// Languages a document may be written in: the six of the portal, then those of partner countries.
pub const DOCUMENT_LANGUAGES: &[&str] =
    &["fr", "en", "es", "pt", "ru", "ar", "mg", "my", "ro", "sw", "tet", "tg", "th"];

/// Languages people may work in.
pub const WORKING_LANGUAGES: &[&str] =
    &["fr", "en", "es", "pt", "ru", "ar", "hy", "ka", "ky", "lo", "mg", "my", "ro", "sw", "tet", "tg", "th", "uk"];

/// Exactly one authority leads.
pub const AUTHORITY_ROLES: &[&str] = &["lead", "co"];

/// How a focal point prefers to be reached.
pub const CONTACT_CHANNELS: &[&str] = &["email", "phone", "messaging"];

/// Activity types: the seven of domain.md §4.6, then those its glossary adds.
pub const ACTIVITY_TYPES: &[&str] = &["FFM", "KEW", "DRA", "TOT", "STV", "RPC", "REM", "ASP", "TIS", "MTG", "PRE"];

/// Output types of domain.md §4.10.
pub const OUTPUT_TYPES: &[&str] = &[
    "policy",
    "strategy",
    "sop",
    "protocol",
    "guidelines",
    "manual",
    "guide",
    "reminder",
    "brochure",
    "report",
    "communication_plan",
    "roadmap",
    "curriculum",
    "background_paper",
];

/// Targets of the sustainable development goals that name migration or bear on it directly.
pub const SDG_TARGETS: &[&str] =
    &["10.7", "3.8", "4.b", "5.2", "8.7", "8.8", "10.c", "13.1", "16.2", "16.6", "16.9", "17.18"];

/// Objectives of the Global Compact.
pub const GCM_OBJECTIVES: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20",
    "21", "22", "23",
];

/// Ordinary or urgent.
pub const URGENCIES: &[&str] = &["ordinary", "urgent"];

/// Yes or no.
pub const YES_NO: &[&str] = &["yes", "no"];
